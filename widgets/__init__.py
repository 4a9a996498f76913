"""widgets."""

from layers.render.immortal import keep_constants_alive

# Before the first Qt call of any process that has a panel; see there.
keep_constants_alive()
