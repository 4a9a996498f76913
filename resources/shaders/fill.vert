#version 440
layout(location = 0) in vec2 place;
layout(location = 1) in vec4 tint;
layout(std140, binding = 0) uniform Frame {
    mat4 correction;
    vec2 centre;
    vec2 viewport;
    float scale;
    float grey;
    float phase;
    float ratio;
};
layout(location = 0) out vec4 v_tint;

void main()
{
    vec2 px = (place - centre) * scale + viewport * 0.5;
    gl_Position = correction * vec4(px.x / viewport.x * 2.0 - 1.0, 1.0 - px.y / viewport.y * 2.0, 0.0, 1.0);
    v_tint = tint;
}
