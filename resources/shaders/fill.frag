#version 440
layout(location = 0) in vec4 v_tint;
layout(location = 0) out vec4 color;
layout(std140, binding = 0) uniform Frame {
    mat4 correction;
    vec2 centre;
    vec2 viewport;
    float scale;
    float fade;
};

void main()
{
    color = v_tint * fade;
}
