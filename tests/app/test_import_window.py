"""The import window with its controller, against a hub of a few lines."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shapely.geometry import Point

from app.bridge import ThreadBridge
from app.controllers.imports import ImportsController
from app.import_jobs import Loader, Wait, outline_rings
from app.import_labels import note_words
from app.operations import Operations
from app.side_windows import OUTLINE, load_under_way
from app.windows.imports import ImportWindow
from services.ingest.batches import BatchStore
from services.ingest.http_client import HubClient
from services.ingest.remembered import Memory
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from tests.services.importer.fake_hub import FakeHub
from tests.services.importer.gis_files import written
from tests.widgets import test_chinese_words
from widgets.import_wizard.wizard import FIELDS, FILE, LOAD, SOURCE
from widgets.theme import Theme

chinese = test_chinese_words.chinese  # a fixture
STATIONS = "name,lon,lat\n" + "".join(f"站{n},101.{800 + n % 90},36.6\n" for n in range(2_500))


class ImportHub(FakeHub):
    """Takes loads and undoes them. ``hold``: batches wait for it, so that a test sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.begun = ""
        self.undone = 0
        self.hold: threading.Semaphore | None = None

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if not path.startswith("/api/v1/imports"):
            if self.hold is not None:
                assert self.hold.acquire(timeout=20)
            return super().answer(request)
        told = json.loads(request.content)
        self.asked.append(path.removeprefix("/api/v1/imports"))
        if path.endswith("/undo"):
            assert told == {"batch": self.begun}
            ids = [item["id"] for item in self.items]
            part = ids[self.undone : self.undone + 1_000]
            self.undone += len(part)
            left = {"id": part[0], "error": {"code": "changed_since", "text": "x"}}
            counts = {"deleted": len(part) - 1, "done": self.undone, "total": len(ids)}
            return httpx.Response(200, json={**counts, "left": [left]})
        if "batch" in told and path.endswith("/imports"):
            self.begun = told["batch"]
        return httpx.Response(200, json={"epoch": "e", "offset": 0, "source": "duty1"})


class Seat:
    """An import window as one person has it."""

    def __init__(self, folder: Path, catalogue: Catalogue, lang: str) -> None:
        self.hub = ImportHub()
        self.bridge = ThreadBridge()
        self.operations = Operations(self.bridge)
        self.shown: list[tuple[float, float, float, float]] = []
        self.window = ImportWindow(Theme.load(), outline_rings(OUTLINE))
        self.wizard = self.window.wizard
        parts: Any = SimpleNamespace(catalogue=catalogue, operations=self.operations, lang=lang)

        def client(wait: Wait) -> HubClient:
            return self.hub.client(wait=wait)

        loader = Loader(catalogue, BatchStore(folder), client, "http://hub", "duty1")
        self.controller = ImportsController(
            parts, self.window, loader, Memory(folder), OUTLINE, self.shown.append
        )
        self.window.show()

    def close(self) -> None:
        self.controller.close()
        if self.hub.hold is not None:
            self.hub.hold.release(100)
        self.operations.close()
        self.bridge.close()
        self.window.close()
        self.window.deleteLater()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


@pytest.fixture
def seat(
    tmp_path: Path, catalogue: Catalogue, qtbot: QtBot, request: pytest.FixtureRequest
) -> Iterator[Seat]:
    made = Seat(tmp_path / "data", catalogue, getattr(request, "param", "en"))
    yield made
    made.close()


def _file(tmp_path: Path, text: str | bytes = STATIONS, name: str = "rows.csv") -> str:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def _as(seat: Seat, qtbot: QtBot, kind: str) -> None:
    box = seat.wizard.fields.kind
    place = box.findData(kind)
    box.setCurrentIndex(place)
    box.activated.emit(place)
    qtbot.waitUntil(lambda: "good" in seat.wizard.fields.counts.text(), timeout=20_000)


def _up_to_the_load(seat: Seat, qtbot: QtBot, path: str) -> None:
    wizard = seat.wizard
    seat.controller.take(path)
    qtbot.waitUntil(lambda: wizard.page == SOURCE, timeout=20_000)
    place = wizard.source.crs.findData("4326")
    wizard.source.crs.setCurrentIndex(place)
    wizard.source.crs.activated.emit(place)
    qtbot.waitUntil(wizard.next.isEnabled, timeout=20_000)
    qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    _as(seat, qtbot, "fire_station")
    qtbot.waitUntil(wizard.next.isEnabled, timeout=20_000)
    qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    assert wizard.page == LOAD


def test_a_table_asks_for_its_system_and_loads_pauses_and_undoes(
    seat: Seat, qtbot: QtBot, tmp_path: Path
) -> None:
    wizard, hub = seat.wizard, seat.hub
    seat.controller.take(_file(tmp_path))
    qtbot.waitUntil(lambda: wizard.page == SOURCE, timeout=20_000)
    assert wizard.source.must.isVisible()
    assert not wizard.next.isEnabled()
    _up_to_the_load(seat, qtbot, _file(tmp_path))
    qtbot.waitUntil(lambda: wizard.load.counts.text().startswith("All 2,500"), timeout=30_000)
    assert not list(tmp_path.glob("**/*.bad.csv"))  # trying leaves nothing behind
    hub.hold = threading.Semaphore(0)
    qtbot.mouseClick(wizard.load.load, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(wizard.load.pause.isVisible, timeout=20_000)
    assert load_under_way({"imports": seat.window})
    qtbot.mouseClick(wizard.load.pause, Qt.MouseButton.LeftButton)
    hub.hold.release()
    qtbot.waitUntil(lambda: "1,000" in wizard.load.headline.text(), timeout=20_000)
    assert wizard.load.headline.text().startswith("Paused")
    assert len(hub.items) == 1_000
    hub.hold.release(9)
    qtbot.mouseClick(wizard.load.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(wizard.load.undo.isVisible, timeout=20_000)
    assert wizard.load.headline.text() == "Loaded 2,500 of 2,500 rows, 0 refused"
    assert len(hub.items) == 2_500
    assert not load_under_way({"imports": seat.window})
    qtbot.mouseClick(wizard.load.show_map, Qt.MouseButton.LeftButton)
    assert seat.shown == [(101.8, 36.6, 101.889, 36.6)]
    qtbot.mouseClick(wizard.load.undo, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(wizard.load.confirm.yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.load.headline.text().startswith("Undone"), timeout=20_000)
    assert wizard.load.headline.text() == "Undone: 2,497 deleted, 0 restored, 3 left"
    assert hub.asked == ["", "/end", "/undo", "/undo", "/undo"]
    qtbot.mouseClick(wizard.load.again, Qt.MouseButton.LeftButton)
    state = lambda: wizard.file.table.model().index(0, 3).data()  # noqa: E731
    qtbot.waitUntil(lambda: state() == "undone", timeout=20_000)
    wizard.file.table.selectRow(0)
    assert not wizard.file.undo.isVisible()  # once is enough
    assert "fire_station" in wizard.file.details.text()


def test_a_load_that_is_stopped_can_be_undone_from_the_list(
    seat: Seat, qtbot: QtBot, tmp_path: Path
) -> None:
    wizard, hub = seat.wizard, seat.hub
    _up_to_the_load(seat, qtbot, _file(tmp_path))
    hub.hold = threading.Semaphore(0)
    qtbot.mouseClick(wizard.load.load, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(wizard.load.stop.isVisible, timeout=20_000)
    qtbot.mouseClick(wizard.load.stop, Qt.MouseButton.LeftButton)
    hub.hold.release(9)
    qtbot.waitUntil(lambda: wizard.load.headline.text().startswith("Stopped"), timeout=20_000)
    qtbot.mouseClick(wizard.load.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.file.table.model().rowCount() == 1, timeout=20_000)
    wizard.file.table.selectRow(0)
    qtbot.mouseClick(wizard.file.undo, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(wizard.file.confirm.yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.load.headline.text().startswith("Undone"), timeout=20_000)


def test_a_mapping_is_remembered_and_taken_again(seat: Seat, qtbot: QtBot, tmp_path: Path) -> None:
    wizard = seat.wizard
    text = "站名,x,y,水深(cm)\n甲,101.8,36.6,35\n"
    seat.controller.take(_file(tmp_path, text))
    qtbot.waitUntil(lambda: wizard.page == SOURCE, timeout=20_000)
    look = wizard.source.findChildren(type(wizard.next))[0]
    qtbot.mouseClick(look, Qt.MouseButton.LeftButton)  # degrees, as it looks
    qtbot.waitUntil(wizard.next.isEnabled, timeout=20_000)
    qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    box = wizard.fields.kind
    box.setCurrentIndex(box.findData("flood_point"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: bool(wizard.fields.reasons.text()), timeout=20_000)
    assert "name" in wizard.fields.reasons.text()  # what is missing is told
    for name, column in (("name", "站名"), ("attrs.depth_record_m", "水深(cm)")):
        line = wizard.fields.rows.line_of(name)
        assert line is not None
        line.source.setEditText(column)
        if name == "attrs.depth_record_m":
            line.unit.setText("cm")
    qtbot.waitUntil(lambda: "1 good" in wizard.fields.counts.text(), timeout=20_000)
    assert "0.35" in wizard.fields.table.model().index(0, 1).data()
    wizard.fields.name.setText("水位站")
    qtbot.mouseClick(wizard.fields.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "水位站" in wizard.fields.kept.text(), timeout=20_000)
    seat.controller.take(_file(tmp_path, text + "乙,101.9,36.6,40\n", "next.csv"))
    qtbot.waitUntil(lambda: wizard.name.text() == "next.csv", timeout=20_000)
    qtbot.waitUntil(lambda: wizard.page == SOURCE and wizard.next.isEnabled(), timeout=20_000)
    qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "2 good" in wizard.fields.counts.text(), timeout=20_000)
    assert wizard.fields.way.currentData() == "水位站"


@pytest.mark.parametrize(
    ("seat", "words"),
    [("en", "it is empty"), ("zh", "为空")],
    indirect=["seat"],
)
def test_a_file_that_cannot_be_read_is_said_on_the_first_page(
    seat: Seat, qtbot: QtBot, tmp_path: Path, words: str
) -> None:
    seat.controller.take(_file(tmp_path, b""))
    qtbot.waitUntil(seat.wizard.file.problem.isVisible, timeout=20_000)
    assert seat.wizard.page == FILE
    assert not seat.wizard.next.isEnabled()
    if words == "为空":  # without the product's translator the source text stands
        assert seat.wizard.file.problem.text() == "The file is empty."
    else:
        assert "is empty" in seat.wizard.file.problem.text()
    seat.controller.take(str(tmp_path / "none.gpkg"))
    qtbot.waitUntil(
        lambda: (
            "none.gpkg" in seat.wizard.file.problem.text()
            or "not there" in seat.wizard.file.problem.text()
        ),
        timeout=20_000,
    )


def test_an_encoding_that_is_none_can_be_chosen(seat: Seat, qtbot: QtBot, tmp_path: Path) -> None:
    wizard = seat.wizard
    seat.controller.take(_file(tmp_path, "name,lon,lat\nCafé,101.8,36.6\n\xff\n".encode("latin-1")))
    qtbot.waitUntil(lambda: wizard.page == SOURCE, timeout=20_000)
    assert wizard.source.warning.isVisible()
    assert not wizard.next.isEnabled()
    place = wizard.source.encoding.findData("Latin-1")
    wizard.source.encoding.setCurrentIndex(place)
    wizard.source.encoding.activated.emit(place)
    qtbot.waitUntil(lambda: wizard.source.table.model().rowCount() > 0, timeout=20_000)
    assert wizard.source.table.model().index(0, 0).data() == "Café"


def test_layers_are_looked_at_one_by_one(seat: Seat, qtbot: QtBot, tmp_path: Path) -> None:
    wizard = seat.wizard
    path = written(tmp_path / "a.gpkg", [Point(101.8, 36.6)], {"t": ["x"]}, layer="站点")
    written(path, [Point(101.9, 36.7)], {"u": ["y"]}, layer="井盖", append=True)
    seat.controller.take(str(path))
    qtbot.waitUntil(lambda: wizard.page == SOURCE, timeout=20_000)
    assert wizard.source.layer.count() == 2
    wizard.source.layer.setCurrentIndex(1)
    wizard.source.layer.activated.emit(1)
    qtbot.waitUntil(
        lambda: wizard.source.table.model().headerData(0, Qt.Orientation.Horizontal) == "u",
        timeout=20_000,
    )
    assert wizard.source.map._points == ((101.9, 36.7, True),)
    qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    assert wizard.page == FIELDS


def test_a_file_is_dropped_on_the_window(seat: Seat, qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(_file(tmp_path))])
    words = QMimeData()
    words.setText("no file")
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    for mime, taken in ((words, False), (data, True)):
        enter = QDragEnterEvent(QPointF(20, 20), copy, mime, left, none)
        enter.ignore()
        QApplication.sendEvent(seat.window, enter)
        assert enter.isAccepted() is taken
    QApplication.sendEvent(seat.window, QDropEvent(QPointF(20, 20), copy, data, left, none))
    qtbot.waitUntil(lambda: seat.wizard.page == SOURCE, timeout=20_000)
    cover = ImportWindow(Theme.load(), [])  # any widget
    seat.window.set_cover(cover)
    enter = QDragEnterEvent(QPointF(20, 20), copy, data, left, none)
    enter.ignore()
    QApplication.sendEvent(seat.window, enter)
    assert not enter.isAccepted()  # a locked desk takes nothing
    seat.window.set_cover(None)
    cover.deleteLater()


def test_what_was_asked_before_something_else_was_chosen_has_no_place(
    seat: Seat, qtbot: QtBot, tmp_path: Path
) -> None:
    wizard = seat.wizard
    first = _file(tmp_path, STATIONS, "first.csv")
    seat.controller.take(first)
    seat.controller.take(_file(tmp_path, "标题\n井盖\n", "second.csv"))
    qtbot.waitUntil(lambda: wizard.page == SOURCE, timeout=20_000)
    assert wizard.source.table.model().columnCount() == 1
    assert wizard.name.text() == "second.csv"


def test_a_load_that_was_stopped_is_gone_on_with_and_sends_nothing_twice(
    seat: Seat, qtbot: QtBot, tmp_path: Path
) -> None:
    wizard, hub = seat.wizard, seat.hub
    path = _file(tmp_path)
    _up_to_the_load(seat, qtbot, path)
    hub.hold = threading.Semaphore(1)  # one batch
    qtbot.mouseClick(wizard.load.load, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(hub.items) > 0, timeout=20_000)
    qtbot.mouseClick(wizard.load.stop, Qt.MouseButton.LeftButton)
    hub.hold.release(9)
    qtbot.waitUntil(lambda: wizard.load.headline.text().startswith("Stopped"), timeout=20_000)
    assert wizard.load.resume.isVisible()
    sent = len(hub.items)
    assert 0 < sent < 2_500
    qtbot.mouseClick(wizard.load.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.file.table.model().rowCount() == 1, timeout=20_000)
    wizard.file.table.selectRow(0)
    qtbot.mouseClick(wizard.file.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.load.headline.text().startswith("Loaded"), timeout=20_000)
    assert wizard.load.headline.text() == "Loaded 2,500 of 2,500 rows, 0 refused"
    ids = [item["id"] for item in hub.items]
    assert len(ids) == len(set(ids)) == 2_500
    assert not wizard.load.resume.isVisible()
    assert wizard.load.undo.isVisible()


def test_a_load_cannot_be_gone_on_with_when_its_file_has_changed_or_gone(
    seat: Seat, qtbot: QtBot, tmp_path: Path
) -> None:
    wizard, hub = seat.wizard, seat.hub
    path = Path(_file(tmp_path))
    _up_to_the_load(seat, qtbot, str(path))
    hub.hold = threading.Semaphore(1)
    qtbot.mouseClick(wizard.load.load, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(hub.items) > 0, timeout=20_000)
    qtbot.mouseClick(wizard.load.stop, Qt.MouseButton.LeftButton)
    hub.hold.release(9)
    qtbot.waitUntil(wizard.load.resume.isVisible, timeout=20_000)
    sent = len(hub.items)
    for change, said in (
        (lambda: path.write_text("name,lon,lat\n"), "not the one any more"),
        (path.unlink, "not there"),
    ):
        change()
        qtbot.mouseClick(wizard.load.resume, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda said=said: said in wizard.load.problem.text(), timeout=20_000)
        assert wizard.load.resume.isVisible(), "it can be tried again"
    assert len(hub.items) == sent


@pytest.mark.parametrize(
    ("note", "zh"),
    [
        ("split into 3 parts", "拆分为 3 个对象"),
        ("mended: Self-intersection[101.8 36.6]", "图形已修复：自相交 (101.8 36.6)"),
        ("mended: Ring Self-intersection", "图形已修复：边界自相接"),
        ("mended: Something new", "图形已修复：Something new"),
        ("as it is", "as it is"),
    ],
)
@pytest.mark.usefixtures("chinese")
def test_what_was_mended_is_said_in_the_reader_s_language(note: str, zh: str) -> None:
    assert note_words(note, "zh") == zh
    assert note_words(note, "en") == note
