"""Shelving and service from the list: clicks in, orders out; what is aside stays in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from services.domain.clock import ManualClock
from services.domain.model import Alarm, Severity, Suppression
from tests.widgets.test_lists import NOW, alarm, alarms, cells, click_row
from widgets.alarm_list import AlarmListPanel
from widgets.alarm_shelve import OutDialog, ShelveDialog, span_words
from widgets.rows import AlarmRow, SuppressedRow
from widgets.theme import Theme

SHELF = Suppression(
    kind="shelved", by="王", seat="2", reason="works", since=NOW - 60, until=NOW + 540
)
OUT = Suppression(kind="out_of_service", by="李", reason="broken", since=NOW - 90_000)
THING = Suppression(kind="thing_out_of_service", by="李", seat="3", reason="rebuilt", since=NOW)
DESIGN = Suppression(kind="by_design", by="system", reason="maintenance", since=NOW)


def aside(key: str, why: Suppression, reason: str = "", **facts: object) -> SuppressedRow:
    record = Alarm(
        key=key, source="s", rule="", object_id="o", severity=Severity.MAJOR, suppressed=(why,)
    )
    return SuppressedRow(key, f"text of {key}", "康乐十字", "o", why, reason or why.reason, record)


def dialog(panel: AlarmListPanel, type_: type[QDialog]) -> QDialog:
    (found,) = [d for d in panel.findChildren(type_) if d.isVisible()]
    return found


def choose(qtbot: QtBot, where: QDialog, text: str) -> None:
    (choice,) = [c for c in where.findChildren(QRadioButton) if c.text() == text]
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton, pos=choice.rect().center() * 0.2)
    if not choice.isChecked():  # the click fell beside the text of a wide line
        qtbot.keyClick(choice, Qt.Key.Key_Space)
    assert choice.isChecked()


def press(qtbot: QtBot, where: QDialog, text: str) -> None:
    (push,) = [b for b in where.findChildren(QPushButton) if b.text() == text]
    qtbot.mouseClick(push, Qt.MouseButton.LeftButton)


def test_shelving_asks_how_long_and_why(qtbot: QtBot, theme: Theme, clock: ManualClock) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({"a": alarm("a"), "b": alarm("b")})
    assert not panel.shelve_button.isEnabled()
    click_row(qtbot, panel.table, 0)
    qtbot.mouseClick(panel.shelve_button, Qt.MouseButton.LeftButton)
    asked = dialog(panel, ShelveDialog)
    assert isinstance(asked, ShelveDialog)
    assert not asked.yes.isEnabled()
    choose(qtbot, asked, "For 1 h")
    qtbot.keyClicks(asked.reason, "works on site")
    with qtbot.waitSignal(panel.shelve_requested) as got:
        press(qtbot, asked, "Shelve")
    assert got.args == [["a"], "timed", 3_600.0, "works on site"]


def test_by_keyboard_alone_till_it_is_normal(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({"a": alarm("a")})
    panel.activateWindow()
    panel.table.setFocus()
    qtbot.waitUntil(panel.table.hasFocus)
    click_row(qtbot, panel.table, 0)
    qtbot.keyClick(panel.table, Qt.Key.Key_S)
    asked = dialog(panel, ShelveDialog)
    assert isinstance(asked, ShelveDialog)
    last = asked.findChildren(QRadioButton)[-1]
    last.setFocus()
    qtbot.keyClick(last, Qt.Key.Key_Space)
    qtbot.keyClicks(asked.reason, "noise")
    with qtbot.waitSignal(panel.shelve_requested) as got:
        qtbot.keyClick(asked.reason, Qt.Key.Key_Return)
    assert got.args == [["a"], "one_shot", 0.0, "noise"]


@pytest.mark.parametrize(
    ("longest_s", "offered"),
    [
        (600.0, ["For 10 min, the longest", "Until it is normal again, at most 10 min"]),
        (
            7_200.0,
            [
                "For 15 min",
                "For 1 h",
                "For 2 h, the longest",
                "Until it is normal again, at most 2 h",
            ],
        ),
    ],
)
def test_no_longer_time_is_offered_than_the_rule_allows(
    qtbot: QtBot, theme: Theme, longest_s: float, offered: list[str]
) -> None:
    asked = ShelveDialog("x", longest_s)
    qtbot.addWidget(asked)
    assert [c.text() for c in asked.findChildren(QRadioButton)] == offered


def test_an_alarm_that_is_never_shelved_cannot_be(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({"a": AlarmRow(alarm("a").alarm, "gas", "x", longest_shelf_s=0.0)})
    click_row(qtbot, panel.table, 0)
    assert not panel.shelve_button.isEnabled()
    panel.ask_shelve()
    assert not panel.findChildren(ShelveDialog)


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("Only this alarm", ["alarm", "a", "broken"]),
        ("康乐十字 with all its alarms", ["object", "o", "broken"]),
    ],
)
def test_out_of_service_is_an_alarm_or_its_thing(
    qtbot: QtBot, theme: Theme, clock: ManualClock, choice: str, sent: list[str]
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({"a": alarm("a")})
    {a.text(): a for a in panel.build_menu("a").actions()}["Take out of service…"].trigger()
    asked = dialog(panel, OutDialog)
    assert isinstance(asked, OutDialog)
    choose(qtbot, asked, choice)
    qtbot.keyClicks(asked.reason, "broken")
    with qtbot.waitSignal(panel.out_requested) as got:
        press(qtbot, asked, "Take out of service")
    assert got.args == sent


def test_what_is_aside_is_counted_and_says_who_why_and_till_when(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.resize(1_200, 300)
    panel.set_alarms({"a": alarm("a")})
    assert panel.suppressed_button.text() == "0 shelved"
    panel.set_suppressed(
        {
            "s": aside("s", SHELF),
            "o": aside("o", OUT),
            "t": aside("t", THING),
            "d": aside("d", DESIGN, "Maintenance"),
            "thing:p": SuppressedRow("thing:p", "", "Pump", "p", THING, "rebuilt"),
        }
    )
    assert panel.suppressed_button.text() == "1 shelved · 3 out of service · 1 by design"
    assert not panel.suppressed.isVisible()
    qtbot.mouseClick(panel.suppressed_button, Qt.MouseButton.LeftButton)
    assert panel.suppressed.isVisible()
    table = panel.suppressed.table
    lines = {str(c[1:3]): c for c in (cells(table, r) for r in range(5))}
    assert lines["['text of s', '康乐十字']"][3:] == [
        "shelved till 14:14 · 0:09:00",
        "王, seat 2",
        "works",
    ]
    assert lines["['text of o', '康乐十字']"][3:] == [
        "out of service since 07-14 13:05",
        "李",
        "broken",
    ]
    assert lines["['text of t', '康乐十字']"][3] == "all of it out since 14:05:32"
    assert lines["['text of d', '康乐十字']"][3:] == ["by design", "–", "Maintenance"]
    assert lines["['no alarm stands', 'Pump']"][5] == "rebuilt"
    clock.advance(60)
    panel.suppressed.tick()
    assert "0:08:00" in cells(table, 0)[3]
    panel.set_suppressed({})
    assert panel.suppressed_button.text() == "0 shelved"
    qtbot.mouseClick(panel.suppressed_button, Qt.MouseButton.LeftButton)
    assert panel.table.isVisible()


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        (aside("s", SHELF), [("unshelve", "s")]),
        (aside("o", OUT), [("alarm", "o")]),
        (aside("t", THING), [("object", "o")]),
        (aside("d", DESIGN), []),
    ],
)
def test_each_comes_back_in_its_own_way(
    qtbot: QtBot,
    theme: Theme,
    clock: ManualClock,
    row: SuppressedRow,
    asked: list[tuple[str, str]],
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_suppressed({row.key: row})
    heard: list[tuple[str, str]] = []
    panel.back_requested.connect(lambda kind, id_: heard.append((kind, id_)))
    qtbot.mouseClick(panel.suppressed_button, Qt.MouseButton.LeftButton)
    click_row(qtbot, panel.suppressed.table, 0)
    qtbot.mouseClick(panel.suppressed.back_button, Qt.MouseButton.LeftButton)
    assert heard == asked
    assert panel.suppressed.back_button.isEnabled() == bool(asked)
    panel.set_actions_enabled(False, "This is a replay.")
    assert not panel.suppressed.back_button.isEnabled()
    panel.suppressed.put_back()
    assert heard == asked


def test_spans_in_words() -> None:
    assert [span_words(m) for m in (5, 60, 90, 480)] == ["5 min", "1 h", "1 h 30 min", "8 h"]
