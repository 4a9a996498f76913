"""``onemap bench updates``: a million things arriving (P4) and changing (P3), up to the frame.

The console's own read model and a real map window of 1920 × 1080 with the base map; the snapshot
is a ``Delta`` as the feed hands it over. What Qt spends on drawing a frame is measured by ``bench
render`` and left out here; the overlay's own part of it is in. Two minutes, and 2 GB of memory.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import msgspec

from app.bench.rows import Row, percentile
from app.resources import resource
from layers.render.environment import prepare_environment

prepare_environment()  # Qt reads these variables when it is first imported

import numpy as np  # noqa: E402
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer  # noqa: E402
from PySide6.QtQuick import QQuickView  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.bench.points import lonlat  # noqa: E402
from app.readmodel import ReadModel  # noqa: E402
from layers.model.features import FeatureStore  # noqa: E402
from layers.render.map_widget import MapWidget  # noqa: E402
from layers.render.theme import TokenTheme  # noqa: E402
from layers.render.tiles import TileService  # noqa: E402
from services.domain.model import Entity, Link  # noqa: E402
from services.domain.world import Delta  # noqa: E402
from services.packs.loader import default_directory, load  # noqa: E402

SIZE, RATE = 1_000_000, 10_000
WIDTH, HEIGHT = 1920, 1080
TICK_S, TICKS, WARM_TICKS = 1 / 30, 450, 60
NOW = 1_784_088_000.0
LIMIT_S = 300.0


class Watch(QObject):
    """What one map window costs the GUI thread.

    ``turns`` are pauses in milliseconds between two turns of the event loop, ``own`` the CPU time
    of this thread outside of Qt's drawing, in seconds since the start.
    """

    def __init__(self, widget: MapWidget) -> None:
        super().__init__()
        inner = [w for w in QApplication.allWindows() if isinstance(w, QQuickView)]
        (view,) = (w for w in inner if w.parent() is widget.window().windowHandle())
        view.beforeSynchronizing.connect(self._begin)
        widget.on_frame(self._end, self._python)
        self.frames = 0
        self.longest_ms = 0.0
        self._drawing_cpu = self._drawing_wall = 0.0
        self._began = (time.thread_time(), time.perf_counter())
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._beat)
        self._turn.start(0)
        self._last = time.perf_counter()
        self._drawn_since = 0.0

    def own(self) -> float:
        """CPU seconds of this thread so far, without Qt's drawing."""
        return time.thread_time() - self._drawing_cpu

    def restart(self) -> None:
        """Measure the longest pause from now on."""
        self.longest_ms, self._last, self._drawn_since = 0.0, time.perf_counter(), 0.0

    def stop(self) -> None:
        """No more turns."""
        self._turn.stop()

    def _begin(self) -> None:
        self._began = (time.thread_time(), time.perf_counter())

    def _python(self, seconds: float) -> None:
        self._drawing_cpu -= seconds
        self._drawn_since -= seconds

    def _end(self) -> None:
        self.frames += 1
        self._drawing_cpu += time.thread_time() - self._began[0]
        self._drawn_since += time.perf_counter() - self._began[1]

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last - self._drawn_since) * 1e3)
        self._last, self._drawn_since = now, 0.0


def rows() -> list[Row]:
    """Measure both."""
    application = QApplication(["bench"])
    application.setApplicationName("onemap-bench")
    theme = TokenTheme()
    names = ("basemap_schematic.geojson", "district_outline.geojson")
    tiles = TileService([resource("basemap", name) for name in names], theme)
    url = tiles.start()
    things = _things()
    gc.collect()
    gc.freeze()
    gc.disable()  # as in the console, where a timer collects between turns
    catalogue = load(default_directory())
    store = FeatureStore(tuple(catalogue.kinds.values()))
    model = ReadModel(catalogue, store, lambda: NOW)
    widget = MapWidget(store, url, theme, home=tiles.bounds, controls=False)
    widget.resize(WIDTH, HEIGHT)
    model.changed.connect(widget.features_changed)
    model.marks_changed.connect(widget.features_changed)
    widget.show()
    try:
        _until(lambda: widget.view.width == WIDTH)
        _pass(0.5)
        watch = Watch(widget)
        found = _snapshot(model, widget, watch, things)
        watch.stop()  # a timer without a pause is a load of its own
        found += _updates(model, widget, watch, things)
    finally:
        model.close()
        widget.close()
        widget.deleteLater()
        _pass(0.3)
        tiles.close()
        application.shutdown()  # before the screen goes
    return found


def _snapshot(
    model: ReadModel, widget: MapWidget, watch: Watch, things: dict[str, Entity]
) -> list[Row]:
    delta = Delta(reset=True, offset=SIZE, time=NOW, entities=dict(things))
    watch.restart()
    started = time.perf_counter()
    model.absorb(delta)
    _until(lambda: _drawn(widget) > 0)
    frames = watch.frames
    _until(lambda: watch.frames > frames)
    first = time.perf_counter() - started
    _until(lambda: model.is_settled and _drawn(widget) >= 0.9 * SIZE)
    frames = watch.frames
    _until(lambda: watch.frames > frames)
    every = time.perf_counter() - started
    return [
        Row.at_most("P4", "snapshot to the first frame with marks", SIZE, round(first, 2), "s", 3),
        Row(
            figure="P4",
            name="snapshot to the frame with every mark",
            size=SIZE,
            value=round(every, 2),
            unit="s",
        ),
        Row.at_most(
            "P4",
            "longest pause of the event loop until then, drawing left out",
            SIZE,
            round(watch.longest_ms, 1),
            "ms",
            100,
        ),
    ]


def _updates(
    model: ReadModel, widget: MapWidget, watch: Watch, things: dict[str, Entity]
) -> list[Row]:
    """A thirtieth of a second's changes at a time, each thing somewhere else in another state."""
    random = np.random.default_rng(7)
    keys, samples = list(things), []
    uploads = widget.uploads
    for tick in range(WARM_TICKS + TICKS):
        if tick == WARM_TICKS:
            before = (uploads.dirty, uploads.sent)
        changed = _changes(random, keys, things)
        began, at = watch.own(), time.perf_counter()
        model.absorb(Delta(offset=SIZE + tick, time=NOW, entities=changed))
        _pass(at + TICK_S - time.perf_counter())
        if tick >= WARM_TICKS:
            samples.append((watch.own() - began) * 1e3)
    dirty, sent = uploads.dirty - before[0], uploads.sent - before[1]
    return [
        Row.at_most(
            "P3",
            f"GUI thread in a thirtieth of a second at {RATE:,} updates/s, p99, drawing left out",
            SIZE,
            round(percentile(samples, 99), 2),
            "ms",
            4,
        ),
        Row.at_most("P3", "bytes sent over bytes changed", SIZE, round(sent / dirty, 2), "×", 2),
        Row(
            figure="P3",
            name="bytes sent for tables in a second",
            size=SIZE,
            value=round(sent / (TICKS * TICK_S)),
            unit="B/s",
        ),
    ]


def _changes(
    random: np.random.Generator, keys: list[str], things: dict[str, Entity]
) -> dict[str, Entity | None]:
    count = round(RATE * TICK_S)
    east, north = random.normal(0, 2e-4, (2, count)).tolist()
    links = random.integers(0, 3, count).tolist()
    changed: dict[str, Entity | None] = {}
    for n, row in enumerate(random.integers(0, len(keys), count).tolist()):
        old = things[keys[row]]
        assert old.lon is not None
        assert old.lat is not None
        changed[old.id] = msgspec.structs.replace(
            old, lon=old.lon + east[n], lat=old.lat + north[n], link=Link(links[n])
        )
    return changed


def _things() -> dict[str, Entity]:
    lon, lat = lonlat(SIZE)
    return {
        f"p{n}": Entity(
            id=f"p{n}", kind="camera", name="", lon=x, lat=y, link=Link.ONLINE, observed_at=NOW
        )
        for n, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
    }


def _drawn(widget: MapWidget) -> int:
    drawn = widget.stage.drawn
    return int(drawn.response.count.sum()) if drawn is not None else 0


def _until(ready: Callable[[], bool]) -> None:
    end = time.perf_counter() + LIMIT_S
    while not ready():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if time.perf_counter() > end:
            raise TimeoutError("the map did not come so far")


def _pass(seconds: float) -> None:
    """Let the event loop run, asleep while nothing happens."""
    loop = QEventLoop()
    QTimer.singleShot(max(0, round(seconds * 1e3)), loop, loop.quit)
    loop.exec()
