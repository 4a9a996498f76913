#version 440
// One instanced quad per mark: place in local map units, size and offset in pixels.
layout(location = 0) in vec2 corner;
layout(location = 1) in vec2 place;
layout(location = 2) in vec4 box;   // offset x, y, width, height in logical pixels
layout(location = 3) in vec4 uv;
layout(location = 4) in vec4 tint;
layout(std140, binding = 0) uniform Frame {
    mat4 correction;
    vec2 centre;
    vec2 viewport;
    float scale;
    float fade;
};
layout(location = 0) out vec2 v_uv;
layout(location = 1) out vec4 v_tint;

void main()
{
    vec2 px = (place - centre) * scale + viewport * 0.5;
    px = floor(px + 0.5) + box.xy + corner * box.zw;
    gl_Position = correction * vec4(px.x / viewport.x * 2.0 - 1.0, 1.0 - px.y / viewport.y * 2.0, 0.0, 1.0);
    v_uv = mix(uv.xy, uv.zw, corner + 0.5);
    v_tint = tint;
}
