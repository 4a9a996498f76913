"""Whether an alarm asks for attention now. Pure; fails open: what is not sound hides nothing.

Kinds after ISA-18.2 and OPC UA Part 9: shelved by an officer for a time or until the return to
normal; suppressed by design, by a rule of a pack; out of service, the alarm itself or its thing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from services.domain.model import Alarm, Suppression

SHELVED = "shelved"
BY_DESIGN = "by_design"
OUT_OF_SERVICE = "out_of_service"
THING_OUT = "thing_out_of_service"
KINDS = (OUT_OF_SERVICE, THING_OUT, BY_DESIGN, SHELVED)
"""In the order in which they are told where several are in force."""

LONGEST_SHELF_S = 7 * 86_400.0
"""No shelf holds longer, whatever an event says: a longer one is taken for broken."""
LATE_S = 5.0
"""How much later than promised the hub's clock may act before an alarm shows without it."""


def in_force(suppression: Suppression, now: float) -> bool:
    """Whether it hides an alarm at ``now``: it is of a known kind, says who and why, and lasts."""
    if suppression.kind not in KINDS or not suppression.by or not suppression.reason:
        return False
    if suppression.kind != SHELVED:
        return True
    until = suppression.until
    if until is None or not math.isfinite(until) or not math.isfinite(suppression.since):
        return False
    return until - suppression.since <= LONGEST_SHELF_S and now < until + LATE_S


def of_kind(suppressions: Iterable[Suppression], kind: str) -> Suppression | None:
    """The one of a kind, or None."""
    return next((s for s in suppressions if s.kind == kind), None)


def reason_of(alarm: Alarm, now: float) -> Suppression | None:
    """What keeps an alarm from the list at ``now``; None where nothing does."""
    found = [s for s in alarm.suppressed if in_force(s, now)]
    return min(found, key=lambda s: KINDS.index(s.kind)) if found else None


def is_waiting(alarm: Alarm, now: float) -> bool:
    """Whether nothing is wrong yet as far as the list goes: only an on-delay runs.

    Not for longer than the delay: where the hub's clock is late, the alarm shows.
    """
    if alarm.active or not alarm.acknowledged or alarm.pending is None:
        return False
    due = alarm.pending.due
    return math.isfinite(due) and now < due + LATE_S


def stands(alarm: Alarm, now: float) -> bool:
    """Whether an alarm asks for attention at ``now``: it belongs to the list and to every count."""
    if reason_of(alarm, now) is not None or is_waiting(alarm, now):
        return False
    return alarm.active or not alarm.acknowledged or alarm.pending is not None
