"""P10: dispatch proposals by road, and what they are made of, on the bundled roads and on a city.

The peer is networkx with the same costs and the same feet, in the same run; beside it stands the
same proposal in a straight line.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import networkx as nx
import numpy as np
from msgspec.structs import replace

from app.bench.rows import Row, percentile
from services.demo.inventory import DemoSet, build
from services.dispatch.proposal import propose
from services.dispatch.travel import Travel, Trip, no_roads
from services.domain.model import Case, Dispatch, Entity, StockLine
from services.packs.loader import default_directory, load
from services.roads import noding
from services.roads.bundled import JOIN_M, bundled_lines
from services.roads.closing import Closure, close
from services.roads.isochrone import isochrone
from services.roads.network import Feet, RoadNetwork
from services.roads.plane import Floats, Plane
from services.roads.route import route
from services.roads.rules import load_rules
from services.roads.search import times
from services.roads.trips import trips_to

LIMIT_MS = 200.0
STREETS, STEP_M = 224, 110.0
"""So many streets each way: 50,176 junctions, 99,904 stretches."""
PLACES, PEER_PLACES = 12, 3
CENTRE = (101.81, 36.61)
BANDS = (5.0, 10.0, 15.0)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _View:
    entities: Mapping[str, Entity]
    cases: Mapping[str, Case]
    dispatches: Mapping[str, Dispatch]
    stock: Mapping[str, StockLine]


@dataclass(frozen=True, slots=True)
class _Town:
    """A network with the inventory on it, and places where something happens."""

    name: str
    network: RoadNetwork
    view: _View
    places: tuple[tuple[float, float], ...]


def rows() -> list[Row]:
    """All rows of the family."""
    demo = build()
    town, built = _city(demo)
    made = [_built_row(built, len(town.network))]
    for each in (_bundled(demo), town):
        each.network.warm_up()
        made += [_proposal_row(each), _straight_row(each), _inventory_row(each)]
        made += [_route_row(each), _reach_row(each), _closing_row(each)]
    return made


# -- what is measured on ------------------------------------------------------------------
def _bundled(demo: DemoSet) -> _Town:
    network = noding.build(bundled_lines(), load_rules(), JOIN_M)
    return _Town("bundled roads", network, _view(demo.entities, demo), _spread(network))


def _city(demo: DemoSet) -> tuple[_Town, float]:
    """A city of crossing streets, with the inventory spread over it."""
    plane = Plane(*CENTRE)
    wide = (STREETS - 1) * STEP_M
    ends = [i * STEP_M for i in range(STREETS)]
    runs = [((0.0, y), (wide, y)) for y in ends] + [((x, 0.0), (x, wide)) for x in ends]
    lines = [
        noding.RoadLine(
            points=tuple((float(x), float(y)) for x, y in plane.lonlat(run)),
            names=(f"road {i}",),
            klass=("primary", "secondary", "branch")[i % 3],
        )
        for i, run in enumerate(runs)
    ]
    start = time.perf_counter()
    network = noding.build(lines, load_rules())
    built = time.perf_counter() - start
    chance = np.random.default_rng(630_102)
    spots = plane.lonlat(chance.uniform(0.0, wide, (len(demo.entities), 2)))
    moved = [
        replace(e, lon=float(p[0]), lat=float(p[1])) if e.lon is not None else e
        for e, p in zip(demo.entities, spots, strict=True)
    ]
    return _Town("city", network, _view(moved, demo), _spread(network)), built


def _view(entities: Sequence[Entity], demo: DemoSet) -> _View:
    return _View({e.id: e for e in entities}, {}, {}, {line.key: line for line in demo.stock})


def _spread(network: RoadNetwork) -> tuple[tuple[float, float], ...]:
    west, south, east, north = network.extent()
    chance = np.random.default_rng(7)
    at = chance.uniform(0.3, 0.7, (PLACES, 2))
    return tuple(
        (float(west + x * (east - west)), float(south + y * (north - south))) for x, y in at
    )


# -- rows ---------------------------------------------------------------------------------
def _proposal_row(town: _Town) -> Row:
    catalogue = load(default_directory())
    graph = _networkx(town.network)

    def work(travel: Travel) -> Callable[[tuple[float, float]], object]:
        return lambda at: propose(town.view, catalogue, *at, 5_000.0, "E05-06", None, travel)

    def ours(lon: float, lat: float, things: Sequence[Entity]) -> dict[str, Trip]:
        return {k: Trip(*v) for k, v in trips_to(town.network, lon, lat, things).items()}

    def theirs(lon: float, lat: float, things: Sequence[Entity]) -> dict[str, Trip]:
        found = _their_times(town.network, graph, (lon, lat), _located(things))
        known = np.flatnonzero(np.isfinite(found)).tolist()
        return {things[i].id: Trip(float(found[i]), 0.0) for i in known}

    return _row(
        f"dispatch proposal by road, {town.name} of {len(town.network):,} stretches",
        len(town.view.entities),
        _ms(work(ours), town.places),
        _ms(work(theirs), town.places[:PEER_PLACES]),
        limit=LIMIT_MS,
    )


def _straight_row(town: _Town) -> Row:
    catalogue = load(default_directory())
    value = _ms(
        lambda at: propose(town.view, catalogue, *at, 5_000.0, "E05-06", None, no_roads),
        town.places,
    )
    return _row(f"the same in a straight line, {town.name}", len(town.view.entities), value, None)


def _inventory_row(town: _Town) -> Row:
    """Times to every located thing, from one place, in one search."""
    things = _located(town.view.entities.values())
    graph = _networkx(town.network)
    return _row(
        f"travel times to the whole inventory, {town.name}",
        len(things),
        _ms(lambda at: times(town.network, *at, things), town.places),
        _ms(lambda at: _their_times(town.network, graph, at, things), town.places[:PEER_PLACES]),
        limit=LIMIT_MS,
    )


def _route_row(town: _Town) -> Row:
    pairs = [(town.places[i - 1], town.places[i]) for i in range(len(town.places))]
    graph = _networkx(town.network)

    def theirs(pair: tuple[tuple[float, float], tuple[float, float]]) -> object:
        feet = town.network.feet(pair)
        ends = [int(town.network.start[e]) for e in feet.edge]
        return nx.bidirectional_dijkstra(graph, ends[0], ends[-1], "seconds")

    return _row(
        f"a route with its steps, {town.name}",
        len(town.network),
        _ms(lambda pair: route(town.network, list(pair)), pairs),
        _ms(theirs, pairs[:PEER_PLACES]),
    )


def _reach_row(town: _Town) -> Row:
    value = _ms(lambda at: isochrone(town.network, [at], BANDS), town.places[:4])
    return _row(f"areas of 5, 10, 15 min, {town.name}", len(town.network), value, None)


def _closing_row(town: _Town) -> Row:
    """From a closure to a network that is ready to be searched."""

    def work(at: tuple[float, float]) -> object:
        return close(town.network, [Closure("c", "x", run=(at,), radius_m=60.0)]).network.warm_up()

    return _row(f"close a road, {town.name}", len(town.network), _ms(work, town.places), None)


def _built_row(seconds: float, stretches: int) -> Row:
    return _row("a network from lines", stretches, seconds * 1_000.0, None)


def _row(
    name: str, size: int, value: float, peer: float | None, *, limit: float | None = None
) -> Row:
    return Row(
        figure="P10",
        name=name,
        size=size,
        value=round(value, 2),
        unit="ms",
        peer="networkx" if peer is not None else None,
        peer_value=None if peer is None else round(peer, 2),
        target="" if limit is None else f"≤ {limit:g} ms",
        ok=None if limit is None else value <= limit,
    )


# -- the peer -----------------------------------------------------------------------------
def _networkx(network: RoadNetwork) -> nx.DiGraph:
    graph = nx.DiGraph()
    edge, from_, to = network.arcs
    seconds = network.seconds[edge]
    graph.add_weighted_edges_from(
        zip(from_.tolist(), to.tolist(), seconds.tolist(), strict=True), weight="seconds"
    )
    return graph


def _their_times(
    network: RoadNetwork, graph: nx.DiGraph, at: tuple[float, float], things: Floats
) -> Floats:
    """Seconds to many places, searched by networkx; feet as ours."""
    one, many = network.feet([at]), network.feet(things)
    found = np.full(len(things), np.inf)
    if not len(one):
        return found
    ends = {int(network.start[e]) for e in one.edge} | {int(network.end[e]) for e in one.edge}
    known = nx.multi_source_dijkstra_path_length(graph, ends, weight="seconds")
    nodes = np.full(len(network.nodes), np.inf)
    nodes[list(known)] = list(known.values())
    best = _to_feet(network, nodes, many)
    np.minimum.at(found, many.place, best)
    return found


def _to_feet(network: RoadNetwork, nodes: Floats, feet: Feet) -> Floats:
    seconds = network.seconds[feet.edge]
    by_start = nodes[network.start[feet.edge]] + seconds * feet.share
    by_end = nodes[network.end[feet.edge]] + seconds * (1 - feet.share)
    return np.minimum(by_start, by_end) + feet.access_s


# -- measuring ----------------------------------------------------------------------------
def _located(entities: Iterable[Entity]) -> Floats:
    places = [(e.lon, e.lat) for e in entities if e.lon is not None]
    return np.array(places, np.float64).reshape(-1, 2)


def _ms(work: Callable[[T], object], each: Sequence[T]) -> float:
    """The 95th percentile over some places, in milliseconds; the first is not counted."""
    work(each[0])
    found = []
    for one in each:
        start = time.perf_counter()
        work(one)
        found.append((time.perf_counter() - start) * 1_000.0)
    return percentile(found, 95)
