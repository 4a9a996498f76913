"""``onemap bench render``: frames of the map (P1, P2) beside those of pyqtgraph and QGIS.

A frame is measured from the gesture to the swapped picture, at 1920 × 1080 with the base map; the
peers draw the same points at the same looks without one, so ours is shown without one as well. The
gestures run once before they are measured, so that tiles are there and only drawing is measured.
GUI thread; takes some minutes, most of it for the peers' large frames.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from app.bench import looks, peers, points
from app.bench.looks import HEIGHT, WIDTH, Box
from app.bench.rows import Row, percentile
from app.resources import resource
from layers.render.environment import prepare_environment

prepare_environment()  # Qt reads these variables when it is first imported

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from layers.render.map_widget import MapWidget  # noqa: E402
from layers.render.theme import TokenTheme  # noqa: E402
from layers.render.tiles import TileService  # noqa: E402

SIZES = (10_000, 48_000, 500_000, 1_000_000)
JUDGED = 48_000
FRAME_LIMIT_S = 30.0
Samples = list[float]


@dataclass(slots=True)
class _Ours:
    """Milliseconds per frame, and those of them spent in the overlay's Python; marks drawn."""

    frames: Samples
    python: Samples
    marks: int


@dataclass(slots=True)
class _Measured:
    """Everything by number of points."""

    clustered: dict[int, _Ours] = field(default_factory=dict)
    every: dict[int, _Ours] = field(default_factory=dict)
    bare: _Ours | None = None  # the judged number clustered, without the base map
    pyqtgraph: dict[int, Samples] = field(default_factory=dict)
    qgis: dict[int, Samples] = field(default_factory=dict)
    qgis_clustered: dict[int, Samples] = field(default_factory=dict)


def rows() -> list[Row]:
    """Measure everything."""
    application = QApplication(["bench"])
    application.setApplicationName("onemap-bench")
    theme = TokenTheme()
    names = ("basemap_schematic.geojson", "district_outline.geojson")
    tiles = TileService([resource("basemap", name) for name in names], theme)
    url = tiles.start()
    qgis = peers.qgis_version()
    found = _Measured()
    try:
        for size in SIZES:
            _measure(found, size, bool(qgis), partial(_frames, size, url, theme, tiles.bounds))
    finally:
        tiles.close()
        application.shutdown()  # before the screen goes
    return [*_p1(found, qgis), *_p2(found, qgis)]


def _measure(
    found: _Measured, size: int, qgis: bool, ours: Callable[..., tuple[_Ours, Box]]
) -> None:
    found.clustered[size], home = ours(True)
    found.every[size], _ = ours(False)
    if size == JUDGED:
        found.bare, _ = ours(True, base_map=False)
    found.pyqtgraph[size] = peers.pyqtgraph_frames(size, home, _settle)
    if qgis:
        found.qgis[size] = peers.qgis_frames(size, home, clustered=False)
        if size <= JUDGED:  # beyond, one of its frames takes minutes
            found.qgis_clustered[size] = peers.qgis_frames(size, home, clustered=True)


# -- rows ------------------------------------------------------------------------------
def _beside(
    figure: str, name: str, ours: dict[int, _Ours], peer: str, theirs: dict[int, Samples]
) -> list[Row]:
    return [
        Row(
            figure="P1" if figure == "P1" else "P2",
            name=name,
            size=size,
            value=_p95(ours[size].frames),
            unit="ms",
            peer=peer,
            peer_value=_p95(samples),
        )
        for size, samples in theirs.items()
    ]


def _ratio(name: str, size: int, value: float, limit: float, peer: str | None = None) -> Row:
    return Row(
        figure="P1",
        name=name,
        size=size,
        value=round(value, 2),
        unit="×",
        peer=peer,
        peer_value=None if peer is None else 1.0,
        target=f"≤ {limit:g}",
        ok=value <= limit,
    )


def _p1(found: _Measured, qgis: str) -> list[Row]:
    p95 = {size: percentile(ours.frames, 95) for size, ours in found.clustered.items()}
    name, at = "frame p95, clustered", p95[JUDGED]
    made = _beside("P1", name, found.clustered, peers.PYQTGRAPH, found.pyqtgraph)
    made.append(_ratio("1,000,000 over 10,000", SIZES[-1], p95[SIZES[-1]] / p95[SIZES[0]], 1.5))
    share = at / percentile(found.pyqtgraph[JUDGED], 95)
    made.append(_ratio("over the peer's", JUDGED, share, 0.5, peers.PYQTGRAPH))
    if found.bare is not None:
        made += _beside(
            "P1",
            "frame p95, clustered, no base map",
            {JUDGED: found.bare},
            peers.PYQTGRAPH,
            {JUDGED: found.pyqtgraph[JUDGED]},
        )
    if qgis:
        peer = peers.QGIS.format(qgis)
        made += _beside("P1", name, found.clustered, peer, found.qgis)
        own = f"{peer} clustered"
        made += _beside("P1", name, found.clustered, own, found.qgis_clustered)
        made.append(
            _ratio("over the peer's", JUDGED, at / percentile(found.qgis[JUDGED], 95), 0.2, peer)
        )
    return made


def _p2(found: _Measured, qgis: str) -> list[Row]:
    python = {size: percentile(ours.python, 95) for size, ours in found.every.items()}
    name = "frame p95, each by itself"
    made = _beside("P2", name, found.every, peers.PYQTGRAPH, found.pyqtgraph)
    if qgis:
        peer = peers.QGIS.format(qgis)
        made += _beside("P2", name, found.every, peer, found.qgis)
        ours, theirs = _p95(found.every[JUDGED].frames), _p95(found.qgis[JUDGED])
        made.append(
            Row(
                figure="P2",
                name="frame p95, each by itself",
                size=JUDGED,
                value=ours,
                unit="ms",
                peer=peer,
                peer_value=theirs,
                target="faster",
                ok=ours < theirs,
            )
        )
    made += [
        Row(figure="P2", name="marks drawn in the end", size=size, value=o.marks, unit="marks")
        for size, o in found.every.items()
    ]
    made.append(
        Row.at_most("P2", "Python in a frame p95", JUDGED, round(python[JUDGED], 3), "ms", 0.5)
    )
    return made


def _p95(samples: Samples) -> float:
    return round(percentile(samples, 95), 1)


# -- this product's map ------------------------------------------------------------
def _frames(
    size: int,
    url: str,
    theme: TokenTheme,
    bounds: Box,
    clustered: bool,
    *,
    base_map: bool = True,
) -> tuple[_Ours, Box]:
    """Frames of a map with so many features, and the box of degrees that it began with."""
    store = points.store_of(size, mixed=True)
    widget = MapWidget(store, url, theme, home=bounds)
    widget.set_clustered(clustered)
    widget.base.set_shown(base_map)
    widget.resize(WIDTH, HEIGHT)
    widget.show()
    try:
        _until(partial(_all_there, widget, size))
        frames: list[float] = []
        python: Samples = []
        widget.on_frame(lambda: frames.append(time.perf_counter()), python.append)
        for _ in range(2):
            samples = [_one_frame(frames, partial(_go, widget, s)) for s in looks.steps(size)]
            measured, python[:] = [s * 1e3 for s in python], []
        drawn = widget.stage.drawn
        marks = 0 if drawn is None else len(drawn.response.count)
    finally:
        widget.close()
        widget.deleteLater()
        _settle()
    return _Ours([s * 1e3 for s in samples], measured, marks), bounds


def _go(widget: MapWidget, step: looks.Step) -> None:
    if step[2]:
        widget.zoom(step[2], *looks.ZOOM_AT)
    else:
        widget.pan(step[0], step[1])


def _one_frame(frames: list[float], gesture: Callable[[], None]) -> float:
    before = len(frames)
    started = time.perf_counter()
    gesture()
    _until(lambda: len(frames) > before)
    return frames[before] - started


def _all_there(widget: MapWidget, size: int) -> bool:
    drawn = widget.stage.drawn
    if drawn is None:
        return False
    return widget.stage.clustered is False or int(drawn.response.count.sum()) >= size * 0.9


# -- waiting ------------------------------------------------------------
def _until(ready: Callable[[], bool]) -> None:
    end = time.perf_counter() + FRAME_LIMIT_S * 6
    while not ready():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if time.perf_counter() > end:
            raise TimeoutError("the map did not draw")


def _settle(seconds: float = 0.5) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
