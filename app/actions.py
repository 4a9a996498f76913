"""Every action of the desk in one table: id, text, shortcut, tip, and what it needs.

Buttons, shortcuts, the command palette and the manual's key list are made from it. GUI thread: the
texts are translated when the table is built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.palette import Command
from widgets.panel import button

Group = Literal["bar", "map", "work", "look"]
Needs = Literal["", "orders", "live"]
"""orders: may give orders here; live: has no meaning in a replay."""
WALL_DISTANCES_M = (3, 6, 10, 15)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done from the desk.

    ``own_key``: the part that has the keyboard listens for the shortcut itself, because the same
    key means something else, or letters, elsewhere.
    """

    id: str
    text: str
    shortcut: str
    tip: str
    group: Group
    needs: Needs = ""
    own_key: bool = False


def desk_actions() -> tuple[Action, ...]:
    """The desk's actions; those of the bar in the order of its buttons."""
    return (*_bar(), *_map(), *_work(), *_look())


def _bar() -> tuple[Action, ...]:
    translate = QCoreApplication.translate
    return (
        Action(
            "wall",
            translate("Actions", "Wall"),
            "Ctrl+2",
            translate("Actions", "Open the wall overview"),
            "bar",
        ),
        Action(
            "video",
            translate("Actions", "Video"),
            "Ctrl+3",
            translate("Actions", "Open the video window"),
            "bar",
        ),
        Action(
            "replay",
            translate("Actions", "Replay"),
            "Ctrl+4",
            translate("Actions", "Open a replay of the last hour"),
            "bar",
        ),
        Action(
            "help",
            translate("Actions", "Help"),
            "F1",
            translate("Actions", "Open the manual"),
            "bar",
        ),
        Action(
            "palette",
            translate("Actions", "Commands"),
            "Ctrl+K",
            translate("Actions", "Find any command by its name"),
            "bar",
        ),
    )


def _map() -> tuple[Action, ...]:
    translate = QCoreApplication.translate
    return (
        Action(
            "follow",
            translate("Actions", "Follow again"),
            "F",
            translate("Actions", "Unlock the map and go to what was last shown"),
            "map",
        ),
        Action(
            "back",
            translate("Actions", "Previous view"),
            "Alt+Left",
            translate("Actions", "Show the map as it was before"),
            "map",
        ),
        Action(
            "forward",
            translate("Actions", "Next view"),
            "Alt+Right",
            translate("Actions", "Go forward again after going back"),
            "map",
        ),
        Action(
            "home",
            translate("Actions", "Whole district"),
            "Home",
            translate("Actions", "Show the whole district on the map"),
            "map",
            own_key=True,
        ),
    )


def _work() -> tuple[Action, ...]:
    translate = QCoreApplication.translate
    return (
        Action(
            "search",
            translate("Actions", "Search"),
            "/",
            translate("Actions", "Find a thing, a case or a place by name, number or pinyin"),
            "work",
            own_key=True,
        ),
        Action(
            "acknowledge",
            translate("Actions", "Acknowledge"),
            "A",
            translate("Actions", "Acknowledge the alarms that are selected in the list"),
            "work",
            needs="orders",
            own_key=True,
        ),
        Action(
            "shelve",
            translate("Actions", "Shelve"),
            "S",
            translate("Actions", "Put the alarms that are selected in the list aside for a time"),
            "work",
            needs="orders",
            own_key=True,
        ),
        Action(
            "incident",
            translate("Actions", "New incident"),
            "Ctrl+N",
            translate("Actions", "Begin a dispatch at the middle of the map"),
            "work",
        ),
        Action(
            "mute",
            translate("Actions", "Mute, or sound again"),
            "Ctrl+M",
            translate("Actions", "Silence the sounds for 15 minutes, or end the silence"),
            "work",
            needs="live",
        ),
    )


def _look() -> tuple[Action, ...]:
    translate = QCoreApplication.translate
    tip = translate("Actions", "Size of words and numbers on the wall")
    far = translate("Actions", "Wall: read from {0} m")
    return (
        Action(
            "full_screen",
            translate("Actions", "Full screen"),
            "F11",
            translate("Actions", "Fill the monitor, and back"),
            "look",
        ),
        Action(
            "theme",
            translate("Actions", "Day or night colours"),
            "Ctrl+Shift+L",
            translate("Actions", "Change all windows between light and dark"),
            "look",
        ),
        Action(
            "distance_0",
            translate("Actions", "Wall: in proportion to its window"),
            "",
            tip,
            "look",
        ),
        *(Action(f"distance_{m}", far.format(m), "", tip, "look") for m in WALL_DISTANCES_M),
    )


def commands(why_not: Mapping[Needs, str]) -> list[Command]:
    """The palette's lines; ``why_not``: the reason against each need that is not met."""
    return [
        Command(a.id, a.text, a.shortcut, a.tip, why_not.get(a.needs, ""))
        for a in desk_actions()
        if a.id != "palette"
    ]


def add_shortcuts(run: Callable[[str], None], window: QWidget) -> None:
    """Let the keys of the table work in the whole window; ``run(action id)``."""
    for action in desk_actions():
        if action.shortcut and not action.own_key:
            key = QShortcut(QKeySequence(action.shortcut), window)
            key.setContext(Qt.ShortcutContext.WindowShortcut)
            key.activated.connect(lambda name=action.id: run(name))


class ActionBar(QWidget):
    """A row of buttons for the windows and the manual."""

    def __init__(self, run: Callable[[str], None], window: QWidget) -> None:
        super().__init__(window)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 6)
        row.setSpacing(2)
        for action in desk_actions():
            if action.group != "bar":
                continue
            push = button(action.text, "link", f"{action.tip} ({action.shortcut})")
            push.setObjectName(f"action_{action.id}")
            push.clicked.connect(lambda _on=False, name=action.id: run(name))
            row.addWidget(push)
        row.addStretch(1)
