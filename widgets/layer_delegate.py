"""Draws the rows of the layer tree and takes their check boxes. GUI thread."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QLinearGradient, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from widgets.check_box import SIDE, draw_check
from widgets.keyed_model import MARK_ROLE, Index
from widgets.symbols import Mark, draw_mark
from widgets.theme import Theme

KIND_ROLE = Qt.ItemDataRole.UserRole
"""Of a layer: its id, which is the kind's for the layers of the packs."""
COUNT_ROLE = Qt.ItemDataRole.UserRole + 2
ANSWERS_ROLE = Qt.ItemDataRole.UserRole + 3
LIT_ROLE = Qt.ItemDataRole.UserRole + 4
GROUP_ROLE = Qt.ItemDataRole.UserRole + 5
"""Of a group: layers on, layers in all, things in alarm."""
NODE_ROLE = Qt.ItemDataRole.UserRole + 6
"""Of a group or layer: its id."""
NOTE_ROLE = Qt.ItemDataRole.UserRole + 7
LEGEND_ROLE = Qt.ItemDataRole.UserRole + 8
GROUP_HEIGHT = 32
KIND_HEIGHT = 27
LEGEND_HEIGHT = 22
CHECK_LEFT = 20
NAME_LEFT = 66
STEP_PX = 14
"""How much further in what lies one level deeper stands."""
MARK_PX = 18.0
RAMP_PX = 52.0
MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)
CHECKED = Qt.CheckState.Checked.value


class LayerDelegate(QStyledItemDelegate):
    """Group rows as quiet captions; layer rows: check box, mark, name, hints, count; legend rows.

    ``renamed(node id, text)`` after the name was edited in its place; ``class_toggled(layer id,
    place)`` for the box of a legend row.
    """

    renamed = Signal(str, str)
    class_toggled = Signal(str, int)

    def __init__(self, theme: Theme, tree: QTreeView) -> None:
        super().__init__(tree)
        self._theme = theme
        self._tree = tree
        self._font = theme.font()
        self._bold = theme.font(bold=True)
        self._small = theme.font(theme.sizes.small)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Groups stand a little apart; legends are closer."""
        if index.data(LEGEND_ROLE) is not None:
            return QSize(100, LEGEND_HEIGHT)
        return QSize(100, KIND_HEIGHT if index.data(KIND_ROLE) else GROUP_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        rect = QRectF(option.rect)
        rect.setLeft(rect.left() + indent(index))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(LEGEND_ROLE) is not None:
            self._paint_legend(painter, rect, index)
        else:
            self._paint_state(painter, QRectF(option.rect), option)
            state = index.data(Qt.ItemDataRole.CheckStateRole)
            partly = state == Qt.CheckState.PartiallyChecked.value
            is_group = not index.data(KIND_ROLE)
            draw_check(
                painter,
                check_rect(rect, group=is_group),
                self._theme,
                on=state == CHECKED,
                able=True,
                partly=partly,
            )
            if is_group:
                self._paint_group(painter, rect, index)
            else:
                self._paint_kind(painter, rect, index)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Toggle by a click on box or mark, or by Space."""
        left = option.rect.left() + indent(index)
        row = index.data(LEGEND_ROLE)
        if row is not None:
            if row.on is not None and _toggles(event, left):
                self.class_toggled.emit(str(index.parent().data(NODE_ROLE)), row.place)
                return True
            return False
        if not index.data(KIND_ROLE):
            rect = QRectF(option.rect)
            rect.setLeft(left)
            if not _toggles(event, left, check_rect(rect, group=True)):
                return False
        elif not _toggles(event, left):
            return False
        on = index.data(Qt.ItemDataRole.CheckStateRole) == CHECKED
        state = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
        return model.setData(index, state.value, Qt.ItemDataRole.CheckStateRole)

    # -- renaming -------------------------------------------------------------
    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index
    ) -> QWidget:
        """A line of text."""
        edit = QLineEdit(parent)
        edit.setMaxLength(80)
        edit.setFont(self._font)
        return edit

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Over the name."""
        rect: QRect = option.rect
        left = indent(index) + (NAME_LEFT if index.data(KIND_ROLE) else CHECK_LEFT + 22) - 8
        editor.setGeometry(rect.adjusted(left, 0, 0, 0))

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:
        """Tell the new name; the panel makes of it what it may be."""
        if isinstance(editor, QLineEdit):
            self.renamed.emit(str(index.data(NODE_ROLE)), editor.text().strip())

    # -- pieces ---------------------------------------------------------------
    def _paint_group(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        painter.setFont(self._bold)
        painter.setPen(self._theme.color("muted"))
        place = rect.adjusted(2, 6, 0, 0)
        painter.drawText(place, MIDDLE, self._arrow(index))
        told = index.data(GROUP_ROLE)
        right = rect.right() - 4
        if told:
            on, total, alarmed = told
            right = self._write(painter, place, right, f"{on}/{total}", "faint")
            if alarmed:
                words = QCoreApplication.translate("LayerDelegate", "{0} in alarm")
                painter.setFont(self._small)
                words = words.format(f"{alarmed:,}")
                right = self._write(painter, place, right - 10, words, "critical_text")
        painter.setFont(self._bold)
        painter.setPen(self._theme.color("muted"))
        name = place.adjusted(40, 0, 0, 0)
        name.setRight(right - 8)
        self._elided(painter, name, str(index.data()))

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
        note: Any = index.data(NOTE_ROLE)
        if index.model().rowCount(index):
            painter.setFont(self._font)
            painter.setPen(self._theme.color("faint"))
            painter.drawText(rect.adjusted(2, 0, 0, 0), MIDDLE, self._arrow(index))
        mark = index.data(MARK_ROLE)
        if isinstance(mark, Mark):
            box = QRectF(rect.left() + 42, rect.center().y() - MARK_PX / 2, MARK_PX, MARK_PX)
            painter.setOpacity(0.45 if note is not None and note.out else 1.0)
            draw_mark(painter, box, mark)
            painter.setOpacity(1.0)
        right = self._paint_numbers(painter, rect, index)
        on = index.data(Qt.ItemDataRole.CheckStateRole) == CHECKED
        painter.setFont(self._font)
        faint = not on or (note is not None and note.out)
        painter.setPen(self._theme.color("faint" if faint else "text"))
        place = QRectF(rect.left() + NAME_LEFT, rect.top(), right - NAME_LEFT, rect.height())
        place.setRight(right - 6)
        self._elided(painter, place, str(index.data()))

    def _paint_numbers(self, painter: QPainter, rect: QRectF, index: Index) -> float:
        """Count at the right, hints left of it as far as the name leaves room; the left end."""
        count: Any = index.data(COUNT_ROLE)
        note: Any = index.data(NOTE_ROLE)
        painter.setFont(self._font)
        name_width = painter.fontMetrics().horizontalAdvance(str(index.data()))
        limit = rect.left() + NAME_LEFT + name_width + 8
        right = rect.right() - 4
        answers = bool(index.data(ANSWERS_ROLE))
        if note is not None and note.passed:
            right = self._write(painter, rect, right, note.passed, "accent")
            right = self._funnel(painter, right - 5, rect.center().y())
        else:
            right = self._write(painter, rect, right, _count_text(count, answers), "muted")
        painter.setFont(self._small)
        hints = _hints(count, answers, bool(index.data(LIT_ROLE)))
        if note is not None and note.out:
            hints = [(note.out, "faint")]
        if note is not None and note.problem:
            hints.insert(0, ("⚠", "minor_text"))
        for text, token in hints:
            width = painter.fontMetrics().horizontalAdvance(text) + 10
            if right - width < limit:
                break
            right = self._write(painter, rect, right - 10, text, token)
        return right

    def _paint_legend(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        row: Any = index.data(LEGEND_ROLE)
        painter.setFont(self._small)
        if row.on is not None:
            box = QRectF(rect.left() + 42, rect.center().y() - 6, SIDE, SIDE)
            painter.save()
            painter.translate(box.center())
            painter.scale(0.8, 0.8)
            painter.translate(-box.center())
            draw_check(painter, box, self._theme, on=row.on, able=True)
            painter.restore()
        left = rect.left() + NAME_LEFT
        if row.ramp:
            bar = QRectF(left, rect.center().y() - 5, RAMP_PX, 10)
            gradient = QLinearGradient(bar.topLeft(), bar.topRight())
            for place, color in enumerate(row.ramp):
                gradient.setColorAt(place / (len(row.ramp) - 1), color)
            painter.fillRect(bar, gradient)
            left += RAMP_PX + 8
        elif row.mark is not None:
            side = 8.0 + 8.0 * min(1.0, row.size)
            box = QRectF(left + 8 - side / 2, rect.center().y() - side / 2, side, side)
            painter.setOpacity(1.0 if row.on is not False else 0.35)
            draw_mark(painter, box, row.mark)
            painter.setOpacity(1.0)
            left += 24
        right = self._write(painter, rect, rect.right() - 4, row.count, "faint")
        painter.setPen(self._theme.color("muted" if row.on is not False else "faint"))
        place_of = QRectF(left, rect.top(), right - 8 - left, rect.height())
        self._elided(painter, place_of, row.text)

    def _arrow(self, index: Index) -> str:
        row = index.model().index(index.row(), 0, index.parent())
        return "▾" if self._tree.isExpanded(row) else "▸"

    def _elided(self, painter: QPainter, place: QRectF, text: str) -> None:
        width = max(0, int(place.width()))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(place, MIDDLE, shown)

    def _funnel(self, painter: QPainter, right: float, middle: float) -> float:
        """A small funnel: these are not all."""
        painter.setPen(QPen(self._theme.color("accent"), 1.3))
        left, top = right - 9, middle - 4.5
        for x0, y0, x1, y1 in ((0, 0, 9, 0), (0, 0, 3.5, 5), (9, 0, 5.5, 5), (4.5, 5, 4.5, 9)):
            painter.drawLine(int(left + x0), int(top + y0), int(left + x1), int(top + y1))
        return left

    def _write(self, painter: QPainter, rect: QRectF, right: float, text: str, token: str) -> float:
        painter.setPen(self._theme.color(token))
        place = QRectF(rect.left(), rect.top(), right - rect.left(), rect.height())
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, int(flags), text)
        return right - painter.fontMetrics().horizontalAdvance(text)


def indent(index: Index) -> int:
    """Pixels by which a row stands further in than a row of the first group."""
    depth, above = 0, index.parent()
    while above.isValid():
        if not above.data(KIND_ROLE):
            depth += 1
        above = above.parent()
    if index.data(KIND_ROLE) or index.data(LEGEND_ROLE) is not None:
        depth -= 1
    return STEP_PX * max(0, depth)


def check_rect(rect: QRectF, *, group: bool = False) -> QRectF:
    """Where the check box of a row is."""
    down = 3 if group else 0
    return QRectF(rect.left() + CHECK_LEFT, rect.center().y() - SIDE / 2 + down, SIDE, SIDE)


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


def _toggles(event: QEvent, left: int, box: QRectF | None = None) -> bool:
    """Whether an event is meant for the box of a row that begins at ``left``."""
    if isinstance(event, QKeyEvent):
        return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
    if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonRelease:
        return False
    if event.button() != Qt.MouseButton.LeftButton:
        return False
    if box is not None:
        return box.adjusted(-4, -4, 4, 4).contains(event.position())
    return left + CHECK_LEFT - 6 <= event.position().x() < left + NAME_LEFT
