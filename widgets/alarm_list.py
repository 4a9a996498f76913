"""The alarm list: what is wrong, where, since when, and who has seen it. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QInputDialog, QMenu, QStackedWidget, QWidget

from services.domain.clock import Clock
from widgets.format import clock_hm, day_clock, short_id
from widgets.keyed_model import KEY_ROLE, Column, KeyedModel
from widgets.panel import Panel, button, column, line
from widgets.row_view import RowTable
from widgets.rows import AlarmRow
from widgets.symbols import Mark, severity_mark
from widgets.text import ElidedLabel, button_text, plain_label, set_role, set_tooltip
from widgets.theme import Theme
from widgets.words import severity_word

SortOrder = Literal["worst", "newest"]
TIME_COLUMN = 1


def _worst(row: AlarmRow) -> tuple[bool, int, float]:
    alarm = row.alarm
    return (alarm.acknowledged, -alarm.severity, -alarm.last_time)


def _newest(row: AlarmRow) -> float:
    return -row.alarm.last_time


class AlarmListPanel(Panel):
    """Alarms as a list.

    ``acknowledge_requested(keys, note)``, ``alarm_activated(key)`` by double click or Enter,
    ``alarm_selected(key)`` as the selection moves, ``to_case_requested(key)``.
    """

    acknowledge_requested = Signal(list, str)
    alarm_activated = Signal(str)
    alarm_selected = Signal(str)
    to_case_requested = Signal(str)

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._clock = clock
        self._order: SortOrder = "worst"
        self._why_not = ""
        self._reason = ""
        self.model = KeyedModel(self._columns(), _worst, self)
        self.table = RowTable(theme, self.model)
        self.table.setAccessibleName(self.tr("Alarms"))
        self._title = plain_label(role="strong")
        self._detail = ElidedLabel(role="minor")
        self._sort_button = button("", "link")
        self._open_only = button(self.tr("Unacknowledged"), "link", self.tr("Show only these"))
        self._open_only.setCheckable(True)
        self.acknowledge_button = button(
            self.tr("Acknowledge"), "tool", self.tr("Acknowledge the selected alarms (A)")
        )
        self._empty = plain_label(role="empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedWidget()
        self._build()
        self._connect()
        self._show_counts()

    # -- setters --------------------------------------------------------------
    def set_alarms(self, rows: Mapping[str, AlarmRow]) -> None:
        """Replace all alarms."""
        self.model.set_rows(rows)
        self._show_counts()

    def update_alarms(self, changed: Mapping[str, AlarmRow], removed: Iterable[str] = ()) -> None:
        """One batch of changes; selection and scroll position stay."""
        self.model.update_rows(changed, removed)
        self._show_counts()

    def set_actions_enabled(self, enabled: bool, why_not: str = "") -> None:
        """Allow acknowledging and cases, or say in a tip why not (replay, role)."""
        self._why_not = "" if enabled else why_not or self.tr("Not possible here.")
        self._show_actions()

    def set_empty_reason(self, text: str) -> None:
        """Say why there may be no alarms (not connected); "" for the ordinary words."""
        self._reason = text
        self._show_counts()

    # -- building -------------------------------------------------------------
    def _columns(self) -> list[Column[AlarmRow]]:
        return [
            Column("", self._severity_word, 28, mark=self._mark),
            Column(self.tr("Time"), self._time, 100, color=self._muted, leaves=3, snug=True),
            Column(self.tr("Alarm"), _text, 0, 5.0, bold=_open),
            Column(self.tr("Place"), lambda r: r.place, 0, 3.0, color=self._muted, leaves=2),
            Column(
                self.tr("Acknowledgement"),
                self._status,
                190,
                color=self._status_color,
                bold=_open,
                right=True,
                snug=True,
            ),
        ]

    def _build(self) -> None:
        layout = column(self, margin=8, gap=4)
        layout.addLayout(
            line(
                self._title,
                self._sort_button,
                self._open_only,
                self._detail,
                None,
                self.acknowledge_button,
                margin=4,
            )
        )
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._empty)
        layout.addWidget(self._pages, 1)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._show_sort()

    def _connect(self) -> None:
        self.acknowledge_button.clicked.connect(lambda: self.acknowledge_selected())
        self._sort_button.clicked.connect(self._toggle_sort)
        self._open_only.toggled.connect(self._toggle_filter)
        self.table.activated.connect(self._activate)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.selectionModel().selectionChanged.connect(self._selection_moved)
        key = QShortcut(QKeySequence(Qt.Key.Key_A), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(lambda: self.acknowledge_selected())

    # -- intents --------------------------------------------------------------
    def acknowledge_selected(self, note: str = "") -> bool:
        """Ask to acknowledge those selected alarms that are not acknowledged yet; false when
        there is none, or nothing may be acknowledged here."""
        keys = self._open_selected()
        if not keys or self._why_not:
            return False
        self.acknowledge_requested.emit(keys, note)
        return True

    def _open_selected(self) -> list[str]:
        rows = self.model.rows()
        return [k for k in self.table.selected_keys() if not rows[k].alarm.acknowledged]

    def _activate(self, index: QModelIndex) -> None:
        self.alarm_activated.emit(str(index.data(KEY_ROLE)))

    def _selection_moved(self, *_: Any) -> None:
        self._show_actions()
        keys = self.table.selected_keys()
        if len(keys) == 1:
            self.alarm_selected.emit(keys[0])

    def _open_menu(self, place: QPoint) -> None:
        index = self.table.indexAt(place)
        if not index.isValid():
            return
        menu = self.build_menu(str(index.data(KEY_ROLE)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def build_menu(self, key: str) -> QMenu:
        """The context menu of one alarm."""
        menu = QMenu(self)
        can = not self._why_not
        acknowledge = menu.addAction(self.tr("Acknowledge"))
        acknowledge.setEnabled(can and bool(self._open_selected()))
        acknowledge.triggered.connect(lambda: self.acknowledge_selected())
        noted = menu.addAction(self.tr("Acknowledge with a note…"))
        noted.setEnabled(acknowledge.isEnabled())
        noted.triggered.connect(self._ask_note)
        show = menu.addAction(self.tr("Show on the map"))
        show.triggered.connect(lambda: self.alarm_activated.emit(key))
        case = menu.addAction(self.tr("Turn into a case…"))
        row = self.model.rows().get(key)
        case.setEnabled(can and row is not None and not row.alarm.case_id)
        case.triggered.connect(lambda: self.to_case_requested.emit(key))
        return menu

    def _ask_note(self) -> None:
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Acknowledge"))
        dialog.setLabelText(self.tr("Note"))
        dialog.textValueSelected.connect(self.acknowledge_selected)
        dialog.open()

    # -- showing --------------------------------------------------------------
    def _show_counts(self) -> None:
        rows = self.model.rows()
        waiting = sum(not r.alarm.acknowledged for r in rows.values())
        self._title.setText(self.tr("Alarms · {0} unacknowledged").format(waiting))
        hidden = self.model.hidden_count()
        self._detail.setText(
            self.tr("{0} of {1} shown").format(len(rows) - hidden, len(rows)) if hidden else ""
        )
        self._pages.setCurrentIndex(0 if self.model.rowCount() else 1)
        self._empty.setText(self._empty_words(hidden))
        self._show_actions()

    def _empty_words(self, hidden: int) -> str:
        if self._reason:
            return self._reason
        if hidden:
            return self.tr("All {0} alarms are acknowledged; the filter hides them.").format(hidden)
        return self.tr("No alarm stands. A new one appears here by itself.")

    def _show_actions(self) -> None:
        self.acknowledge_button.setEnabled(not self._why_not and bool(self._open_selected()))
        set_tooltip(
            self.acknowledge_button,
            self._why_not or self.tr("Acknowledge the selected alarms (A)"),
        )

    def _toggle_sort(self) -> None:
        self._order = "newest" if self._order == "worst" else "worst"
        self.model.set_sort(_newest if self._order == "newest" else _worst)
        self._show_sort()

    def _show_sort(self) -> None:
        worst = self._order == "worst"
        self._sort_button.setText(
            button_text(self.tr("Worst first") if worst else self.tr("Newest first"))
        )
        set_tooltip(self._sort_button, self.tr("Change the order"))

    def _toggle_filter(self, on: bool) -> None:
        self.model.set_filter(_open if on else None)
        set_role(self._open_only, "link")
        self._show_counts()

    # -- cells ----------------------------------------------------------------
    def _mark(self, row: AlarmRow) -> Mark:
        return severity_mark(self.theme, row.alarm.severity, active=row.alarm.active)

    def _severity_word(self, row: AlarmRow) -> str:
        return severity_word(row.alarm.severity)

    def _time(self, row: AlarmRow) -> str:
        return day_clock(row.alarm.last_time, self._clock())

    def _muted(self, _row: AlarmRow) -> QColor:
        return self.theme.color("muted")

    def _status(self, row: AlarmRow) -> str:
        alarm = row.alarm
        if alarm.case_id:
            return self.tr("Case {0}").format(short_id(alarm.case_id))
        if alarm.acknowledged:
            when = clock_hm(alarm.ack_time) if alarm.ack_time is not None else ""
            return self.tr("{0} acknowledged {1}").format(alarm.ack_by, when)
        if not alarm.active:
            return self.tr("Over, unacknowledged")
        return self.tr("Unacknowledged")

    def _status_color(self, row: AlarmRow) -> QColor:
        return self.theme.color("text" if _open(row) else "muted")


def _text(row: AlarmRow) -> str:
    count = row.alarm.count
    return f"{row.text} ×{count}" if count > 1 else row.text


def _open(row: AlarmRow) -> bool:
    return not row.alarm.acknowledged
