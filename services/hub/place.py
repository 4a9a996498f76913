"""Where a case is: its unit grid, and the title that its place gives it. Pure."""

from __future__ import annotations

from services.domain.geodesy import area_m2, bounds, contains
from services.domain.model import Entity
from services.hub.scene import Scene
from services.packs.model import Category


def title_of(category: Category, place: str) -> str:
    """Case titles are content, written in the district's language."""
    return f"{category.label.zh} {place}".strip()[:200]


def grid_at(scene: Scene, lon: float | None, lat: float | None) -> Entity | None:
    """The smallest area that holds a place: its unit grid, where grids are loaded."""
    if lon is None or lat is None:
        return None
    kinds = {kind.id for kind in scene.catalogue.with_trait("area")}
    holding: list[tuple[float, str, Entity]] = []
    for entity in scene.world.entities.values():
        if entity.kind not in kinds or not entity.geometry:
            continue
        west, south, east, north = bounds(entity.geometry[0])
        inside = west <= lon <= east and south <= lat <= north
        if inside and contains(entity.geometry, lon, lat):
            holding.append((area_m2(entity.geometry), entity.id, entity))
    return min(holding)[2] if holding else None
