"""Every action of the desk in one table: id, text, shortcut, tip, and what it needs.

Buttons, shortcuts, the command palette and the manual's key list are made from it. GUI thread: the
texts are translated when the table is built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.action import Action, Needs
from app.actions_map import tool_actions
from app.actions_roads import road_actions
from app.logged_in import LoggedIn
from services.access.roles import ACCOUNTS, AUDIT, IMPORT
from widgets.palette import Command
from widgets.panel import button

WALL_DISTANCES_M = (3, 6, 10, 15)


def desk_actions() -> tuple[Action, ...]:
    """The desk's actions; those of the bar in the order of its buttons."""
    return (*_bar(), *_map(), *tool_actions(), *road_actions(), *_work(), *_look())


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
            "imports",
            translate("Actions", "Import data…"),
            "Ctrl+I",
            translate("Actions", "Load a file of things or cases, or undo a load"),
            "bar",
            needs="imports",
        ),
        Action(
            "accounts",
            translate("Actions", "Accounts"),
            "",
            translate("Actions", "Manage accounts, roles and logins"),
            "bar",
            needs="accounts",
        ),
        Action(
            "audit",
            translate("Actions", "Audit"),
            "",
            translate("Actions", "Read and export the audit"),
            "bar",
            needs="audit",
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
        Action(
            "basemap",
            translate("Actions", "Base map"),
            "Ctrl+Shift+N",
            translate("Actions", "Choose the base map of this window, or add one"),
            "map",
        ),
        Action(
            "trails",
            translate("Actions", "Trails"),
            "Ctrl+T",
            translate("Actions", "Show or hide where moving units were in the last ten minutes"),
            "map",
        ),
        Action(
            "new_map",
            translate("Actions", "New map window"),
            "Ctrl+Shift+M",
            translate("Actions", "Open a further map with its own view and layers"),
            "map",
        ),
        Action(
            "layers",
            translate("Actions", "Layer panel"),
            "Ctrl+Shift+P",
            translate("Actions", "Show the layers beside the map, or give the map their room"),
            "map",
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
            "table",
            translate("Actions", "Attribute table"),
            "F6",
            translate("Actions", "Open the rows of the layer that is chosen in the tree"),
            "work",
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
        Action(
            "lock",
            translate("Actions", "Lock this desk"),
            "Ctrl+L",
            translate("Actions", "Cover the desk until your password opens it again"),
            "work",
            needs="login",
        ),
        Action(
            "log_out",
            translate("Actions", "Log out"),
            "",
            translate("Actions", "End your login at this desk and let somebody else log in"),
            "work",
            needs="login",
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


def hidden_needs(logged_in: LoggedIn | None) -> frozenset[Needs]:
    """Needs that whoever sits here never meets, so that what has them is not shown."""
    if logged_in is None:
        return frozenset({"login", "accounts", "audit"})
    rights: dict[Needs, str] = {"accounts": ACCOUNTS, "audit": AUDIT, "imports": IMPORT}
    return frozenset(needs for needs, right in rights.items() if not logged_in.may(right))


def commands(why_not: Mapping[Needs, str], hidden: frozenset[Needs] = frozenset()) -> list[Command]:
    """The palette's lines; ``why_not``: the reason against each need that is not met now;
    ``hidden``: needs that are never met here."""
    return [
        Command(a.id, a.text, a.shortcut, a.tip, why_not.get(a.needs, ""))
        for a in desk_actions()
        if a.id != "palette" and a.needs not in hidden
    ]


def add_shortcuts(
    run: Callable[[str], None], window: QWidget, hidden: frozenset[Needs] = frozenset()
) -> None:
    """Let the keys of the table work in the whole window; ``run(action id)``."""
    for action in desk_actions():
        if action.shortcut and not action.own_key and action.needs not in hidden:
            key = QShortcut(QKeySequence(action.shortcut), window)
            key.setContext(Qt.ShortcutContext.WindowShortcut)
            key.activated.connect(lambda name=action.id: run(name))


def add_help_key(run: Callable[[str], None], window: QWidget) -> None:
    """Let the key of the manual work in a window that does not have the whole table's."""
    key = next(QKeySequence(a.shortcut) for a in desk_actions() if a.id == "help")
    if all(known.key() != key for known in window.findChildren(QShortcut)):
        QShortcut(key, window).activated.connect(lambda: run("help"))


class SeatBar(QWidget):
    """What one does with the own login, for windows of people who have no desk.

    ``asked(action id)``.
    """

    asked = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 6)
        for action in desk_actions():
            if action.needs != "login":
                continue
            push = button(action.text, "link", action.tip)
            push.setObjectName(f"action_{action.id}")
            push.clicked.connect(partial(self._ask, action.id))
            row.addWidget(push)
            if action.shortcut:
                QShortcut(QKeySequence(action.shortcut), window).activated.connect(push.click)
        row.addStretch(1)

    def _ask(self, name: str, _on: bool = False) -> None:
        self.asked.emit(name)


class ActionBar(QWidget):
    """A row of buttons for the windows and the manual; ``hidden``: needs that are not met here."""

    def __init__(
        self, run: Callable[[str], None], window: QWidget, hidden: frozenset[Needs] = frozenset()
    ) -> None:
        super().__init__(window)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 6)
        row.setSpacing(2)
        for action in desk_actions():
            if action.group != "bar" or action.needs in hidden:
                continue
            key = f" ({action.shortcut})" if action.shortcut else ""
            push = button(action.text, "link", f"{action.tip}{key}")
            push.setObjectName(f"action_{action.id}")
            push.clicked.connect(lambda _on=False, name=action.id: run(name))
            row.addWidget(push)
        row.addStretch(1)
