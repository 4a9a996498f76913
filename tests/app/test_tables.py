"""A desk's attribute tables: kept up with a changing city, in step with the map, kept for later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from pytestqt.qtbot import QtBot

from app.bridge import ThreadBridge
from app.controllers import table as controllers
from app.controllers.table import TableOf
from app.controllers.tables import TablesController
from app.operations import Operations
from app.readmodel import ReadModel
from app.settings import Settings
from app.tables import TableShelf
from app.windows.table import TableWindow
from layers.model.features import FeatureStore
from layers.model.fields import FieldTable
from layers.model.selection import Selection
from layers.model.table import Arranged, Asked, Order
from services.domain.clock import ManualClock
from services.domain.model import Entity, Link
from services.domain.world import Delta
from services.feed.frames import ReplayState
from services.packs.loader import default_directory, load
from widgets.format import date_time
from widgets.theme import Theme

KIND = "level_sensor"
NOW = 1_784_095_532.0
LAYER = TableOf(KIND, frozenset({KIND}), "液位监测")


def sensor(i: int, level: float, **more: Any) -> Entity:
    return Entity(
        **{"id": f"{KIND}:{i}", "kind": KIND, "name": f"液位 {i}", "lon": 101.8 + i / 1_000,
           "lat": 36.6, "link": Link.ONLINE, "values": {"level": level}, "observed_at": NOW,
           "offset": 1, **more}
    )  # fmt: skip


class Chart(QObject):
    """What a table needs of a map."""

    selection_changed = Signal(object)

    def __init__(self, store: FeatureStore) -> None:
        super().__init__()
        self.selection = Selection(store)
        self.selecting = self
        self.boxes: list[tuple[float, ...]] = []

    def set_rows(self, rows: np.ndarray[Any, Any]) -> None:
        if self.selection.apply(rows):
            self.selection_changed.emit(self.selection.picked)

    def fit(self, *box: float) -> None:
        self.boxes.append(box)


class Session(QObject):
    replay_changed = Signal(object)

    def __init__(self, model: ReadModel, *, replay: bool = False) -> None:
        super().__init__()
        self.model, self.is_replay = model, replay
        self.replay_state: ReplayState | None = None


class Seat:
    """A desk's tables over a read model, without the desk."""

    def __init__(self, data: Path, *, replay: bool = False) -> None:
        self.catalogue = load(default_directory())
        self.clock, self.steady = ManualClock(NOW), ManualClock(0.0)
        store = FeatureStore(tuple(self.catalogue.kinds.values()))
        self.model = ReadModel(self.catalogue, store, self.clock)
        self.session = Session(self.model, replay=replay)
        self.chart = Chart(store)
        self.bridge = ThreadBridge()
        self.operations = Operations(self.bridge)
        self.windows: dict[str, tuple[TableWindow, Callable[[], None]]] = {}
        self.settings = Settings(data)
        shelf = TableShelf(self._show, self.close_window, self.settings)
        parts: Any = SimpleNamespace(
            catalogue=self.catalogue, theme=Theme.load(), lang="en", operations=self.operations
        )
        session: Any = self.session
        chart: Any = self.chart
        self.tables = TablesController(
            parts, session, chart, shelf, self.session, steady=self.steady
        )

    def _show(self, name: str, window: TableWindow, closed: Callable[[], None]) -> None:
        self.windows[name] = (window, closed)
        window.show()

    def close_window(self, name: str) -> None:
        window, closed = self.windows.pop(name)
        closed()
        window.close()
        window.deleteLater()

    def feed(self, *entities: Entity, gone: tuple[str, ...] = (), reset: bool = False) -> None:
        records: dict[str, Entity | None] = {e.id: e for e in entities} | dict.fromkeys(gone)
        self.model.absorb(Delta(offset=self.model.offset + 1, entities=records, reset=reset))

    def look(self, window: TableWindow, after_s: float = 3.0) -> None:
        self.steady.advance(after_s)
        self.controller(window).look()

    def controller(self, window: TableWindow) -> controllers.TableController:
        found = window.findChild(controllers.TableController)
        assert found is not None
        return found

    def open(self, of: TableOf = LAYER) -> TableWindow:
        window = self.tables.open(of)
        self.controller(window)._tick.stop()  # the tests look themselves
        return window

    def close(self) -> None:
        self.tables.close()
        self.model.close()
        self.operations.close()
        self.bridge.close()


def names(window: TableWindow) -> list[str]:
    model = window.table.model
    return [model.store.names[row] for row in model.rows]


@pytest.fixture
def seat(qtbot: QtBot, tmp_path: Path) -> Iterator[Seat]:
    made = Seat(tmp_path)
    yield made
    made.close()


def test_values_are_the_newest_and_the_order_waits_a_moment(seat: Seat) -> None:
    seat.feed(sensor(1, 0.1), sensor(2, 0.2), sensor(3, 0.3))
    window = seat.open()
    window.table.set_order(Order("level", descending=True))
    assert names(window) == ["液位 3", "液位 2", "液位 1"]
    seat.feed(sensor(1, 0.9, offset=2))
    seat.look(window, after_s=0.5)
    place = next(i for i, c in enumerate(window.table.model.columns) if c.name == "level")
    assert window.table.model.text(2, place) == "0.90"
    assert names(window) == ["液位 3", "液位 2", "液位 1"]  # nothing runs away under one's eyes
    seat.look(window)
    assert names(window) == ["液位 1", "液位 3", "液位 2"]


def test_what_is_gone_leaves_at_once_and_what_comes_comes_soon(seat: Seat) -> None:
    seat.feed(sensor(1, 0.1), sensor(2, 0.2))
    window = seat.open()
    seat.feed(sensor(7, 0.7), gone=("level_sensor:1",))
    seat.look(window, after_s=0.1)
    assert names(window) == ["液位 2"]
    assert window.table.count.text() == "1"
    seat.look(window)
    assert sorted(names(window)) == ["液位 2", "液位 7"]
    assert window.table.count.text() == "2"


def test_a_filter_follows_the_values_and_the_time(seat: Seat) -> None:
    seat.feed(sensor(1, 0.1), sensor(2, 0.6))
    window = seat.open()
    window.table.set_filter("level > 0.5")
    assert names(window) == ["液位 2"]
    seat.feed(sensor(1, 0.8, offset=2))
    seat.look(window)
    assert names(window) == ["液位 1", "液位 2"]
    assert window.table.count.text() == "2 of 2"
    window.table.set_filter("age_s > 60")
    assert names(window) == []
    seat.clock.advance(61)
    seat.look(window)
    assert len(names(window)) == 2


def test_many_rows_are_arranged_by_a_worker(
    seat: Seat, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat.feed(sensor(1, 0.1), sensor(2, 0.6), sensor(3, 0.4))
    window = seat.open()
    monkeypatch.setattr(controllers, "AT_ONCE", 0)
    seat.controller(window).arrange()
    assert window.table.busy.words.text() == "Working on 3 rows…"
    window.table.set_order(Order("level"))  # asked while the first is under way
    window.table.set_filter("level < 0.5")
    qtbot.waitUntil(lambda: names(window) == ["液位 1", "液位 3"], timeout=5_000)
    assert window.table.busy.words.text() == ""


def test_sorting_many_rows_can_be_stopped_and_what_was_shown_stays(
    seat: Seat, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat.feed(sensor(1, 0.1), sensor(2, 0.6), sensor(3, 0.4))
    window = seat.open()
    table = window.table
    table.set_order(Order("level"))
    monkeypatch.setattr(controllers, "AT_ONCE", 0)

    def long(frozen: FieldTable, asked: Asked) -> Arranged:
        assert frozen.work is not None
        while True:  # until somebody stops it
            frozen.work.step(1)

    monkeypatch.setattr(controllers, "arrange", long)
    table.set_order(Order("level", descending=True))
    table.set_filter("level > 0.2")
    qtbot.waitUntil(table.busy.stop.isVisible, timeout=5_000)
    qtbot.waitUntil(lambda: table.busy.bar.value() > 0, timeout=5_000)
    qtbot.mouseClick(table.busy.stop, Qt.MouseButton.LeftButton)
    assert not table.busy.stop.isVisible()
    assert (table.filter.text(), table.asked.order) == ("", Order("level"))
    assert names(window) == ["液位 1", "液位 3", "液位 2"]
    monkeypatch.undo()
    seat.feed(sensor(1, 0.9, offset=2))
    qtbot.waitUntil(lambda: seat.controller(window)._work is None, timeout=5_000)
    seat.look(window)
    assert names(window) == ["液位 3", "液位 2", "液位 1"], "it goes on as before"


def test_a_large_table_opens_first_and_is_filled_then(
    seat: Seat, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controllers, "AT_ONCE", 1)
    seat.feed(sensor(1, 0.1, attrs={"vendor": "a"}), sensor(2, 0.6))
    window = seat.open()
    assert window.isVisible()
    assert names(window) == []
    qtbot.waitUntil(lambda: names(window) == ["液位 1", "液位 2"], timeout=5_000)
    fields = [c.name for c in window.table.columns]
    qtbot.waitUntil(lambda: len(window.table.columns) > len(fields) or "vendor" in fields)
    assert "vendor" in [c.name for c in window.table.columns]


def test_what_is_selected_here_is_selected_on_the_map_and_back(seat: Seat) -> None:
    seat.feed(*(sensor(i, i / 10) for i in range(5)))
    seat.chart.set_rows(np.array([1]))
    window = seat.open()
    assert [names(window)[i] for i in range(5) if window.table.grid.is_selected(i)] == ["液位 1"]
    window.table.grid.select_rows(np.array([2, 4]))
    assert seat.chart.selection.ids() == [f"{KIND}:2", f"{KIND}:4"]
    seat.chart.set_rows(np.array([0]))
    assert window.table.grid.selection.ids() == [f"{KIND}:0"]
    window.table.zoom_asked.emit()
    west, south, east, north = seat.chart.boxes[-1]
    assert west < 101.8 < east
    assert south < 36.6 < north


def test_a_layer_has_one_window_and_another_layer_another(seat: Seat) -> None:
    seat.feed(sensor(1, 0.1))
    first = seat.open()
    assert seat.open() is first
    other = seat.open(TableOf("camera", frozenset({"camera"}), "视频"))
    assert len(seat.windows) == 2
    assert other.table.empty.text().startswith("This layer has nothing")
    filtered = seat.open(TableOf(KIND, frozenset({KIND}), "液位监测", "level > 5"))
    assert filtered is not first
    assert len(seat.windows) == 2
    assert filtered.table.empty.text() == "The layer's own filter hides all of its 1 things."


def test_before_the_first_data_a_table_says_so(seat: Seat) -> None:
    assert seat.open().table.empty.text() == "No data has come from the hub yet."


def test_fields_that_no_pack_describes_can_be_shown(seat: Seat, qtbot: QtBot) -> None:
    seat.feed(sensor(1, 0.1, attrs={"vendor": "X"}))
    window = seat.open()
    qtbot.waitUntil(lambda: "vendor" in {c.name for c in window.table.columns}, timeout=5_000)
    window.table.set_filter("vendor = 'X'")
    assert names(window) == ["液位 1"]


def test_columns_are_kept_for_the_layer_and_all_else_for_a_new_look(seat: Seat) -> None:
    seat.feed(sensor(1, 0.1), sensor(2, 0.2))
    window = seat.open()
    window.table.chooser.chosen.emit(["name", "level"])
    window.table.set_filter("level > 0.15")
    window.table.set_order(Order("level"))
    states = seat.tables.state()
    seat.tables.close()
    assert seat.windows == {}
    seat.tables.arrange(states)
    again = next(iter(seat.windows.values()))[0]
    assert [c.name for c in again.table.shown_columns()] == ["name", "level"]
    assert again.table.filter_text == "level > 0.15"
    assert again.table.asked.order == Order("level")
    assert names(again) == ["液位 2"]


def test_an_open_card_is_asked_of_the_desk(seat: Seat) -> None:
    seat.feed(sensor(1, 0.1))
    asked: list[str] = []
    seat.tables.opened.connect(asked.append)
    window = seat.open()
    window.table.opened.emit(f"{KIND}:1")
    assert asked == [f"{KIND}:1"]


def test_a_replay_s_table_has_its_frame_clock_and_moment(qtbot: QtBot, tmp_path: Path) -> None:
    seat = Seat(tmp_path, replay=True)
    try:
        seat.feed(sensor(1, 0.1), reset=True)
        window = seat.open()
        assert window.frame is not None
        state = ReplayState(
            at=NOW, offset=1, start=NOW - 60, end=NOW, playing=False, speed=1.0, density=()
        )
        seat.session.replay_changed.emit(state)
        assert window.frame._clock.text() == date_time(NOW)
        seat.feed(sensor(9, 0.9), reset=True)
        seat.model._tell()  # the frame's turn
        assert names(window) == ["液位 9"]
    finally:
        seat.close()


@pytest.mark.parametrize("bad", ["no json", '{"a": 1}', "[1, 2]", "[" + '"x",' * 300 + '"x"]'])
def test_a_broken_memory_of_columns_is_none(tmp_path: Path, bad: str) -> None:
    settings = Settings(tmp_path)
    settings.set_table_columns("x", ["a", "b"])
    assert Settings(tmp_path).table_columns("x") == ["a", "b"]
    settings._keep(f"tables/{settings._store.allKeys()[0].split('/')[1]}", bad)
    assert settings.table_columns("x") == []
