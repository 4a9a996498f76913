#version 440
layout(location = 0) in vec4 v_tint;
layout(location = 0) out vec4 color;
layout(std140, binding = 0) uniform Frame {
    mat4 correction;
    vec2 centre;
    vec2 viewport;
    float scale;
    float grey;
    float phase;
    float ratio;
};

void main()
{
    float light = dot(v_tint.rgb, vec3(0.299, 0.587, 0.114));
    color = vec4(mix(v_tint.rgb, vec3(light), grey), v_tint.a);
}
