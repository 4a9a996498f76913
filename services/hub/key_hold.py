"""How long idempotency keys outlive their orders, by time that really passed. Pure; seconds.

Keys carry the wall clock's time. A clock that jumps ahead makes all of them look old: forgotten for
that, an order that a console sends again would be carried out twice. So after a step ahead none is
forgotten until the hub has worked for as long as keys are kept, restarts not counted.
"""

from __future__ import annotations

from services.hub.clock_watch import step_of

DAY_S = 86_400.0
KEYS_KEPT_S = 2 * DAY_S
STEP_S = 60.0
"""A smaller step ahead is forgiven: it takes a minute from two days."""
GAP_S = DAY_S
"""A longer time between the newest of the store and the start may be a clock that was set."""
KEPT_AS = "keys_hold_s"
"""Under this name the store keeps what is left of a hold."""


class KeyHold:
    """Tells before which time keys may be forgotten. Asked now and then; one thread at a time.

    ``kept``: what the store kept of ``left_s``. ``newest``: the time of the newest thing stored,
    None where there is none. ``wall`` and ``steady``: clocks that can be set, and that cannot.
    """

    def __init__(self, kept: str | None, newest: float | None, wall: float, steady: float) -> None:
        self.left_s = _seconds(kept)
        self._then = (wall, steady)
        if newest is None or wall - newest > GAP_S:
            self.left_s = KEYS_KEPT_S

    def before(self, wall: float, steady: float) -> float:
        """Keys older than this may go; 0.0 while none may."""
        step = step_of((self._then[0], wall), (self._then[1], steady))
        self.left_s = max(0.0, self.left_s - (steady - self._then[1]))
        self._then = (wall, steady)
        if step > STEP_S:
            self.left_s = KEYS_KEPT_S
        return 0.0 if self.left_s else wall - KEYS_KEPT_S


def _seconds(kept: str | None) -> float:
    try:
        return min(max(float(kept or 0.0), 0.0), KEYS_KEPT_S)
    except ValueError:
        return KEYS_KEPT_S
