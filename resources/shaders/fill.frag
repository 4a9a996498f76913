#version 440
layout(location = 0) in vec4 v_tint;
layout(location = 1) in vec3 v_hatch;
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
    vec4 tint = v_tint;
    if (v_hatch.z > 0.5) {
        // Stripes of a fixed width that stay on the ground while the map moves.
        float off = abs(mod(v_hatch.x + v_hatch.y + hatch_shift, hatch_px) - hatch_px * 0.5) * 0.7071;
        tint *= 0.45 + 2.4 * clamp(1.4 - off, 0.0, 1.0);
        tint /= max(tint.a, 1.0);
    }
    float light = dot(tint.rgb, vec3(0.299, 0.587, 0.114));
    color = vec4(mix(tint.rgb, vec3(light), grey), tint.a);
}
