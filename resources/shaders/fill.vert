#version 440
layout(location = 0) in vec2 place;
layout(location = 1) in vec4 tint;
layout(location = 2) in float hatched;  // 0 or 1
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
layout(location = 0) out vec4 v_tint;
layout(location = 1) out vec3 v_hatch;  // screen px, hatched

void main()
{
    vec2 px = (place - centre) * scale + viewport * 0.5;
    gl_Position = correction * vec4(px.x / viewport.x * 2.0 - 1.0, 1.0 - px.y / viewport.y * 2.0, 0.0, 1.0);
    v_tint = tint;
    v_hatch = vec3(px, hatched);
}
