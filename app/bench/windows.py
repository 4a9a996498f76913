"""``onemap bench windows``: one, two and four map windows over one store, moved together (P1).

Windows of 960 × 540 with the base map, drawn by one thread as in the console. A step moves all of
them and ends when each has swapped its picture; then nothing is moved for a while, and no picture
may come. GUI thread; half a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from app.bench import looks, points
from app.bench.rows import Row, percentile
from app.resources import resource
from layers.render.environment import prepare_environment

prepare_environment()  # Qt reads these variables when it is first imported

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from layers.model.features import FeatureStore  # noqa: E402
from layers.render.map_widget import MapWidget  # noqa: E402
from layers.render.theme import TokenTheme  # noqa: E402
from layers.render.tiles import TileService  # noqa: E402

SIZE = 48_000
COUNTS = (1, 2, 4)
WIDTH, HEIGHT = 960, 540
QUIET_S = 2.0
LIMIT_S = 60.0


def rows() -> list[Row]:
    """Measure everything."""
    application = QApplication(["bench"])
    application.setApplicationName("onemap-bench")
    theme = TokenTheme()
    names = ("basemap_schematic.geojson", "district_outline.geojson")
    tiles = TileService([resource("basemap", name) for name in names], theme)
    url = tiles.start()
    store = points.store_of(SIZE, mixed=True)
    try:
        return [row for n in COUNTS for row in _measure(n, store, url, theme, tiles.bounds)]
    finally:
        tiles.close()
        application.shutdown()  # before the screen goes


def _measure(
    count: int, store: FeatureStore, url: str, theme: TokenTheme, bounds: looks.Box
) -> list[Row]:
    maps = [MapWidget(store, url, theme, home=bounds) for _ in range(count)]
    swapped = [0] * count

    def count_of(n: int) -> Callable[[], None]:
        def swap() -> None:
            swapped[n] += 1

        return swap

    for n, widget in enumerate(maps):
        widget.setGeometry(n % 2 * WIDTH, n // 2 * HEIGHT, WIDTH, HEIGHT)
        widget.on_frame(count_of(n), lambda _seconds: None)
        widget.show()
    try:
        _until(lambda: all(w.stage.drawn is not None and not w.stage.is_busy for w in maps))
        for _ in range(2):  # once for the tiles, once to be measured
            samples = [_step(maps, swapped, step) for step in looks.steps(SIZE)]
        _pass(1.0)
        before = list(swapped)
        _pass(QUIET_S)
        idle = sum(swapped) - sum(before)
    finally:
        for widget in maps:
            widget.close()
            widget.deleteLater()
        _pass(0.3)
    return [
        Row(
            figure="P1",
            name=f"{count} windows moved together, all drawn, p95",
            size=SIZE,
            value=round(percentile(samples, 95), 1),
            unit="ms",
        ),
        Row(
            figure="P1",
            name=f"{count} windows, of which for each, median",
            size=SIZE,
            value=round(percentile(samples, 50) / count, 1),
            unit="ms",
        ),
        Row.at_most(
            "P1", f"{count} windows, pictures while nothing changes", SIZE, idle, "frames", 0
        ),
    ]


def _step(maps: list[MapWidget], swapped: list[int], step: looks.Step) -> float:
    """Milliseconds until every window has drawn a gesture."""
    before = list(swapped)
    began = time.perf_counter()
    for widget in maps:
        if step[2]:
            widget.zoom(step[2], WIDTH * 0.4, HEIGHT * 0.45)
        else:
            widget.pan(step[0], step[1])
    _until(lambda: all(now > then for now, then in zip(swapped, before, strict=True)))
    return (time.perf_counter() - began) * 1e3


def _until(ready: Callable[[], bool]) -> None:
    end = time.perf_counter() + LIMIT_S
    while not ready():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if time.perf_counter() > end:
            raise TimeoutError("the maps did not draw")


def _pass(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
