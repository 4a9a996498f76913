"""The tree itself: rows dragged by the mouse or moved by Alt and arrows. GUI thread.

Dragging is followed here instead of by QDrag, which would run an event loop of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTreeView, QWidget

from widgets.layer_delegate import CHECK_LEFT, KIND_ROLE, LEGEND_ROLE, NAME_LEFT, NODE_ROLE, indent
from widgets.theme import Theme

SCROLL_MS = 40
SCROLL_PX = 12
EDGE_PX = 24


@dataclass(frozen=True, slots=True)
class Drop:
    """Into which group ("" for the first level), before its ``at``-th row, and where the line is
    drawn; ``whole``: the group's row is marked instead."""

    into: str
    at: int
    line: QRect
    whole: bool = False


class LayerView(QTreeView):
    """``node_dropped(node id, group id, place)``; ``key_asked(name)`` for keys that mean something
    in the tree: up, down, rename, remove, undo, redo, copy_style, paste_style, menu."""

    node_dropped = Signal(str, str, int)
    key_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.can_drag = True
        self._pressed: QPoint | None = None
        self._last_press = QPoint()
        self._dragged = ""
        self._drop: Drop | None = None
        self._scroll = QTimer(self)
        self._scroll.setInterval(SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setExpandsOnDoubleClick(False)

    @property
    def drop(self) -> Drop | None:
        """Where what is dragged would go."""
        return self._drop

    # -- dragging -------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a drag."""
        place = self._last_press = event.position().toPoint()
        index = self.indexAt(place)
        grip = index.isValid() and place.x() >= indent(index) + _grip_left(index)
        if event.button() == Qt.MouseButton.LeftButton and grip and index.data(NODE_ROLE):
            self._pressed = place
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag once the pointer has gone far enough."""
        place = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        far = (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if not self._dragged and far and self.can_drag:
            self._dragged = str(self.indexAt(self._pressed).data(NODE_ROLE) or "")
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragged:
            self._drop = self.drop_at(place)
            self._scroll.start()
            self.viewport().update()

    def box_hit(self, index: QModelIndex) -> bool:
        """Whether the last press was on the box of a row."""
        left = indent(index) + CHECK_LEFT
        return left - 4 <= self._last_press.x() < left + 20

    def arrow_hit(self, index: QModelIndex) -> bool:
        """Whether the last click was on the arrow of a row that has others below it."""
        left = indent(index) + CHECK_LEFT - 4
        return bool(self.model().rowCount(index)) and self._last_press.x() < left

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop, or a click."""
        dragged, drop = self._dragged, self._drop
        self._pressed = None
        if not dragged:
            super().mouseReleaseEvent(event)
            return
        self.end_drag()
        if drop is not None:
            self.node_dropped.emit(dragged, drop.into, drop.at)

    def end_drag(self) -> None:
        """Nothing is dragged any more."""
        self._pressed = None
        self._dragged, self._drop = "", None
        self._scroll.stop()
        self.unsetCursor()
        self.viewport().update()

    def drop_at(self, place: QPoint) -> Drop | None:
        """Where a row that is let go at a place of the view would go."""
        index = self.indexAt(place)
        while index.isValid() and index.data(LEGEND_ROLE) is not None:
            index = index.parent()
        if not index.isValid():
            rows = self.model().rowCount()
            last = self.visualRect(self.model().index(rows - 1, 0))
            return Drop("", rows, QRect(4, self._below(last), self.viewport().width() - 8, 0))
        row = self.visualRect(index)
        share = (place.y() - row.top()) / max(1, row.height())
        if not index.data(KIND_ROLE) and share >= 0.3:
            inside = str(index.data(NODE_ROLE))
            return Drop(inside, 0, row, whole=True)
        into = str(index.parent().data(NODE_ROLE) or "") if index.parent().isValid() else ""
        after = share > 0.5 and bool(index.data(KIND_ROLE))
        y = row.bottom() + 1 if after else row.top()
        left = indent(index) + (CHECK_LEFT if index.data(KIND_ROLE) else 2)
        line = QRect(left, y, self.viewport().width() - left - 4, 0)
        return Drop(into, index.row() + int(after), line)

    def _below(self, last: QRect) -> int:
        return min(self.viewport().height() - 2, last.bottom() + 1)

    def _scroll_on(self) -> None:
        """Near the upper and lower edge the tree moves on under what is dragged."""
        at = self.viewport().mapFromGlobal(self.cursor().pos()).y()
        bar, high = self.verticalScrollBar(), self.viewport().height()
        if 0 <= at < EDGE_PX:
            bar.setValue(bar.value() - SCROLL_PX)
        elif high - EDGE_PX < at <= high:
            bar.setValue(bar.value() + SCROLL_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the line where what is dragged would go."""
        super().paintEvent(event)
        if self._drop is None:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 2))
        if self._drop.whole:
            painter.drawRoundedRect(self._drop.line.adjusted(1, 1, -1, -1), 4, 4)
        else:
            line = self._drop.line
            painter.drawLine(line.topLeft(), line.topRight())
            painter.setBrush(self._theme.color("ground"))
            painter.drawEllipse(line.topLeft(), 3, 3)
        painter.end()

    # -- keys -----------------------------------------------------------------
    def event(self, event: QEvent) -> bool:
        """While the tree has the keyboard its keys come before those of the window."""
        first = event.type() == QEvent.Type.ShortcutOverride
        if first and isinstance(event, QKeyEvent) and _asked(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class; all else is the view's."""
        if event.key() == Qt.Key.Key_Escape and self._dragged:
            self.end_drag()
            return
        asked = _asked(event)
        if asked and self.state() != QAbstractItemView.State.EditingState:
            self.key_asked.emit(asked)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._fold(self.currentIndex(), event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def _fold(self, index: QModelIndex, opened: bool) -> None:
        """Right opens; left shuts, and from what is shut goes to what it lies in."""
        if not index.isValid():
            return
        if self.model().rowCount(index) and self.isExpanded(index) != opened:
            self.setExpanded(index, opened)
        elif not opened and index.parent().isValid():
            self.setCurrentIndex(index.parent())


def _grip_left(index: QModelIndex) -> int:
    """From here on a row is dragged; left of it its box is pressed."""
    return NAME_LEFT if index.data(KIND_ROLE) else CHECK_LEFT + 20


def _asked(event: QKeyEvent) -> str:
    key, with_keys = Qt.Key(event.key()), event.modifiers()
    control = bool(with_keys & Qt.KeyboardModifier.ControlModifier)
    shift = bool(with_keys & Qt.KeyboardModifier.ShiftModifier)
    if with_keys & Qt.KeyboardModifier.AltModifier:
        return {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down"}.get(key, "")
    if control and shift:
        return {Qt.Key.Key_Z: "redo"}.get(key, "")
    if control:
        return {
            Qt.Key.Key_Z: "undo",
            Qt.Key.Key_Y: "redo",
            Qt.Key.Key_C: "copy_style",
            Qt.Key.Key_V: "paste_style",
        }.get(key, "")
    return {
        Qt.Key.Key_F2: "rename",
        Qt.Key.Key_Delete: "remove",
        Qt.Key.Key_Menu: "menu",
    }.get(key, "")
