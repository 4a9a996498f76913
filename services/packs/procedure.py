"""What is to be done, as packs say it: categories with limits, plans, code tables, wall scenes."""

from __future__ import annotations

from typing import Literal

import msgspec

from services.domain.model import Severity
from services.packs.base import Label, PackRecord


class Need(PackRecord, frozen=True, kw_only=True):
    """What a response plan of a category asks for."""

    item: str = ""
    quantity: int = 0
    team: str = ""  # a team speciality, attribute ``speciality`` of a dispatchable thing
    count: int = 0


class TimeLimit(PackRecord, frozen=True, kw_only=True):
    """A handling limit 处置时限 in the units of GB/T 30428.

    ``urgent_hours`` 紧急工作时 and ``natural_days`` 自然日 run on day and night; ``working_hours``
    工作时 and ``working_days`` 工作日 run in working time only.
    """

    amount: float
    unit: Literal["urgent_hours", "working_hours", "working_days", "natural_days"]

    @property
    def runs_on(self) -> bool:
        """Whether the clock runs day and night."""
        return self.unit in ("urgent_hours", "natural_days")

    @property
    def seconds(self) -> float:
        """Seconds of its own clock: of running time, or of working time (1 工作日 = 8 h)."""
        return self.amount * _UNIT_S[self.unit]


_UNIT_S = {
    "urgent_hours": 3_600.0,
    "working_hours": 3_600.0,
    "working_days": 8 * 3_600.0,
    "natural_days": 86_400.0,
}


class Category(PackRecord, frozen=True, kw_only=True):
    """A case category 案件类别 with its handling limit."""

    code: str
    label: Label
    department: str
    limit: TimeLimit
    severity: Severity = Severity.MINOR
    radius_m: float = 1_000.0
    need: tuple[Need, ...] = ()

    @property
    def limit_s(self) -> float:
        """The limit in seconds for a clock that knows no working time; a working day is a day."""
        if self.limit.unit == "working_days":
            return self.limit.amount * 86_400.0
        return self.limit.seconds


class PlanNeed(PackRecord, frozen=True, kw_only=True):
    """What a plan asks for on top of the category's needs, from ``severity`` on."""

    severity: Severity
    item: str = ""
    quantity: int = 0
    team: str = ""
    count: int = 0


class PlanStep(PackRecord, frozen=True, kw_only=True):
    """One step of a response plan: who does what, from ``severity`` on, within how many minutes."""

    role: Label
    text: Label
    severity: Severity = Severity.MINOR
    within_min: float | None = None


class Plan(PackRecord, frozen=True, kw_only=True):
    """A response plan 预案 of some categories: steps in order, materials by severity."""

    id: str
    label: Label
    categories: tuple[str, ...]
    step: tuple[PlanStep, ...]
    need: tuple[PlanNeed, ...] = ()

    def steps_at(self, severity: Severity) -> list[PlanStep]:
        """The steps that a severity asks for, in order."""
        return [s for s in self.step if s.severity <= severity]


class Closing(PackRecord, frozen=True, kw_only=True):
    """What closes a road, as far as ``radius_m`` round it: one of ``rule`` (while its alarm is
    active on a thing), ``category`` (while a case of it is being worked on) and ``kind`` (while a
    thing is in one of ``states``, its line or area counting as it is drawn).

    ``severity``: of an alarm or a case, at least. ``where``: values that attributes of the thing
    must have. ``measure``: what of the thing's readings tells how bad it is. ``spares_above``: a
    bridge over a road that is closed stays open.
    """

    id: str
    label: Label
    radius_m: float
    rule: str = ""
    category: str = ""
    kind: str = ""
    severity: Severity = Severity.MINOR
    states: tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    measure: str = ""
    spares_above: bool = False


class Code(PackRecord, frozen=True, kw_only=True):
    """One row of a code table: ``E05`` (major) or ``E05-06`` (minor) and its name."""

    code: str
    label: Label


class CodeTable(PackRecord, frozen=True, kw_only=True):
    """A version of the classes of parts 部件 and events 事件 after GB/T 30428.2.

    Two readings of the events are in use (04/05); a pack says by ``code_table`` which of them its
    category codes follow, and both can stand side by side. ``P`` = part, ``E`` = event.
    """

    id: str
    version: int
    label: Label
    note: Label | None = None
    major: tuple[Code, ...]
    minor: tuple[Code, ...] = ()


class Scene(PackRecord, frozen=True, kw_only=True):
    """What a wall scene shows: kinds as layers, at most seven numbers, cameras by id.

    The first scene in order is the wall's usual one.
    """

    id: str
    label: Label
    order: int = 100
    layers: tuple[str, ...]
    kpis: tuple[str, ...]
    cameras: tuple[str, ...] = ()
