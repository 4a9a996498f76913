"""Whom and what to send: candidates round a place by geodesic distance, with the reason of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from services.dispatch.logic import busy_with
from services.domain.geodesy import distances_m
from services.domain.model import Case, Dispatch, Entity, Link, Severity, StockLine
from services.packs.model import Catalogue, Need

Reason = Literal["needed", "spare", "busy", "offline", "other_speciality"]
"""Why a team is chosen or not: asked for by the plan; able but enough are nearer; on a task;
not answering; of another speciality than the plan asks for."""


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
    """A team inside the circle; ``dispatch_id`` names the task that keeps a busy one."""

    entity: Entity
    distance_m: float
    chosen: bool
    reason: Reason
    dispatch_id: str = ""


@dataclass(frozen=True, slots=True)
class WarehousePick:
    """A warehouse inside the circle; ``lines``: (item, free, suggested quantity)."""

    entity: Entity
    distance_m: float
    lines: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What the plan asks for and the circle does not give; ``nearest_m``: the next one outside."""

    item_or_team: str
    needed: int
    found: int
    nearest_m: float | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything near a place, nearest first, with what the category's plan would take."""

    teams: list[TeamPick] = field(default_factory=list)
    warehouses: list[WarehousePick] = field(default_factory=list)
    cameras: list[tuple[Entity, float]] = field(default_factory=list)
    shortfalls: list[Shortfall] = field(default_factory=list)


def propose(
    view: WorldView,
    catalogue: Catalogue,
    lon: float,
    lat: float,
    radius_m: float,
    category_code: str | None,
    severity: Severity | None = None,
) -> Proposal:
    """Teams, warehouses and cameras within ``radius_m`` of a place, and what the plan lacks.

    A category that is not known, or None, has no plan: everything is listed, nothing chosen. With
    a ``severity`` the response plan's additions for it are asked for too.
    """
    needs = catalogue.needs_of(category_code or "", severity)
    teams = _near(view, catalogue, "dispatchable", lon, lat)
    stores = _near(view, catalogue, "stocked", lon, lat)
    cameras = _near(view, catalogue, "camera", lon, lat)
    team_picks, team_shortfalls = _teams(
        teams, needs, busy_with(view.dispatches.values()), radius_m
    )
    store_picks, item_shortfalls = _stores(stores, needs, view.stock, radius_m)
    return Proposal(
        teams=team_picks,
        warehouses=store_picks,
        cameras=[(e, d) for e, d in cameras if d <= radius_m],
        shortfalls=team_shortfalls + item_shortfalls,
    )


def _near(
    view: WorldView, catalogue: Catalogue, trait: str, lon: float, lat: float
) -> list[tuple[Entity, float]]:
    """All located things with a trait and their distances in metres, nearest first."""
    kinds = {kind.id for kind in catalogue.with_trait(trait)}
    found: list[Entity] = []
    lons: list[float] = []
    lats: list[float] = []
    for entity in view.entities.values():
        if entity.kind in kinds and entity.lon is not None and entity.lat is not None:
            found.append(entity)
            lons.append(entity.lon)
            lats.append(entity.lat)
    metres = distances_m(lon, lat, lons, lats).tolist()
    return sorted(zip(found, metres, strict=True), key=lambda pair: (pair[1], pair[0].id))


def _teams(
    near: Sequence[tuple[Entity, float]],
    needs: Sequence[Need],
    busy: Mapping[str, str],
    radius_m: float,
) -> tuple[list[TeamPick], list[Shortfall]]:
    asked = {need.team: need.count for need in needs if need.team}
    left = dict(asked)
    next_outside: dict[str, float] = {}
    picks: list[TeamPick] = []
    for entity, metres in near:
        speciality = str(entity.attrs.get("speciality") or "")
        if metres > radius_m:
            if _reason(entity, speciality, asked, left, busy) in ("needed", "spare"):
                next_outside.setdefault(speciality, metres)
            continue
        reason = _reason(entity, speciality, asked, left, busy)
        if reason == "needed":
            left[speciality] -= 1
        picks.append(TeamPick(entity, metres, reason == "needed", reason, busy.get(entity.id, "")))
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


def _stores(
    near: Sequence[tuple[Entity, float]],
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
    for entity, metres in near:
        lines: list[tuple[str, int, int]] = []
        for line in sorted(by_store.get(entity.id, ()), key=lambda n: n.item):
            if metres > radius_m:
                if line.free > 0:
                    next_outside.setdefault(line.item, metres)
                continue
            take = min(line.free, left.get(line.item, 0))
            if take:
                left[line.item] -= take
            lines.append((line.item, line.free, take))
        if metres <= radius_m:
            picks.append(WarehousePick(entity, metres, tuple(lines)))
    short = [
        Shortfall(item, asked[item], asked[item] - lacking, next_outside.get(item))
        for item, lacking in left.items()
        if lacking > 0
    ]
    return picks, short
