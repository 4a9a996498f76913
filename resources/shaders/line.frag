#version 440
layout(location = 0) in vec4 v_tint;
layout(location = 1) in vec4 v_run;
layout(location = 2) in vec2 v_dash;
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
    float cover = clamp(v_run.y + 0.5 - abs(v_run.x), 0.0, 1.0);
    float period = v_dash.x + v_dash.y;
    if (v_dash.y > 0.0)
        cover *= step(mod(v_run.z, period), v_dash.x);
    vec4 tint = v_tint * cover;
    float light = dot(tint.rgb, vec3(0.299, 0.587, 0.114));
    color = vec4(mix(tint.rgb, vec3(light), grey), tint.a);
}
