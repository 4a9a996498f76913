"""Counts what repeats, so that a flood of one thing is two records a minute. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from services.audit.record import Entry, entry

WINDOW_S = 60.0
MAX_TRACKED = 64
OTHERS = "(others)"


@dataclass(slots=True)
class _Window:
    first: Entry
    since: float
    last: float
    count: int = 0


class Flood:
    """The first of a kind passes; those within the next minute are counted and told at its end.

    A kind is type, reason, actor and address. At most MAX_TRACKED kinds are told apart; more
    are counted as one, so that a flood from ever new addresses is bounded too. One thread.
    """

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, str, str], _Window] = {}

    def take(self, given: Entry, now: float) -> Entry | None:
        """The entry to write now, or None when it was counted."""
        key = (given.type, given.reason, given.actor, given.address)
        if key not in self._windows and len(self._windows) >= MAX_TRACKED:
            key = (given.type, given.reason, OTHERS, OTHERS)
            given = msgspec.structs.replace(
                given, actor=OTHERS, address=OTHERS, seat="", object="", detail={}
            )
        window = self._windows.get(key)
        if window is None:
            self._windows[key] = _Window(given, now, now)
            return given
        window.count += 1
        window.last = now
        return None

    def due(self, now: float, *, everything: bool = False) -> list[Entry]:
        """Summaries of windows that are over (of all, at the end of the hub)."""
        told: list[Entry] = []
        for key, window in list(self._windows.items()):
            # a clock set back must not keep a window open for ever
            if not everything and 0.0 <= now - window.since < WINDOW_S:
                continue
            del self._windows[key]
            if window.count:
                told.append(_summary(window))
        return told


def _summary(window: _Window) -> Entry:
    first = window.first
    return entry(
        first.type,
        actor=first.actor,
        address=first.address,
        reason=first.reason,
        time=window.last,
        detail={"more": window.count, "since": window.since, "until": window.last},
    )
