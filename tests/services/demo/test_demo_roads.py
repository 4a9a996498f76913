"""Routes keep to the roads, and are as long as they are drawn."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiLineString, Point

from services.demo.ground import RESOURCES, Ground
from services.demo.roads import RoadGraph
from services.domain.geodesy import distance_m

GRAPH = RoadGraph.from_geojson(RESOURCES / "basemap" / "basemap_schematic.geojson")
# Ends of roads are led up to JOIN_M further onto the next road, which this map already shows.
DRAWN = MultiLineString([road.line for road in GRAPH.roads])
lons, lats = st.floats(101.775, 101.91), st.floats(36.53, 36.65)


def test_a_route_follows_the_street() -> None:
    route = GRAPH.route(101.8345, 36.592, 101.813, 36.607)
    assert route.points[0] == (101.8345, 36.592)
    assert route.points[-1] == (101.813, 36.607)
    assert (101.819, 36.6026) in route.points
    assert route.length_m == pytest.approx(2_545, abs=5)


def test_a_crossing_gets_its_name() -> None:
    junctions = {j.name: j for j in GRAPH.junctions([("康乐十字", 101.813, 36.607)])}
    assert len(junctions["康乐十字"].arms) == 3
    assert "东关大街共和路路口" in junctions


@given(lon1=lons, lat1=lats, lon2=lons, lat2=lats)
def test_any_two_places_are_joined_by_roads(
    lon1: float, lat1: float, lon2: float, lat2: float
) -> None:
    route = GRAPH.route(lon1, lat1, lon2, lat2)
    assert route.points[0] == (round(lon1, 6), round(lat1, 6))
    assert route.points[-1] == (round(lon2, 6), round(lat2, 6))
    for point in route.points[1:-1]:
        assert DRAWN.distance(Point(GRAPH.plane.xy(*point))) < 1.0
    drawn = sum(distance_m(*a, *b) for a, b in itertools.pairwise(route.points))
    assert route.length_m == pytest.approx(drawn, rel=0.003, abs=1.0)
    assert route.length_m >= distance_m(lon1, lat1, lon2, lat2) * 0.997 - 1.0


def test_there_and_back_is_as_far() -> None:
    there = GRAPH.route(101.7938, 36.618, 101.847, 36.58)
    back = GRAPH.route(101.847, 36.58, 101.7938, 36.618)
    assert there.length_m == pytest.approx(back.length_m, abs=0.5)


def test_a_few_steps_do_not_go_round_the_block() -> None:
    route = GRAPH.route(101.8160, 36.6048, 101.8164, 36.6045)
    assert route.length_m < 80


def test_roads_that_do_not_meet_are_left_by_the_straight_line() -> None:
    graph = RoadGraph(
        [("甲路", [(101.80, 36.60), (101.81, 36.60)]), ("乙路", [(101.80, 36.70), (101.81, 36.70)])]
    )
    route = graph.route(101.80, 36.60, 101.81, 36.70)
    assert len(route.points) == 2
    assert route.length_m == pytest.approx(distance_m(101.80, 36.60, 101.81, 36.70), rel=0.003)


def test_no_roads_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one road"):
        RoadGraph([])


def test_drawn_places_lie_in_the_district_and_by_their_street() -> None:
    ground = Ground()
    rng = random.Random(1)
    line = next(r.line for r in ground.roads if r.name == "东关大街")
    beside = 0
    for _ in range(300):
        spot = ground.spot(rng)
        assert ground.contains(spot.point)
        if "东关大街" in spot.address:
            beside += 1
            assert 7.9 <= line.distance(Point(spot.point)) <= 14.1
    assert beside > 5
