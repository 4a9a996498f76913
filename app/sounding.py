"""When a console sounds: at once for the worst, summed up for what follows, never while muted.

Pure: time is passed in, the answer is what to play and what to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.domain.model import Alarm, Severity
from services.domain.suppression import reason_of

QUIET_S = 10.0
"""After a sound so long only something worse sounds; the rest is counted and told as one."""
MUTE_S = 900.0
STALE = "stale"
SOUND_OF = {Severity.MINOR: "minor", Severity.MAJOR: "major", Severity.CRITICAL: "critical"}
"""Information makes no sound."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What to play; ``held``: how many alarms this one sound stands for besides."""

    name: str
    severity: Severity
    held: int = 0


class SoundPolicy:
    """Decides for one console. Times are seconds of any one clock that only goes forward."""

    def __init__(self) -> None:
        self._sounded: tuple[float, Severity] | None = None
        self._held: list[Severity] = []
        self._muted_until: float | None = None
        self._feed_old = False

    # -- mute -----------------------------------------------------------------
    def mute(self, now: float) -> None:
        """Silence for a while; it ends by itself."""
        self._muted_until = now + MUTE_S

    def unmute(self) -> None:
        """End the silence."""
        self._muted_until = None

    def muted_s(self, now: float) -> float | None:
        """Seconds that the silence still lasts, None when it is over or was not asked for."""
        if self._muted_until is None or now >= self._muted_until:
            return None
        return self._muted_until - now

    # -- what happens ---------------------------------------------------------
    def alarms(self, raised: Iterable[Severity], now: float) -> Sound | None:
        """Alarms have been raised: what to play at once, None for nothing or later."""
        loud = [s for s in raised if s in SOUND_OF]
        if not loud or self.muted_s(now) is not None:
            return None
        worst = max(loud)
        if self._is_quiet(now) and worst <= self._last_severity():
            self._held += loud
            return None
        loud.remove(worst)
        self._held += loud
        return self._play(worst, now, held=0)

    def due(self, now: float) -> Sound | None:
        """The one sound for all that was held back, once the quiet is over."""
        if not self._held or self._is_quiet(now):
            return None
        held, self._held = self._held, []
        if self.muted_s(now) is not None:
            return None
        return self._play(max(held), now, held=len(held))

    def feed(self, old: bool, now: float) -> Sound | None:
        """The feed is silent, or alive again: a sound once each time that it dies."""
        died = old and not self._feed_old
        self._feed_old = old
        if not died or self.muted_s(now) is not None:
            return None
        return Sound(STALE, Severity.MAJOR)

    # -- inside ---------------------------------------------------------------
    def _is_quiet(self, now: float) -> bool:
        return self._sounded is not None and now - self._sounded[0] < QUIET_S

    def _last_severity(self) -> Severity:
        return self._sounded[1] if self._sounded is not None else Severity.NORMAL

    def _play(self, severity: Severity, now: float, *, held: int) -> Sound:
        self._sounded = (now, severity)
        return Sound(SOUND_OF[severity], severity, held)


def newly_raised(
    before: Mapping[str, Alarm], after: Mapping[str, Alarm | None], now: float
) -> list[Severity]:
    """Severities of what asks for attention at ``now`` (UNIX seconds) and did not, or asked for
    less, before."""
    found = []
    for key, alarm in after.items():
        if alarm is None or not asks(alarm, now):
            continue
        old = before.get(key)
        if old is None or not asks(old, now) or alarm.severity > old.severity:
            found.append(alarm.severity)
    return found


def asks(alarm: Alarm, now: float) -> bool:
    """Whether an alarm asks for attention: abnormal, nobody has seen it, nothing suppresses it."""
    return alarm.active and not alarm.acknowledged and reason_of(alarm, now) is None
