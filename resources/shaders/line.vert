#version 440
// One instanced quad per segment, widened in screen space.
layout(location = 0) in vec2 corner;
layout(location = 1) in vec4 ends;
layout(location = 2) in vec4 tint;
layout(location = 3) in float width;
layout(std140, binding = 0) uniform Frame {
    mat4 correction;
    vec2 centre;
    vec2 viewport;
    float scale;
    float fade;
};
layout(location = 0) out vec4 v_tint;

void main()
{
    vec2 a = (ends.xy - centre) * scale + viewport * 0.5;
    vec2 b = (ends.zw - centre) * scale + viewport * 0.5;
    vec2 along = b - a;
    float size = max(length(along), 1e-3);
    vec2 across = vec2(-along.y, along.x) / size;
    vec2 px = mix(a, b, corner.x + 0.5) + across * corner.y * width;
    gl_Position = correction * vec4(px.x / viewport.x * 2.0 - 1.0, 1.0 - px.y / viewport.y * 2.0, 0.0, 1.0);
    v_tint = tint;
}
