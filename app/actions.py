"""Every action of the desk in one table: id, text, shortcut, tip.

The buttons, the shortcuts and the manual's key list are made from it. GUI thread: the texts are
translated when the table is built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.panel import button


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done from the desk."""

    id: str
    text: str
    shortcut: str
    tip: str


def desk_actions() -> tuple[Action, ...]:
    """The desk's actions in the order of their buttons."""
    translate = QCoreApplication.translate
    return (
        Action(
            "wall",
            translate("Actions", "Wall"),
            "Ctrl+2",
            translate("Actions", "Open the wall overview"),
        ),
        Action(
            "video",
            translate("Actions", "Video"),
            "Ctrl+3",
            translate("Actions", "Open the video window"),
        ),
        Action(
            "replay",
            translate("Actions", "Replay"),
            "Ctrl+4",
            translate("Actions", "Open a replay of the last hour"),
        ),
        Action("help", translate("Actions", "Help"), "F1", translate("Actions", "Open the manual")),
        Action(
            "full_screen",
            translate("Actions", "Full screen"),
            "F11",
            translate("Actions", "Fill the monitor, and back"),
        ),
    )


class ActionBar(QWidget):
    """A row of the actions' buttons; their shortcuts work in the whole window."""

    def __init__(self, handlers: Mapping[str, Callable[[], None]], window: QWidget) -> None:
        super().__init__(window)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 6)
        row.setSpacing(4)
        for action in desk_actions():
            handler = handlers[action.id]
            push = button(action.text, "link", f"{action.tip} ({action.shortcut})")
            push.setObjectName(f"action_{action.id}")
            push.clicked.connect(handler)
            row.addWidget(push)
            QShortcut(QKeySequence(action.shortcut), window).activated.connect(handler)
        row.addStretch(1)
