"""widgets."""

from layers.render.bools import keep_bools_alive

# Before the first signal of any process that has a panel; see there.
keep_bools_alive()
