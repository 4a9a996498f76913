"""Ways, reach and closed roads as shapes over the map. Pure but for words."""

from __future__ import annotations

from collections.abc import Sequence

from layers.model.overlays import Area, Path
from services.roads.closing import Closed
from services.roads.isochrone import Band
from services.roads.route import Estimate, Route
from widgets.road_words import minutes

LonLat = tuple[float, float]
TOKENS = ("series_1", "series_5", "series_2", "series_6", "series_3")
"""Colours of bands from the fewest minutes on; none of them is a severity."""


def way_paths(
    places: Sequence[LonLat], found: Route | Estimate, token: str = "accent", label: str = ""
) -> list[Path]:
    """A route on its roads with the straight legs dashed; without one the straight line, dashed."""
    if isinstance(found, Estimate):
        return [Path(tuple(places), token, label, "dashed", 2.0)]
    legs = [(places[0], found.points[0]), (found.points[-1], places[-1])]
    dashed = [Path(leg, token, "", "dashed", 2.0) for leg in legs if leg[0] != leg[1]]
    if len(found.points) < 2:
        return dashed
    return [*dashed, Path(found.points, token, label, "plain", 4.0)]


def band_areas(bands: Sequence[Band]) -> list[Area]:
    """Reach by minutes, the widest first so that the nearest lies on top, each with its time."""
    areas = []
    for i in reversed(range(len(bands))):
        label = minutes(bands[i].minutes * 60.0)
        for n, rings in enumerate(bands[i].areas):
            areas.append(Area(rings, TOKENS[i % len(TOKENS)], "" if n else label, "plain", 0.10))
    return areas


def closed_paths(closed: Closed | None, words: dict[str, str]) -> list[Path]:
    """Closed stretches, each closure with its words at its longest one."""
    if closed is None:
        return []
    longest: dict[str, int] = {}
    for i, stretch in enumerate(closed.stretches):
        best = longest.get(stretch.closure)
        if best is None or stretch.metres > closed.stretches[best].metres:
            longest[stretch.closure] = i
    labelled = set(longest.values())
    return [
        Path(
            stretch.points,
            "major",
            words.get(stretch.closure, "") if i in labelled else "",
            "plain",
            6.0,
        )
        for i, stretch in enumerate(closed.stretches)
    ]
