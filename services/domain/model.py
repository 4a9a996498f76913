"""What stands on the map and in the lists: immutable records, safe to share between threads.

Positions are WGS-84 / CGCS2000 longitude and latitude in degrees. Times are UNIX seconds, UTC.
"""

from __future__ import annotations

import enum
from typing import Literal

import msgspec

Scalar = str | int | float | bool | None
Ring = tuple[tuple[float, float], ...]


class Severity(enum.IntEnum):
    """How bad; the order is the order of display."""

    NORMAL = 0
    INFO = 1
    MINOR = 2
    MAJOR = 3
    CRITICAL = 4


class Link(enum.IntEnum):
    """Whether a thing answers. Unknown is its own answer, never shown as online."""

    UNKNOWN = 0
    ONLINE = 1
    OFFLINE = 2


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of all records: frozen, keyword-only, defaults left off the wire.

    Records are values and never form a cycle, so the garbage collector need not look at them:
    a full collection in a console with 28,000 things takes a fifth of the time.
    """


class Suppression(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One reason why an alarm does not ask for attention: who, where, why, since when, until when.

    ``kind`` is one of services.domain.suppression.KINDS; any other suppresses nothing, so that an
    alarm shows rather than hides. ``one_shot`` ends at the return to normal. ``covers``: the worst
    severity that was known when it was shelved; anything worse breaks the shelf.
    """

    kind: str
    by: str
    reason: str
    seat: str = ""
    since: float = 0.0
    until: float | None = None
    one_shot: bool = False
    covers: Severity = Severity.CRITICAL


class Entity(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One thing of the city: a camera, a sensor, a grid cell, a team. Id rules: see ids.py.

    ``geometry`` holds rings (outer first) for areas, or one open run for lines; degrees.
    ``values`` are the newest readings by name; ``state`` is a status value of its kind;
    ``observed_at`` is the source's time of the last sign of life; ``offset`` the last event of a
    source that touched it. ``out_of_service``: who took it out, its alarms are suppressed then.
    """

    id: str
    kind: str
    name: str
    lon: float | None = None
    lat: float | None = None
    geometry: tuple[Ring, ...] | None = None
    attrs: dict[str, Scalar] = {}
    link: Link = Link.UNKNOWN
    state: str = ""
    values: dict[str, float] = {}
    heading_deg: float | None = None
    observed_at: float | None = None
    offset: int = 0
    out_of_service: Suppression | None = None


class Pending(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A condition that was seen but has to hold until ``due`` before the alarm follows it.

    ``severity`` worse than the alarm's waits for an on-delay, milder (or NORMAL) for an off-delay.
    """

    severity: Severity
    since: float
    due: float
    value: float | None = None
    limit: float | None = None


class Alarm(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One alarm, keyed by (source, rule, object); condition, acknowledgement and suppression apart.

    It stays in the world until nothing of it is left to know, see ``stays``.
    ``rule`` is a rule id of a pack, or "" when the source speaks for itself in ``text``.
    ``acknowledged``: nothing is left to acknowledge. A latched alarm asks for it even when its
    condition is normal again, one that is not latched asks only while it is abnormal.
    ``count``: signals that said so; ``recent``: when it was last raised, newest last, a few only.
    """

    key: str
    source: str
    rule: str
    object_id: str
    severity: Severity
    active: bool = True
    text: str = ""
    value: float | None = None
    peak: float | None = None  # the worst value since it was last raised; over: what it was about
    limit: float | None = None
    lon: float | None = None
    lat: float | None = None
    count: int = 1
    first_time: float = 0.0
    last_time: float = 0.0
    cleared_time: float | None = None
    acknowledged: bool = False
    ack_by: str = ""
    ack_seat: str = ""
    ack_time: float | None = None
    ack_note: str = ""
    case_id: str = ""
    latched: bool = True
    pending: Pending | None = None
    suppressed: tuple[Suppression, ...] = ()
    recent: tuple[float, ...] = ()
    version: int = 1

    @property
    def stays(self) -> bool:
        """Whether it is kept: abnormal, to be acknowledged, waiting, or suppressed."""
        return (
            self.active
            or not self.acknowledged
            or self.pending is not None
            or bool(self.suppressed)
        )

    @property
    def judged(self) -> Severity:
        """The condition as it was last judged, which the alarm may follow only after a delay."""
        if self.pending is not None:
            return self.pending.severity
        return self.severity if self.active else Severity.NORMAL


class FlowStep(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a case's append-only flow record 流程记录.

    ``kind``: forward, return, repair, assign, revoke_assign, cancel, close, mark or clock;
    "" in records of before there were kinds.
    """

    time: float
    actor: str
    seat: str
    action: str
    state: str
    note: str = ""
    kind: str = ""


class Extension(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A request for more time 延期 and its two approvals; granted with the second."""

    requested_by: str
    requested_at: float
    reason: str
    first_by: str = ""
    first_at: float | None = None
    second_by: str = ""
    second_at: float | None = None
    refused_by: str = ""
    refused_at: float | None = None

    @property
    def granted(self) -> bool:
        """Whether the time was given."""
        return self.second_at is not None

    @property
    def waits(self) -> bool:
        """Whether somebody still has to decide."""
        return self.second_at is None and self.refused_at is None


class Suspension(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A case put aside 挂账: its clock stands from ``since``; ``until`` it resumes by itself."""

    since: float
    until: float
    by: str
    reason: str
    state_before: str
    ended_at: float | None = None


class Appeal(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A department's objection to being counted late; granted, it exempts from statistics."""

    by: str
    at: float
    reason: str
    decided_by: str = ""
    decided_at: float | None = None
    granted: bool = False


class Case(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A case 案件: from a hotline call, a patrol, a sensor or an officer's click.

    ``radius_m`` is the circle the officer drew; ``deadline_at`` is None where no limit applies.
    ``state`` is one of services.cases.table.STATES. ``version`` rises by one per change.

    ``limit_s`` counts seconds of the limit's own clock: of working time where ``limit_unit`` is
    working_hours or working_days, else of all time. The light turns at ``yellow_at`` and at
    ``deadline_at``, both computed by the hub with the working calendar of version ``calendar``.
    ``overdue_at``: when the deadline passed with the work undone; ``late``: the judgement at the
    hand-back. ``returned_to``: who must repair a returned case, which then goes back to the state
    ``returned_from``. ``handler``: whom the department has put on it. ``supervision`` 督办: how
    often it was urged; ``rework``: how often a check sent it back.
    """

    id: str
    category: str
    title: str
    severity: Severity
    state: str
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    address: str = ""
    grid_id: str = ""
    source: str = ""
    department: str = ""
    reported_at: float = 0.0
    deadline_at: float | None = None
    limit_s: float | None = None
    handed_back_at: float | None = None
    closed_at: float | None = None
    alarm_key: str = ""
    dispatch_ids: tuple[str, ...] = ()
    flow: tuple[FlowStep, ...] = ()
    attrs: dict[str, Scalar] = {}
    version: int = 1
    limit_unit: str = ""
    yellow_at: float | None = None
    calendar: str = ""
    overdue_at: float | None = None
    late: bool | None = None
    assigned_at: float | None = None
    handler: str = ""
    returned_from: str = ""
    returned_to: str = ""
    rework: int = 0
    checked_by: str = ""
    checked_at: float | None = None
    supervision: int = 0
    extensions: tuple[Extension, ...] = ()
    suspension: Suspension | None = None
    appeal: Appeal | None = None


TaskState = Literal[
    "proposed", "sent", "accepted", "en_route", "arrived", "done", "declined", "recalled"
]


class Task(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What one team was asked to do; ``times`` and ``actors`` say when each state was reached and
    who brought it about.

    ``distance_m`` is straight; ``drive_s`` and ``road_m`` the way by road as it was when the team
    was asked, None where none was known.
    A proposed task asks an officer, not the team: it ``replaces`` one that was declined, or whose
    team has been silent since ``silent_at``.
    """

    id: str
    entity_id: str
    name: str
    state: TaskState = "sent"
    times: dict[str, float] = {}
    distance_m: float | None = None
    note: str = ""
    actors: dict[str, str] = {}
    replaces: str = ""
    silent_at: float | None = None
    drive_s: float | None = None
    road_m: float | None = None


class Reservation(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Stock promised to one dispatch; nobody else can promise it.

    ``used``: what the teams reported as used so far; None while none of them has said anything.
    """

    warehouse_id: str
    item: str
    quantity: int
    state: Literal["reserved", "consumed", "released"] = "reserved"
    used: int | None = None


class Dispatch(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One order of an officer: teams with tasks and stock with reservations, for one case."""

    id: str
    case_id: str
    by: str
    seat: str
    created_at: float
    tasks: tuple[Task, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    state: Literal["sent", "done", "recalled"] = "sent"
    note: str = ""
    version: int = 1


class StockLine(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Stock of one item in one warehouse; free = on_hand - reserved, never below zero."""

    warehouse_id: str
    item: str
    on_hand: int
    reserved: int = 0

    @property
    def key(self) -> str:
        """The line's key in the world."""
        return f"{self.warehouse_id}/{self.item}"

    @property
    def free(self) -> int:
        """What can still be promised."""
        return self.on_hand - self.reserved
