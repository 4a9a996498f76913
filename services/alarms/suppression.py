"""The third field of an alarm's life: shelved, suppressed by design, out of service. Pure.

A suppressed alarm lives on underneath: its condition changes and is recorded, nothing is lost. When
the last suppression ends while it is abnormal, it comes back as nobody has seen it yet.
"""

from __future__ import annotations

import math
from typing import NoReturn

from msgspec.structs import replace

from services.alarms.logic import PLAIN, SYSTEM, Policy, ripen, unacknowledged
from services.domain.errors import KnownError
from services.domain.events import AlarmChange, AlarmChanged, ServiceChanged
from services.domain.model import Alarm, Entity, Record, Severity, Suppression
from services.domain.suppression import (
    BY_DESIGN,
    LONGEST_SHELF_S,
    OUT_OF_SERVICE,
    SHELVED,
    THING_OUT,
    of_kind,
)

AUTOMATIC = (BY_DESIGN, THING_OUT)
"""Kinds that hold for whatever alarm a thing has; they come and go with the thing."""


class Owner(Record, frozen=True, kw_only=True):
    """Who answers for a suppression, at which seat, and why."""

    name: str
    seat: str = ""
    reason: str = ""


# -- shelving -----------------------------------------------------------------------
def shelve(
    standing: Alarm,
    owner: Owner,
    now: float,
    for_s: float | None = None,
    policy: Policy = PLAIN,
    *,
    one_shot: bool = False,
) -> AlarmChanged:
    """Put an alarm aside for ``for_s`` seconds, or for as long as its rule allows.

    ``one_shot`` ends earlier, at the return to normal (OPC UA Part 9, OneShotShelved); the longest
    time holds for it too. KnownError: no reason, too long, not allowed, or shelved already.
    """
    _check_reason(owner)
    longest = min(policy.max_shelve_s, LONGEST_SHELF_S)
    if not longest > 0.0:
        raise KnownError("not_shelvable", "An alarm of this rule is never shelved.")
    lasting = longest if for_s is None else for_s
    if not (math.isfinite(lasting) and 0.0 < lasting <= longest):
        raise KnownError(
            "shelve_too_long",
            f"This alarm may be shelved for at most {longest / 60:.0f} minutes.",
            field="for_s",
            params={"minutes": round(longest / 60)},
        )
    _check_free(standing, SHELVED, "already_shelved", "has shelved this alarm already")
    shelf = Suppression(
        kind=SHELVED,
        by=owner.name,
        seat=owner.seat,
        reason=owner.reason,
        since=now,
        until=now + lasting,
        one_shot=one_shot,
        covers=max(standing.severity, standing.judged, Severity.INFO),
    )
    return _add(standing, shelf)


def unshelve(standing: Alarm, owner: Owner) -> AlarmChanged:
    """Take an alarm off the shelf before its time."""
    if of_kind(standing.suppressed, SHELVED) is None:
        raise KnownError("not_shelved", "This alarm is not shelved.")
    return _lift(standing, SHELVED, "unsuppressed", owner)


# -- out of service -----------------------------------------------------------------
def take_out(standing: Alarm, owner: Owner, now: float) -> AlarmChanged:
    """Take one alarm out of service until it is put back."""
    _check_reason(owner)
    _check_free(
        standing, OUT_OF_SERVICE, "already_out", "has taken this alarm out of service already"
    )
    return _add(standing, _out_of_service(OUT_OF_SERVICE, owner, now))


def put_back(standing: Alarm, owner: Owner) -> AlarmChanged:
    """Put one alarm back into service."""
    if of_kind(standing.suppressed, OUT_OF_SERVICE) is None:
        raise KnownError("not_out", "This alarm is not out of service by itself.")
    return _lift(standing, OUT_OF_SERVICE, "unsuppressed", owner)


def take_thing_out(thing: Entity, owner: Owner, now: float) -> ServiceChanged:
    """Take a thing out of service: every alarm that it has or gets, until it is put back."""
    _check_reason(owner)
    out = thing.out_of_service
    if out is not None:
        _refuse("already_out", out, "has taken this out of service already")
    mark = _out_of_service(THING_OUT, owner, now)
    return ServiceChanged(id=thing.id, out=mark, by=owner.name, seat=owner.seat, note=owner.reason)


def put_thing_back(thing: Entity, owner: Owner) -> ServiceChanged:
    """Put a thing back into service."""
    if thing.out_of_service is None:
        raise KnownError("not_out", "It is in service.")
    return ServiceChanged(id=thing.id, by=owner.name, seat=owner.seat, note=owner.reason)


def _out_of_service(kind: str, owner: Owner, now: float) -> Suppression:
    """It has no end of its own."""
    return Suppression(kind=kind, by=owner.name, seat=owner.seat, reason=owner.reason, since=now)


# -- what comes and goes with the thing ---------------------------------------------
def follow_thing(standing: Alarm, automatic: tuple[Suppression, ...]) -> AlarmChanged | None:
    """Give an alarm the suppressions of its thing, and take away those that have ended."""
    wanted = {s.kind for s in automatic}
    had = {s.kind for s in standing.suppressed if s.kind in AUTOMATIC}
    if had == wanted:
        return None
    kept = (s for s in standing.suppressed if s.kind not in AUTOMATIC or s.kind in wanted)
    begun = tuple(s for s in automatic if s.kind not in had)
    change: AlarmChange = "suppressed" if begun else "unsuppressed"
    return _with(standing, (*kept, *begun), change, Owner(name=SYSTEM))


# -- the clock ------------------------------------------------------------------------
def due_at(standing: Alarm) -> float | None:
    """When the clock changes something about an alarm next: a delay or a shelf ends."""
    times = [s.until for s in standing.suppressed if s.until is not None]
    if standing.pending is not None:
        times.append(standing.pending.due)
    sound = [t if math.isfinite(t) else 0.0 for t in times]
    return min(sound, default=None)


def tick(standing: Alarm, now: float) -> tuple[AlarmChanged, ...]:
    """What the clock changes about an alarm by ``now``, in the order of its times."""
    changes: list[AlarmChanged] = []
    alarm: Alarm | None = standing
    while alarm is not None and (change := _next(alarm, now)) is not None:
        changes.append(change)
        alarm = change.alarm if change.alarm.stays else None
    return tuple(changes)


def _next(alarm: Alarm, now: float) -> AlarmChanged | None:
    """The earliest change that is due; a time that is no number is due at once."""
    ends = [(s.until, s.kind) for s in alarm.suppressed if s.until is not None]
    over = sorted((until, kind) for until, kind in ends if not now < until)
    pending = alarm.pending
    if pending is not None and not now < pending.due and not (over and over[0][0] < pending.due):
        ripe = ripen(alarm, now)
        return None if ripe is None else replace(ripe, by=SYSTEM)
    return _lift(alarm, over[0][1], "expired", Owner(name=SYSTEM)) if over else None


# -- inside ---------------------------------------------------------------------------
def _add(standing: Alarm, suppression: Suppression) -> AlarmChanged:
    owner = Owner(name=suppression.by, seat=suppression.seat, reason=suppression.reason)
    return _with(standing, (*standing.suppressed, suppression), "suppressed", owner)


def _lift(standing: Alarm, kind: str, change: AlarmChange, owner: Owner) -> AlarmChanged:
    left = tuple(s for s in standing.suppressed if s.kind != kind)
    return _with(standing, left, change, owner)


def _with(
    standing: Alarm, suppressed: tuple[Suppression, ...], change: AlarmChange, owner: Owner
) -> AlarmChanged:
    """The alarm with other suppressions; after the last an abnormal one was seen by nobody yet."""
    alarm = replace(standing, suppressed=suppressed, version=standing.version + 1)
    if not suppressed and alarm.active:
        alarm = unacknowledged(alarm)
    return AlarmChanged(
        alarm=alarm, change=change, by=owner.name, seat=owner.seat, note=owner.reason
    )


def _check_reason(owner: Owner) -> None:
    if not owner.reason.strip():
        raise KnownError("reason_required", "Say why; the other seats read it.", field="reason")


def _check_free(standing: Alarm, kind: str, code: str, words: str) -> None:
    found = of_kind(standing.suppressed, kind)
    if found is not None:
        _refuse(code, found, words)


def _refuse(code: str, found: Suppression, words: str) -> NoReturn:
    raise KnownError(
        code,
        f"{found.by} at {found.seat or 'another seat'} {words}: {found.reason}",
        params={"by": found.by, "seat": found.seat, "reason": found.reason},
    )
