"""What packs say of states, labels beside marks, plans by severity, part ids and code tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.proposal import propose
from services.domain.errors import KnownError
from services.domain.model import Entity, Severity
from services.packs.loader import default_directory, load
from services.packs.model import Need
from services.packs.validate import check_entity
from tests.services.small_city import CENTRE, City

CATALOGUE = load(default_directory())
LIFT = CATALOGUE.kinds["lift"]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"trapped": 0.0, "stopped_min": 0.0}, "running"),
        ({"trapped": 0.0, "stopped_min": 12.0}, "stopped"),
        ({"trapped": 2.0, "stopped_min": 12.0}, "trapped"),
        ({"stopped_min": 1.0}, "stopped"),
        ({}, None),
    ],
)
def test_the_first_status_rule_that_holds_counts(
    values: dict[str, float], state: str | None
) -> None:
    assert LIFT.derived_state(values) == state


def test_below_is_a_bound_too() -> None:
    kind = CATALOGUE.kinds["flow_point"]
    speeds = {31.0: "flowing", 20.0: "slow", 10.0: "jammed", 0.0: "jammed"}
    assert {v: kind.derived_state({"speed": v}) for v in speeds} == speeds


def test_a_state_that_no_rule_sets_is_for_its_source_to_end() -> None:
    assert LIFT.derived_state({"trapped": 1.0}, "maintenance") is None
    assert LIFT.derived_state({"trapped": 1.0}, "stopped") == "trapped"
    assert CATALOGUE.kinds["team"].derived_state({}, "busy") is None


@given(st.floats(0, 40), st.floats(0, 1e5))
def test_a_derived_state_is_one_of_the_kind(trapped: float, stopped: float) -> None:
    state = LIFT.derived_state({"trapped": trapped, "stopped_min": stopped})
    assert state in {s.id for s in LIFT.state}
    assert (state == "running") == (trapped < 1 and stopped < 1)


def test_words_beside_a_mark_say_the_newest_reading() -> None:
    kind = CATALOGUE.kinds["level_sensor"]
    assert kind.label_of("康乐十字", {"level": 0.312}) == "康乐十字 0.31 m"
    assert kind.label_of("康乐十字", {}) == "康乐十字"
    assert CATALOGUE.kinds["camera"].label_of("东稍门", {}) == "东稍门"


def test_plans_ask_for_more_when_it_is_worse() -> None:
    usual = {n.item or n.team: n.quantity or n.count for n in CATALOGUE.needs_of("E05-06")}
    major = CATALOGUE.needs_of("E05-06", Severity.MAJOR)
    worst = {
        n.item or n.team: n.quantity or n.count
        for n in CATALOGUE.needs_of("E05-06", Severity.CRITICAL)
    }
    assert {n.item or n.team: n.quantity or n.count for n in major} == usual
    assert worst["pump"] == usual["pump"] + 2
    assert worst["light_tower"] == 1
    assert "light_tower" not in usual
    assert CATALOGUE.needs_of("E06-95", Severity.CRITICAL) == ()
    assert CATALOGUE.needs_of("none", Severity.CRITICAL) == ()


def test_the_proposal_asks_by_severity() -> None:
    city = City()
    city.catalogue = CATALOGUE
    mild = propose(city.world, CATALOGUE, *CENTRE, 500.0, "E05-06", Severity.MAJOR)
    worst = propose(city.world, CATALOGUE, *CENTRE, 500.0, "E05-06", Severity.CRITICAL)
    assert "light_tower" not in {s.item_or_team for s in mild.shortfalls}
    assert "light_tower" in {s.item_or_team for s in worst.shortfalls}


def test_steps_grow_with_the_severity_and_keep_their_order() -> None:
    for pack in CATALOGUE.packs:
        for plan in pack.plan:
            counts = [len(plan.steps_at(s)) for s in (Severity.MINOR, Severity.MAJOR, 4)]
            assert 0 < counts[0] <= counts[1] <= counts[2] == len(plan.step)
    flooding = CATALOGUE.plan_of("E05-06")
    assert flooding is not None
    assert len(flooding.steps_at(Severity.MAJOR)) < len(flooding.step)
    assert CATALOGUE.plan_of("E01-12") is None


def test_what_is_major_or_worse_has_a_plan() -> None:
    """Or its needs say all there is to say; a critical category always has one."""
    critical = [c for c in CATALOGUE.categories.values() if c.severity == Severity.CRITICAL]
    assert len(critical) >= 4
    assert all(CATALOGUE.plan_of(c.code) is not None for c in critical)
    assert all(isinstance(n, Need) for c in critical for n in c.need)


def test_categories_have_their_class_in_the_table_of_their_pack() -> None:
    for code in CATALOGUE.categories:
        assert CATALOGUE.class_of(code) is not None
    street = CATALOGUE.class_of("E04-99")
    emergency = CATALOGUE.class_of("E05-06")
    assert street is not None
    assert emergency is not None
    assert (street.zh, emergency.zh) == ("街面秩序", "突发事件")
    other = {c.code: c.label.zh for c in CATALOGUE.tables["gbt30428_emergency04"].major}
    assert (other["E04"], other["E05"]) == ("突发事件", "街面秩序")


@pytest.mark.parametrize(
    ("identifier", "right"),
    [
        ("6301020101000001", True),
        ("6301020111000001", True),
        ("6301020118000001", False),  # a street lamp's class
        ("630102010100001", False),
        ("manhole:0001", False),
    ],
)
def test_a_part_has_an_id_of_its_class(identifier: str, right: bool) -> None:
    cover = Entity(id=identifier, kind="manhole", name="井盖", lon=101.8, lat=36.6)
    if right:
        assert check_entity(CATALOGUE, cover).id == "manhole"
        return
    with pytest.raises(KnownError) as caught:
        check_entity(CATALOGUE, cover)
    assert (caught.value.code, caught.value.field) == ("bad_id", "id")


def test_the_wall_shows_its_usual_scene() -> None:
    assert [k.id for k in CATALOGUE.wall_kpis()] == [
        "video_online", "unacknowledged", "open_cases", "on_time", "en_route", "kangle_level",
        "rain_max",
    ]  # fmt: skip
    assert CATALOGUE.wall_layers() <= set(CATALOGUE.kinds)
    assert CATALOGUE.scenes[0].id == "routine"
    assert {s.id for s in CATALOGUE.scenes} >= {"flood", "gas", "forest_fire", "inspection"}
