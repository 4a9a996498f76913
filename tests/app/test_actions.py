"""The one table of actions: whole, without clashes, told in the manual; and what a seat keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.actions import add_help_key, add_shortcuts, commands, desk_actions
from app.resources import resource
from app.settings import Settings


def test_every_action_has_an_id_a_text_and_a_tip_of_its_own() -> None:
    actions = desk_actions()
    assert len({a.id for a in actions}) == len(actions)
    assert len({a.text for a in actions}) == len(actions)
    assert all(a.text and a.tip for a in actions)


def test_no_two_actions_share_a_key_and_every_key_is_one() -> None:
    keys = [a.shortcut for a in desk_actions() if a.shortcut]
    assert len(set(keys)) == len(keys)
    assert all(QKeySequence(key).toString() == key for key in keys)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_manual_names_every_key(lang: str) -> None:
    manual = resource("help", lang, "manual.md").read_text("utf-8")
    shown = manual.replace("←", "Left").replace("→", "Right")
    missing = [a.shortcut for a in desk_actions() if a.shortcut and a.shortcut not in shown]
    assert missing == []


def test_the_palette_lists_all_but_itself_and_says_why_not() -> None:
    listed = commands({"orders": "no orders here"})
    assert {c.id for c in listed} == {a.id for a in desk_actions()} - {"palette"}
    assert {c.id for c in listed if c.why_not} == {"acknowledge", "shelve", "close_road"}


def test_keys_run_their_actions_but_not_those_that_belong_to_a_part(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5_000)
    ran: list[str] = []
    add_shortcuts(ran.append, window)
    for key in ("Ctrl+K", "Ctrl+M", "F", "A", "/"):
        sequence = QKeySequence(key)[0]
        qtbot.keyClick(window, sequence.key(), sequence.keyboardModifiers())
    assert ran == ["palette", "mute", "follow"]


# -- what a seat keeps ----------------------------------------------------------------
def test_a_seat_keeps_its_look_and_its_walls_distance(tmp_path: Path) -> None:
    first = Settings(tmp_path)
    assert (first.variant, first.wall_distance_m) == ("dark", None)
    first.set_variant("light")
    first.set_wall_distance_m(6.0)
    again = Settings(tmp_path)
    assert (again.variant, again.wall_distance_m) == ("light", 6.0)
    again.set_wall_distance_m(None)
    assert Settings(tmp_path).wall_distance_m is None


@pytest.mark.parametrize("text", ["far", "-3", "0", "nan", "inf", "1e9", ""])
def test_a_distance_that_makes_no_sense_is_not_set(tmp_path: Path, text: str) -> None:
    (tmp_path / "console.ini").write_text(
        f"[wall]\ndistance_m={text}\n[look]\nvariant=pink\n", "utf-8"
    )
    kept = Settings(tmp_path)
    assert (kept.wall_distance_m, kept.variant) == (None, "dark")


def test_the_manual_opens_from_every_window_once(qtbot: QtBot) -> None:
    ran: list[str] = []
    plain, whole = QWidget(), QWidget()
    add_shortcuts(ran.append, whole)
    for window in (plain, whole):
        qtbot.addWidget(window)
        add_help_key(ran.append, window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.keyClick(window, Qt.Key.Key_F1)
    assert ran == ["help", "help"]
