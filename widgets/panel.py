"""What all panels share: the surface, the theme, margins and small pieces of a layout."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from widgets.text import button_text, plain, set_role, set_tooltip
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


class RowButton(QPushButton):
    """A flat button as a row of a list: its text is cut, never its neighbours."""

    def __init__(self, text: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = plain(text)
        self.setAutoDefault(False)
        self.setAccessibleName(self._full)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_role(self, "row")
        set_tooltip(self, tip)
        self.setText(button_text(self._full))

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(60, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text to the width."""
        super().resizeEvent(event)
        room = self.width() - 14
        cut = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, room)
        if self.text() != button_text(cut):
            self.setText(button_text(cut))


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
