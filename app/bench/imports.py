"""``onemap bench imports``: a table of 100,000 rows through the import wizard.

The real wizard and its workers against a hub that answers at once, in this process: how long trying
and loading all rows takes, and how long the GUI thread is held up at most meanwhile. A minute.
"""

from __future__ import annotations

import gc
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from app.bench.rows import Row
from app.bench.turns import Turns
from app.bridge import ThreadBridge
from app.controllers.imports import ImportsController
from app.import_jobs import Loader, Wait, outline_rings
from app.operations import Operations
from app.side_windows import OUTLINE
from app.windows.imports import ImportWindow
from services.ingest.batches import BatchStore
from services.ingest.http_client import HubClient
from services.ingest.remembered import Memory
from services.packs.loader import default_directory, load
from widgets.import_wizard.wizard import FIELDS, LOAD, SOURCE
from widgets.theme import Theme

SIZE, KIND = 100_000, "fire_station"
LIMIT_S, LIMIT_MS = 300.0, 100.0


def rows() -> list[Row]:
    """Measure both."""
    application = QApplication(["bench"])
    application.setApplicationName("onemap-bench")
    with tempfile.TemporaryDirectory(prefix="onemap-bench-") as folder:
        bench = _Bench(Path(folder))
        gc.collect()
        gc.freeze()
        gc.disable()  # as in the console, where a timer collects between turns
        try:
            bench.measure()
        finally:
            bench.close()
            application.shutdown()  # before the screen goes
    return bench.found


class _Bench:
    def __init__(self, folder: Path) -> None:
        self._file = folder / "stations.csv"
        lines = (
            f"站{n},101.{800_000 + n % 90_000},36.{600_000 + n % 7_919}\n" for n in range(SIZE)
        )
        self._file.write_text("name,lon,lat\n" + "".join(lines), "utf-8")
        self._bridge = ThreadBridge()
        self._operations = Operations(self._bridge)
        self._window = ImportWindow(Theme.load(), outline_rings(OUTLINE))
        catalogue = load(default_directory())
        parts: Any = SimpleNamespace(catalogue=catalogue, operations=self._operations, lang="en")

        def client(wait: Wait) -> HubClient:
            transport = httpx.MockTransport(_answer)
            return HubClient("http://hub", "secret", wait=wait, transport=transport)

        loader = Loader(catalogue, BatchStore(folder), client, "http://hub", "bench")
        self._controller = ImportsController(
            parts, self._window, loader, Memory(folder), OUTLINE, lambda _box: None
        )
        self._turns = Turns()
        self.found: list[Row] = []

    def close(self) -> None:
        """End all threads."""
        self._turns.stop()
        self._controller.close()
        self._operations.close()
        self._bridge.close()
        self._window.close()
        self._window.deleteLater()

    def measure(self) -> None:
        """As a person does it: the file, its fields, all rows tried, then loaded."""
        wizard = self._window.wizard
        self._window.show()
        self._take("look at the file", self._open, lambda: wizard.page == SOURCE)
        crs = wizard.source.crs
        crs.setCurrentIndex(crs.findData("4326"))
        crs.activated.emit(crs.currentIndex())
        _until(wizard.next.isEnabled)
        wizard.next.click()
        _until(lambda: wizard.page == FIELDS)
        kinds = wizard.fields.kind
        kinds.setCurrentIndex(kinds.findData(KIND))
        kinds.activated.emit(kinds.currentIndex())
        _until(wizard.next.isEnabled)
        counts, load_ = wizard.load.counts, wizard.load.load
        whole = f"{SIZE:,}"
        self._take("try all rows", wizard.next.click, lambda: whole in counts.text())
        _until(lambda: wizard.page == LOAD and load_.isEnabled())
        headline = wizard.load.headline
        self._take("load all rows", load_.click, lambda: headline.text().startswith("Loaded"))

    def _open(self) -> None:
        self._controller.take(str(self._file))

    def _take(self, name: str, act: Callable[[], object], ready: Callable[[], bool]) -> None:
        self._turns.restart()
        began = time.perf_counter()
        act()
        _until(ready)
        took = time.perf_counter() - began
        name, pause = f"import wizard: {name}", self._turns.longest_ms()
        self.found += [
            Row(figure="P4", name=name, size=SIZE, value=round(took, 2), unit="s"),
            Row.at_most("P4", f"{name}, longest pause", SIZE, round(pause, 1), "ms", LIMIT_MS),
        ]


def _answer(request: httpx.Request) -> httpx.Response:
    """A hub that takes everything."""
    if request.url.path.startswith("/api/v1/imports"):
        return httpx.Response(200, json={"epoch": "e", "offset": 0, "source": "bench"})
    items = json.loads(request.content)
    told = [{"index": n, "ok": True, "offset": n + 1} for n in range(len(items))]
    return httpx.Response(200, json={"accepted": len(items), "rejected": 0, "items": told})


def _until(ready: Callable[[], bool]) -> None:
    end = time.perf_counter() + LIMIT_S
    while not ready():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if time.perf_counter() > end:
            raise TimeoutError("the wizard did not come so far")
