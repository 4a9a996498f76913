"""What all panels share: the surface, the theme, margins and small pieces of a layout."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from widgets.text import button_text, set_role, set_tooltip
from widgets.theme import Theme


class Panel(QWidget):
    """A surface of the theme. Setters in, intent signals out; GUI thread only."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setProperty("panel", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def column(parent: QWidget | None = None, *, margin: int = 0, gap: int = 6) -> QVBoxLayout:
    """A vertical layout with even margins."""
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return layout


def line(*widgets: QWidget | None, gap: int = 8, margin: int = 0) -> QHBoxLayout:
    """A horizontal layout of widgets; None is a spring."""
    layout = QHBoxLayout()
    layout.setContentsMargins(margin, 0, margin, 0)
    layout.setSpacing(gap)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return layout


def button(text: str, role: str = "", tip: str = "") -> QPushButton:
    """A push button with plain text; it takes the keyboard by Tab and by click."""
    made = QPushButton(button_text(text))
    made.setAutoDefault(False)
    set_role(made, role)
    set_tooltip(made, tip)
    if role == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def block(role: str = "block") -> QFrame:
    """A raised frame that holds one thing of a list."""
    frame = QFrame()
    set_role(frame, role)
    return frame


def rule() -> QFrame:
    """A thin dividing line."""
    frame = QFrame()
    set_role(frame, "rule")
    frame.setFixedHeight(1)
    return frame


def clear_layout(layout: QLayout) -> None:
    """Remove and delete everything in a layout, nested layouts included."""
    while (item := layout.takeAt(0)) is not None:
        widget, nested = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif nested is not None:
            clear_layout(nested)
            nested.deleteLater()
