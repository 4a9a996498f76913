"""layers.render.tools: what a pointer on the map can be used for."""
