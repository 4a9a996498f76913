"""The command palette: what is found, by keys alone, and what cannot be done now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.widgets.seen import words
from widgets.palette import Command, CommandPalette, found_commands
from widgets.theme import Theme

COMMANDS = [
    Command("wall", "Wall", "Ctrl+2", "Open the wall overview"),
    Command("theme", "Day or night colours", "", "Change all windows between light and dark"),
    Command("distance_6", "Wall: read from 6 m", "", "Size of words"),
    Command("acknowledge", "Acknowledge", "A", "Acknowledge alarms", why_not="This is a replay."),
    Command("follow", "恢复跟随", "F", "解锁地图"),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["wall", "theme", "distance_6", "acknowledge", "follow"]),
        ("WALL", ["wall", "distance_6"]),
        ("light windows", ["theme"]),
        ("6 wall", ["distance_6"]),
        ("size", ["distance_6"]),
        ("跟随", ["follow"]),
        ("foll", ["follow"]),
        ("overview", ["wall"]),
        ("nothing like this", []),
    ],
)
def test_what_is_found(typed: str, found: list[str]) -> None:
    assert [command.id for command in found_commands(COMMANDS, typed)] == found


@pytest.fixture
def palette(qtbot: QtBot, theme: Theme) -> Iterator[CommandPalette]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    made = CommandPalette(theme, window)
    made.open_with(COMMANDS)
    qtbot.waitExposed(made)
    yield made
    made.hide()
    window.close()


def test_keys_alone_find_and_take(qtbot: QtBot, palette: CommandPalette) -> None:
    qtbot.keyClicks(palette.edit, "wall")
    qtbot.keyClick(palette.edit, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.chosen) as got:
        qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert got.args == ["distance_6"]
    assert not palette.isVisible()


def test_escape_leaves_and_the_next_opening_begins_anew(
    qtbot: QtBot, palette: CommandPalette
) -> None:
    qtbot.keyClicks(palette.edit, "wall")
    with qtbot.assertNotEmitted(palette.chosen):
        qtbot.keyClick(palette.edit, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    palette.open_with(COMMANDS)
    assert palette.shown() == [command.id for command in COMMANDS]


def test_what_cannot_be_done_says_why(qtbot: QtBot, palette: CommandPalette) -> None:
    qtbot.keyClicks(palette.edit, "ackn")
    with qtbot.assertNotEmitted(palette.chosen):
        qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert "This is a replay." in words(palette)


def test_nothing_found_is_said_and_enter_does_nothing(
    qtbot: QtBot, palette: CommandPalette
) -> None:
    qtbot.keyClicks(palette.edit, "xyz")
    assert "No command has this name." in words(palette)
    with qtbot.assertNotEmitted(palette.chosen):
        qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
