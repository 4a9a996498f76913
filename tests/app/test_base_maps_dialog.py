"""The dialog of base maps over real sources: added, checked, changed, downloaded, removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.base_maps import BaseMaps
from app.bridge import ThreadBridge
from app.controllers.base_maps import BaseMapsController
from app.operations import Operations
from services.basemaps import plan
from tests.app.test_base_maps import Shown
from tests.services.basemaps.conftest import server
from tests.services.basemaps.pictured import picture, pmtiles
from tests.services.basemaps.server import Answer, TileServer
from tests.services.basemaps.test_capabilities import MERCATOR, _document, _layer
from widgets.base_map_form import BaseMapFields
from widgets.base_maps import BaseMapsDialog
from widgets.theme import Theme

__all__ = ["server"]
LEFT = Qt.MouseButton.LeftButton
VIEW = (101.80, 36.60, 101.81, 36.61)


class Bench:
    """A dialog over base maps of its own, and the window below it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.bridge = ThreadBridge()
        self.operations = Operations(self.bridge)
        theme = Theme.load()
        self.bases = BaseMaps(folder, "duty1", theme, self.operations, self.bridge)
        self.window = QWidget()
        self.shown = Shown()
        self.bases.attach("desk", self.shown)
        parts = SimpleNamespace(
            bases=self.bases, operations=self.operations, theme=theme, lang="en"
        )
        self.window.show()
        self.controller = BaseMapsController(
            parts, "desk", lambda: 1_800_000_000.0, lambda: VIEW, self.window
        )

    @property
    def dialog(self) -> BaseMapsDialog:
        return self.controller.dialog

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=10_000)

    def press(self, name: str, id_: str) -> None:
        QTest.mouseClick(self.dialog.list.row(id_).buttons[name], LEFT)

    def save(self, fields: BaseMapFields) -> None:
        """Through the form, as a person does."""
        QTest.mouseClick(self.dialog.list.add, LEFT)
        self.dialog.form.set_fields(fields)
        QTest.mouseClick(self.dialog.form.save, LEFT)

    def ids(self) -> list[str]:
        return [source.id for source in self.bases.catalogue.sources()]

    def close(self) -> None:
        self.dialog.close()
        self.window.close()
        self.window.deleteLater()
        self.operations.close()
        self.bases.close()
        self.bases.deleteLater()
        self.bridge.close()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, server: TileServer) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path)
    yield made
    made.close()


def test_a_tile_server_is_added_checked_changed_and_removed(
    bench: Bench, server: TileServer
) -> None:
    server.answers = lambda path, _headers: Answer(
        200 if path.endswith("?k=right") else 403, picture("red")
    )
    address = f"{server.url}/{{z}}/{{x}}/{{y}}?k={{key}}"
    bench.save(BaseMapFields("xyz", title="City", address="http://h/nothing"))
    bench.until(lambda: bench.dialog.form.error.isVisible())
    assert "{z}" in bench.dialog.form.error.text()
    bench.dialog.show_list()
    bench.save(BaseMapFields("xyz", title="City", address=address, key="wrong", attribution="©"))
    bench.until(lambda: bench.bases.chosen("desk") == "xyz")
    bench.press("check", "xyz")
    told = bench.dialog.list.row("xyz").told
    bench.until(lambda: "refuses the key" in told.text())
    bench.press("change", "xyz")
    bench.dialog.form.key.setText("right")
    QTest.mouseClick(bench.dialog.form.save, LEFT)
    bench.until(lambda: bench.dialog.pages.currentWidget() is bench.dialog.list)
    assert bench.ids() == ["schematic", "xyz"]
    bench.press("check", "xyz")
    bench.until(lambda: told.text().startswith("Good: level 14, PNG, 256 pixels"))
    bench.press("remove", "xyz")
    QTest.mouseClick(bench.dialog.confirm.yes, LEFT)
    bench.until(lambda: bench.ids() == ["schematic"])
    bench.until(lambda: bench.shown.urls[-1] == bench.bases.url)


def test_a_layer_of_a_wmts_and_a_file_are_added(
    bench: Bench, server: TileServer, tmp_path: Path
) -> None:
    server.answers = lambda _path, _headers: Answer(
        200, _document(_layer("vec", "w") + MERCATOR), {"Content-Type": "text/xml"}
    )
    form = bench.dialog.form
    bench.save(BaseMapFields("wmts", address=f"{server.url}/wmts"))
    bench.until(lambda: "choose one" in form.error.text())
    QTest.mouseClick(form.read, LEFT)
    bench.until(lambda: form.layers.isVisible())
    QTest.mouseClick(form.save, LEFT)
    bench.until(lambda: bench.bases.chosen("desk") == "vec")
    assert bench.bases.catalogue.get("vec").title_en == "Title of vec"
    path = pmtiles(tmp_path / "town.pmtiles", {(9, 400, 199): picture("red")})
    bench.save(BaseMapFields("file", address=str(tmp_path / "none.mbtiles")))
    bench.until(lambda: form.error.isVisible())
    form.address.setText(str(path))
    QTest.mouseClick(form.save, LEFT)
    bench.until(lambda: bench.bases.chosen("desk") == "town")
    assert bench.bases.catalogue.get("town").type == "pmtiles"


def test_a_region_is_downloaded_and_becomes_a_base_map(
    bench: Bench, server: TileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.basemaps.job.MAX_RATE", 10_000.0)
    bench.bases.catalogue.put(server.source(id="s"))
    bench.bases.source_changed("s")
    bench.press("download", "s")
    page = bench.dialog.region
    page.view.setChecked(True)
    page.last.setValue(13)
    page.rate.setMaximum(10_000)
    page.rate.setValue(10_000)
    bench.until(lambda: "13: " in page.count.text())
    assert "tiles, about" in page.count.text()
    assert "at this rate" in page.count.text()
    QTest.mouseClick(page.allowed, LEFT)
    QTest.mouseClick(page.start, LEFT)
    bench.until(lambda: "s-1" in bench.ids())
    made = bench.bases.catalogue.get("s-1")
    assert (made.type, made.min_level, made.max_level) == ("mbtiles", 10, 13)
    bench.until(lambda: bench.bases.downloads.running is None)
    assert bench.dialog.pages.currentWidget() is bench.dialog.list
    bench.press("download", "s")
    assert page.name.text() == "s-1-2", "the next one does not ask to replace the first"
    page.name.setText("s-1")
    page.view.setChecked(True)
    page.last.setValue(12)
    bench.until(lambda: "12: " in page.count.text())
    if not page.allowed.isChecked():
        QTest.mouseClick(page.allowed, LEFT)
    QTest.mouseClick(page.start, LEFT)
    bench.until(lambda: page.error.isVisible())
    assert "s-1.mbtiles is there already" in page.error.text()


def test_the_cache_is_limited_and_emptied(bench: Bench) -> None:
    cache, kept = bench.dialog.list.cache, bench.bases.cache()
    for x in range(300):
        kept.put("s", 9, x, 0, bytes(10_000), "", 2e9)
    bench.until(lambda: cache.limit.value() == 512)
    cache.limit.setFocus()
    cache.limit.setValue(1)
    QTest.keyClick(cache.limit, Qt.Key.Key_Return)
    bench.until(lambda: kept.size <= 1_000_000)
    bench.until(lambda: "kB used" in cache.used.text())
    assert bench.bases.catalogue.cache_mb == 1
    QTest.mouseClick(cache.empty, LEFT)
    bench.until(lambda: kept.size == 0)
    bench.until(lambda: kept.on_disk < 100_000)


def test_a_region_without_room_cannot_be_begun(
    bench: Bench, server: TileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = SimpleNamespace(free=plan.ROOM)
    monkeypatch.setattr(plan.shutil, "disk_usage", lambda _place: free)
    bench.bases.catalogue.put(server.source(id="s"))
    bench.bases.source_changed("s")
    bench.press("download", "s")
    page = bench.dialog.region
    bench.until(lambda: "50 MB are free" in page.count.text())
    QTest.mouseClick(page.allowed, LEFT)
    assert not page.start.isEnabled()
