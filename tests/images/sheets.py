"""Contact sheets: every look of the map in rows and columns, on one real window."""

from __future__ import annotations

import itertools

from layers.model import mercator
from layers.model.features import Feature, FeatureStore
from layers.model.overlays import Area, AreaLook, Path, PathLook
from layers.render.map_widget import MapWidget
from services.domain.model import Link, Severity
from services.packs.model import Kind, Label, Symbol
from tests.images.onscreen import LAT, LON, wait

ZOOM = 17.0
CELL_PX = 46
LABEL = Label(zh="", en="")
SHAPES = ("circle", "square", "diamond", "triangle", "hexagon", "pentagon", "cross")


def kind(name: str, **more: object) -> Kind:
    fields: dict[str, object] = {
        "id": name,
        "label": LABEL,
        "geometry": "point",
        "traits": ("located",),
        "symbol": Symbol(shape="circle", size=14),
    }
    return Kind(**{**fields, **more})  # type: ignore[arg-type]  # keyword fields by name


KINDS = (
    kind("camera", symbol=Symbol(shape="circle", glyph="camera", size=18)),
    kind("sensor", symbol=Symbol(shape="square", glyph="level", size=24)),
    kind("case", traits=("located", "case-bearing"), symbol=Symbol(shape="diamond", size=20)),
    kind("team", traits=("located", "mobile"), symbol=Symbol(shape="triangle", size=20)),
    kind("grid", geometry="polygon", traits=("located", "area")),
    kind("gas", geometry="line", traits=("located",)),
    kind("water", geometry="line", traits=("located",)),
    *(kind(shape, symbol=Symbol(shape=shape, glyph="drop", size=22)) for shape in SHAPES),
)


def place(column: float, row: float) -> tuple[float, float]:
    """Degrees of a cell, counted from the middle of the sheet."""
    x, y = mercator.world_xy(LON, LAT)
    px = mercator.world_px(ZOOM)
    lon, lat = mercator.lonlat(float(x) + column * CELL_PX / px, float(y) + row * CELL_PX / px)
    return float(lon), float(lat)


def states() -> list[Feature]:
    """Severity down, link, staleness and acknowledgement across: all sixty."""
    found = []
    across = list(itertools.product(Link, (False, True), (False, True)))
    for row, severity in enumerate(Severity):
        for column, (link, stale, unacked) in enumerate(across):
            lon, lat = place(column - 5.5, row - 3.5)
            found.append(
                Feature(
                    f"s{row}.{column}",
                    "sensor",
                    "",
                    lon,
                    lat,
                    severity,
                    link,
                    unacked=unacked,
                    stale=stale,
                )
            )
    for column, severity in enumerate((Severity.NORMAL, Severity.MINOR, Severity.MAJOR)):
        lon, lat = place(column - 5.5, 1.5)
        found.append(Feature(f"light{column}", "case", "", lon, lat, severity, Link.ONLINE))
    return found


def shapes() -> list[Feature]:
    """Shapes down; online, offline, unknown, stale, bad and offline, critical across."""
    looks = (
        (Severity.NORMAL, Link.ONLINE, False),
        (Severity.NORMAL, Link.OFFLINE, False),
        (Severity.NORMAL, Link.UNKNOWN, False),
        (Severity.NORMAL, Link.ONLINE, True),
        (Severity.MAJOR, Link.OFFLINE, False),
        (Severity.CRITICAL, Link.ONLINE, False),
    )
    found = []
    for row, shape in enumerate(SHAPES):
        for column, (severity, link, stale) in enumerate(looks):
            lon, lat = place(column - 2.5, row - 3.5)
            found.append(
                Feature(f"{shape}{column}", shape, "", lon, lat, severity, link, stale=stale)
            )
    return found


def show(widget: MapWidget, features: list[Feature]) -> None:
    """Draw these and nothing else, one by one."""
    store: FeatureStore = widget.store
    store.clear()
    widget.set_clustered(False)
    store.upsert(features)
    widget.stage.draw_features()
    wait(lambda: widget.stage.drawn is not None)


def clusters() -> list[tuple[str, list[Feature]]]:
    """Crowds by name, each on one place: counts across, severities down, the last not
    acknowledged."""
    crowds = []
    for row, severity in enumerate(Severity):
        for column, count in enumerate((2, 12, 120, 1_200)):
            lon, lat = place(2.4 * (column - 1.5), 1.6 * (row - 2.2))
            name = f"k{row}.{column}"
            crowd = [Feature(f"{name}.{i}", "camera", "", lon, lat) for i in range(count)]
            crowd[0] = Feature(f"{name}.0", "camera", "", lon, lat, severity, unacked=column == 3)
            crowds.append((name, crowd))
    return crowds


def ring(column: float, row: float, side: float = 1.6) -> tuple[tuple[float, float], ...]:
    """A square of cells as a closed ring."""
    corners = ((0, 0), (side, 0), (side, side), (0, side), (0, 0))
    return tuple(place(column + x, row + y) for x, y in corners)


def run(column: float, row: float, steps: int = 6) -> tuple[tuple[float, float], ...]:
    """A line that goes up and down."""
    return tuple(place(column + 0.6 * i, row + (0.7 if i % 2 else 0.0)) for i in range(steps))


def ground() -> list[Feature]:
    """Areas of every severity, one with a hole, one that crosses itself, and two kinds of lines."""
    found = [
        Feature(f"area{i}", "grid", "", *place(0, 0), severity, rings=(ring(2 * i - 5, -4),))
        for i, severity in enumerate(Severity)
    ]
    hole = (ring(-5, -2, 1.6), ring(-4.6, -1.6, 0.8))
    bow = tuple(place(x, y) for x, y in ((-3, -2), (-1.4, -0.4), (-1.4, -2), (-3, -0.4), (-3, -2)))
    found.append(Feature("hole", "grid", "", *place(0, 0), Severity.MAJOR, rings=hole))
    found.append(Feature("bow", "grid", "", *place(0, 0), Severity.MINOR, rings=(bow,)))
    for i, severity in enumerate((Severity.NORMAL, Severity.MINOR)):
        silent = ring(2.5 + 1.4 * i, -2, 1.2)
        found.append(
            Feature(f"silent{i}", "grid", "", *place(0, 0), severity, stale=True, rings=(silent,))
        )
    found.append(Feature("gas1", "gas", "", *place(0, 0), rings=(run(-1, -2),)))
    found.append(Feature("water1", "water", "", *place(0, 0), rings=(run(-1, -1),)))
    return found


def laid() -> tuple[list[Area], list[Path]]:
    """What tools lay over: every look of areas and paths, thin and thick."""
    looks: tuple[AreaLook, ...] = ("plain", "dashed", "marching", "hatched")
    tokens = ("accent", "good", "minor", "critical")
    areas = [
        Area((ring(2 * i - 5, 0.6),), token, look=look)
        for i, (look, token) in enumerate(zip(looks, tokens, strict=True))
    ]
    areas.append(Area((ring(3, 0.6),), "major", fill=0.0))
    kinds: tuple[PathLook, ...] = ("plain", "dashed", "marching")
    paths = [Path(run(3.6 * i - 5, 2.8), look=look, width=6) for i, look in enumerate(kinds)]
    return areas, paths
