"""The box for going to a place: coordinates in a datum of choice, a code, a name. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QPushButton, QWidget

from services.domain.datum import DATUMS, Datum
from widgets.keyed_model import KEY_ROLE
from widgets.panel import button, column, line
from widgets.search_box import ROW_HEIGHT, ResultDelegate, ResultModel, SearchResult
from widgets.text import plain_label, set_role
from widgets.theme import Theme

WIDTH_PX, SHOWN_ROWS, DELAY_MS = 720, 8, 120
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class GotoBox(QFrame):
    """A window of its own, because nothing else stands above the map.

    ``typed(text, datum)`` when there is something to look for, ``chosen(id)`` of a result,
    ``datum_chosen(datum)``.
    """

    typed = Signal(str, str)
    chosen = Signal(str)
    datum_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.edit = QLineEdit()
        self.list = QListView()
        self._model = ResultModel(self)
        self._hint = plain_label("", "small")
        self._datums: dict[Datum, QPushButton] = {}
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(self._ask)
        self._waits = self._takes = False
        self._build(theme)

    @property
    def datum(self) -> Datum:
        """The datum of coordinates that name none."""
        return next((name for name, push in self._datums.items() if push.isChecked()), "wgs84")

    def set_datum(self, datum: Datum) -> None:
        """Take another datum."""
        self._datums[datum].setChecked(True)

    def open_empty(self) -> None:
        """Show the box over the upper middle of its window."""
        self._takes = False
        self.edit.clear()
        self.set_results([])
        window = self.parentWidget()
        if window is not None:
            left = (window.width() - self.width()) // 2
            self.move(window.mapToGlobal(QPoint(left, window.height() // 8)))
        self.show()
        self.edit.setFocus()

    def set_results(self, results: Sequence[SearchResult]) -> None:
        """Show what was found for the present text; it is taken if Enter was pressed for it."""
        self._model.set_results(results)
        self._waits = False
        self.list.setVisible(bool(results))
        self.list.setFixedHeight(min(SHOWN_ROWS, max(1, len(results))) * ROW_HEIGHT)
        if results:
            self.list.setCurrentIndex(self._model.index(0))
        nothing = self.tr("Nothing is called so, and it is no coordinate that can be read.")
        self._hint.setText(
            nothing if self.edit.text().strip() and not results else self._examples()
        )
        self._hint.setVisible(not results)
        self.adjustSize()
        if self._takes:
            self._takes = False
            self._take()

    def _examples(self) -> str:
        return self.tr(
            "For example 101.82, 36.60 · 36°36′00″N 101°49′12″E · 4052345.1, 34572345.6 · "
            "GCJ-02 101.82, 36.60 · a code, a name, pinyin initials"
        )

    def _build(self, theme: Theme) -> None:
        set_role(self, "popup")
        self.setFixedWidth(WIDTH_PX)
        self.edit.setPlaceholderText(self.tr("Coordinates, code, name or initials"))
        self.edit.setAccessibleName(self.tr("Go to"))
        self.edit.setMaxLength(200)
        set_role(self.edit, "search")
        set_role(self.list, "popup-list")
        self.list.setModel(self._model)
        self.list.setItemDelegate(ResultDelegate(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hint.setWordWrap(True)
        layout = column(self, margin=8, gap=6)
        layout.addWidget(self.edit)
        layout.addLayout(self._datum_line())
        layout.addWidget(self.list)
        layout.addWidget(self._hint)
        self.edit.textEdited.connect(self._typed)
        self.edit.installEventFilter(self)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(self._take)

    def _datum_line(self) -> QHBoxLayout:
        row = line(plain_label(self.tr("Coordinates without a datum are"), "small"), gap=6)
        names = {"wgs84": "WGS-84 / CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}
        for datum in DATUMS:
            push = button(names[datum], "tool")
            push.setCheckable(True)
            push.setAutoExclusive(True)
            push.setChecked(datum == "wgs84")
            push.clicked.connect(partial(self._choose_datum, datum))
            self._datums[datum] = push
            row.addWidget(push)
        row.addStretch(1)
        return row

    def _choose_datum(self, datum: Datum, _on: bool = False) -> None:
        self.datum_chosen.emit(datum)
        self._ask()

    def _typed(self, _text: str) -> None:
        self._takes = False
        self._delay.start()

    def _ask(self) -> None:
        self._delay.stop()
        self._waits = True
        self.typed.emit(self.edit.text().strip(), self.datum)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrows choose, Enter takes, Escape leaves; all else is typing."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if key in _MOVES and self._model.rowCount():
            row = (self.list.currentIndex().row() + _MOVES[key]) % self._model.rowCount()
            self.list.setCurrentIndex(self._model.index(row))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._delay.isActive():
                self._takes = True
                self._ask()
            elif self._waits:
                self._takes = True
            else:
                self._take()
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _take(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self.hide()
            self.chosen.emit(str(index.data(KEY_ROLE)))
