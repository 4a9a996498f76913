"""The life of an alarm after ISA-18.2: condition and acknowledgement apart, latched until both end.

Pure: an alarm and what happened in, the alarm as it is then out. Time is passed in.

    normal → raised → acknowledged → cleared → gone
                    → cleared (not acknowledged: it stays) → acknowledged → gone
"""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from services.domain.errors import KnownError
from services.domain.events import AlarmChanged
from services.domain.model import Alarm, Record, Severity

Change = Literal["raised", "updated", "cleared", "acknowledged", "linked"]


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


def key_of(source: str, rule: str, object_id: str) -> str:
    """An alarm's key: one source and rule have one alarm on one object."""
    return f"{source}|{rule}|{object_id}"


def receive(standing: Alarm | None, signal: Signal, now: float) -> AlarmChanged | None:
    """Take a signal in: raise, update or clear. None where nothing stands and nothing is wrong."""
    if signal.severity == Severity.NORMAL:
        if standing is None or not standing.active:
            return None
        return clear(standing, now, value=signal.value)
    if standing is None:
        return raise_(signal, now)
    return update(standing, signal, now)


def raise_(signal: Signal, now: float) -> AlarmChanged:
    """A new alarm, active and not acknowledged."""
    alarm = Alarm(
        key=key_of(signal.source, signal.rule, signal.object_id),
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
    )
    return AlarmChanged(alarm=alarm, change="raised")


def update(standing: Alarm, signal: Signal, now: float) -> AlarmChanged:
    """The same alarm again: counted. Returned after it had cleared, or worse than before, it must
    be acknowledged anew; the same or milder keeps its acknowledgement."""
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
        last_time=max(standing.last_time, now),
        cleared_time=None,
        version=standing.version + 1,
    )
    if anew:
        alarm = replace(
            alarm, acknowledged=False, ack_by="", ack_seat="", ack_time=None, ack_note=""
        )
    return AlarmChanged(alarm=alarm, change="raised" if again else "updated")


def worst_value(standing: Alarm, value: float | None) -> float | None:
    """The worst value of an alarm that goes on: which way is worse shows the side of the limit on
    which it was raised; without a limit higher is worse."""
    peak = standing.value if standing.peak is None else standing.peak
    if peak is None or value is None:
        return value if peak is None else peak
    low = standing.limit is not None and peak < standing.limit
    return min(peak, value) if low else max(peak, value)


def clear(standing: Alarm, now: float, value: float | None = None) -> AlarmChanged:
    """The condition is normal again; the alarm goes once it is acknowledged too."""
    if not standing.active:
        raise KnownError("not_active", "The alarm's condition is normal already.")
    alarm = replace(
        standing,
        active=False,
        value=standing.value if value is None else value,
        cleared_time=now,
        version=standing.version + 1,
    )
    return AlarmChanged(alarm=alarm, change="cleared")


def acknowledge(standing: Alarm, by: str, seat: str, now: float, note: str = "") -> AlarmChanged:
    """An officer has seen it: who, when, where, with what remark. Only once per raising."""
    if standing.acknowledged:
        raise KnownError(
            "already_acknowledged",
            f"{standing.ack_by} at {standing.ack_seat} has acknowledged this alarm already.",
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
    return AlarmChanged(alarm=alarm, change="acknowledged")


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
    """Whether the alarm leaves the list: normal again and acknowledged."""
    return not alarm.active and alarm.acknowledged
