"""layers.render."""

from layers.render.bools import keep_bools_alive

# Before the first signal of any process that draws; see there.
keep_bools_alive()
