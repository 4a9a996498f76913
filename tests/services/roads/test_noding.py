"""From lines to junctions: crossings, near misses, bridges, one-way streets, the bundled roads."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.domain.geodesy import GEOD
from services.roads.bundled import JOIN_M, bundled_lines
from services.roads.noding import RoadLine, build
from services.roads.rules import load_rules
from tests.services.roads.town import RULES, degrees, grid, oracle, road, town


def test_roads_that_cross_meet_in_a_junction() -> None:
    cross = town(road((0, 0), (400, 0), name="E"), road((200, -200), (200, 200), name="N"))
    assert len(cross) == 4
    assert len(cross.nodes) == 5
    assert cross.length_m == pytest.approx([200.0] * 4, rel=1e-3)
    assert cross.names == ("E", "N")


def test_a_bridge_crosses_without_meeting() -> None:
    street = road((0, 0), (400, 0))
    for level in (1, -1):
        over = town(street, road((200, -200), (200, 200), level=level))
        assert len(over) == 2
        assert len(over.nodes) == 4


def test_a_bridge_meets_the_road_that_it_ends_on() -> None:
    street, bridge = road((0, 0), (400, 0)), road((200, 0), (200, 300), level=1)
    assert len(town(street, bridge)) == 3


def test_an_end_that_nearly_reaches_another_road_is_led_onto_it() -> None:
    lines = road((0, 0), (400, 0)), road((200, 40), (200, 300))
    assert len(town(*lines, join_m=50.0)) == 3
    assert nx.number_weakly_connected_components(oracle(town(*lines, join_m=50.0))) == 1
    assert nx.number_weakly_connected_components(oracle(town(*lines, join_m=30.0))) == 2


def test_two_ends_that_miss_each_other_are_joined_once() -> None:
    pair = town(road((0, 0), (200, 0)), road((230, 0), (400, 0)), join_m=40.0)
    assert pair.length_m.sum() == pytest.approx(400.0, rel=1e-3)
    assert nx.number_weakly_connected_components(oracle(pair)) == 1


def test_a_road_that_crosses_itself_has_a_junction_there() -> None:
    loop = town(road((0, 0), (400, 0), (400, 200), (200, 200), (200, -200)))
    degree = dict(oracle(loop).degree())
    assert max(degree.values()) == 8  # four arms, both ways


def test_names_along_a_line_change_on_the_way() -> None:
    both = town(
        RoadLine(points=degrees((0, 0), (400, 0)), names=("West", "East")),
        road((200, -100), (200, 100), name="N"),
    )
    west = both.line[[both.names[n] == "West" for n in both.name]]
    assert [line.centroid.x < both.plane.xy(degrees((200, 0)))[0, 0] for line in west] == [True]


@given(
    st.lists(
        st.tuples(*[st.integers(0, 12).map(lambda n: n * 50.0) for _ in range(4)]).filter(
            lambda p: p[:2] != p[2:]
        ),
        min_size=1,
        max_size=7,
    )
)
def test_no_length_is_lost_and_no_two_stretches_cross(
    ends: list[tuple[float, float, float, float]],
) -> None:
    """Lines with corners on a grid; each metre of road is in one stretch or in doubled ones."""
    roads = [road((a, b), (c, d)) for a, b, c, d in ends]
    network = town(*roads, join_m=0.7)
    drawn = sum(GEOD.line_length([p[0] for p in r.points], [p[1] for p in r.points]) for r in roads)
    assert network.length_m.sum() == pytest.approx(drawn, abs=0.7 * len(network))
    for i, one in enumerate(network.line):
        for other in network.line[i + 1 :]:
            inside = one.intersection(other).difference(one.boundary.buffer(1.0))
            assert inside.is_empty or inside.length > 1.0 or inside.distance(other.boundary) < 1.0


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "no_roads"),
        ([RoadLine(points=((101.8, 36.6),))], "no_roads"),
        ([RoadLine(points=((101.8, 36.6), (101.8, 36.6)))], "no_roads"),
        ([RoadLine(points=((101.8, 36.6), (105.8, 36.6)))], "too_wide"),
        ([RoadLine(points=((101.8, 36.6), (float("nan"), 36.6)))], "not_finite"),
    ],
)
def test_what_is_no_network_is_refused(lines: list[RoadLine], code: str) -> None:
    with pytest.raises(KnownError) as refused:
        build(lines, RULES)
    assert refused.value.code == code


def test_the_bundled_roads_are_one_network() -> None:
    network = build(bundled_lines(), load_rules(), JOIN_M)
    assert nx.is_strongly_connected(nx.DiGraph(oracle(network)))
    assert "东关大街" in network.names
    assert not [n for n in network.names if "(" in n or "—" in n]
    assert set(network.mps.round(3)) == {round(40 / 3.6, 3), round(30 / 3.6, 3)}
    assert network.length_m.sum() == pytest.approx(66_100, rel=0.01)


def test_lengths_are_those_of_the_ellipsoid() -> None:
    network = grid(3, 3)
    for edge, line in enumerate(network.line):
        lonlat = network.plane.lonlat(np.array(line.coords))
        geodesic = GEOD.line_length(lonlat[:, 0], lonlat[:, 1])
        assert network.length_m[edge] == pytest.approx(geodesic, abs=1e-6)
