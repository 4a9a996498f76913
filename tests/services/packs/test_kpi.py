"""The wall's numbers are what the tables say, with limits from the pack."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.cases.logic import lights
from services.domain.model import (
    Alarm,
    Appeal,
    Case,
    Dispatch,
    Entity,
    Link,
    Severity,
    Suppression,
    Suspension,
    Task,
)
from services.packs import kpi
from services.packs.loader import default_directory, load
from services.packs.model import Kpi, Label, Limit

CATALOGUE = load(default_directory())
NOW = 1_784_095_532.0
DAY = 86_400.0
SHELF = Suppression(kind="shelved", by="甲", reason="test", since=NOW - 60, until=NOW + 60)


@dataclass
class View:
    entities: dict[str, Entity] = field(default_factory=dict)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    dispatches: dict[str, Dispatch] = field(default_factory=dict)


def number(
    function: str,
    kinds: tuple[str, ...] = (),
    measure: str = "",
    object_id: str = "",
    unit: str = "",
    limits: tuple[Limit, ...] = (),
    direction: Literal["above", "below"] = "above",
    limit_on: str = "",
) -> Kpi:
    return Kpi(
        id="k", label=Label(zh="数", en="Number"), function=function, kinds=kinds, measure=measure,
        object_id=object_id, unit=unit, limits=limits, direction=direction, limit_on=limit_on,
    )  # fmt: skip


def shown(view: View, asked: Kpi) -> kpi.KpiValue:
    return kpi.evaluate(view, asked, CATALOGUE, NOW)


def things(*links: Link, kind: str = "camera") -> dict[str, Entity]:
    return {
        f"{kind}:{i}": Entity(id=f"{kind}:{i}", kind=kind, name="x", link=k)
        for i, k in enumerate(links)
    }


def case(identifier: str, limit_s: float | None, ago_s: float, **more: object) -> Case:
    reported = NOW - ago_s
    return Case(
        id=identifier, category="E05-06", title="t", severity=Severity.MINOR,
        **{"state": "handling", **more},  # type: ignore[arg-type]  # fields of Case by name
        reported_at=reported, limit_s=limit_s,
        deadline_at=None if limit_s is None else reported + limit_s,
    )  # fmt: skip


def test_unknown_is_not_online() -> None:
    view = View(entities=things(Link.ONLINE, Link.ONLINE, Link.OFFLINE, Link.UNKNOWN))
    view.entities["team:1"] = Entity(id="team:1", kind="team", name="t", link=Link.OFFLINE)
    limits = (Limit(severity=Severity.MINOR, at=90), Limit(severity=Severity.MAJOR, at=50))
    value = shown(view, number("share_online", kinds=("camera",), limits=limits, direction="below"))
    assert value.value == 50.0
    assert value.detail == {"online": 2, "offline": 1, "unknown": 1, "total": 4}
    assert (value.unit, value.severity) == ("%", Severity.MAJOR)


def test_nothing_there_is_no_number() -> None:
    for function in ("share_online", "on_time_rate", "newest_value"):
        assert shown(View(), number(function, measure="level")).value is None


def alarm(key: str, severity: Severity, ago_s: float, **more: bool | str) -> Alarm:
    return Alarm(
        key=key, source="s", rule="r", object_id="camera:0", severity=severity,
        first_time=NOW - ago_s, **more,  # type: ignore[arg-type]  # fields of Alarm by name
    )  # fmt: skip


def test_alarms_that_nobody_took_are_counted_and_the_worst_colours_them() -> None:
    alarms = [
        alarm("a", Severity.MAJOR, 200.0),
        alarm("b", Severity.MINOR, 50.0, active=False),
        alarm("c", Severity.CRITICAL, 900.0, acknowledged=True),
        alarm("d", Severity.CRITICAL, 900.0, suppressed=(SHELF,)),
    ]
    view = View(entities=things(Link.ONLINE), alarms={a.key: a for a in alarms})
    value = shown(view, number("unacknowledged_alarms"))
    assert (value.value, value.severity) == (2.0, Severity.MAJOR)
    assert value.detail == {"active": 1.0, "oldest_s": 200.0, "aside": 1.0}
    assert shown(view, number("unacknowledged_alarms", kinds=("team",))).value == 0.0
    assert shown(view, number("unacknowledged_alarms", kinds=("camera",))).value == 2.0


def test_open_cases_by_light() -> None:
    cases = [
        case("1", 100.0, 79.0),
        case("2", 100.0, 81.0),
        case("3", 100.0, 101.0),
        case("4", None, 9_999.0),
        case("5", 100.0, 900.0, state="closed"),
        case("6", 100.0, 900.0, state="voided"),
    ]
    limits = (Limit(severity=Severity.MINOR, at=1),)
    view = View(cases={c.id: c for c in cases})
    value = shown(view, number("open_cases", limits=limits, limit_on="red"))
    assert value.value == 4.0
    assert value.detail == {"green": 1, "yellow": 1, "red": 1, "no_limit": 1}
    assert value.severity is Severity.MINOR
    del view.cases["3"]
    value = shown(view, number("open_cases", limits=limits, limit_on="red"))
    assert value.severity is Severity.NORMAL


@given(
    limit=st.floats(1, 1e6),
    used=st.floats(0, 3),
    handed=st.none() | st.floats(0, 3),
    closed=st.none() | st.floats(0, 3),
)
def test_lights_are_those_of_the_lifecycle(
    limit: float, used: float, handed: float | None, closed: float | None
) -> None:
    start = NOW - used * limit
    one = case(
        "1", limit, used * limit,
        handed_back_at=None if handed is None else start + handed * limit,
        closed_at=None if closed is None else start + closed * limit,
    )  # fmt: skip
    for share in (handed, closed, used):
        if share is not None and min(abs(share - 0.8), abs(share - 1.0)) < 1e-6:
            return  # the two may round the very edge differently
    assert kpi.case_light(one, NOW) == lights(one, NOW)


@given(
    yellow=st.floats(0, 1),
    at=st.floats(-0.5, 2),
    state=st.sampled_from(["handling", "suspended", "returned"]),
    since=st.floats(0, 2),
)
def test_lights_on_a_clock_of_working_time_are_those_of_the_lifecycle(
    yellow: float, at: float, state: str, since: float
) -> None:
    start = NOW - at * 1_000.0
    pause = Suspension(since=start + since * 1_000.0, until=NOW, by="", reason="", state_before="")
    one = case("1", 1_000.0, at * 1_000.0, state=state, suspension=pause)
    one = replace(one, yellow_at=start + yellow * 1_000.0)
    assert kpi.case_light(one, NOW) == lights(one, NOW)


def test_what_an_appeal_exempts_or_nobody_accepted_is_not_counted() -> None:
    late = case("1", 100.0, DAY, state="closed", handed_back_at=NOW - 10)
    cases = [
        late,
        replace(late, id="2", appeal=Appeal(by="", at=NOW, reason="", granted=True)),
        replace(late, id="3", appeal=Appeal(by="", at=NOW, reason="")),
        replace(late, id="4", state="not_accepted"),
    ]
    value = shown(View(cases={c.id: c for c in cases}), number("on_time_rate"))
    assert value.detail == {"on_time": 0, "due": 2}


def test_on_time_counts_what_was_due_this_week_and_last() -> None:
    def due(identifier: str, ago_s: float, done_after: float | None, state: str = "closed") -> Case:
        reported = NOW - ago_s - 100.0
        done = None if done_after is None else reported + done_after
        return case(identifier, 100.0, ago_s + 100.0, state=state, handed_back_at=done)

    cases = [
        due("1", DAY, 90.0),
        due("2", DAY, 110.0),
        due("3", DAY, None, "handling"),
        due("4", DAY, 90.0),
        due("5", 8 * DAY, 90.0),
        due("6", 8 * DAY, 190.0),
        due("7", 20 * DAY, 190.0),
        due("8", -DAY, 50.0),
        due("9", DAY, 190.0, "voided"),
    ]
    value = shown(View(cases={c.id: c for c in cases}), number("on_time_rate"))
    assert value.value == 50.0
    assert value.detail == {"on_time": 2, "due": 4, "previous": 50.0}


def test_teams_on_their_way() -> None:
    tasks = (
        Task(id="1", entity_id="a", name="a", state="en_route"),
        Task(id="2", entity_id="b", name="b", state="arrived", times={"arrived": NOW - 120}),
        Task(id="3", entity_id="c", name="c", state="sent"),
    )
    order = Dispatch(id="d", case_id="1", by="x", seat="y", created_at=NOW, tasks=tasks)
    value = shown(View(dispatches={"d": order}), number("units_en_route"))
    assert value.value == 1.0
    assert value.detail["arrived"] == 1.0
    assert value.detail["last_arrival_s"] == 120.0


def test_newest_value_of_one_thing_or_the_highest_of_a_kind() -> None:
    entities = {
        f"level_sensor:{i}": Entity(
            id=f"level_sensor:{i}", kind="level_sensor", name="x", values={"level": level},
            observed_at=NOW - 30,
        )
        for i, level in enumerate((0.1, 0.5))
    }  # fmt: skip
    view = View(entities=entities)
    limits = (Limit(severity=Severity.MAJOR, at=0.45),)
    one = number("newest_value", object_id="level_sensor:0", measure="level", limits=limits)
    assert shown(view, one) == kpi.KpiValue(0.1, "m", {"age_s": 30.0}, Severity.NORMAL)
    most = number("newest_value", kinds=("level_sensor",), measure="level", limits=limits)
    assert (shown(view, most).value, shown(view, most).severity) == (0.5, Severity.MAJOR)
    gone = number("newest_value", object_id="level_sensor:9", measure="level", unit="m")
    assert shown(view, gone) == kpi.KpiValue(None, "m")


def test_count() -> None:
    view = View(entities={**things(Link.ONLINE, Link.OFFLINE), **things(Link.ONLINE, kind="team")})
    assert shown(view, number("count", kinds=("camera",))).value == 2.0
    assert shown(view, number("count")).value == 3.0


def test_sums_means_and_states_say_what_they_know() -> None:
    lifts = {
        f"lift:{i}": Entity(id=f"lift:{i}", kind="lift", name="x", state=state, values=values)
        for i, (state, values) in enumerate(
            [("running", {"trapped": 0.0}), ("trapped", {"trapped": 3.0}), ("", {})]
        )
    }
    view = View(entities={**lifts, **things(Link.ONLINE)})
    total = shown(view, number("total", kinds=("lift",), measure="trapped"))
    assert (total.value, total.detail) == (3.0, {"known": 2.0, "total": 3.0})
    assert shown(view, number("mean", kinds=("lift",), measure="trapped")).value == 1.5
    assert shown(View(), number("total", kinds=("lift",), measure="trapped")).value is None
    assert shown(View(), number("mean", kinds=("lift",), measure="trapped")).value is None
    asked = msgspec.structs.replace(number("count_in_state", kinds=("lift",)), state="trapped")
    stuck = shown(view, asked)
    assert (stuck.value, stuck.detail) == (1.0, {"total": 3.0})


def test_open_cases_of_some_sources_only() -> None:
    cases = [case("1", 100.0, 10.0, source="12345热线"), case("2", 100.0, 10.0, source="视频巡查")]
    view = View(cases={c.id: c for c in cases})
    asked = msgspec.structs.replace(number("open_cases"), sources=("12345热线",))
    assert (shown(view, asked).value, shown(view, number("open_cases")).value) == (1.0, 2.0)


@pytest.mark.parametrize("function", sorted(kpi.FUNCTIONS))
def test_every_function_says_what_it_does(function: str) -> None:
    assert kpi.FUNCTIONS[function].__doc__
