"""Closing a road by order and opening it again, by hand and by the clock."""

from __future__ import annotations

from typing import Any

import pytest

from services.domain.model import Entity
from services.packs.loader import default_directory, load
from services.roads.state import closures
from tests.services.commands.desks import OrderDesk

HERE = {"lon": 101.8, "lat": 36.6}


@pytest.fixture
def desk() -> OrderDesk:
    made = OrderDesk()
    made.catalogue = load(default_directory())
    return made


def closed(desk: OrderDesk, **more: Any) -> Entity:
    id_ = desk.do("road.close", {**HERE, "reason": "flood", **more})["object"]
    return desk.world.entities[id_]


def test_an_officer_closes_a_road_and_opens_it(desk: OrderDesk) -> None:
    entity = closed(desk, road="东关大街", radius_m=60.0, note="水深")
    assert (entity.name, entity.lon, entity.geometry) == ("东关大街", 101.8, None)
    assert entity.attrs == {
        "road": "东关大街",
        "reason": "flood",
        "radius_m": 60.0,
        "ordered_by": "值班员甲",
        "note": "水深",
    }
    (closure,) = closures(desk.world, desk.catalogue, desk.clock())
    assert (closure.about, closure.radius_m) == (entity.id, 60.0)
    desk.do("road.open", {"object": entity.id})
    assert closures(desk.world, desk.catalogue, desk.clock()) == ()
    assert desk.refuse("road.open", {"object": entity.id}).code == "unknown_object"


def test_what_is_to_stay_open_is_kept_with_the_closure(desk: OrderDesk) -> None:
    marks = [[10_180_012, 3_660_034, 1], [10_180_055, 3_660_001, 0]]
    entity = closed(desk, spared=marks)
    assert entity.attrs["spared"] == "101.80012,36.60034,1; 101.80055,36.60001,0"
    (closure,) = closures(desk.world, desk.catalogue, desk.clock())
    assert closure.spared == {tuple(mark) for mark in marks}
    many = [[n, n, 0] for n in range(61)]
    assert desk.refuse("road.close", {**HERE, "reason": "flood", "spared": many}).code == "too_long"


def test_a_line_is_closed_along_itself(desk: OrderDesk) -> None:
    points = ((101.8, 36.6), (101.81, 36.6))
    assert closed(desk, points=points).geometry == (points,)
    assert desk.refuse("road.close", {**HERE, "reason": "flood", "points": [[101.8, 36.6]]})


def test_a_closure_for_a_time_opens_by_itself_and_not_before(desk: OrderDesk) -> None:
    for_ever, entity = closed(desk), closed(desk, for_min=30)
    assert for_ever.id != entity.id
    desk.pass_time(30 * 60 - 1)
    assert entity.id in desk.world.entities
    desk.pass_time(61)
    assert set(desk.world.entities) == {for_ever.id}


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"reason": "because"}, "unknown_value"),
        ({"reason": "flood", "lon": 36.6, "lat": 101.8}, "swapped"),
        ({"reason": "flood", "radius_m": 0.0}, "out_of_range"),
        ({"reason": "flood", "radius_m": 1e9}, "out_of_range"),
        ({"reason": "flood", "for_min": -1}, "out_of_range"),
        ({"reason": "flood", "points": [[101.8, 36.6], [float("nan"), 36.6]]}, "not_finite"),
        ({}, "missing_field"),
    ],
)
def test_what_is_no_closure_is_refused(desk: OrderDesk, args: dict[str, Any], code: str) -> None:
    assert desk.refuse("road.close", {**HERE, **args}).code == code


def test_nothing_but_a_closure_is_opened(desk: OrderDesk) -> None:
    desk.add(Entity(id="camera:1", kind="camera_road", name="camera"))
    assert desk.refuse("road.open", {"object": "camera:1"}).code == "unknown_object"


def test_a_city_whose_packs_close_no_roads_says_so() -> None:
    assert OrderDesk().refuse("road.close", {**HERE, "reason": "x"}).code == "unknown_kind"
