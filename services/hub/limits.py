"""What a message may weigh, checked before anything is built from it. Pure; any thread."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from services.domain.errors import KnownError
from services.feed.codec import MAX_CLIENT_BYTES, MAX_DEPTH


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, counts, rates per second and times in seconds of one hub."""

    hello_bytes: int = 4 * 1024
    frame_bytes: int = MAX_CLIENT_BYTES
    hello_timeout_s: float = 10.0
    subscriptions: int = 16
    subscribes_per_s: float = 5.0
    kinds: int = 1_000
    commands_per_s: float = 20.0
    command_burst: int = 40
    commands_waiting: int = 64
    http_commands_per_s: float = 100.0
    sessions: int = 400
    strangers: int = 250  # of one address, not yet known: 200 desks may come back behind one
    body_bytes: int = 8 * 1024 * 1024
    header_timeout_s: float = 10.0
    body_timeout_s: float = 30.0
    items: int = 5_000
    pending_items: int = 60_000
    resume_events: int = 200_000
    ring_events: int = 60_000
    frame_events: int = 5_000
    heartbeat_s: float = 5.0
    silence_s: float = 10.0
    send_timeout_s: float = 20.0
    frame_interval_s: float = 0.04

    def public(self) -> dict[str, int]:
        """What a client should know, for Welcome."""
        return {
            "frame_bytes": self.frame_bytes,
            "depth": MAX_DEPTH,
            "subscriptions": self.subscriptions,
            "commands_per_s": int(self.commands_per_s),
        }


def check_finite(value: object, where: str) -> None:
    """Refuse NaN, infinities and whole numbers beyond 64 bits anywhere in decoded arguments
    (nesting is already bounded)."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise KnownError("out_of_range", "the number has more than 64 bits", field=where)
    if isinstance(value, float) and not math.isfinite(value):
        raise KnownError("not_finite", "the value must be a finite number", field=where)
    if isinstance(value, dict):
        for key, inner in value.items():
            check_finite(inner, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            check_finite(inner, f"{where}[{index}]")


@dataclass(slots=True)
class Rate:
    """A token bucket: ``per_s`` on average, ``burst`` at once. ``clock`` gives seconds."""

    per_s: float
    burst: int
    clock: Callable[[], float]
    _level: float = field(init=False)
    _time: float = field(init=False)

    def __post_init__(self) -> None:
        self._level, self._time = float(self.burst), self.clock()

    def take(self) -> bool:
        """Whether one more is allowed now."""
        now = self.clock()
        self._level = min(float(self.burst), self._level + (now - self._time) * self.per_s)
        self._time = now
        if self._level < 1.0:
            return False
        self._level -= 1.0
        return True
