"""The life of an alarm after ISA-18.2: condition, acknowledgement and suppression, each apart.

Pure: an alarm and what happened in, the alarm as it is then out. Time is passed in. This module
is the condition with its delays and the acknowledgement; ``suppression`` is the third field.

    normal → (on-delay) → raised → acknowledged → (off-delay) → cleared → gone
                                 → cleared (latched: it stays) → acknowledged → gone
"""

from __future__ import annotations

import math

from msgspec.structs import replace

from services.domain.errors import KnownError
from services.domain.events import AlarmChanged
from services.domain.model import Alarm, Pending, Record, Severity, Suppression
from services.domain.suppression import SHELVED

MAX_SHELVE_S = 8 * 3_600.0
"""How long an alarm may be shelved at most where its rule says nothing: a shift."""
MAX_DELAY_S = 3_600.0
"""A delay beyond it, or none that is a number, is taken for broken and not waited for."""
RECENT = 5
SYSTEM = "system"


class Policy(Record, frozen=True, kw_only=True):
    """What an alarm's rule says about its life; seconds. ``max_shelve_s`` 0: never shelved."""

    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    latched: bool = True
    max_shelve_s: float = MAX_SHELVE_S


PLAIN = Policy()


class Signal(Record, frozen=True, kw_only=True):
    """What a source says about one object: its condition now. ``severity`` NORMAL means clear."""

    source: str
    object_id: str
    severity: Severity
    rule: str = ""
    text: str = ""
    value: float | None = None
    limit: float | None = None
    lon: float | None = None
    lat: float | None = None

    @property
    def key(self) -> str:
        """The key of its alarm."""
        return key_of(self.source, self.rule, self.object_id)


def key_of(source: str, rule: str, object_id: str) -> str:
    """An alarm's key: one source and rule have one alarm on one object."""
    return f"{source}|{rule}|{object_id}"


# -- condition --------------------------------------------------------------------
def receive(
    standing: Alarm | None,
    signal: Signal,
    now: float,
    policy: Policy = PLAIN,
    automatic: tuple[Suppression, ...] = (),
) -> AlarmChanged | None:
    """Take a signal in: wait, raise, update or clear. None where it changes nothing.

    ``automatic``: suppressions that hold for the object whatever alarm it has.
    """
    confirmed = standing.severity if standing is not None and standing.active else Severity.NORMAL
    delay = _delay(policy, confirmed, signal.severity)
    if delay > 0.0 and not _is_due(standing, confirmed, signal.severity, now):
        return _wait(standing, signal, now, delay, policy, automatic)
    return _follow(standing, signal, now, policy, automatic)


def ripen(standing: Alarm, now: float) -> AlarmChanged | None:
    """Let the alarm follow a condition that has held for its delay; None while it has not."""
    pending = standing.pending
    if pending is None or now < pending.due:
        return None
    signal = Signal(
        source=standing.source,
        rule=standing.rule,
        object_id=standing.object_id,
        severity=pending.severity,
        value=pending.value,
        limit=pending.limit,
    )
    if signal.severity == Severity.NORMAL:
        return clear(standing, now, value=signal.value)
    return update(standing, signal, now)


def _delay(policy: Policy, confirmed: Severity, seen: Severity) -> float:
    """How long the change from one condition to the other has to hold; 0 where at once."""
    if seen == confirmed:
        return 0.0
    delay = policy.on_delay_s if seen > confirmed else policy.off_delay_s
    return delay if math.isfinite(delay) and 0.0 < delay <= MAX_DELAY_S else 0.0


def _is_due(standing: Alarm | None, confirmed: Severity, seen: Severity, now: float) -> bool:
    """Whether a wait in this direction is over, though the clock has not said so yet."""
    pending = standing.pending if standing is not None else None
    if pending is None or (pending.severity > confirmed) != (seen > confirmed):
        return False
    return now >= pending.due


def _wait(
    standing: Alarm | None,
    signal: Signal,
    now: float,
    delay: float,
    policy: Policy,
    automatic: tuple[Suppression, ...],
) -> AlarmChanged | None:
    """Begin to wait, or go on waiting for a condition that is still on the same side."""
    pending = Pending(
        severity=signal.severity,
        since=now,
        due=now + delay,
        value=signal.value,
        limit=signal.limit,
    )
    if standing is None:
        fresh = replace(_alarm(signal, now, policy, automatic), active=False, acknowledged=True)
        fresh = replace(fresh, count=0, first_time=0.0, recent=(), peak=None, pending=pending)
        return AlarmChanged(alarm=fresh, change="pending")
    before = standing.pending
    confirmed = standing.severity if standing.active else Severity.NORMAL
    if before is not None and (before.severity > confirmed) == (signal.severity > confirmed):
        if before.severity == signal.severity:
            return None
        pending = replace(pending, since=before.since, due=before.due)
    alarm = replace(standing, pending=pending, version=standing.version + 1)
    if not standing.active and standing.acknowledged:
        alarm = replace(alarm, severity=signal.severity)
    return AlarmChanged(alarm=alarm, change="pending")


def _follow(
    standing: Alarm | None,
    signal: Signal,
    now: float,
    policy: Policy,
    automatic: tuple[Suppression, ...],
) -> AlarmChanged | None:
    if signal.severity == Severity.NORMAL:
        if standing is None:
            return None
        if standing.active:
            return clear(standing, now, value=signal.value)
        return withdraw(standing) if standing.pending is not None else None
    if standing is None:
        return raise_(signal, now, policy, automatic)
    return update(standing, signal, now)


def raise_(
    signal: Signal,
    now: float,
    policy: Policy = PLAIN,
    automatic: tuple[Suppression, ...] = (),
) -> AlarmChanged:
    """A new alarm, active and not acknowledged."""
    return AlarmChanged(alarm=_alarm(signal, now, policy, automatic), change="raised")


def _alarm(signal: Signal, now: float, policy: Policy, automatic: tuple[Suppression, ...]) -> Alarm:
    return Alarm(
        key=signal.key,
        source=signal.source,
        rule=signal.rule,
        object_id=signal.object_id,
        severity=signal.severity,
        text=signal.text,
        value=signal.value,
        peak=signal.value,
        limit=signal.limit,
        lon=signal.lon,
        lat=signal.lat,
        first_time=now,
        last_time=now,
        latched=policy.latched,
        suppressed=automatic,
        recent=(now,),
    )


def update(standing: Alarm, signal: Signal, now: float) -> AlarmChanged:
    """The same alarm again: counted. Returned after it had cleared, or worse than before, it must
    be acknowledged anew; the same or milder keeps its acknowledgement. Worse than what was known
    when it was shelved, it breaks the shelf."""
    again = not standing.active
    anew = again or signal.severity > standing.severity
    alarm = replace(
        standing,
        severity=signal.severity,
        active=True,
        text=signal.text or standing.text,
        value=standing.value if signal.value is None else signal.value,
        peak=signal.value if again else worst_value(standing, signal.value),
        limit=standing.limit if signal.limit is None else signal.limit,
        lon=standing.lon if signal.lon is None else signal.lon,
        lat=standing.lat if signal.lat is None else signal.lat,
        count=standing.count + 1,
        first_time=standing.first_time or now,
        last_time=max(standing.last_time, now),
        cleared_time=None,
        pending=None,
        suppressed=_unbroken(standing, signal.severity),
        recent=(*standing.recent, now)[-RECENT:] if again else standing.recent,
        version=standing.version + 1,
    )
    if anew:
        alarm = unacknowledged(alarm)
    return AlarmChanged(alarm=alarm, change="raised" if again else "updated")


def worst_value(standing: Alarm, value: float | None) -> float | None:
    """The worst value of an alarm that goes on: which way is worse shows the side of the limit on
    which it was raised; without a limit higher is worse."""
    peak = standing.value if standing.peak is None else standing.peak
    if peak is None or value is None:
        return value if peak is None else peak
    low = standing.limit is not None and peak < standing.limit
    return min(peak, value) if low else max(peak, value)


def _unbroken(standing: Alarm, severity: Severity) -> tuple[Suppression, ...]:
    return tuple(s for s in standing.suppressed if s.kind != SHELVED or severity <= s.covers)


def clear(standing: Alarm, now: float, value: float | None = None) -> AlarmChanged:
    """The condition is normal again; a latched alarm goes once it is acknowledged too, and a
    one-shot shelf ends."""
    if not standing.active:
        raise KnownError("not_active", "The alarm's condition is normal already.")
    alarm = replace(
        standing,
        active=False,
        value=standing.value if value is None else value,
        cleared_time=now,
        acknowledged=standing.acknowledged or not standing.latched,
        pending=None,
        suppressed=tuple(s for s in standing.suppressed if not s.one_shot),
        version=standing.version + 1,
    )
    return AlarmChanged(alarm=alarm, change="cleared")


def withdraw(standing: Alarm) -> AlarmChanged:
    """What waited for its delay did not hold: nothing has happened."""
    alarm = replace(standing, pending=None, version=standing.version + 1)
    return AlarmChanged(alarm=alarm, change="withdrawn")


# -- acknowledgement --------------------------------------------------------------
def acknowledge(standing: Alarm, by: str, seat: str, now: float, note: str = "") -> AlarmChanged:
    """An officer has seen it: who, when, where, with what remark. Only once per raising."""
    if standing.acknowledged:
        raise KnownError(
            "already_acknowledged",
            f"{standing.ack_by} at {standing.ack_seat} has acknowledged this alarm already."
            if standing.ack_by
            else "Nothing is left to acknowledge of this alarm.",
            params={"by": standing.ack_by, "seat": standing.ack_seat},
        )
    alarm = replace(
        standing,
        acknowledged=True,
        ack_by=by,
        ack_seat=seat,
        ack_time=now,
        ack_note=note,
        version=standing.version + 1,
    )
    return AlarmChanged(alarm=alarm, change="acknowledged", by=by, seat=seat, note=note)


def unacknowledged(alarm: Alarm) -> Alarm:
    """The alarm as nobody has seen it yet."""
    return replace(alarm, acknowledged=False, ack_by="", ack_seat="", ack_time=None, ack_note="")


# -- the case made of it ------------------------------------------------------------
def link(standing: Alarm, case_id: str) -> AlarmChanged:
    """The alarm belongs to a case now; one alarm makes one case."""
    if standing.case_id:
        raise KnownError(
            "already_linked",
            f"The alarm belongs to case {standing.case_id} already.",
            params={"case": standing.case_id},
        )
    alarm = replace(standing, case_id=case_id, version=standing.version + 1)
    return AlarmChanged(alarm=alarm, change="linked")


def is_gone(alarm: Alarm) -> bool:
    """Whether the alarm leaves the world: nothing of it is left to know."""
    return not alarm.stays
