"""The search box with its list of results, usable without the mouse. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from widgets.keyed_model import KEY_ROLE, MARK_ROLE, Index
from widgets.symbols import Mark, draw_mark
from widgets.text import plain, set_role
from widgets.theme import Theme

DELAY_MS = 150
SHOWN_ROWS = 12
ROW_HEIGHT = 32
EDGES_PX = 36
"""What the frame of the box takes from its words."""
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 2
ABLE_ROLE = Qt.ItemDataRole.UserRole + 3


@dataclass(frozen=True)
class SearchResult:
    """One thing that was found; ``detail`` is its kind, number or place."""

    id: str
    name: str
    detail: str
    mark: Mark | None = None
    able: bool = True


class ResultModel(QAbstractListModel):
    """Results as a list of one column."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.results: tuple[SearchResult, ...] = ()

    def set_results(self, results: Sequence[SearchResult]) -> None:
        """Replace them."""
        self.beginResetModel()
        self.results = tuple(results)
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:
        """Results."""
        return len(self.results)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, detail, mark and id."""
        result = self.results[index.row()]
        values = {
            int(Qt.ItemDataRole.DisplayRole): plain(result.name),
            int(DETAIL_ROLE): plain(result.detail),
            int(MARK_ROLE): result.mark,
            int(KEY_ROLE): result.id,
            int(ABLE_ROLE): result.able,
        }
        return values.get(int(role))


class ResultDelegate(QStyledItemDelegate):
    """Draws a result: mark, name, detail at the right; faint where it cannot be taken."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = theme.font()
        self._small = theme.font(theme.sizes.small)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One line."""
        return QSize(100, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Mark, name, detail at the right."""
        rect = option.rect.toRectF()
        state: Any = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, self._theme.color("accent"))
        mark = index.data(MARK_ROLE)
        if isinstance(mark, Mark):
            draw_mark(painter, rect.adjusted(10, 9, -(rect.width() - 24), -9), mark)
        plain_color = "text" if index.data(ABLE_ROLE) else "faint"
        painter.setPen(self._theme.color("on_accent" if chosen else plain_color))
        middle = Qt.AlignmentFlag.AlignVCenter
        detail = str(index.data(DETAIL_ROLE))
        painter.setFont(self._small)
        needed = painter.fontMetrics().horizontalAdvance(detail) + 4.0
        small_width = min(rect.width() * 0.5, needed)
        painter.setFont(self._font)
        place = rect.adjusted(32, 0, -small_width - 22, 0)
        name = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, int(middle), name)
        painter.setPen(self._theme.color("on_accent" if chosen else "muted"))
        painter.setFont(self._small)
        place = rect.adjusted(rect.width() - small_width - 10, 0, -10, 0)
        detail = painter.fontMetrics().elidedText(
            detail, Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, int(middle | Qt.AlignmentFlag.AlignRight), detail)
        painter.restore()


class SearchBox(QLineEdit):
    """Type to search, arrows to choose, Enter to take, Escape to leave.

    ``search_changed(text)`` a moment after typing stops; ``search_chosen(id)``.
    """

    search_changed = Signal(str)
    search_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ResultModel(self)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(lambda: self.search_changed.emit(self.text().strip()))
        self.popup = QListView(self)
        self._build(theme)
        self.textEdited.connect(lambda _text: self._delay.start())

    def set_results(self, results: Sequence[SearchResult]) -> None:
        """Show what was found for the present text; nothing found closes the list."""
        self._model.set_results(results)
        if not results or not self.hasFocus() or not self.text().strip():
            self.popup.hide()
            return
        self.popup.setCurrentIndex(self._model.index(0))
        self._place_popup()
        self.popup.show()

    def _build(self, theme: Theme) -> None:
        set_role(self, "search")
        self.setClearButtonEnabled(True)
        self.setAccessibleName(self.tr("Search"))
        popup = self.popup
        set_role(popup, "popup")
        popup.setWindowFlags(Qt.WindowType.ToolTip)  # above the map's native window, no focus
        popup.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        popup.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        popup.setModel(self._model)
        popup.setItemDelegate(ResultDelegate(theme, popup))
        popup.setUniformItemSizes(True)
        popup.setMouseTracking(True)
        popup.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        popup.entered.connect(popup.setCurrentIndex)
        popup.clicked.connect(lambda _index: self._take())

    def _place_popup(self) -> None:
        rows = min(SHOWN_ROWS, self._model.rowCount())
        self.popup.setFixedSize(max(440, self.width()), rows * ROW_HEIGHT + 4)
        self.popup.move(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _take(self) -> None:
        index = self.popup.currentIndex()
        if index.isValid():
            self.popup.hide()
            self.search_chosen.emit(str(index.data(KEY_ROLE)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list, take, leave; all else is typing."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.popup.isVisible():
            step = 1 if key == Qt.Key.Key_Down else -1
            row = (self.popup.currentIndex().row() + step) % self._model.rowCount()
            self.popup.setCurrentIndex(self._model.index(row))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Slash and not self.text():
            event.accept()  # the key that leads here; here already, it is no part of a name
        elif key == Qt.Key.Key_Escape and self.popup.isVisible():
            self.popup.hide()
        elif key == Qt.Key.Key_Escape:
            self.clear()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        if self.popup.isVisible():
            self._take()
        else:
            self._delay.stop()
            self.search_changed.emit(self.text().strip())

    def event(self, event: QEvent) -> bool:
        """The list closes when the box loses the keyboard."""
        if event.type() == QEvent.Type.FocusOut:
            self.popup.hide()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say what can be searched as far as it can be said whole."""
        super().resizeEvent(event)
        words = self.tr("Search place, number, name, pinyin  /")
        if self.fontMetrics().horizontalAdvance(words) + EDGES_PX > self.width():
            words = self.tr("Search  /")
        self.setPlaceholderText(words)

    def hideEvent(self, event: QHideEvent) -> None:
        """The list never outlives its box."""
        self.popup.hide()
        super().hideEvent(event)
