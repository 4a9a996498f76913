"""Travel times and routes against networkx on the same roads."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.geodesy import distance_m
from services.roads.network import RoadNetwork, pack, unpack
from services.roads.noding import RoadLine
from services.roads.route import Estimate, Route, route
from services.roads.search import times
from tests.services.roads.town import RULES, degrees, grid, oracle_seconds, road, town

METRES = st.integers(-3, 15).map(lambda n: n * 47.0)
PLACE = st.tuples(METRES, METRES)


@st.composite
def towns(draw: st.DrawFn) -> RoadNetwork:
    """A few streets, some of them one-way, on bridges, or of another speed."""
    corner = st.tuples(*[st.integers(0, 6).map(lambda n: n * 100.0) for _ in range(2)])
    lines: list[RoadLine] = []
    for _ in range(draw(st.integers(1, 8))):
        points = draw(st.lists(corner, min_size=2, max_size=3, unique=True))
        lines.append(
            road(
                *points,
                one_way=draw(st.sampled_from([0, 0, 1, -1])),
                level=draw(st.sampled_from([0, 0, 0, 1])),
                klass=draw(st.sampled_from(["primary", "secondary", "branch"])),
            )
        )
    return town(*lines)


@settings(deadline=None)
@given(towns(), PLACE, st.lists(PLACE, min_size=1, max_size=4))
def test_times_agree_with_networkx_in_both_directions(
    network: RoadNetwork, here: tuple[float, float], there: list[tuple[float, float]]
) -> None:
    (place,) = degrees(here)
    away = times(network, *place, degrees(*there))
    home = times(network, *place, degrees(*there), toward=True)
    for i, other in enumerate(there):
        assert away.seconds[i] == pytest.approx(oracle_seconds(network, here, other), abs=0.05)
        assert home.seconds[i] == pytest.approx(oracle_seconds(network, other, here), abs=0.05)
        assert math.isinf(away.metres[i]) == math.isinf(away.seconds[i])


@settings(deadline=None)
@given(towns(), PLACE, PLACE)
def test_a_route_is_the_quickest_way_and_its_course_is_unbroken(
    network: RoadNetwork, here: tuple[float, float], there: tuple[float, float]
) -> None:
    a, b = degrees(here, there)
    best = oracle_seconds(network, here, there)
    found = route(network, [a, b])
    if math.isinf(best):
        assert isinstance(found, Estimate)
        assert found.metres == pytest.approx(distance_m(*a, *b))
        return
    assert isinstance(found, Route)
    assert found.seconds == pytest.approx(best, abs=0.05)
    seconds = times(network, *a, [b]).seconds[0]
    assert found.seconds == pytest.approx(float(seconds), abs=0.1)
    course = sum(distance_m(*p, *q) for p, q in itertools.pairwise(found.points))
    assert course == pytest.approx(found.metres - found.access_from_m - found.access_to_m, abs=0.5)
    assert distance_m(*a, *found.points[0]) == pytest.approx(found.access_from_m, rel=0.01, abs=1)
    assert distance_m(*b, *found.points[-1]) == pytest.approx(found.access_to_m, rel=0.01, abs=1)
    on_steps = sum(step.metres for step in found.steps)
    assert on_steps == pytest.approx(course, abs=0.5)


@given(
    st.floats(0, 100_000, allow_nan=False),
    st.floats(0, 600_000, allow_nan=False),
)
def test_a_cost_holds_both_numbers(seconds: float, metres: float) -> None:
    s, m = unpack(pack(np.array([seconds]), np.array([metres])))
    assert s[0] == pytest.approx(seconds, abs=0.001)
    assert m[0] == pytest.approx(metres, abs=0.051)


def test_a_place_far_from_every_road_is_not_reached() -> None:
    network = town(road((0, 0), (400, 0)))
    near, far = degrees((100, 1_900), (100, 2_100))
    found = times(network, *degrees((0, 0))[0], [near, far])
    assert np.isfinite(found.seconds).tolist() == [True, False]
    missing = route(network, [near, far])
    assert isinstance(missing, Estimate)
    assert missing.why == "off_network"
    assert missing.seconds == RULES.straight_s(missing.metres)


def test_the_straight_legs_are_said_and_slow() -> None:
    network = town(road((0, 0), (400, 0), klass="branch"))
    a, b = degrees((0, 300), (400, 100))
    found = route(network, [a, b])
    assert isinstance(found, Route)
    assert found.access_from_m == pytest.approx(300, rel=0.01)
    assert found.access_to_m == pytest.approx(100, rel=0.01)
    assert found.seconds == pytest.approx(
        400 / (RULES.access_kmh / 3.6) + 400 / (20 / 3.6), rel=0.01
    )
    many = times(network, *a, [b])
    assert many.metres[0] == pytest.approx(800, rel=0.01)


def test_steps_tell_the_turns() -> None:
    network = grid(4, 4)
    a, b = degrees((0, 100), (400, 500))
    found = route(network, [a, b])
    assert isinstance(found, Route)
    assert found.steps[0].turn == "start"
    assert found.steps[-1].turn == "arrive"
    turns = [s.turn for s in found.steps[1:-1]]
    assert turns.count("left") + turns.count("right") == len(turns)
    assert [s.road for s in found.steps[:-1]] in (["N0", "E1", "N2"], ["N0", "E2", "N2"])
    assert turns == ["right", "left"]


def test_a_route_goes_through_the_places_between() -> None:
    network = grid(4, 4)
    a, via, b = degrees((0, 0), (600, 0), (0, 600))
    found = route(network, [a, via, b])
    assert isinstance(found, Route)
    assert found.metres == pytest.approx(600 + 1_200, rel=0.01)
    assert "via" in [s.turn for s in found.steps]


def test_a_one_way_street_is_driven_one_way() -> None:
    ring = town(
        road((0, 0), (400, 0), name="there", one_way=1),
        road((400, 0), (400, 300), (0, 300), (0, 0), name="back"),
    )
    west, east = degrees((50, 0), (350, 0))
    there, back = route(ring, [west, east]), route(ring, [east, west])
    assert isinstance(there, Route)
    assert isinstance(back, Route)
    assert there.metres == pytest.approx(300, rel=0.01)
    assert back.metres == pytest.approx(50 + 1_000 + 50, rel=0.01)
    assert back.names[0] == "back"


def test_no_place_is_joined_to_a_motorway() -> None:
    network = town(road((0, 0), (400, 0), klass="motorway"), road((0, 500), (400, 500)))
    (foot,) = network.feet(degrees((200, 100))).access_m
    assert foot == pytest.approx(400, rel=0.01)
