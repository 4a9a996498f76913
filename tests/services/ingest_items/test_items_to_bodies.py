"""Items held against packs and world."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from services.domain.errors import KnownError
from services.domain.events import AlarmChanged, CaseChanged, EntityUpserted, Observed, StockChanged
from services.domain.model import Case, Link, Severity
from services.ingest.item_types import Item
from services.ingest.items import event_time, to_bodies
from tests.services.small_city import CENTRE, NOW, City, sensor, team, warehouse


class Gate(City):
    def __init__(self) -> None:
        super().__init__()
        self.add(sensor(), team("a"), warehouse("w"))
        self.stock("warehouse:w", "pump", 5)

    def take(self, **item: Any) -> list[Any]:
        """Convert, judge and fold one item; the bodies it made."""
        typed: Item = msgspec.convert(item, Item)
        bodies = to_bodies(typed, self.desk(), "items[3]")
        self.fold(bodies)
        return list(bodies)

    def refuse(self, **item: Any) -> tuple[str, str | None]:
        before = self.world.digest()
        with pytest.raises(KnownError) as caught:
            self.take(**item)
        assert self.world.digest() == before
        assert caught.value.text
        return caught.value.code, caught.value.field


@pytest.fixture
def gate() -> Gate:
    return Gate()


PLACE = {"lon": CENTRE[0], "lat": CENTRE[1]}


# -- things ---------------------------------------------------------------------------
def test_an_entity(gate: Gate) -> None:
    (body,) = gate.take(
        type="entity",
        id="sensor:2",
        kind="sensor",
        name=" 水位计 ",
        attrs={"river": "湟水"},
        values={"level": 1.2},
        link="online",
        **PLACE,
    )
    assert isinstance(body, EntityUpserted)
    stored = gate.world.entities["sensor:2"]
    assert (stored.name, stored.link, stored.values) == ("水位计", Link.ONLINE, {"level": 1.2})


def test_an_area_without_a_point_is_marked_in_its_middle(gate: Gate) -> None:
    ring = [[101.0, 36.0], [102.0, 36.0], [102.0, 37.0], [101.0, 36.0]]
    gate.take(type="entity", id="grid:1", kind="grid", name="g", geometry=[ring])
    stored = gate.world.entities["grid:1"]
    assert (stored.lon, stored.lat) == (101.5, 36.5)
    assert stored.geometry == (tuple((x, y) for x, y in ring),)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"kind": "teapot"}, "unknown_kind", "items[3].kind"),
        ({"lon": 36.62, "lat": 101.78}, "swapped", "items[3].lat"),
        ({"lon": 40.0, "lat": 80.0}, "swapped", "items[3].lat"),
        ({"lon": 181.0}, "out_of_range", "items[3].lon"),
        ({"lat": -91.0, "lon": 120.0}, "out_of_range", "items[3].lat"),
        ({"lat": float("nan")}, "not_finite", "items[3].lat"),
        ({"lat": None}, "missing_field", "items[3].lat"),
        ({"lon": None, "lat": None}, "missing_field", "items[3].lon"),
        ({"values": {"level": float("inf")}}, "not_finite", "items[3].values.level"),
        ({"values": {"level": 21.0}}, "out_of_range", "items[3].values.level"),
        ({"values": {"heat": 21.0}}, "unknown_measure", "items[3].values.heat"),
        ({"attrs": {"colour": "x"}}, "unknown_attribute", "items[3].attrs.colour"),
        ({"attrs": {"river": "a\u202eb"}}, "bad_character", "items[3].attrs.river"),
        ({"attrs": {"river": float("nan")}}, "not_finite", "items[3].attrs.river"),
        ({"name": "a\x07"}, "bad_character", "items[3].name"),
        ({"id": "a b"}, "bad_id", "items[3].id"),
        ({"state": "asleep"}, "unknown_state", "items[3].state"),
        ({"geometry": [[[101.0, 36.0]]]}, "bad_geometry", "items[3].geometry"),
        (
            {"lon": None, "lat": None, "kind": "grid", "geometry": [[[float("nan"), 1.0]]]},
            "not_finite",
            "items[3].geometry",
        ),
    ],
)
def test_a_bad_entity_is_refused_where_it_is_bad(
    gate: Gate, change: dict[str, Any], code: str, field: str
) -> None:
    good = {"type": "entity", "id": "sensor:2", "kind": "sensor", "name": "s", **PLACE}
    assert gate.refuse(**{**good, **change}) == (code, field)


def test_a_deleted_thing_takes_its_condition_along(gate: Gate) -> None:
    gate.take(type="alarm", object_id="sensor:s1", severity="major", text="a", rule="one")
    gate.take(type="alarm", object_id="sensor:s1", severity="minor", text="b", rule="two")
    gate.take(
        type="alarm", object_id="sensor:s1", severity="minor", text="b", rule="two", active=False
    )
    _, cleared = gate.take(type="delete", id="sensor:s1")
    assert isinstance(cleared, AlarmChanged)
    assert (cleared.change, cleared.alarm.rule) == ("cleared", "one")
    assert "sensor:s1" not in gate.world.entities
    assert gate.refuse(type="delete", id="sensor:s1") == ("unknown_object", "items[3].id")


# -- news -----------------------------------------------------------------------------
def test_a_fresh_reading_shows_that_its_thing_answers(gate: Gate) -> None:
    gate.take(type="reading", id="sensor:s1", values={"level": 1.0}, time=NOW - 600)
    assert gate.world.entities["sensor:s1"].link == Link.ONLINE


def test_an_old_reading_does_not(gate: Gate) -> None:
    (body,) = gate.take(type="reading", id="sensor:s1", values={"level": 1.0}, time=NOW - 601)
    assert body == Observed(id="sensor:s1", values={"level": 1.0})


def test_what_the_source_says_of_the_link_stands(gate: Gate) -> None:
    gate.take(type="reading", id="sensor:s1", values={"level": 1.0}, link="offline")
    assert gate.world.entities["sensor:s1"].link == Link.OFFLINE


def test_a_position_and_a_status(gate: Gate) -> None:
    gate.take(type="position", id="team:a", lon=101.5, lat=36.5, heading_deg=90.0, state="busy")
    moved = gate.world.entities["team:a"]
    assert (moved.lon, moved.lat, moved.heading_deg, moved.state) == (101.5, 36.5, 90.0, "busy")
    gate.take(type="status", id="team:a", link=2)
    gate.take(type="status", id="team:a", state="idle")
    after = gate.world.entities["team:a"]
    assert (after.link, after.state) == (Link.OFFLINE, "idle")


@pytest.mark.parametrize(
    ("item", "code", "field"),
    [
        ({"type": "reading", "id": "sensor:9", "values": {"level": 1}}, "unknown_object", "id"),
        ({"type": "reading", "id": "sensor:s1", "values": {"x": 1}}, "unknown_measure", "values.x"),
        (
            {"type": "reading", "id": "sensor:s1", "values": {"level": 99}},
            "out_of_range",
            "values.level",
        ),
        (
            {"type": "reading", "id": "sensor:s1", "values": {"level": 1}, "time": "yesterday"},
            "bad_time",
            "time",
        ),
        (
            {"type": "reading", "id": "sensor:s1", "values": {"level": 1}, "time": NOW * 1000},
            "bad_time",
            "time",
        ),
        ({"type": "position", "id": "team:a", "lon": 36.6, "lat": 101.7}, "swapped", "lat"),
        (
            {"type": "position", "id": "team:a", "lon": 1.0, "lat": 2.0, "heading_deg": 400},
            "out_of_range",
            "heading_deg",
        ),
        ({"type": "status", "id": "team:a"}, "missing_field", "link"),
        ({"type": "status", "id": "team:a", "state": "lost"}, "unknown_state", "state"),
    ],
)
def test_bad_news_is_refused(gate: Gate, item: dict[str, Any], code: str, field: str) -> None:
    assert gate.refuse(**item) == (code, f"items[3].{field}")


def test_the_source_says_when() -> None:
    reading: Item = msgspec.convert(
        {"type": "reading", "id": "s", "values": {"a": 1}, "time": "2025-06-15T16:00:00+08:00"},
        Item,
    )
    assert event_time(reading, NOW) == 1_749_974_400.0
    assert event_time(msgspec.convert({"type": "delete", "id": "s"}, Item), NOW) == NOW


# -- alarms ---------------------------------------------------------------------------
def test_an_alarm_is_raised_at_its_thing_and_cleared(gate: Gate) -> None:
    said = {"type": "alarm", "object_id": "sensor:s1", "text": "浸水", "value": 2.5, "limit": 2}
    gate.take(severity="major", time=NOW - 9, **said)
    alarm = gate.world.alarms["source||sensor:s1"]
    assert (alarm.severity, alarm.text, alarm.first_time) == (Severity.MAJOR, "浸水", NOW - 9)
    assert (alarm.lon, alarm.lat, alarm.value, alarm.limit) == (*CENTRE, 2.5, 2.0)
    gate.take(severity="major", active=False, **said)
    assert not gate.world.alarms["source||sensor:s1"].active
    assert gate.take(severity="major", active=False, **said) == []


def test_an_alarm_of_an_unknown_thing_is_taken(gate: Gate) -> None:
    gate.take(type="alarm", object_id="x", severity=4, text="t", source="gb", lon=1.0, lat=2.0)
    assert gate.world.alarms["gb||x"].lon == 1.0
    gate.take(type="alarm", object_id="y", severity=4, text="t", rule="r")
    assert gate.world.alarms["source|r|y"].lon is None


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"lon": 1.0}, "missing_field", "lon"),
        ({"lon": 36.6, "lat": 101.7}, "swapped", "lat"),
        ({"source": "a|b"}, "bad_id", "source"),
        ({"source": "rule", "active": False}, "reserved_source", "source"),
        ({"rule": "a|b"}, "bad_id", "rule"),
        ({"object_id": "a|b"}, "bad_id", "object_id"),
        ({"value": float("nan")}, "not_finite", "value"),
        ({"limit": float("inf")}, "not_finite", "limit"),
        ({"text": "\u202e"}, "bad_character", "text"),
    ],
)
def test_a_bad_alarm_is_refused(gate: Gate, change: dict[str, Any], code: str, field: str) -> None:
    good = {"type": "alarm", "object_id": "sensor:s1", "severity": "major", "text": "t"}
    assert gate.refuse(**{**good, **change}) == (code, f"items[3].{field}")


# -- cases ----------------------------------------------------------------------------
def test_a_case_gets_a_number_of_ours_and_the_limit_of_its_category(gate: Gate) -> None:
    (body,) = gate.take(type="case", category="flood", title="积水", reported_at=NOW - 100, **PLACE)
    assert isinstance(body, CaseChanged)
    case = body.case
    assert (len(case.id), case.id[:6], body.action) == (19, "630102", "report")
    assert (case.deadline_at, case.source, case.state) == (
        NOW + 7_100,
        "source",
        "reported",
    )
    assert (case.severity, case.department) == (Severity.MAJOR, "water")


def test_a_case_of_another_system_keeps_its_number_and_is_amended_by_it(gate: Gate) -> None:
    said = {"type": "case", "id": "101000", "category": "other", "title": "t", "source": "311"}
    gate.take(reported_at=NOW - 50, deadline_at=NOW + 50, **said)
    gate.take(**{**said, "title": "u"}, severity="critical")
    case = gate.world.cases["101000"]
    assert (case.title, case.severity, case.reported_at) == ("u", Severity.CRITICAL, NOW - 50)
    gate.take(**said, reported_at=NOW - 50, closed_at=NOW - 5)
    closed = gate.world.cases["101000"]
    assert (closed.state, closed.closed_at) == ("closed", NOW - 5)
    assert [s.action for s in closed.flow] == ["report", "amend", "amend"]
    gate.take(**{**said, "id": "101001"}, state="voided", closed_at=NOW)
    assert gate.world.cases["101001"].state == "voided"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"category": "x"}, "unknown_category", "category"),
        ({"lon": 1.0}, "missing_field", "lon"),
        ({"lon": 36.6, "lat": 101.7}, "swapped", "lat"),
        ({"attrs": {"a": "\x00"}}, "bad_character", "attrs.a"),
        ({"reported_at": "2025-06-15T08:00:00"}, "bad_time", "reported_at"),
        ({"deadline_at": -1.0}, "bad_time", "deadline_at"),
        ({"closed_at": "soon"}, "bad_time", "closed_at"),
        ({"reported_at": NOW, "closed_at": NOW - 1}, "out_of_range", "closed_at"),
        ({"state": "asleep"}, "unknown_state", "state"),
        ({"state": "closed"}, "unknown_state", "state"),
        ({"state": "handling", "closed_at": NOW}, "unknown_state", "state"),
        ({"id": "a b"}, "bad_id", "id"),
        ({"title": "\u202e"}, "bad_character", "title"),
        ({"source": "operator"}, "reserved_source", "source"),
        ({"id": "6301022025060000009", "state": "closed", "closed_at": NOW}, "not_yours", "id"),
    ],
)
def test_a_bad_case_is_refused(gate: Gate, change: dict[str, Any], code: str, field: str) -> None:
    ours = Case(
        id="6301022025060000009",
        category="other",
        title="t",
        severity=Severity.MINOR,
        state="handling",
        reported_at=NOW,
        source="operator",
    )
    gate.fold([CaseChanged(case=ours, action="create")])
    good = {"type": "case", "category": "other", "title": "t"}
    assert gate.refuse(**{**good, **change}) == (code, f"items[3].{field}")


# -- stock ----------------------------------------------------------------------------
def test_counting_stock_keeps_what_is_promised(gate: Gate) -> None:
    line = gate.world.stock["warehouse:w/pump"]
    gate.fold([StockChanged(line=replace(line, reserved=3))])
    gate.take(type="stock", warehouse_id="warehouse:w", item="pump", on_hand=4)
    gate.take(type="stock", warehouse_id="warehouse:w", item="bag", on_hand=7)
    pump, bag = gate.world.stock["warehouse:w/pump"], gate.world.stock["warehouse:w/bag"]
    assert (pump.on_hand, pump.reserved, bag.on_hand) == (4, 3, 7)
    assert gate.refuse(type="stock", warehouse_id="warehouse:w", item="pump", on_hand=2) == (
        "below_reserved",
        "items[3].on_hand",
    )


def test_stock_needs_a_warehouse_and_a_declared_item(gate: Gate) -> None:
    for change, code, field in (
        ({"warehouse_id": "warehouse:x"}, "unknown_object", "warehouse_id"),
        ({"warehouse_id": "sensor:s1"}, "unknown_object", "warehouse_id"),
        ({"item": "sword"}, "unknown_item", "item"),
    ):
        good = {"type": "stock", "warehouse_id": "warehouse:w", "item": "pump", "on_hand": 1}
        assert gate.refuse(**{**good, **change}) == (code, f"items[3].{field}")
