"""The dialog of base maps by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.base_map_form import BaseMapFields
from widgets.base_map_list import BaseMapRow
from widgets.base_map_region import RegionProgress
from widgets.base_maps import BaseMapsDialog
from widgets.theme import Theme

LEFT = Qt.MouseButton.LeftButton
ROWS = [
    BaseMapRow("schematic", "示意图", "随软件"),
    BaseMapRow("a", "<b>A & B</b>", "XYZ", own=True, remote=True),
    BaseMapRow("f", "文件", "MBTiles", "损坏", wrong=True, own=True),
]


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> Iterator[BaseMapsDialog]:
    made = BaseMapsDialog(theme)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    made.list.set_windows([("desk", "值班席"), ("wall", "大屏")], "desk")
    made.list.set_rows(ROWS, "a")
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


def test_rows_show_what_can_be_done_and_say_what_was_asked(dialog: BaseMapsDialog) -> None:
    asked: list[tuple[str, str]] = []
    dialog.list.asked.connect(lambda what, id_: asked.append((what, id_)))
    own = dialog.list.row("a")
    assert own.radio.text() == "<b>A && B</b>"
    assert [n for n, b in dialog.list.row("schematic").buttons.items() if b.isVisible()] == []
    assert not dialog.list.row("f").buttons["download"].isVisible()
    for push in own.buttons.values():
        QTest.mouseClick(push, LEFT)
    QTest.mouseClick(dialog.list.row("schematic").radio, LEFT)
    QTest.mouseClick(dialog.list.add, LEFT)
    assert asked == [
        ("check", "a"), ("download", "a"), ("change", "a"), ("remove", "a"),
        ("choose", "schematic"), ("add", ""),
    ]  # fmt: skip
    dialog.list.set_rows(ROWS, "f")
    assert [row for row in ("schematic", "a", "f") if dialog.list.row(row).radio.isChecked()] == [
        "f"
    ]
    assert dialog.list.row("a") is own  # stays under the hand


def test_tones_are_told_while_they_are_slid(dialog: BaseMapsDialog) -> None:
    told: list[tuple[float, float, float]] = []
    dialog.list.toned.connect(lambda *tone: told.append(tone))
    dialog.list.set_tone(1.0, 0.25, 0.5)
    assert told == []
    QTest.keyClick(dialog.list.sliders[2], Qt.Key.Key_Right)
    assert told == [(1.0, 0.25, 0.55)]


def test_the_form_shows_only_what_its_kind_has(dialog: BaseMapsDialog) -> None:
    form = dialog.form
    form.begin([("xyz", "XYZ"), ("wmts", "WMTS"), ("file", "文件")], BaseMapFields("xyz"))
    dialog.show_form()
    assert form.key.isVisible()
    assert not form.choose.isVisible()
    form.set_fields(BaseMapFields("file"))
    assert form.choose.isVisible()
    assert not form.key.isVisible()
    form.set_fields(BaseMapFields("wmts"))
    assert form.read.isVisible()
    form.set_offer(["矢量 (vec)"], ["c: not Web Mercator"])
    assert form.layers.isVisible()
    assert "not Web Mercator" in form.refused.text()
    saved: list[BaseMapFields] = []
    form.saved.connect(saved.append)
    form.title.setText(" 图 ")
    QTest.mouseClick(form.save, LEFT)
    assert (saved[0].kind, saved[0].title, saved[0].layer) == ("wmts", "图", 0)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.pages.currentWidget() is dialog.list


def test_a_download_needs_a_count_a_name_and_leave(qtbot: QtBot, dialog: BaseMapsDialog) -> None:
    page = dialog.region
    counted: list[object] = []
    started: list[object] = []
    page.counted.connect(counted.append)
    page.started.connect(started.append)
    page.begin("下载", 1, 18, "city", "要许可")
    dialog.show_region()
    qtbot.waitUntil(lambda: len(counted) == 1)
    QTest.mouseClick(page.start, LEFT)
    page.set_count("227", can_start=True)
    QTest.mouseClick(page.start, LEFT)
    assert started == []
    QTest.mouseClick(page.allowed, LEFT)
    page.name.setText("")
    QTest.mouseClick(page.start, LEFT)
    assert started == []
    page.name.setText("town")
    page.first.setValue(12)
    assert not page.start.isEnabled()  # counted anew first
    page.set_count("99", can_start=True)
    QTest.mouseClick(page.start, LEFT)
    assert [(w.name, w.first, w.last, w.district) for w in started] == [("town", 12, 15, True)]


def test_a_download_under_way_can_be_paused_and_taken_up(dialog: BaseMapsDialog) -> None:
    page = dialog.region
    dialog.show_region()
    told: list[object] = []
    page.paused.connect(lambda: told.append("pause"))
    page.cancelled.connect(lambda: told.append("cancel"))
    page.resumed.connect(told.append)
    page.set_progress(RegionProgress("3 / 9", 333, "无应答", paused=False))
    assert page.bar.value() == 333
    assert page.trouble.isVisible()
    assert not page.form.isVisible()
    QTest.mouseClick(page.pause, LEFT)
    QTest.mouseClick(page.cancel, LEFT)
    page.set_progress(None)
    page.set_left(["city-1"])
    (again,) = [
        b for b in page.findChildren(type(page.pause)) if b.text() == page.tr("Go on")
        and b is not page.pause
    ]  # fmt: skip
    QTest.mouseClick(again, LEFT)
    assert told == ["pause", "cancel", "city-1"]
