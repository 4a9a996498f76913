#version 440
layout(location = 0) in vec2 v_uv;
layout(location = 1) in vec4 v_tint;
layout(location = 0) out vec4 color;
layout(binding = 1) uniform sampler2D atlas;
layout(std140, binding = 0) uniform Frame {
    mat4 correction;
    vec2 centre;
    vec2 viewport;
    float scale;
    float fade;
};

void main()
{
    color = texture(atlas, v_uv) * v_tint * fade;
}
