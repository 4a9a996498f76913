"""Whom and what to send: candidates round a place, soonest by road first, with the reason of each.

Where no way by road is known the straight distance ranks, and what is known goes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from services.dispatch.logic import busy_with
from services.dispatch.travel import Travel, Trip, no_roads, order_of
from services.domain import nearness
from services.domain.model import Case, Dispatch, Entity, Link, Severity, StockLine
from services.packs.model import Catalogue, Need

Reason = Literal["needed", "spare", "busy", "offline", "other_speciality"]
"""Why a team is chosen or not: asked for by the plan; able but enough are nearer; on a task;
not answering; of another speciality than the plan asks for."""


Near = tuple[Entity, float]
Ranked = tuple[Entity, float, Trip | None]


class WorldView(Protocol):
    """The part of a World that a proposal reads."""

    @property
    def entities(self) -> Mapping[str, Entity]:
        """Things by id."""

    @property
    def cases(self) -> Mapping[str, Case]:
        """Cases by id."""

    @property
    def dispatches(self) -> Mapping[str, Dispatch]:
        """Dispatches by id."""

    @property
    def stock(self) -> Mapping[str, StockLine]:
        """Stock lines by key."""


@dataclass(frozen=True, slots=True)
class TeamPick:
    """A team inside the circle; ``dispatch_id`` names the task that keeps a busy one. ``trip`` is
    its way by road, None where none is known; ``distance_m`` is straight."""

    entity: Entity
    distance_m: float
    chosen: bool
    reason: Reason
    dispatch_id: str = ""
    trip: Trip | None = None


@dataclass(frozen=True, slots=True)
class WarehousePick:
    """A warehouse inside the circle; ``lines``: (item, free, suggested quantity)."""

    entity: Entity
    distance_m: float
    lines: tuple[tuple[str, int, int], ...]
    trip: Trip | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What the plan asks for and the circle does not give; ``nearest_m``: the next one outside, in
    a straight line."""

    item_or_team: str
    needed: int
    found: int
    nearest_m: float | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything near a place, soonest there first, with what the category's plan would take."""

    teams: list[TeamPick] = field(default_factory=list)
    warehouses: list[WarehousePick] = field(default_factory=list)
    cameras: list[tuple[Entity, float]] = field(default_factory=list)
    shortfalls: list[Shortfall] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Located things that a proposal is made of, with their straight distances to the place,
    nearest first."""

    lon: float
    lat: float
    teams: tuple[Near, ...]
    stores: tuple[Near, ...]
    cameras: tuple[Near, ...]

    @property
    def travelling(self) -> list[Entity]:
        """Those whose way by road counts."""
        return [entity for entity, _ in (*self.teams, *self.stores)]


def candidates(view: WorldView, catalogue: Catalogue, lon: float, lat: float) -> Candidates:
    """Everything that may be proposed for a place, in one pass over the inventory."""
    found: dict[str, list[Entity]] = {"dispatchable": [], "stocked": [], "camera": []}
    lists = {
        kind.id: [found[trait] for trait in found if trait in kind.traits]
        for kind in catalogue.kinds.values()
        if not found.keys().isdisjoint(kind.traits)
    }
    for entity in view.entities.values():
        if entity.kind in lists and entity.lon is not None and entity.lat is not None:
            for each in lists[entity.kind]:
                each.append(entity)
    teams, stores, cameras = (_near(things, lon, lat) for things in found.values())
    return Candidates(lon, lat, teams, stores, cameras)


def propose(
    view: WorldView,
    catalogue: Catalogue,
    lon: float,
    lat: float,
    radius_m: float,
    category_code: str | None,
    severity: Severity | None = None,
    travel: Travel = no_roads,
) -> Proposal:
    """Teams, warehouses and cameras within ``radius_m`` of a place, and what the plan lacks.

    A category that is not known, or None, has no plan: everything is listed, nothing chosen. With
    a ``severity`` the response plan's additions for it are asked for too. ``travel`` ranks teams
    and warehouses by the time that they take.
    """
    found = candidates(view, catalogue, lon, lat)
    trips = travel(lon, lat, found.travelling)
    return proposed(view, catalogue, found, trips, radius_m, category_code, severity)


def proposed(
    view: WorldView,
    catalogue: Catalogue,
    found: Candidates,
    trips: Mapping[str, Trip],
    radius_m: float,
    category_code: str | None,
    severity: Severity | None = None,
) -> Proposal:
    """As ``propose``, of candidates and trips that are known already."""
    needs = catalogue.needs_of(category_code or "", severity)
    busy = busy_with(view.dispatches.values())
    team_picks, team_shortfalls = _teams(_ranked(found.teams, trips), needs, busy, radius_m)
    stores = _ranked(found.stores, trips)
    store_picks, item_shortfalls = _stores(stores, needs, view.stock, radius_m)
    return Proposal(
        teams=team_picks,
        warehouses=store_picks,
        cameras=[(e, d) for e, d in found.cameras if d <= radius_m],
        shortfalls=team_shortfalls + item_shortfalls,
    )


def _near(things: Sequence[Entity], lon: float, lat: float) -> tuple[Near, ...]:
    """Things and their distances in metres, nearest first."""
    things = sorted(things, key=lambda entity: entity.id)  # of equally near ones the first by id
    lons, lats = np.array([(e.lon or 0.0, e.lat or 0.0) for e in things]).reshape(-1, 2).T
    number, metres = nearness.nearest(lon, lat, len(things), lons, lats)
    return tuple((things[i], far) for i, far in zip(number.tolist(), metres.tolist(), strict=True))


def _ranked(near: Sequence[Near], trips: Mapping[str, Trip]) -> list[Ranked]:
    """Soonest there first; those without a known way at the end, nearest first."""
    with_trips = [(entity, metres, trips.get(entity.id)) for entity, metres in near]
    return sorted(with_trips, key=lambda ranked: order_of(*ranked))


def _teams(
    near: Sequence[Ranked],
    needs: Sequence[Need],
    busy: Mapping[str, str],
    radius_m: float,
) -> tuple[list[TeamPick], list[Shortfall]]:
    asked = {need.team: need.count for need in needs if need.team}
    left = dict(asked)
    next_outside: dict[str, float] = {}
    picks: list[TeamPick] = []
    for entity, metres, trip in near:
        speciality = str(entity.attrs.get("speciality") or "")
        if metres > radius_m:
            if _reason(entity, speciality, asked, left, busy) in ("needed", "spare"):
                _nearer(next_outside, speciality, metres)
            continue
        reason = _reason(entity, speciality, asked, left, busy)
        if reason == "needed":
            left[speciality] -= 1
        chosen, task = reason == "needed", busy.get(entity.id, "")
        picks.append(TeamPick(entity, metres, chosen, reason, task, trip))
    short = [
        Shortfall(team, asked[team], asked[team] - lacking, next_outside.get(team))
        for team, lacking in left.items()
        if lacking > 0
    ]
    return picks, short


def _reason(
    entity: Entity,
    speciality: str,
    asked: Mapping[str, int],
    left: Mapping[str, int],
    busy: Mapping[str, str],
) -> Reason:
    if entity.id in busy or entity.state == "busy":
        return "busy"
    if entity.link == Link.OFFLINE:
        return "offline"
    if not asked:
        return "spare"
    if speciality not in asked:
        return "other_speciality"
    return "needed" if left[speciality] > 0 else "spare"


def _nearer(nearest: dict[str, float], what: str, metres: float) -> None:
    nearest[what] = min(metres, nearest.get(what, metres))


def _stores(
    near: Sequence[Ranked],
    needs: Sequence[Need],
    stock: Mapping[str, StockLine],
    radius_m: float,
) -> tuple[list[WarehousePick], list[Shortfall]]:
    asked = {need.item: need.quantity for need in needs if need.item}
    left = dict(asked)
    next_outside: dict[str, float] = {}
    by_store: dict[str, list[StockLine]] = {}
    for line in stock.values():
        by_store.setdefault(line.warehouse_id, []).append(line)
    picks: list[WarehousePick] = []
    for entity, metres, trip in near:
        lines: list[tuple[str, int, int]] = []
        for line in sorted(by_store.get(entity.id, ()), key=lambda n: n.item):
            if metres > radius_m:
                if line.free > 0:
                    _nearer(next_outside, line.item, metres)
                continue
            take = min(line.free, left.get(line.item, 0))
            if take:
                left[line.item] -= take
            lines.append((line.item, line.free, take))
        if metres <= radius_m:
            picks.append(WarehousePick(entity, metres, tuple(lines), trip))
    short = [
        Shortfall(item, asked[item], asked[item] - lacking, next_outside.get(item))
        for item, lacking in left.items()
        if lacking > 0
    ]
    return picks, short
