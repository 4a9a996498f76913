#version 440
layout(location = 0) in vec2 v_uv;
layout(location = 0) out vec4 color;
layout(binding = 1) uniform sampler2D picture;
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

void main()
{
    vec4 texel = texture(picture, v_uv);
    float light = dot(texel.rgb, vec3(0.299, 0.587, 0.114));
    color = vec4(mix(texel.rgb, vec3(light), grey), texel.a);
}
