"""A route through several places: its course, length and time, and what to do on the way. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.domain.geodesy import distance_m
from services.roads.network import RoadNetwork
from services.roads.plane import Floats
from services.roads.rules import RoadRules
from services.roads.search import Part, Way, way

LonLat = tuple[float, float]
Turn = Literal[
    "start",
    "straight",
    "slight_left",
    "left",
    "sharp_left",
    "slight_right",
    "right",
    "sharp_right",
    "u_turn",
    "via",
    "arrive",
]
_BEARING_M = 20.0
"""A direction is taken from so much of a stretch at a junction."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do at ``at``, the road that follows and how far: metres and seconds on it.

    ``road`` is "" for a road without a name, and at the end.
    """

    turn: Turn
    road: str
    metres: float
    seconds: float
    at: LonLat


@dataclass(frozen=True, slots=True)
class Route:
    """A way by road. ``points``: its course on roads in degrees; ``metres`` and ``seconds``: all of
    it with the straight legs ``access_from_m`` and ``access_to_m`` between the places and the
    roads, which no road is known for. ``names``: the roads with most of the way, longest first.
    """

    points: tuple[LonLat, ...]
    metres: float
    seconds: float
    access_from_m: float
    access_to_m: float
    steps: tuple[Step, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """No way is known: the straight distance, and a time that is an estimate only. ``why``:
    ``off_network`` (a place is too far from every road) or ``not_connected``."""

    metres: float
    seconds: float
    why: Literal["off_network", "not_connected"]


def route(network: RoadNetwork, places: Sequence[LonLat]) -> Route | Estimate:
    """From the first of at least two places through the others to the last, in degrees."""
    if len(places) < 2:
        raise ValueError("a route needs two places")
    feet = network.feet(places)
    ways: list[Way] = []
    for i in range(len(places) - 1):
        found = way(network, feet.of(i), feet.of(i + 1))
        if found is None:
            off = len(set(feet.place.tolist())) < len(places)
            return estimate(network.rules, places, "off_network" if off else "not_connected")
        ways.append(found)
    return _told(network, ways)


def estimate(
    rules: RoadRules, places: Sequence[LonLat], why: Literal["off_network", "not_connected"]
) -> Estimate:
    """The straight line through some places, called what it is."""
    metres = sum(distance_m(*a, *b) for a, b in itertools.pairwise(places))
    return Estimate(metres, rules.straight_s(metres), why)


def _told(network: RoadNetwork, ways: Sequence[Way]) -> Route:
    steps: list[Step] = []
    runs: list[Floats] = []
    straight = straight_s = 0.0
    for i, each in enumerate(ways):
        steps += _steps(network, each, first=i == 0, last=i == len(ways) - 1)
        runs += [p.xy for p in each.parts]
        straight += each.access_from_m + each.access_to_m
        straight_s += each.access_s
    parts = [p for each in ways for p in each.parts]
    by_road: dict[str, float] = {}
    for part in parts:
        name = network.names[int(network.name[part.edge])]
        by_road[name] = by_road.get(name, 0.0) + part.metres
    longest = sorted((n for n in by_road if n), key=lambda n: (-by_road[n], n))
    return Route(
        points=_course(network, runs),
        metres=sum(p.metres for p in parts) + straight,
        seconds=sum(p.seconds for p in parts) + straight_s,
        access_from_m=ways[0].access_from_m,
        access_to_m=ways[-1].access_to_m,
        steps=tuple(steps),
        names=tuple(longest),
    )


def _course(network: RoadNetwork, runs: Sequence[Floats]) -> tuple[LonLat, ...]:
    xy = np.concatenate([r for r in runs if len(r)])
    new = np.ones(len(xy), np.bool_)
    new[1:] = np.abs(np.diff(xy, axis=0)).max(axis=1) > 1e-6
    degrees = network.plane.lonlat(xy[new])
    return tuple((float(x), float(y)) for x, y in degrees.round(7))


def _steps(network: RoadNetwork, each: Way, *, first: bool, last: bool) -> list[Step]:
    """One step for each run of stretches of the same road, and the arrival."""
    steps: list[Step] = []
    before: Part | None = None
    for part in each.parts:
        name = network.names[int(network.name[part.edge])]
        turn: Turn = "start" if first else "via"
        if before is not None:
            turn = _turn(_bearing(before.xy, leaving=False), _bearing(part.xy, leaving=True))
        if steps and steps[-1].road == name and turn != "u_turn":
            old = steps[-1]
            steps[-1] = Step(
                old.turn, name, old.metres + part.metres, old.seconds + part.seconds, old.at
            )
        else:
            steps.append(Step(turn, name, part.metres, part.seconds, _at(network, part.xy[0])))
        before = part
    if last and before is not None:
        steps.append(Step("arrive", "", 0.0, 0.0, _at(network, before.xy[-1])))
    return steps


def _at(network: RoadNetwork, xy: Floats) -> LonLat:
    lon, lat = network.plane.lonlat(xy).round(7)
    return float(lon), float(lat)


def _bearing(xy: Floats, *, leaving: bool) -> float:
    """Degrees clockwise from north at the beginning of a course, or at its end."""
    run = xy if leaving else xy[::-1]
    away = np.hypot(*(run - run[0]).T)
    far = np.flatnonzero(away >= _BEARING_M)
    at = run[far[0]] if len(far) else run[-1]
    east, north = (at - run[0]) if leaving else (run[0] - at)
    return math.degrees(math.atan2(east, north)) % 360.0


def _turn(before: float, after: float) -> Turn:
    """How one turns from a bearing to another."""
    angle = (after - before + 180.0) % 360.0 - 180.0
    size = abs(angle)
    if size < 25.0:
        return "straight"
    if size > 165.0:
        return "u_turn"
    if size < 50.0:
        return "slight_right" if angle > 0 else "slight_left"
    if size > 125.0:
        return "sharp_right" if angle > 0 else "sharp_left"
    return "right" if angle > 0 else "left"
