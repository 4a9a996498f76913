"""``onemap bench table``: an attribute table of a million rows, and what leaves it as files.

A real table window over a feature store: how long the GUI thread is held up at most while it opens,
sorts, filters, selects, loses rows and exports, and how long each takes. Exports are made as the
window makes them, without the hub's record. A map stands for no more than its selection. Five
minutes, and 4 GB of memory.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Signal
from PySide6.QtWidgets import QApplication

from app.bench.points import CHUNK, batch, lonlat, severities
from app.bench.rows import Row
from app.bench.turns import Turns
from app.bridge import ThreadBridge
from app.controllers.table import TableController, TableOf
from app.export_job import Taken, shapes_of, sheet_of
from app.exporting import manner_of
from app.operations import Operations
from app.windows.table import TableWindow
from layers.model.features import FeatureStore
from layers.model.fields import field_table
from layers.model.selection import Rows, Selection
from layers.model.table import Order
from services.exports.sheet import Progress, Provenance
from services.exports.write import write
from services.packs.loader import default_directory, load
from widgets.theme import Theme

SIZE, KIND = 1_000_000, "level_sensor"
GONE = 1_000
NOW = 1_784_088_000.0
FORMATS = ("csv", "xlsx", "geojson", "gpkg")
LIMIT_S, LIMIT_MS = 600.0, 100.0
ABOUT = Provenance("bench", "bench", "", "bench", "bench", "", SIZE, "", "")


class Chart(QObject):
    """What a table needs of a map: what is selected on it."""

    selection_changed = Signal(object)

    def __init__(self, store: FeatureStore) -> None:
        super().__init__()
        self.selecting = self
        self.selection = Selection(store)

    def set_rows(self, rows: Rows) -> None:
        """Select rows."""
        if self.selection.apply(rows):
            self.selection_changed.emit(self.selection.picked)


class Model(QObject):
    """What a table needs of a session."""

    changed = Signal(object)
    replay_changed = Signal(object)

    def __init__(self, store: FeatureStore) -> None:
        super().__init__()
        self.model, self.store = self, store
        self.is_replay, self.replay_state, self.offset = False, None, 1

    def now(self) -> float:
        """The session's time."""
        return NOW


class Bench:
    """One table, and what is measured of it. ``parts`` and the session are as much of the
    console's as a table asks for."""

    def __init__(self) -> None:
        self.catalogue = load(default_directory())
        self.store = store_of(SIZE, FeatureStore(tuple(self.catalogue.kinds.values())))
        self._bridge = ThreadBridge()
        self._operations = Operations(self._bridge)
        self._chart, self._session = Chart(self.store), Model(self.store)
        self._parts: Any = SimpleNamespace(
            catalogue=self.catalogue, theme=Theme.load(), lang="en", operations=self._operations
        )
        self._turns = Turns()
        self.found: list[Row] = []

    def close(self) -> None:
        """End all threads."""
        self._turns.stop()
        self._operations.close()
        self._bridge.close()

    def measure(self, name: str, act: Callable[[], object], ready: Callable[[], bool]) -> None:
        """How long until it is ready, and the longest pause until what follows is drawn."""
        self._turns.restart()
        began = time.perf_counter()
        act()
        _until(ready)
        took = time.perf_counter() - began
        for _turn in range(20):
            QCoreApplication.processEvents()
        pause, name = self._turns.longest_ms(), f"attribute table: {name}"
        self.found += [
            Row(figure="P4", name=name, size=SIZE, value=round(took, 2), unit="s"),
            Row.at_most("P4", f"{name}, longest pause", SIZE, round(pause, 1), "ms", LIMIT_MS),
        ]

    def table(self) -> None:
        """The window: open, sort, filter, select, lose rows."""
        session: Any = self._session
        chart: Any = self._chart
        opened: list[TableWindow] = []

        def open_() -> None:
            window = TableWindow(self._parts, session, "Level sensors")
            of = TableOf(KIND, frozenset({KIND}), "Level sensors")
            TableController(self._parts, session, chart, window, of, [], steady=time.monotonic)
            opened.append(window)
            window.show()

        self.measure("open", open_, lambda: bool(opened) and opened[0].table.arranged is not None)
        table = opened[0].table
        controller = opened[0].findChild(TableController)
        assert controller is not None

        def idle() -> bool:
            return table.busy.words.text() == ""

        def let_go() -> None:
            self.store.remove([f"{KIND}:{n}" for n in range(0, 50 * GONE, 50)])
            self._chart.selection.refresh()
            controller.look()

        self.measure("sort by a number", lambda: table.set_order(Order("level")), idle)
        self.measure("sort by a name", lambda: table.set_order(Order("name")), idle)
        table.set_order(None)
        _until(idle)
        self.measure("filter by a number", lambda: table.set_filter("level > 0.5"), idle)
        self.measure("filter by a text", lambda: table.set_filter("name like '%99%'"), idle)
        self.measure("show all again", lambda: table.set_filter(""), idle)
        self.measure("select all", table.grid.select_all, idle)
        self.measure(f"{GONE} of the selected go", let_go, idle)
        self.measure("invert the selection", table.grid.invert, idle)
        self.measure("select one", lambda: table.grid.select_rows(table.model.rows[5:6]), idle)
        self.columns, self.rows = table.shown_columns(), table.model.rows
        controller.close()
        opened[0].close()
        opened[0].deleteLater()

    def export(self, format_: str) -> None:
        """All rows to a file, and how soon one that is under way ends."""
        with tempfile.TemporaryDirectory(prefix="onemap-bench-") as folder:
            path, written = Path(folder) / f"rows.{format_}", list[bool]()
            self.measure(
                f"export as {format_}",
                lambda: self._write(format_, path, Progress(), written),
                lambda: bool(written),
            )
            size = path.stat().st_size / 1e6
            name = f"attribute table: file as {format_}"
            self.found.append(
                Row(figure="P4", name=name, size=SIZE, value=round(size, 1), unit="MB")
            )
            progress, stopped = Progress(), list[bool]()
            self._write(format_, path, progress, stopped)
            _until(lambda: progress.done > SIZE // 10)
            self.measure(f"stop an export as {format_}", progress.stop, lambda: bool(stopped))

    def _write(self, format_: str, path: Path, progress: Progress, ended: list[bool]) -> None:
        names = {c.name for c in self.columns}
        frozen = field_table(self.store, self.rows, NOW, {"id", *names})
        rings, shapes = shapes_of(self.store, self.rows, self.catalogue.kinds)
        taken, columns = Taken(frozen, rings, shapes), self.columns
        raw = format_ in ("geojson", "gpkg")
        manner = manner_of(format_, "EPSG:4490" if format_ == "gpkg" else "wgs84")

        def work() -> None:
            sheet = sheet_of(taken, "bench", columns, raw=raw, progress=progress)
            try:
                write(path, sheet, ABOUT, manner, progress)
            finally:
                sheet.let_go()

        end = lambda _what: ended.append(True)  # noqa: E731  # the same for both ends
        self._operations.run(work, end, end, owner=self._turns)


def rows() -> list[Row]:
    """Measure all of it."""
    application = QApplication(["bench"])
    application.setApplicationName("onemap-bench")
    bench = Bench()
    gc.collect()
    gc.freeze()
    gc.disable()  # as in the console, where a timer collects between turns
    try:
        bench.table()
        for format_ in FORMATS:
            bench.export(format_)
    finally:
        bench.close()
        application.shutdown()  # before the screen goes
    return bench.found


def store_of(size: int, store: FeatureStore) -> FeatureStore:
    """So many level sensors, each with a name, an address and a level of its own."""
    (lon, lat), severity = lonlat(size), severities(size)
    level = np.random.default_rng(2).random(size)
    for first in range(0, size, CHUNK):
        numbers = range(first, min(size, first + CHUNK))
        part = slice(numbers.start, numbers.stop)
        made = batch(numbers, lon[part], lat[part], severity[part])
        names = [f"液位 {n}" for n in numbers]
        store.put(
            replace(
                made,
                ids=[f"{KIND}:{n}" for n in numbers],
                kinds=[KIND] * len(numbers),
                names=names,
                labels=names,
                attrs=[
                    {"address": f"昆仑路{n % 997}号", "diameter_mm": 300 + n % 7} for n in numbers
                ],
                readings=[{"level": x} for x in level[part].tolist()],
                observed_at=[NOW - n % 900 for n in numbers],
            )
        )
    return store


def _until(ready: Callable[[], bool]) -> None:
    end = time.perf_counter() + LIMIT_S
    while not ready():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if time.perf_counter() > end:
            raise TimeoutError("the table did not come so far")
