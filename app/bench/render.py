"""``onemap bench render``: frames of the map (P1, P2) beside pyqtgraph's in the same run.

A frame is measured from the gesture to the swapped picture, at 1920 × 1080 with the base map. The
gestures run once before they are measured, so that tiles are there and only drawing is measured.
GUI thread; takes a minute and a half, most of it for making a million features.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from app.bench.rows import Row, percentile
from app.resources import resource
from layers.render.environment import prepare_environment

prepare_environment()  # Qt reads these variables when it is first imported

import numpy as np  # noqa: E402
import numpy.typing as npt  # noqa: E402
import pyqtgraph  # noqa: E402
from PySide6.QtCore import QCoreApplication, QEventLoop  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from layers.model.features import Feature, FeatureStore  # noqa: E402
from layers.render.map_widget import MapWidget  # noqa: E402
from layers.render.theme import TokenTheme  # noqa: E402
from layers.render.tiles import TileService  # noqa: E402
from services.domain.model import Link, Severity  # noqa: E402
from services.packs.loader import default_directory, load  # noqa: E402

SIZES = (10_000, 48_000, 1_000_000)
WIDTH, HEIGHT = 1920, 1080
PANS, ZOOMS = 60, 24
FRAME_LIMIT_S = 10.0
CHUNK = 50_000
PEER = "pyqtgraph ScatterPlotItem"
Samples = list[float]


def rows() -> list[Row]:
    """Measure everything; the peers run in the same process with the same points."""
    application = QApplication(["bench"])
    application.setApplicationName("onemap-bench")
    theme = TokenTheme()
    names = ("basemap_schematic.geojson", "district_outline.geojson")
    tiles = TileService([resource("basemap", name) for name in names], theme)
    url = tiles.start()
    try:
        peers = {size: _peer_frames(size) for size in SIZES[:2]}
        clustered = {
            size: _map_frames(size, url, theme, tiles.bounds, clustered=True)[0] for size in SIZES
        }
        every, in_python = _map_frames(SIZES[1], url, theme, tiles.bounds, clustered=False)
    finally:
        tiles.close()
        application.shutdown()  # before the screen goes
    return [*_p1(clustered, peers), *_p2(every, in_python, peers[SIZES[1]])]


def _p1(clustered: dict[int, Samples], peers: dict[int, Samples]) -> list[Row]:
    small, middle, large = SIZES
    p95 = {size: percentile(samples, 95) for size, samples in clustered.items()}
    found = [
        Row(
            figure="P1",
            name="frame p95, clustered, pan and zoom",
            size=size,
            value=round(p95[size], 1),
            unit="ms",
            peer=PEER if size in peers else None,
            peer_value=round(percentile(peers[size], 95), 1) if size in peers else None,
        )
        for size in SIZES
    ]
    growth = p95[large] / p95[small]
    share = p95[middle] / percentile(peers[middle], 95)
    found.append(
        Row(
            figure="P1",
            name="frame p95 at 1,000,000 over that at 10,000",
            size=large,
            value=round(growth, 2),
            unit="×",
            target="≤ 1.5",
            ok=growth <= 1.5,
        )
    )
    found.append(
        Row(
            figure="P1",
            name="frame p95 over the peer's",
            size=middle,
            value=round(share, 2),
            unit="×",
            peer=PEER,
            peer_value=1.0,
            target="≤ 0.5",
            ok=share <= 0.5,
        )
    )
    return found


def _p2(every: Samples, in_python: Samples, peer: Samples) -> list[Row]:
    size, python = SIZES[1], percentile(in_python, 95)
    return [
        Row(
            figure="P2",
            name="frame p95, every sprite",
            size=size,
            value=round(percentile(every, 95), 1),
            unit="ms",
            peer=PEER,
            peer_value=round(percentile(peer, 95), 1),
            target="faster than QGIS, which is not on this machine",
        ),
        Row.at_most("P2", "Python in a frame p95", size, round(python, 3), "ms", 0.5),
    ]


# -- this product's map ------------------------------------------------------------
def _map_frames(
    size: int,
    url: str,
    theme: TokenTheme,
    home: tuple[float, float, float, float],
    *,
    clustered: bool,
) -> tuple[Samples, Samples]:
    """Milliseconds per frame, and those of them spent in the overlay's Python."""
    store = FeatureStore(tuple(load(default_directory()).kinds.values()))
    made = _features(size)
    while chunk := list(islice(made, CHUNK)):
        store.upsert(chunk)
    widget = MapWidget(store, url, theme, home=home)
    widget.set_clustered(clustered)
    widget.resize(WIDTH, HEIGHT)
    widget.show()
    try:
        _until(lambda: widget.stage.drawn is not None and _all_there(widget, size))
        frames: list[float] = []
        python: Samples = []
        widget.on_frame(lambda: frames.append(time.perf_counter()), python.append)
        for _ in range(2):
            samples = [_one_frame(frames, step) for step in _gestures(widget)]
            measured, python[:] = [s * 1e3 for s in python], []
    finally:
        widget.close()
        widget.deleteLater()
        _settle()
    return [s * 1e3 for s in samples], measured


def _gestures(widget: MapWidget) -> Iterator[Callable[[], None]]:
    for i in range(PANS):
        dx, dy = 9 * math.cos(i / 6), 7 * math.sin(i / 6)
        yield partial(widget.pan, dx, dy)
    for i in range(ZOOMS):
        step = 0.25 if i < ZOOMS // 2 else -0.25
        yield partial(widget.zoom, step, WIDTH * 0.4, HEIGHT * 0.45)


def _one_frame(frames: list[float], gesture: Callable[[], None]) -> float:
    before = len(frames)
    started = time.perf_counter()
    gesture()
    _until(lambda: len(frames) > before)
    return frames[before] - started


def _all_there(widget: MapWidget, size: int) -> bool:
    drawn = widget.stage.drawn
    return drawn is not None and int(drawn.response.count.sum()) >= size * 0.9


# -- the peer ------------------------------------------------------------
def _peer_frames(size: int) -> Samples:
    """The same points in a ScatterPlotItem of the same size, panned and zoomed alike."""
    lon, lat = _points(size)
    plot = pyqtgraph.PlotWidget()
    plot.resize(WIDTH, HEIGHT)
    plot.addItem(pyqtgraph.ScatterPlotItem(x=lon, y=lat, size=14, pen=None, brush="w"))
    plot.setXRange(101.774, 101.911)
    plot.setYRange(36.525, 36.653)
    plot.show()
    box = plot.getViewBox()
    samples: Samples = []
    try:
        _settle()
        for i in range(PANS + ZOOMS):
            started = time.perf_counter()
            if i < PANS:
                box.translateBy(x=1e-3 * math.cos(i / 6), y=8e-4 * math.sin(i / 6))
            else:
                box.scaleBy((0.84, 0.84) if i < PANS + ZOOMS // 2 else (1.19, 1.19))
            plot.viewport().repaint()
            samples.append((time.perf_counter() - started) * 1e3)
    finally:
        plot.close()
        plot.deleteLater()
        _settle()
    return samples


# -- points ------------------------------------------------------------
def _points(size: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """As a city lies along its river: dense in the middle, the same for every run."""
    random = np.random.default_rng(630102)
    return random.normal(101.82, 0.02, size), random.normal(36.60, 0.014, size)


def _features(size: int) -> Iterator[Feature]:
    lon, lat = _points(size)
    severity = np.random.default_rng(1).choice(5, size, p=[0.998, 0.0005, 0.0005, 0.0005, 0.0005])
    for i, (x, y, s) in enumerate(zip(lon.tolist(), lat.tolist(), severity.tolist(), strict=True)):
        yield Feature(f"p{i}", "camera", "", x, y, Severity(s), Link.ONLINE)


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
