#version 440
// One instanced quad per segment, widened in screen space with a soft rim and round ends.
layout(location = 0) in vec2 corner;
layout(location = 1) in vec4 ends;
layout(location = 2) in vec4 tint;
layout(location = 3) in vec4 look;  // width px, distance of the first end along the run, dash px (negative: it marches), gap px
layout(location = 4) in vec4 cuts;  // normals of the planes where it meets its neighbours; 0 at a free end
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
layout(location = 1) out vec4 v_run;  // across px, half width px, along px, length px
layout(location = 2) out vec3 v_dash;  // dash px, gap px, distance along the run px
layout(location = 3) out vec2 v_cut;  // px past the planes; inside: first not below 0, second below 0

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
    float past = corner.x * 2.0 * reach;
    float at = (corner.x + 0.5) * size + past;
    vec2 px = a + unit * at + across * corner.y * 2.0 * reach;
    gl_Position = correction * vec4(px.x / viewport.x * 2.0 - 1.0, 1.0 - px.y / viewport.y * 2.0, 0.0, 1.0);
    v_tint = tint;
    v_run = vec4(corner.y * 2.0 * reach, half_width, at, size);
    float run = look.y * scale + at;
    v_dash = vec3(abs(look.z), look.w, look.z < 0.0 ? run - march : run);
    v_cut.x = dot(px - a, cuts.xy);
    v_cut.y = dot(cuts.zw, cuts.zw) > 0.0 ? dot(px - b, cuts.zw) : -1.0;
}
