"""Cases of the demo: 214 open ones with all lights, and two weeks of closed ones behind them.

Every case is led through its lifecycle by services.cases.logic, so its flow record is a real one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from services.cases.calendar import Calendar
from services.cases.calendar_file import load_calendar
from services.cases.logic import Report, Who, report_case, step
from services.demo.draw import Draw
from services.demo.ground import Ground
from services.domain.clock import beijing_day
from services.domain.ids import DISTRICT
from services.domain.model import Case, Severity
from services.packs.model import Catalogue, Category, TimeLimit

GREEN, YELLOW, RED = 171, 34, 9
OPEN = GREEN + YELLOW + RED
CLOSED_PER_WEEK = 600
LATE_THIS_WEEK, LATE_LAST_WEEK = 15, 32
WEEK_S = 7 * 86_400.0

# code and share, most frequent first; a code that no pack declares is left out
_MIX = (
    ("E01-10", 24), ("E04-99", 18), ("E01-12", 14), ("E04-98", 12), ("E02-99", 8), ("P01-99", 6),
    ("E04-97", 5), ("E03-99", 4), ("P01-01", 4), ("E05-06", 2), ("E03-98", 2), ("E05-99", 2),
    ("E05-05", 1), ("E06-99", 1),
)  # fmt: skip
_SOURCES = (("智信APP", 44), ("12345热线", 22), ("8112345热线", 14), ("视频巡查", 20))
_RECEIVER = Who(name="受理席", seat="受理席 02", roles=("subcentre",))
_SENDER = Who(name="派遣席", seat="派遣席 01", roles=("dispatcher",))
_CHECKER = Who(name="核查席", seat="核查席 01", roles=("duty_officer",))


@dataclass(frozen=True, slots=True)
class _Span:
    """A handling limit on its own clock."""

    limit: TimeLimit
    calendar: Calendar

    def after(self, start: float, share: float) -> float:
        """When so much of the limit has passed since ``start``."""
        seconds = share * self.limit.seconds
        return start + seconds if self.limit.runs_on else self.calendar.add(start, seconds)

    def before(self, end: float, share: float) -> float:
        """From when so much of the limit has passed until ``end``."""
        seconds = share * self.limit.seconds
        return end - seconds if self.limit.runs_on else self.calendar.subtract(end, seconds)


@dataclass(frozen=True, slots=True)
class _Timing:
    """When a case of one limit was reported, handed back and closed; None: not yet."""

    reported_at: float
    handed_back_at: float | None = None
    closed_at: float | None = None


def build(
    ground: Ground, draw: Draw, catalogue: Catalogue, unit_of: Callable[[float, float], str]
) -> tuple[Case, ...]:
    """Closed cases by closing time, then open ones by reporting time; ids by day and serial."""
    calendar = load_calendar()
    plans = [*_closed_plans(draw), *_open_plans(draw)]
    mix = [(catalogue.categories[c], n) for c, n in _MIX if c in catalogue.categories]
    if not mix:
        return ()
    chosen = draw.choices([c for c, _ in mix], [n for _, n in mix], k=len(plans))
    timed = sorted(
        (
            (plan(_Span(category.limit, calendar)), category)
            for plan, category in zip(plans, chosen, strict=True)
        ),
        key=lambda pair: (pair[0].reported_at, pair[1].code),
    )
    serials: Counter[str] = Counter()
    cases = []
    for timing, category in timed:
        day = beijing_day(timing.reported_at)
        serials[day] += 1
        identifier = f"{DISTRICT}{day}{serials[day]:05d}"
        case = _reported(ground, draw, category, timing, identifier, unit_of, calendar)
        cases.append(_led(draw, case, category, timing))
    return tuple(sorted(cases, key=lambda c: (c.closed_at is None, c.closed_at or c.reported_at)))


Plan = Callable[[_Span], _Timing]


def _open_plans(draw: Draw) -> list[Plan]:
    """Share of the limit that is used up: to 78 %, 82 to 98 %, 104 to 160 %."""

    def plan(low: float, high: float) -> Plan:
        share = draw.uniform(low, high)
        return lambda span: _Timing(round(span.before(draw.now, share), 3))

    lights = ((GREEN, 0.02, 0.78), (YELLOW, 0.82, 0.98), (RED, 1.04, 1.6))
    return [plan(low, high) for count, low, high in lights for _ in range(count)]


def _closed_plans(draw: Draw) -> list[Plan]:
    """Cases due in the last two weeks, of which so many were handed back too late."""

    def plan(week: int, late: bool) -> Plan:
        before = week * WEEK_S + draw.uniform(0.25, 0.98) * WEEK_S
        share = draw.uniform(1.05, 1.4) if late else draw.uniform(0.15, 0.97)
        check = draw.uniform(300.0, 3_600.0)

        def timed(span: _Span) -> _Timing:
            deadline = draw.now - before
            reported = round(span.before(deadline, 1.0), 3)
            # An overrun of a long limit must still be over by now, or the case were open.
            handed = min(span.after(reported, share), draw.now - 7_200.0)
            return _Timing(reported, round(handed, 3), round(handed + check, 3))

        return timed

    return [
        plan(week, i < late)
        for week, late in ((0, LATE_THIS_WEEK), (1, LATE_LAST_WEEK))
        for i in range(CLOSED_PER_WEEK)
    ]


def _reported(
    ground: Ground,
    draw: Draw,
    category: Category,
    timing: _Timing,
    identifier: str,
    unit_of: Callable[[float, float], str],
    calendar: Calendar,
) -> Case:
    spot = ground.spot(draw, (2.0, 40.0))
    lon, lat = ground.lonlat(spot.point)
    source = draw.choices([s for s, _ in _SOURCES], [n for _, n in _SOURCES])[0]
    severity = category.severity if draw.random() < 0.5 else Severity.MINOR
    report = Report(
        id=identifier,
        category=category.code,
        title=category.label.zh,
        severity=severity,
        reported_at=timing.reported_at,
        limit_s=category.limit.seconds,
        limit_unit=category.limit.unit,
        lon=lon,
        lat=lat,
        address=f"{ground.township(spot.point).name}{spot.address}",
        grid_id=unit_of(lon, lat),
        source=source,
        department=category.department,
        attrs={"demo": True},
    )
    return report_case(report, _RECEIVER, timing.reported_at, calendar)


def _led(draw: Draw, case: Case, category: Category, timing: _Timing) -> Case:
    """The case led as far as its time goes: registered, assigned, taken, handed back, closed.
    Some open ones still wait at each desk on the way."""
    until = draw.now if timing.handed_back_at is None else timing.handed_back_at
    assigned = timing.reported_at + min(draw.uniform(120.0, 900.0), category.limit.seconds * 0.08)
    registered = timing.reported_at + (assigned - timing.reported_at) * 0.4
    taken = assigned + (assigned - timing.reported_at) * 0.5
    department = Who(name=category.department, roles=("department",))
    steps = 3
    if timing.handed_back_at is None:
        steps = draw.choices((0, 1, 2, 3), (8, 12, 15, 65))[0]
    if registered < until and steps > 0:
        case = step(case, "register", _RECEIVER, round(registered, 3))
    if assigned < until and steps > 1:
        case = step(case, "assign", _SENDER, round(assigned, 3))
    if taken < until and steps > 2:
        handler = f"{category.department}值班员（示例）"
        case = step(case, "take", department, round(taken, 3), handler=handler)
    if timing.handed_back_at is None or timing.closed_at is None:
        return case
    case = step(case, "finish", department, timing.handed_back_at)
    case = step(case, "hand_back", department, timing.handed_back_at, note="已处置")
    return step(case, "close", _CHECKER, timing.closed_at, note="核查通过")
