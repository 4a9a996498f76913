"""Draws the rows of the layer tree and takes their check boxes. GUI thread."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from widgets.check_box import SIDE, draw_check
from widgets.keyed_model import MARK_ROLE, Index
from widgets.symbols import Mark, draw_mark
from widgets.theme import Theme

KIND_ROLE = Qt.ItemDataRole.UserRole
COUNT_ROLE = Qt.ItemDataRole.UserRole + 2
GROUP_ROLE = Qt.ItemDataRole.UserRole + 5
"""Of a group: layers on, layers in all, things in alarm."""
GROUP_HEIGHT = 32
KIND_HEIGHT = 27
CHECK_LEFT = 20
NAME_LEFT = 66


class LayerDelegate(QStyledItemDelegate):
    """Group rows as quiet captions; kind rows: check box, mark, name, hints, count."""

    ANSWERS_ROLE = Qt.ItemDataRole.UserRole + 3
    LIT_ROLE = Qt.ItemDataRole.UserRole + 4

    def __init__(self, theme: Theme, tree: QTreeView) -> None:
        super().__init__(tree)
        self._theme = theme
        self._tree = tree
        self._font = theme.font()
        self._bold = theme.font(bold=True)
        self._small = theme.font(theme.sizes.small)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Groups stand a little apart."""
        return QSize(100, KIND_HEIGHT if index.data(KIND_ROLE) else GROUP_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(KIND_ROLE):
            self._paint_state(painter, rect, option)
            on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
            draw_check(painter, check_rect(rect), self._theme, on=on, able=True)
            self._paint_kind(painter, rect, index)
        else:
            self._paint_group(painter, rect, index)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Toggle by a click on box or mark, or by Space."""
        if not index.data(KIND_ROLE):
            return False
        if not _toggles(event, option.rect.left()):
            return False
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        state = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
        return model.setData(index, state.value, Qt.ItemDataRole.CheckStateRole)

    # -- pieces ---------------------------------------------------------------
    def _paint_group(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        painter.setFont(self._bold)
        painter.setPen(self._theme.color("muted"))
        row = index.model().index(index.row(), 0)
        arrow = "▾" if self._tree.isExpanded(row) else "▸"
        place = rect.adjusted(2, 6, 0, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(place, middle, arrow)
        painter.drawText(place.adjusted(18, 0, 0, 0), middle, str(index.data()))
        told = index.data(GROUP_ROLE)
        if not told:
            return
        on, total, alarmed = told
        right = self._write(painter, place, rect.right() - 4, f"{on}/{total}", "faint")
        if alarmed:
            words = QCoreApplication.translate("LayerDelegate", "{0} in alarm")
            painter.setFont(self._small)
            self._write(painter, place, right - 10, words.format(f"{alarmed:,}"), "critical_text")

    def _paint_state(self, painter: QPainter, rect: QRectF, option: QStyleOptionViewItem) -> None:
        state: Any = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("raised"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 4, 4)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 1.5, -0.5, -1.5), 4, 4)

    def _paint_kind(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        mark = index.data(MARK_ROLE)
        if isinstance(mark, Mark):
            side = 18.0
            box = QRectF(rect.left() + 42, rect.center().y() - side / 2, side, side)
            draw_mark(painter, box, mark)
        right = self._paint_numbers(painter, rect, index)
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        painter.setFont(self._font)
        painter.setPen(self._theme.color("text" if on else "faint"))
        place = QRectF(rect.left() + NAME_LEFT, rect.top(), right - NAME_LEFT - 6, rect.height())
        name = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), name)

    def _paint_numbers(self, painter: QPainter, rect: QRectF, index: Index) -> float:
        """Count at the right, hints left of it as far as the name leaves room; the left end."""
        count: Any = index.data(COUNT_ROLE)
        painter.setFont(self._font)
        name_width = painter.fontMetrics().horizontalAdvance(str(index.data()))
        limit = rect.left() + NAME_LEFT + name_width + 8
        right = rect.right() - 4
        answers = bool(index.data(self.ANSWERS_ROLE))
        right = self._write(painter, rect, right, _count_text(count, answers), "muted")
        painter.setFont(self._small)
        for text, token in _hints(count, answers, bool(index.data(self.LIT_ROLE))):
            width = painter.fontMetrics().horizontalAdvance(text) + 10
            if right - width < limit:
                break
            right = self._write(painter, rect, right - 10, text, token)
        return right

    def _write(self, painter: QPainter, rect: QRectF, right: float, text: str, token: str) -> float:
        color: QColor = self._theme.color(token)
        painter.setPen(color)
        place = QRectF(rect.left(), rect.top(), right - rect.left(), rect.height())
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, int(flags), text)
        return right - painter.fontMetrics().horizontalAdvance(text)


def check_rect(rect: QRectF) -> QRectF:
    """Where the check box of a row is."""
    return QRectF(rect.left() + CHECK_LEFT, rect.center().y() - SIDE / 2, SIDE, SIDE)


def _count_text(count: Any, answers: bool) -> str:
    if count is None:
        return "–"
    if answers:
        return f"{count.online:,}/{count.total:,}"
    return f"{count.total:,}"


def _hints(count: Any, answers: bool, lit: bool = False) -> list[tuple[str, str]]:
    """Words with their colour, the weightiest first. ``lit``: what counts is the deadline."""
    if count is None:
        return []
    translate = QCoreApplication.translate
    hints: list[tuple[str, str]] = []
    if lit:
        if count.severe:
            words = translate("LayerDelegate", "{0} overdue")
            hints.append((words.format(f"{count.severe:,}"), "critical_text"))
        if soon := count.alarmed - count.severe:
            words = translate("LayerDelegate", "{0} due soon")
            hints.append((words.format(f"{soon:,}"), "minor_text"))
    elif count.alarmed:
        words = translate("LayerDelegate", "{0} in alarm")
        hints.append((words.format(f"{count.alarmed:,}"), "critical_text"))
    if answers and count.offline:
        words = translate("LayerDelegate", "{0} offline")
        hints.append((words.format(f"{count.offline:,}"), "faint"))
    if answers and count.unknown:
        words = translate("LayerDelegate", "{0} unknown")
        hints.append((words.format(f"{count.unknown:,}"), "faint"))
    return hints


def _toggles(event: QEvent, left: int) -> bool:
    if isinstance(event, QKeyEvent):
        return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
    if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonRelease:
        return False
    return event.button() == Qt.MouseButton.LeftButton and event.position().x() < left + NAME_LEFT
