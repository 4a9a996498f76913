"""Sources that send data, as sessions: one record when one begins, one when it has ended.

A district's sensors send thousands of readings a second; the event log names the source of each.
The audit says from where a source spoke, how long, and how much was taken and refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.audit.record import Entry, entry
from services.audit.sink import AuditSink
from services.domain.clock import Clock

IDLE_S = 600.0
LONGEST_S = 3_600.0
MAX_SOURCES = 1_000


@dataclass(slots=True)
class _Session:
    since: float
    last: float
    requests: int = 0
    accepted: int = 0
    refused: int = 0


class Sources:
    """Event loop's thread; ``look`` is to be called every now and then."""

    def __init__(self, audit: AuditSink, clock: Clock) -> None:
        self._audit, self._clock = audit, clock
        self._sessions: dict[tuple[str, str], _Session] = {}

    def took(self, user: str, address: str, items: int, accepted: int) -> None:
        """A request of a source was answered."""
        now = self._clock()
        key = (user, address)
        session = self._sessions.get(key)
        if session is None:
            if len(self._sessions) >= MAX_SOURCES:
                self.look(everything=True)
            session = self._sessions[key] = _Session(now, now)
            self._audit.note(entry("source.began", actor=user, address=address, time=now))
        session.last = now
        session.requests += 1
        session.accepted += accepted
        session.refused += items - accepted

    def refused(self, user: str, address: str) -> None:
        """Somebody who may not send data tried to."""
        self._audit.note(entry("source.began", actor=user, address=address, reason="not_allowed"))

    def look(self, *, everything: bool = False) -> None:
        """Tell of sessions that fell silent or have lasted an hour (of all, at the end)."""
        for told in self.ended(everything=everything):
            self._audit.note(told)

    def ended(self, *, everything: bool = False) -> list[Entry]:
        """Records of sessions that are over."""
        now = self._clock()
        told = []
        for (user, address), session in list(self._sessions.items()):
            over = now - session.last >= IDLE_S or now - session.since >= LONGEST_S
            if not (over or everything or now < session.last):
                continue
            del self._sessions[user, address]
            detail = {
                "since": session.since,
                "until": session.last,
                "requests": session.requests,
                "accepted": session.accepted,
                "refused": session.refused,
            }
            told.append(entry("source.ended", actor=user, address=address, detail=detail))
        return told
