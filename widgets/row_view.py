"""A list of rows drawn as quiet bars, for alarms, cases and search results. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from widgets.keyed_model import BOLD_ROLE, KEY_ROLE, MARK_ROLE, Column, Index, KeyedModel
from widgets.symbols import Mark, draw_mark
from widgets.theme import Theme

MARK_SIDE = 14
LEAST_MAIN = 90
"""Pixels that the main column of a list keeps while others leave."""
LEAST_PART = 72
"""Pixels below which a lesser column says next to nothing and rather leaves its room."""
MEASURE_MS = 100
MEASURED_ROWS = 60
WORD_ROOM_PX, WIDTH_STEP_PX = 18, 8


class RowDelegate(QStyledItemDelegate):
    """Draws a cell as a part of its row's bar: mark or elided text, selection as an accent edge."""

    def __init__(self, theme: Theme, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._last = columns - 1
        self._font = theme.font()
        self._bold = theme.font(bold=True)

    def set_last(self, column: int) -> None:
        """The column that ends the bar at the right."""
        self._last = column

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The row height of the theme."""
        return QSize(40, self._theme.space.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        rect = QRectF(option.rect)
        painter.save()
        self._paint_bar(painter, rect, option, index)
        mark = index.data(MARK_ROLE)
        if isinstance(mark, Mark):
            box = QRectF(0, 0, MARK_SIDE, MARK_SIDE)
            box.moveCenter(rect.center())
            draw_mark(painter, box, mark)
        else:
            self._paint_text(painter, rect, index)
        painter.restore()

    def _paint_bar(
        self, painter: QPainter, rect: QRectF, option: QStyleOptionViewItem, index: Index
    ) -> None:
        state: Any = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        half = self._theme.space.gap / 2
        left = 0.0 if index.column() else half
        right = 0.0 if index.column() < self._last else half
        bar = rect.adjusted(left, half, -right, -half)
        fill = self._theme.color("raised")
        if selected:
            fill = _mix(fill, self._theme.color("accent"), 0.28)
        elif not hovered:
            fill = _mix(fill, self._theme.color("panel"), 0.45)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(_bar_path(bar, self._theme.space.radius, left > 0, right > 0), fill)
        if selected and left > 0:
            painter.setPen(QPen(self._theme.color("accent"), 3))
            x = bar.left() + 1.5
            painter.drawLine(int(x), int(bar.top() + 3), int(x), int(bar.bottom() - 3))

    def _paint_text(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        font: QFont = self._bold if index.data(BOLD_ROLE) else self._font
        color = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setFont(font)
        painter.setPen(color if isinstance(color, QColor) else self._theme.color("text"))
        model = index.model()
        right = isinstance(model, KeyedModel) and model.columns[index.column()].right
        inner = rect.adjusted(6, 0, -10 if index.column() == self._last else -6, 0)
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(inner.width())
        )
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def _mix(first: QColor, second: QColor, share: float) -> QColor:
    def part(a: int, b: int) -> int:
        return round(a * (1 - share) + b * share)

    return QColor(
        part(first.red(), second.red()),
        part(first.green(), second.green()),
        part(first.blue(), second.blue()),
    )


def _bar_path(rect: QRectF, radius: float, round_left: bool, round_right: bool) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    if not (round_left or round_right):
        path.addRect(rect)
        return path
    path.addRoundedRect(rect, radius, radius)
    half = rect.width() / 2
    if not round_left:
        path.addRect(rect.adjusted(0, 0, -half, 0))
    if not round_right:
        path.addRect(rect.adjusted(half, 0, 0, 0))
    return path


def columns_that_fit(
    columns: Sequence[Column[Any]], width: int, widths: Sequence[int] | None = None
) -> list[int]:
    """Places of the columns that can be shown, so that the main one keeps ``LEAST_MAIN`` pixels,
    and none that shares the room is left with less than ``LEAST_PART``.

    ``widths``: their fixed pixels where those differ from what the columns say.
    """
    fixed = [c.width for c in columns] if widths is None else widths
    shown = list(range(len(columns)))
    leaving = sorted((c.leaves, i) for i, c in enumerate(columns) if c.leaves)
    main = max(shown, key=lambda i: columns[i].weight)
    for _order, place in leaving:
        spare = width - sum(fixed[i] for i in shown)
        weights = sum(columns[i].weight for i in shown) or 1.0
        room = {i: fixed[i] + spare * columns[i].weight / weights for i in {main, *shown}}
        starved = any(room[i] < LEAST_PART for _o, i in leaving if i in shown and columns[i].weight)
        if room[main] >= LEAST_MAIN and not starved:
            break
        shown.remove(place)
    return shown


def shared_room(spare: int, weights: Sequence[float], wants: Sequence[int]) -> list[int]:
    """Pixels of each column out of ``spare``, by weight; but what a column's words do not need
    goes to those whose words are cut, and only then to all of them."""
    given = [0] * len(weights)
    open_ = {i for i, weight in enumerate(weights) if weight > 0}
    while open_:
        total = sum(weights[i] for i in open_)
        part = {i: int(spare * weights[i] / total) for i in open_}
        content = {i for i in open_ if wants[i] <= part[i]}
        if not content or content == open_:
            return [given[i] + part.get(i, 0) for i in range(len(weights))]
        for i in content:
            given[i] = wants[i]
            spare -= wants[i]
        open_ -= content
    return given


class RowTable(QTableView):
    """A table view over a KeyedModel whose selection is held by key, also over a reset."""

    def __init__(self, theme: Theme, model: KeyedModel[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._held: tuple[list[str], str] = ([], "")
        self.setModel(model)
        self._delegate = RowDelegate(theme, len(model.columns), self)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(10)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.space.row)
        self._metrics = QFontMetrics(theme.font(bold=True))
        self._widths = [c.width for c in model.columns]
        self._wants = [0] * len(model.columns)
        self._measure = QTimer(self)
        self._measure.setSingleShot(True)
        self._measure.setInterval(MEASURE_MS)
        self._measure.timeout.connect(self._fit_words)
        for changed in (model.modelReset, model.rowsInserted, model.dataChanged):
            changed.connect(self._measure_soon)
        model.modelAboutToBeReset.connect(self._hold)
        model.modelReset.connect(self._restore)

    def selected_keys(self) -> list[str]:
        """Keys of the selected rows from top to bottom."""
        places = sorted({i.row() for i in self.selectionModel().selectedIndexes()})
        return [self._model.keys()[place] for place in places]

    def current_key(self) -> str:
        """Key of the row with the keyboard, or ''."""
        index = self.currentIndex()
        return str(index.data(KEY_ROLE)) if index.isValid() else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns; where it is narrow, the lesser ones leave."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        columns, fixed = self._model.columns, self._widths
        shown = columns_that_fit(columns, self.viewport().width(), fixed)
        spare = max(0, self.viewport().width() - sum(fixed[i] for i in shown))
        weights = [c.weight if i in shown else 0.0 for i, c in enumerate(columns)]
        shares = shared_room(spare, weights, self._wants)
        for place in range(len(columns)):
            self.setColumnHidden(place, place not in shown)
            self.setColumnWidth(place, fixed[place] + shares[place])
        self._delegate.set_last(shown[-1])

    def _measure_soon(self) -> None:
        if not self._measure.isActive():
            self._measure.start()

    def _fit_words(self) -> None:
        """Let snug columns follow the words of the first rows, in steps, so that they stay calm."""
        widths = [
            min(column.width, self._words_px(place)) if column.snug else column.width
            for place, column in enumerate(self._model.columns)
        ]
        wants = [self._words_px(i) if c.weight else 0 for i, c in enumerate(self._model.columns)]
        if (widths, wants) != (self._widths, self._wants):
            self._widths, self._wants = widths, wants
            self._share()

    def _words_px(self, place: int) -> int:
        rows = range(min(MEASURED_ROWS, self._model.rowCount()))
        texts = {str(self._model.index(row, place).data() or "") for row in rows}
        widest = max((self._metrics.horizontalAdvance(text) for text in texts), default=0)
        return -(-(widest + WORD_ROOM_PX) // WIDTH_STEP_PX) * WIDTH_STEP_PX

    def _hold(self) -> None:
        self._held = (self.selected_keys(), self.current_key())

    def _restore(self) -> None:
        keys, current = self._held
        selection = self.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        for key in keys:
            place = self._model.place_of(key)
            if place >= 0:
                selection.select(self._model.index(place, 0), flags.Select | flags.Rows)
        place = self._model.place_of(current)
        index = self._model.index(place, 0) if place >= 0 else QModelIndex()
        selection.setCurrentIndex(index, flags.NoUpdate)
