#version 440
// One instanced quad per segment, widened in screen space with a soft rim.
layout(location = 0) in vec2 corner;
layout(location = 1) in vec4 ends;
layout(location = 2) in vec4 tint;
layout(location = 3) in vec4 look;  // width px, distance of the first end along the run, dash px, gap px
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
layout(location = 1) out vec4 v_run;  // across px, half width px, along px, none
layout(location = 2) out vec2 v_dash;

void main()
{
    vec2 a = (ends.xy - centre) * scale + viewport * 0.5;
    vec2 b = (ends.zw - centre) * scale + viewport * 0.5;
    vec2 along = b - a;
    float size = max(length(along), 1e-3);
    vec2 unit = along / size;
    vec2 across = vec2(-unit.y, unit.x);
    float half_width = look.x * 0.5;
    float reach = half_width + 1.0;
    float t = corner.x + 0.5;
    // Ends overlap by half a width, so that bends have no notch.
    float past = corner.x * 2.0 * min(half_width, 1.0);
    vec2 px = mix(a, b, t) + unit * past + across * corner.y * 2.0 * reach;
    gl_Position = correction * vec4(px.x / viewport.x * 2.0 - 1.0, 1.0 - px.y / viewport.y * 2.0, 0.0, 1.0);
    v_tint = tint;
    v_run = vec4(corner.y * 2.0 * reach, half_width, look.y * scale + t * size + past, 0.0);
    v_dash = look.zw;
}
