#version 440
// One instanced quad per sprite: place in map units from the origin, box in logical pixels.
layout(location = 0) in vec2 corner;
layout(location = 1) in vec2 place;
layout(location = 2) in vec4 box;   // offset of the centre x, y; width, height
layout(location = 3) in vec4 uv;
layout(location = 4) in vec4 look;  // opacity, pulsing 0 or 1, cosine and sine of its turn
layout(std140, binding = 0) uniform Frame {
    mat4 correction;
    vec2 centre;
    vec2 viewport;
    float scale;
    float grey;
    float phase;
    float ratio;
    float march;
    float hatch_px;
    float hatch_shift;
    float spare;
};
layout(location = 0) out vec2 v_uv;
layout(location = 1) out float v_opacity;

void main()
{
    vec2 size = box.zw * (1.0 + look.y * phase);
    vec2 middle = (place - centre) * scale + viewport * 0.5 + box.xy;
    // The top left corner stands on a device pixel, so that pictures and words stay sharp.
    vec2 top_left = floor((middle - size * 0.5) * ratio + 0.5) / ratio;
    vec2 arm = corner * size;
    vec2 turned = vec2(arm.x * look.z - arm.y * look.w, arm.x * look.w + arm.y * look.z);
    vec2 px = top_left + size * 0.5 + turned;
    gl_Position = correction * vec4(px.x / viewport.x * 2.0 - 1.0, 1.0 - px.y / viewport.y * 2.0, 0.0, 1.0);
    v_uv = mix(uv.xy, uv.zw, corner + 0.5);
    v_opacity = look.x * (1.0 - look.y * phase);
}
