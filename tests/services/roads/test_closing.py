"""Closed roads: nobody drives through, everybody may drive up to them, at once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from services.roads.closing import Closure, close, stretches_in
from services.roads.isochrone import isochrone
from services.roads.network import RoadNetwork
from services.roads.route import Estimate, Route, route
from services.roads.search import times
from services.roads.spared import spared_marks, spared_text
from tests.services.roads.test_search import PLACE, towns
from tests.services.roads.town import RULES, degrees, grid, oracle_seconds, road, town


def at(place: tuple[float, float], radius_m: float = 30.0, id_: str = "c") -> Closure:
    return Closure(id_, "flooded", run=degrees(place), radius_m=radius_m)


def test_a_route_goes_round_a_closed_place_and_says_how_much_further() -> None:
    network = grid(3, 3)
    a, b = degrees((50, 200), (350, 200))
    closed = close(network, [at((200, 200))])
    before, after = route(network, [a, b]), route(closed.network, [a, b])
    assert isinstance(before, Route)
    assert isinstance(after, Route)
    assert before.metres == pytest.approx(300, rel=0.01)
    assert after.metres == pytest.approx(50 + 200 + 400 + 200 + 50, rel=0.01)
    assert closed.roads_of("c") == ("E1", "N1")
    course = shapely.LineString(after.points)
    assert course.distance(shapely.Point(degrees((200, 200))[0])) * 90_000 > 30


def test_what_lies_at_a_closure_is_reached_up_to_its_edge() -> None:
    network = town(road((0, 0), (1_000, 0)))
    closed = close(network, [at((500, 0), 50.0)])
    west, flood, east = degrees((100, 0), (500, 0), (900, 0))
    found = times(closed.network, *west, [flood, east])
    assert found.metres[0] == pytest.approx(350 + 50, rel=0.01)
    assert math.isinf(found.seconds[1])
    cut = route(closed.network, [west, east])
    assert isinstance(cut, Estimate)
    assert cut.why == "not_connected"


def _crossing() -> RoadNetwork:
    """A street, and a bridge over it."""
    over = road((0, -300), (0, 300), name="bridge", level=1)
    return town(road((-300, 0), (300, 0), name="street"), over)


def test_a_closure_names_what_it_closes_and_spares_what_it_is_told_to() -> None:
    network = _crossing()
    both = stretches_in(network, at((0, 0), 40.0))
    assert {(s.road, round(s.metres), s.mark[2]) for s in both} == {
        ("street", 80, 0),
        ("bridge", 80, 1),
    }
    (mark,) = (s.mark for s in both if s.road == "bridge")
    assert spared_marks(spared_text([mark])) == {mark}
    closed = close(network, [replace(at((0, 0), 40.0), spared=frozenset({mark}))])
    assert closed.roads_of("c") == ("street",)
    south, north, west, east = degrees((0, -250), (0, 250), (-250, 0), (250, 0))
    over, under = route(closed.network, [south, north]), route(closed.network, [west, east])
    assert isinstance(over, Route)
    assert isinstance(under, Estimate)
    again = close(
        network, [replace(at((0, 0), 40.0), spared=frozenset({mark})), at((0, 0), 20.0, "d")]
    )
    assert "bridge" in again.roads_of("d"), "another closure of the place spares nothing"
    assert isinstance(route(again.network, [south, north]), Estimate)


def test_water_under_a_bridge_leaves_the_bridge_open() -> None:
    closed = close(_crossing(), [replace(at((0, 0), 40.0), spares_above=True)])
    assert closed.roads_of("c") == ("street",)
    alone = close(town(road((0, 0), (300, 0), name="b", level=1)), [
        replace(at((150, 0)), spares_above=True)
    ])  # fmt: skip
    assert alone.roads_of("c") == ("b",), "the lowest there is, is closed"


@pytest.mark.parametrize("text", [None, 7, "", "nonsense", "1,2,3", "999.00000,1.00000", "a;b;c"])
def test_marks_that_cannot_be_read_spare_nothing(text: object) -> None:
    assert spared_marks(text) == frozenset()


def test_a_line_closes_along_itself_and_an_area_inside() -> None:
    network = grid(3, 3)
    line = Closure("works", "works", run=degrees((0, 200), (200, 200)), radius_m=10.0)
    ring = degrees((150, 350), (250, 350), (250, 450), (150, 450), (150, 350))
    area = Closure("area", "ordered", rings=(ring,))
    closed = close(network, [line, area])
    assert closed.roads_of("works")[0] == "E1"
    assert set(closed.roads_of("area")) == {"E2", "N1"}
    metres = {s.closure: 0.0 for s in closed.stretches}
    for stretch in closed.stretches:
        metres[stretch.closure] += stretch.metres
    assert metres["works"] == pytest.approx(210 + 10 * 2 + 10 * 2, rel=0.03)
    assert metres["area"] == pytest.approx(100 + 50, rel=0.03)


def test_a_place_inside_a_closure_is_reached_from_whichever_side_is_sooner() -> None:
    network = grid(5, 5)
    closed = close(network, [at((400, 400), 50.0)]).network
    (flood,) = degrees((400, 400))
    for side in ((400, 100), (400, 700), (100, 400), (700, 400)):
        (place,) = degrees(side)
        found = route(closed, [place, flood])
        assert isinstance(found, Route)
        assert found.metres == pytest.approx(300, rel=0.01)
        assert found.access_to_m == pytest.approx(50, abs=1.0)
        on_foot = 50 / (RULES.walk_kmh / 3.6)
        assert found.seconds == pytest.approx(250 / (20 / 3.6) + on_foot, rel=0.02)
        back = route(closed, [flood, place])
        assert isinstance(back, Route)
        assert back.seconds == pytest.approx(found.seconds, abs=0.1)


def test_what_touches_no_road_changes_nothing() -> None:
    network = grid(2, 2)
    for closure in (at((100, 100)), Closure("x", "y"), Closure("r", "y", rings=(degrees((0, 0)),))):
        closed = close(network, [closure])
        assert closed.network is network
        assert closed.stretches == ()


@settings(deadline=None)
@given(towns(), PLACE, PLACE, PLACE, st.floats(5.0, 150.0))
def test_closing_agrees_with_networkx_and_never_makes_a_way_shorter(
    network: RoadNetwork,
    here: tuple[float, float],
    there: tuple[float, float],
    place: tuple[float, float],
    radius_m: float,
) -> None:
    closed = close(network, [at(place, radius_m)]).network
    a, b = degrees(here, there)
    assert float(times(closed, *a, [b]).seconds[0]) == pytest.approx(
        oracle_seconds(closed, here, there), abs=0.05
    )
    area = shapely.Point(network.plane.xy(degrees(place))[0]).buffer(radius_m - 1.5)
    for line in closed.line:
        assert line.intersection(area).length < 1e-6
    assert closed.length_m.sum() <= network.length_m.sum() + 1e-6
    found = route(closed, [a, b])
    if isinstance(found, Route):
        course = (
            shapely.LineString(network.plane.xy(found.points)) if len(found.points) > 1 else None
        )
        assert course is None or course.intersection(area).length < 0.1


def test_the_order_of_closures_does_not_matter() -> None:
    network = grid(4, 4)
    closures = [at((200, 200), id_="a"), at((210, 200), id_="b"), at((400, 0), id_="c")]
    one, two = close(network, closures), close(network, closures[::-1])
    assert one.stretches == two.stretches
    assert np.array_equal(one.network.nodes, two.network.nodes)
    assert one.network.length_m.tolist() == two.network.length_m.tolist()


def test_an_isochrone_ends_at_a_closure() -> None:
    network = town(road((0, 0), (2_000, 0)))
    closed = close(network, [at((1_000, 0), 50.0)]).network
    (band,) = isochrone(closed, degrees((0, 0)), [30.0])
    assert band.road_m == pytest.approx(950, rel=0.01)
