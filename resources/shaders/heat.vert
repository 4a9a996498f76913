#version 440
// A picture that lies on the map: four corners in map units from the origin.
layout(location = 0) in vec2 place;
layout(location = 1) in vec2 uv;
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
layout(location = 0) out vec2 v_uv;

void main()
{
    vec2 px = (place - centre) * scale + viewport * 0.5;
    gl_Position = correction * vec4(px.x / viewport.x * 2.0 - 1.0, 1.0 - px.y / viewport.y * 2.0, 0.0, 1.0);
    v_uv = uv;
}
