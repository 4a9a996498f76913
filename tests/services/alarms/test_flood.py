"""When it is a flood, and how its alarms become few groups without losing one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.alarms.flood import RADIUS_M, grouped, is_flood
from services.domain.geodesy import distance_m
from services.domain.model import Alarm, Severity

NOW = 1_750_000_000.0
NORTH_M = 1 / 111_000  # degrees of latitude a metre, about
LON, LAT = 101.8, 36.6


def alarm(
    key: str,
    rule: str = "level_high",
    north_m: float | None = None,
    severity: Severity = Severity.MINOR,
    time: float = 0.0,
    active: bool = True,
) -> Alarm:
    return Alarm(
        key=key,
        source="rule",
        rule=rule,
        object_id=key,
        severity=severity,
        active=active,
        first_time=NOW + time,
        lon=None if north_m is None else LON,
        lat=None if north_m is None else LAT + north_m * NORTH_M,
    )


@pytest.mark.parametrize(
    ("asked", "was", "flood"),
    [(10, False, True), (9, False, False), (5, True, True), (4, True, False), (0, True, False)],
)
def test_ten_in_ten_minutes_begin_it_and_fewer_than_five_end_it(
    asked: int, was: bool, flood: bool
) -> None:
    times = [NOW - 599 + n for n in range(asked)]
    assert is_flood(times, NOW, was) is flood
    assert not is_flood([t - 600 for t in times], NOW, was)


def test_one_cause_in_one_township_is_one_group() -> None:
    areas = {"a": "东关", "b": "东关", "c": "清真巷", "d": "东关"}
    alarms = [
        alarm("a", time=1),
        alarm("b", severity=Severity.CRITICAL, time=2),
        alarm("c", time=3),
        alarm("d", rule="rain_heavy", time=4),
    ]
    groups = grouped(alarms, lambda a: areas[a.key])
    assert [(g.rule, g.place, [a.key for a in g.members]) for g in groups] == [
        ("level_high", "东关", ["b", "a"]),
        ("level_high", "清真巷", ["c"]),
        ("rain_heavy", "东关", ["d"]),
    ]
    assert [g.worst for g in groups] == [Severity.CRITICAL, Severity.MINOR, Severity.MINOR]


def test_without_an_area_what_is_near_the_oldest_belongs_to_it() -> None:
    alarms = [
        alarm("first", north_m=0, time=1),
        alarm("near", north_m=900, time=2),
        alarm("far", north_m=1_800, time=3),
        alarm("nowhere", time=4),
    ]
    groups = grouped(alarms, lambda _: "")
    assert sorted([a.key for a in g.members] for g in groups) == [
        ["far"],
        ["first", "near"],
        ["nowhere"],
    ]


@given(st.lists(st.floats(-3_000, 3_000), max_size=25), st.lists(st.floats(0, 1), max_size=25))
def test_cells_find_what_looking_at_every_cluster_finds(
    north_m: list[float], east: list[float]
) -> None:
    alarms = [
        replace(alarm(f"k{n:02}", north_m=m, time=float(n)), lon=LON + e / 20)
        for n, (m, e) in enumerate(zip(north_m, east, strict=False))
    ]
    expected: list[list[Alarm]] = []
    for one in alarms:
        for cluster in expected:
            first = cluster[0]
            assert None not in (first.lon, first.lat, one.lon, one.lat)
            if distance_m(first.lon, first.lat, one.lon, one.lat) <= RADIUS_M:  # type: ignore[arg-type]  # never None, as asserted
                cluster.append(one)
                break
        else:
            expected.append([one])
    found = [sorted(a.key for a in g.members) for g in grouped(alarms, lambda _: "")]
    assert sorted(found) == sorted([a.key for a in cluster] for cluster in expected)


def test_the_worst_of_a_group_is_of_what_is_abnormal_still() -> None:
    over = alarm("over", severity=Severity.CRITICAL, active=False)
    (group,) = grouped([over, alarm("on")], lambda _: "x")
    assert group.worst == Severity.MINOR
    assert [a.key for a in group.members] == ["on", "over"]
    (only,) = grouped([over], lambda _: "x")
    assert only.worst == Severity.CRITICAL


def test_a_group_keeps_its_name_while_alarms_come_and_go() -> None:
    first = [alarm("a", north_m=0, time=1), alarm("b", north_m=10, time=2)]
    more = [*first, alarm("c", north_m=20, time=3, severity=Severity.CRITICAL)]
    assert grouped(first, lambda _: "")[0].id == grouped(more, lambda _: "")[0].id


@st.composite
def standing(draw: st.DrawFn) -> list[Alarm]:
    def made() -> Iterator[Alarm]:
        for n in range(draw(st.integers(0, 25))):
            yield alarm(
                f"k{n}",
                draw(st.sampled_from(["r1", "r2"])),
                draw(st.none() | st.floats(0, 5_000)),
                draw(st.sampled_from(list(Severity)[1:])),
                draw(st.floats(0, 100)),
                draw(st.booleans()),
            )

    return list(made())


@given(standing(), st.randoms(use_true_random=False))
def test_every_alarm_is_in_exactly_one_group_of_its_cause_and_place(
    alarms: list[Alarm], random: object
) -> None:
    def area_of(alarm: Alarm) -> str:
        return {"0": "west", "1": "east"}.get(alarm.key[-1], "")

    groups = grouped(alarms, area_of)
    assert sorted(a.key for g in groups for a in g.members) == sorted(a.key for a in alarms)
    assert len({g.id for g in groups}) == len(groups)
    for group in groups:
        for member in group.members:
            assert (member.source, member.rule) == (group.source, group.rule)
            assert area_of(member) == group.place
            if not group.place and group.lat is not None:
                assert member.lat is not None
                assert distance_m(LON, group.lat, LON, member.lat) <= RADIUS_M
    shuffled = list(alarms)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives random.Random
    assert grouped(shuffled, area_of) == groups
