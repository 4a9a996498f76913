"""The style editor: every sort, live, with nothing told apart by colour alone unsaid."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from layers.model.layer_set import Categorised, Graduated, Heat, Look, Single, Style
from layers.model.style_presets import categorised
from widgets.layer_names import FieldName
from widgets.style_editor import StyleEditor
from widgets.symbols import Mark
from widgets.theme import Theme


class Facts:
    """Nine things: a text of three values, a number."""

    def __init__(self, empty: bool = False) -> None:
        self.empty = empty

    def fields(self) -> list[FieldName]:
        return [FieldName("road", "Road"), FieldName("level", "Level", True, "m")]

    def values(self, field: str) -> list[tuple[str, int]]:
        if self.empty:
            return []
        return [("a", 5), ("b", 3), ("c", 1)] if field == "road" else [("0.5", 9)]

    def numbers(self, field: str) -> np.ndarray:
        return np.full(9, np.nan) if self.empty or field != "level" else np.arange(9.0)

    def limits(self, field: str) -> tuple[float, ...]:
        return (2.0, 5.0) if field == "level" else ()

    def word(self, _field: str, value: str) -> str:
        return value.upper()


@pytest.fixture
def home(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def opened(
    parent: QWidget, theme: Theme, style: Style | None = None, facts: Facts | None = None
) -> tuple[StyleEditor, list[Style]]:
    own = Mark("circle", QColor("#9FB0C0"))
    editor = StyleEditor(theme, "Gauges", own, facts or Facts(), style or Single(), parent)
    seen: list[Style] = []
    editor.previewed.connect(seen.append)
    editor.show()
    return editor, seen


def choose(editor: StyleEditor, at: int) -> None:
    editor.sort.setCurrentIndex(at)
    editor.sort.activated.emit(at)


def press(editor: StyleEditor, text: str) -> None:
    next(b for b in editor.findChildren(QPushButton) if b.text() == text).click()


def test_every_change_is_previewed_and_taken_at_the_end(
    qtbot: QtBot, home: QWidget, theme: Theme
) -> None:
    editor, seen = opened(home, theme)
    page = editor.pages[0]
    look = page.look
    look.shape.setCurrentIndex(look.shape.findData("triangle"))
    look.shape.activated.emit(look.shape.currentIndex())
    look.size_box.setValue(22)
    assert seen[-1] == Single(look=Look(shape="triangle", size=22))
    with qtbot.waitSignal(editor.taken) as got:
        press(editor, "Take this style")
    assert got.args == [seen[-1]]
    assert editor.result() == QDialog.DialogCode.Accepted


def test_leaving_is_told_as_leaving(qtbot: QtBot, home: QWidget, theme: Theme) -> None:
    editor, _seen = opened(home, theme)
    with qtbot.assertNotEmitted(editor.taken), qtbot.waitSignal(editor.rejected):
        press(editor, "As it was")


def test_categories_come_from_the_things_and_differ_in_form(
    qtbot: QtBot, home: QWidget, theme: Theme
) -> None:
    editor, seen = opened(home, theme)
    choose(editor, 1)
    style = seen[-1]
    assert isinstance(style, Categorised)
    assert style.field == "road"
    assert [c.value for c in style.classes] == ["a", "b", "c"]
    assert editor.warning.text() == ""
    page = editor.pages[1]
    assert [e.placeholderText() for e in page.labels] == ["A", "B", "C"]
    page.boxes[1].setChecked(False)
    page.labels[0].setText("Main")
    page.labels[0].textEdited.emit("Main")
    page.rest.setChecked(False)
    style = seen[-1]
    assert isinstance(style, Categorised)
    assert [(c.label, c.visible) for c in style.classes] == [
        ("Main", True),
        ("", False),
        ("", True),
    ]
    assert style.other is None


def test_colour_alone_is_warned_of(qtbot: QtBot, home: QWidget, theme: Theme) -> None:
    style = categorised("road", ["a", "b"])
    editor, _seen = opened(home, theme, style)
    assert editor.warning.text() == ""
    for edit in editor.pages[1].looks:
        edit._tell(Look(shape="circle", color="series_1"))
    assert "colour alone" in editor.warning.text()


def test_steps_by_limits_by_quantiles_and_by_hand(
    qtbot: QtBot, home: QWidget, theme: Theme
) -> None:
    editor, seen = opened(home, theme)
    choose(editor, 2)
    style = seen[-1]
    assert isinstance(style, Graduated)
    assert (style.method, [s.upper for s in style.steps]) == ("limits", [2.0, 5.0, None])
    page = editor.pages[2]
    page.method.setCurrentIndex(page.method.findData("equal"))
    page.method.activated.emit(0)
    page.count.setValue(4)
    style = seen[-1]
    assert isinstance(style, Graduated)
    assert [s.upper for s in style.steps] == [2.0, 4.0, 6.0, None]
    page.labels[1].setText("5")
    page.labels[1].editingFinished.emit()
    style = seen[-1]
    assert isinstance(style, Graduated)
    assert (style.method, style.steps[1].upper) == ("manual", 5.0)
    told = len(seen)
    for wrong in ("1", "x", "nan", "9"):
        page.labels[1].setText(wrong)
        page.labels[1].editingFinished.emit()
        assert "ascend" in page.problem.text()
    assert len(seen) == told
    sizes = [s.look.size for s in style.steps]
    assert sizes == sorted(set(sizes))


def test_heat_has_a_radius_and_a_weight(qtbot: QtBot, home: QWidget, theme: Theme) -> None:
    editor, seen = opened(home, theme)
    choose(editor, 3)
    page = editor.pages[3]
    page.radius.setValue(60)
    page.weight.setCurrentIndex(page.weight.findData("level"))
    page.weight.activated.emit(1)
    assert seen[-1] == Heat(radius=60, field="level")


@pytest.mark.parametrize("sort", [1, 2])
def test_what_has_no_values_says_so_and_stays(home: QWidget, theme: Theme, sort: int) -> None:
    editor, seen = opened(home, theme, facts=Facts(empty=True))
    choose(editor, sort)
    assert not seen
    assert editor.sort.currentIndex() == 0
    assert editor.warning.text().startswith("Nothing of this layer has a")


def test_a_kept_style_is_shown_as_it_is(qtbot: QtBot, home: QWidget, theme: Theme) -> None:
    style = Single(look=Look(color="#123456", size=30, shape="cross"))
    editor, seen = opened(home, theme, style)
    assert editor.pages[0].look.look == style.look
    assert not seen
    assert not editor.isHidden()
