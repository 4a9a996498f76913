"""The attribute table by mouse and keys: words, filter, order, columns, a selection of any size."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.model.features import Feature, FeatureStore
from layers.model.fields import field_table
from layers.model.table import Arranged, arrange
from services.domain.clock import ManualClock
from services.domain.model import Link, Severity
from services.packs.model import Catalogue
from widgets.attribute_columns import columns_of
from widgets.attribute_copy import copied
from widgets.attribute_table import AttributeTable
from widgets.attribute_values import values_of
from widgets.expression_edit import ExpressionEdit
from widgets.theme import Theme

KIND = "level_sensor"
NOW = 1_784_095_532.0
Modifier = Qt.KeyboardModifier


def sensor(i: int, **more: object) -> Feature:
    given: dict[str, object] = {
        "id": f"level_sensor:{i}", "kind": KIND, "name": f"液位 {i}", "lon": 101.8, "lat": 36.6,
        "link": Link.ONLINE, "observed_at": NOW - 60 * i, "readings": {"level": i / 10},
    }  # fmt: skip
    return Feature(**{**given, **more})  # type: ignore[arg-type]  # facts of the tests


class Shown:
    """A table over a store, arranged as its controller does."""

    def __init__(self, theme: Theme, catalogue: Catalogue, clock: ManualClock, lang: str) -> None:
        self.store = FeatureStore(tuple(catalogue.kinds.values()))
        self.store.upsert(sensor(i) for i in range(30))
        self.clock = clock
        self.table = AttributeTable(theme, self.store, clock, lambda error: error.text)
        kinds = [catalogue.kinds[KIND]]
        self.table.set_layer("液位", columns_of(kinds, catalogue, lang), [])
        self.table.set_values(values_of(kinds, catalogue, lang))
        self.table.asked_changed.connect(self.arrange)
        self.grid, self.model = self.table.grid, self.table.model
        self.arrange()
        self.table.resize(900, 400)
        self.table.show()

    def arrange(self) -> None:
        frozen = field_table(self.store, self.store.rows(), self.clock())
        self.table.set_arranged(arrange(frozen, self.table.asked), len(self.store))

    def names(self) -> list[str]:
        return [self.store.names[row] for row in self.model.rows]

    def chosen(self) -> list[str]:
        return [self.store.names[row] for row in self.grid.selected_rows()]

    def column(self, name: str) -> int:
        return next(i for i, c in enumerate(self.model.columns) if c.name == name)

    def click(self, qtbot: QtBot, place: int, keys: Modifier = Modifier.NoModifier) -> None:
        box = self.grid.visualRect(self.model.index(place, 0))
        viewport = self.grid.viewport()
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, keys, box.center())

    def title_click(self, qtbot: QtBot, name: str) -> None:
        header = self.grid.horizontalHeader()
        at = QPoint(header.sectionViewportPosition(self.column(name)) + 12, 8)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def cell(self, place: int, name: str) -> str:
        return str(self.model.index(place, self.column(name)).data())


@pytest.fixture
def shown(theme: Theme, catalogue: Catalogue, clock: ManualClock, qtbot: QtBot) -> Shown:
    made = Shown(theme, catalogue, clock, "en")
    qtbot.addWidget(made.table)
    return made


def test_values_stand_as_their_pack_words_them(shown: Shown) -> None:
    store = shown.store
    store.upsert([sensor(0, readings={"level": 0.456789}, severity=Severity.MAJOR, state="normal")])
    assert shown.cell(0, "level") == "0.46"
    heading = shown.model.headerData(shown.column("level"), Qt.Orientation.Horizontal)
    assert heading.endswith("(m)")
    assert shown.cell(0, "severity") == "major"
    assert shown.cell(0, "link") == "online"
    assert shown.cell(1, "age_s") == "1 min ago"
    assert shown.cell(0, "lon") == "101.800000"
    place = shown.column("severity")
    ink = shown.model.index(0, place).data(Qt.ItemDataRole.ForegroundRole)
    assert ink == shown.table.theme.severity_text(Severity.MAJOR)


def test_a_case_s_columns_speak_of_cases(catalogue: Catalogue, qapp: QApplication) -> None:
    columns = {c.name: c for c in columns_of([catalogue.kinds["case"]], catalogue, "zh")}
    code = next(iter(catalogue.categories))
    assert columns["category"].text(code) == catalogue.categories[code].label.zh
    assert columns["id"].text("case:6301") == "6301"
    assert columns["deadline_at"].text(NOW) == "2026-07-15 14:05:32"
    assert columns["severity"].text(int(Severity.MAJOR)) == "red"
    assert "link" not in columns
    assert not columns["rework"].shown


def test_what_no_pack_describes_can_be_shown_but_is_not_at_first(catalogue: Catalogue) -> None:
    columns = columns_of([catalogue.kinds[KIND]], catalogue, "en", ["vendor", "level"])
    assert [c.shown for c in columns if c.name == "vendor"] == [False]
    assert len([c for c in columns if c.name == "level"]) == 1
    both = columns_of([catalogue.kinds[KIND], catalogue.kinds["camera"]], catalogue, "en")
    assert next(c for c in both if c.name == "kind").text("camera") == "Cameras"


def test_a_filter_says_how_many_of_how_many(qtbot: QtBot, shown: Shown) -> None:
    assert shown.table.count.text() == "30"
    qtbot.keyClicks(shown.table.filter, "level >= 2.5")
    qtbot.keyClick(shown.table.filter, Qt.Key.Key_Return)
    assert shown.table.count.text() == "5 of 30"
    assert len(shown.names()) == 5
    label = shown.model.columns[shown.column("level")].title
    shown.table.set_filter(f"[{label}] < 0.2")  # by its title as well
    assert shown.names() == ["液位 0", "液位 1"]


def test_a_filter_that_cannot_be_read_leaves_the_rows(qtbot: QtBot, shown: Shown) -> None:
    shown.table.set_filter("level < 0.2")
    asked: list[bool] = []
    shown.table.asked_changed.connect(lambda: asked.append(True))
    shown.table.filter.setText("level < 0.2 and nmae = 1")
    qtbot.keyClick(shown.table.filter, Qt.Key.Key_Return)
    assert "Did you mean “name”?" in shown.table.problem.text()
    assert "still those of: level < 0.2" in shown.table.problem.text()
    assert not asked
    assert shown.table.problem.isVisible()
    shown.table.set_filter("")
    assert not shown.table.problem.isVisible()
    assert len(shown.names()) == 30


def test_typing_filters_after_a_pause(qtbot: QtBot, shown: Shown) -> None:
    with qtbot.waitSignal(shown.table.asked_changed, timeout=5_000):
        qtbot.keyClicks(shown.table.filter, "level=0.5")
    assert shown.names() == ["液位 5"]


def test_an_empty_table_says_why(qtbot: QtBot, shown: Shown) -> None:
    shown.table.set_filter("level > 100")
    assert shown.table.empty.text() == "None of the 30 rows fits this filter."
    qtbot.mouseClick(shown.table.clear, Qt.MouseButton.LeftButton)
    assert len(shown.names()) == 30
    nothing = np.zeros(0, np.int64)
    shown.table.set_arranged(Arranged(nothing, 0, 0), 7)
    assert shown.table.empty.text() == "The layer's own filter hides all of its 7 things."
    shown.table.set_arranged(Arranged(nothing, 0, 0), 0)
    assert "nothing on the map" in shown.table.empty.text()
    shown.table.set_why_empty("No data yet.")
    assert shown.table.empty.text() == "No data yet."


def test_a_title_sorts_up_then_down_then_not(qtbot: QtBot, shown: Shown) -> None:
    header = shown.grid.horizontalHeader()
    shown.title_click(qtbot, "name")
    assert shown.names()[:3] == ["液位 0", "液位 1", "液位 2"]
    assert shown.names()[-1] == "液位 29"
    assert header.sortIndicatorSection() == shown.column("name")
    shown.title_click(qtbot, "name")
    assert shown.names()[0] == "液位 29"
    shown.title_click(qtbot, "name")
    assert shown.table.asked.order is None
    assert not header.isSortIndicatorShown()


def test_clicks_and_keys_select_as_lists_do(qtbot: QtBot, shown: Shown) -> None:
    told: list[int] = []
    shown.grid.selection_changed.connect(lambda: told.append(len(shown.grid.selection)))
    shown.click(qtbot, 2)
    assert shown.chosen() == ["液位 2"]
    shown.click(qtbot, 5, Modifier.ShiftModifier)
    assert shown.chosen() == [f"液位 {i}" for i in range(2, 6)]
    shown.click(qtbot, 3, Modifier.ControlModifier)
    assert shown.chosen() == ["液位 2", "液位 4", "液位 5"]
    qtbot.keyClick(shown.grid, Qt.Key.Key_Down)
    assert shown.chosen() == ["液位 4"]
    qtbot.keyClick(shown.grid, Qt.Key.Key_Down, Modifier.ShiftModifier)
    assert shown.chosen() == ["液位 4", "液位 5"]
    qtbot.keyClick(shown.grid, Qt.Key.Key_Space)
    assert shown.chosen() == ["液位 4"]
    qtbot.keyClick(shown.grid, Qt.Key.Key_A, Modifier.ControlModifier)
    assert len(shown.chosen()) == 30
    shown.grid.invert()
    assert shown.chosen() == []
    assert told == [1, 4, 3, 1, 2, 1, 30, 0]


def test_dragging_over_rows_selects_them(qtbot: QtBot, shown: Shown) -> None:
    viewport = shown.grid.viewport()
    places = [shown.grid.visualRect(shown.model.index(i, 0)).center() for i in (1, 2, 3)]
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(viewport, place)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=places[-1])
    assert shown.chosen() == ["液位 1", "液位 2", "液位 3"]


def test_other_rows_leave_selection_keyboard_and_view_where_they_were(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.grid.scrollTo(shown.model.index(25, 0))
    shown.click(qtbot, 24)
    before = shown.grid.visualRect(shown.model.index(24, 0)).top()
    shown.store.upsert([sensor(i + 100, readings={"level": -1.0}) for i in range(5)])
    shown.store.remove(["level_sensor:3"])
    rows = shown.store.rows()
    rows = np.concatenate([rows[-5:], rows[:-5]])  # five more above, one less
    shown.table.set_arranged(Arranged(rows, len(rows), 0), len(rows))
    place = shown.names().index("液位 24")
    assert place == 28
    assert shown.grid.currentIndex().row() == place
    assert shown.chosen() == ["液位 24"]
    assert shown.grid.visualRect(shown.model.index(place, 0)).top() == before


def test_another_order_begins_at_its_top(qtbot: QtBot, shown: Shown) -> None:
    shown.grid.scrollToBottom()
    shown.title_click(qtbot, "level")
    assert shown.grid.rowAt(0) == 0


def test_what_is_gone_is_not_selected_any_more(qtbot: QtBot, shown: Shown) -> None:
    shown.click(qtbot, 4)
    shown.store.remove(["level_sensor:4"])
    with qtbot.waitSignal(shown.grid.selection_changed):
        shown.grid.refresh()
    assert len(shown.grid.selection) == 0


def test_what_the_map_selects_comes_into_view_without_telling_back(shown: Shown) -> None:
    told: list[bool] = []
    shown.table.selection_changed.connect(lambda: told.append(True))
    row = shown.store.row_of("level_sensor:29")
    assert row is not None
    shown.table.set_selected(np.array([row]))
    assert shown.chosen() == ["液位 29"]
    assert shown.grid.rowAt(0) > 0
    assert told == []
    shown.table.set_filter("level < 1")
    assert shown.table.chosen.text() == "0 selected (1 more that this table does not show)"
    assert not shown.table.copy_button.isEnabled()
    assert shown.table.zoom_button.isEnabled()


def test_copies_what_is_seen_and_no_formula(qtbot: QtBot, shown: Shown) -> None:
    shown.store.upsert([sensor(1, name="=1+1")])
    shown.table.set_layer("x", shown.table.columns, ["name", "level"])
    shown.click(qtbot, 1)
    shown.click(qtbot, 2, Modifier.ControlModifier)
    QApplication.clipboard().setText("before")
    with qtbot.waitSignal(shown.table.copy_asked):
        qtbot.keyClick(shown.grid, Qt.Key.Key_C, Modifier.ControlModifier)
    assert QApplication.clipboard().text() == "before", "not by the table itself"
    lines = copied(shown.grid, shown.model, shown.grid.selected_rows(), NOW).split("\n")
    assert [line.split("\t")[0] for line in lines] == ["Name", "'=1+1", "液位 2"]


def test_enter_and_the_button_open_the_card(qtbot: QtBot, shown: Shown) -> None:
    opened: list[str] = []
    shown.table.opened.connect(opened.append)
    shown.click(qtbot, 3)
    qtbot.keyClick(shown.grid, Qt.Key.Key_Return)
    qtbot.mouseClick(shown.table.card_button, Qt.MouseButton.LeftButton)
    assert opened == ["level_sensor:3", "level_sensor:3"]


def test_columns_are_chosen_and_reordered_by_mouse_and_keys(qtbot: QtBot, shown: Shown) -> None:
    told: list[list[str]] = []
    shown.table.columns_changed.connect(told.append)
    shown.table.set_layer("x", shown.table.columns, ["id", "name", "level"])
    qtbot.mouseClick(shown.table.columns_button, Qt.MouseButton.LeftButton)
    chooser = shown.table.chooser
    box = chooser.list.visualItemRect(chooser.list.item(0))
    qtbot.mouseClick(chooser.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert told[-1] == ["name", "level"]
    chooser.list.setCurrentRow(2)
    qtbot.keyClick(chooser.list, Qt.Key.Key_Up, Modifier.AltModifier)
    assert told[-1] == ["level", "name"]
    qtbot.keyClick(chooser.list, Qt.Key.Key_Space)  # the last one cannot be taken away by a slip
    assert [c.name for c in shown.table.shown_columns()] == ["name"]
    chooser.close()
    shown.table.set_layer("x", shown.table.columns, ["id", "name", "level"])
    shown.grid.horizontalHeader().moveSection(2, 0)
    assert told[-1] == ["level", "id", "name"]


def test_a_million_rows_are_an_array(qtbot: QtBot, shown: Shown) -> None:
    rows = np.tile(shown.store.rows(), 1_000_000 // 30 + 1)[:1_000_000]
    shown.table.set_arranged(Arranged(rows, len(rows), 0), len(rows))
    assert shown.model.rowCount() == 1_000_000
    assert shown.table.count.text() == "1,000,000"
    shown.grid.scrollToBottom()
    bottom = shown.grid.rowAt(shown.grid.viewport().height() - 40)
    assert bottom > 999_900
    shown.click(qtbot, bottom)
    assert shown.grid.current_id() == shown.model.id_at(bottom)
    qtbot.keyClick(shown.grid, Qt.Key.Key_Home, Modifier.ControlModifier)
    assert shown.grid.rowAt(0) == 0


# -- the line for expressions ----------------------------------------------------------------
@pytest.fixture
def edit(qtbot: QtBot) -> ExpressionEdit:
    made = ExpressionEdit()
    made.set_fields(
        [("level", "水位 (m)"), ("flow rate", ""), ("link", "联机")],
        {"link": [("online", "在线"), ("offline", "离线")]},
    )
    qtbot.addWidget(made)
    made.resize(500, 30)
    made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus, timeout=5_000)
    return made


def offered(edit: ExpressionEdit) -> list[str]:
    model = edit.completer_list.model()
    return [str(model.index(i, 0).data()) for i in range(model.rowCount())]


def test_offers_fields_by_name_and_by_title(qtbot: QtBot, edit: ExpressionEdit) -> None:
    qtbot.keyClicks(edit, "lev")
    assert offered(edit) == ["level   水位 (m)"]
    qtbot.keyClick(edit.completer_list, Qt.Key.Key_Down)
    qtbot.keyClick(edit.completer_list, Qt.Key.Key_Return)
    assert edit.text() == "level "
    qtbot.keyClicks(edit, "> 1 and flow")
    qtbot.keyClick(edit.completer_list, Qt.Key.Key_Down)
    qtbot.keyClick(edit.completer_list, Qt.Key.Key_Return)
    assert edit.text() == "level > 1 and [flow rate] "


def test_offers_the_values_of_the_field_before(qtbot: QtBot, edit: ExpressionEdit) -> None:
    qtbot.keyClicks(edit, "link = '")
    assert offered(edit) == ["online   在线", "offline   离线"]
    qtbot.keyClicks(edit.completer_list, "off")
    qtbot.keyClick(edit.completer_list, Qt.Key.Key_Down)
    qtbot.keyClick(edit.completer_list, Qt.Key.Key_Return)
    assert edit.text() == "link = 'offline'"


def test_offers_nothing_after_a_value_that_is_complete(qtbot: QtBot, edit: ExpressionEdit) -> None:
    qtbot.keyClicks(edit, "link = 'off")
    qtbot.waitUntil(edit.completer_list.isVisible)
    qtbot.keyClicks(edit.completer_list, "line'")
    assert edit.text() == "link = 'offline'"
    assert not edit.completer_list.isVisible()
