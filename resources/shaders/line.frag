#version 440
layout(location = 0) in vec4 v_tint;
layout(location = 1) in vec4 v_run;
layout(location = 2) in vec3 v_dash;
layout(location = 3) in vec2 v_cut;
layout(location = 0) out vec4 color;
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
    // Each side of a bend is drawn by one segment only, so that translucent lines have no knots.
    float past = max(max(-v_run.z, v_run.z - v_run.w), 0.0);
    float cover = clamp((v_run.y - length(vec2(past, v_run.x))) * ratio + 0.5, 0.0, 1.0);
    cover *= step(0.0, v_cut.x) * (1.0 - step(0.0, v_cut.y));
    float period = v_dash.x + v_dash.y;
    if (v_dash.y > 0.0) {
        float off = abs(mod(v_dash.z - v_dash.x * 0.5 + period * 0.5, period) - period * 0.5);
        cover *= clamp((v_dash.x * 0.5 - off) * ratio + 0.5, 0.0, 1.0);
    }
    vec4 tint = v_tint * cover;
    float light = dot(tint.rgb, vec3(0.299, 0.587, 0.114));
    color = vec4(mix(tint.rgb, vec3(light), grey), tint.a);
}
