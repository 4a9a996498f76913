"""Areas reached in time: they grow, hold what networkx reaches, and end where the time does."""

from __future__ import annotations

import itertools

import networkx as nx
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from services.roads import isochrone as isochrones
from services.roads.isochrone import Band, isochrone
from services.roads.network import RoadNetwork
from tests.services.roads.test_search import PLACE, towns
from tests.services.roads.town import RULES, degrees, grid, oracle, oracle_seconds, road, town


def shape(band: Band) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(a[0], a[1:]) for a in band.areas])


@settings(deadline=None, max_examples=40)
@given(towns(), PLACE, st.lists(st.floats(0.2, 9.0), min_size=1, max_size=4, unique=True))
def test_more_minutes_reach_no_less_and_every_junction_in_time_is_inside(
    network: RoadNetwork, here: tuple[float, float], minutes: list[float]
) -> None:
    bands = isochrone(network, degrees(here), minutes)
    assert [b.minutes for b in bands] == sorted(minutes)
    areas = [shape(b) for b in bands]
    for smaller, larger in itertools.pairwise(areas):
        assert smaller.difference(larger.buffer(1e-6)).is_empty
    for node, place in enumerate(network.nodes):
        if not oracle(network).degree(node):
            continue
        lonlat = network.plane.lonlat(place)
        metres = tuple(map(float, (lonlat - (101.8, 36.6)) * _scale()))
        seconds = oracle_seconds(network, here, (metres[0], metres[1]))
        for band, area in zip(bands, areas, strict=True):
            if seconds < band.minutes * 60 - 0.1:
                assert area.contains(shapely.Point(lonlat))


def _scale() -> tuple[float, float]:
    east, north = town(road((0, 0), (1, 0), (0, 1))).plane.metres_per_degree
    return float(east), float(north)


def test_a_dead_straight_road_is_reached_as_far_as_the_time_goes() -> None:
    network = town(road((0, 0), (4_000, 0), klass="branch"))
    (band,) = isochrone(network, degrees((1_000, 0)), [3.0])
    reached = 3 * 60 * 20 / 3.6
    assert band.road_m == pytest.approx(2 * reached, rel=0.001)
    ((outline,),) = band.areas
    east = max(p[0] for p in outline)
    expected = degrees((1_000 + reached + RULES.corridor_m, 0))[0][0]
    assert east == pytest.approx(expected, abs=2e-5)


def test_a_block_that_is_not_reached_is_a_hole() -> None:
    network = grid(3, 3, step_m=500.0)
    (band,) = isochrone(network, degrees((500, 500)), [30.0])
    assert len(band.areas) == 1
    assert len(band.areas[0]) == 1 + 4
    assert band.road_m == pytest.approx(float(network.length_m.sum()), rel=1e-6)


def test_several_stations_reach_together_what_each_reaches() -> None:
    network = grid(6, 6)
    both = degrees((0, 0), (1_000, 1_000))
    (one,), (two,), (together,) = (isochrone(network, p, [1.0]) for p in (both[:1], both[1:], both))
    joined = shapely.union(shape(one), shape(two))
    assert shape(together).symmetric_difference(joined).area < joined.area * 1e-3


def test_toward_a_place_one_way_streets_count_the_other_way() -> None:
    network = town(road((0, 0), (3_000, 0), klass="branch", one_way=1))
    (from_,) = isochrone(network, degrees((1_500, 0)), [1.0])
    (toward,) = isochrone(network, degrees((1_500, 0)), [1.0], toward=True)
    middle = degrees((1_500, 0))[0][0]
    centre = [shape(b).centroid.x - middle for b in (from_, toward)]
    assert centre[0] > 0 > centre[1]


def test_a_place_without_roads_reaches_nothing() -> None:
    (band,) = isochrone(grid(2, 2), degrees((9_000, 9_000)), [10.0])
    assert band.areas == ()
    assert band.road_m == 0.0


@pytest.mark.parametrize("minutes", [[], [0.0], [-1.0, 3.0], [float("inf")], list(range(1, 10))])
def test_minutes_that_make_no_sense_are_refused(minutes: list[float]) -> None:
    with pytest.raises(ValueError, match="minutes"):
        isochrone(grid(2, 2), degrees((0, 0)), minutes)


def test_the_oracle_reaches_the_whole_grid() -> None:
    assert nx.is_strongly_connected(nx.DiGraph(oracle(grid(4, 4))))


def test_a_search_over_many_roads_can_be_ended() -> None:
    asked: list[int] = []

    def check() -> None:
        asked.append(len(asked))
        if len(asked) > 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        isochrone(grid(3, 3), degrees((0, 0)), [1.0, 2.0, 3.0], check=check)
    assert len(asked) == 3


def test_areas_joined_in_parts_are_those_joined_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = isochrone(grid(5, 5), degrees((0, 0)), [1.5])
    monkeypatch.setattr(isochrones, "PART", 3)
    (parts,) = isochrone(grid(5, 5), degrees((0, 0)), [1.5])
    assert shape(parts).symmetric_difference(shape(whole)).area < 1e-12
