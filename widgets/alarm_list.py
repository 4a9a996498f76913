"""The alarm list: what is wrong, where, since when, and who has seen it. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QInputDialog, QMenu, QStackedWidget, QWidget

from services.domain.clock import Clock
from services.domain.suppression import BY_DESIGN, OUT_OF_SERVICE, SHELVED
from widgets.alarm_cells import AlarmCells, newest_first, worst_first
from widgets.alarm_grouping import Grouping, ListRow
from widgets.alarm_load import AlarmLoadView
from widgets.alarm_menu import build_menu
from widgets.alarm_shelve import OutDialog, ShelveDialog
from widgets.alarm_suppressed import SuppressedList
from widgets.keyed_model import KEY_ROLE, KeyedModel
from widgets.panel import Panel, button, column, line
from widgets.row_view import RowTable
from widgets.rows import AlarmRow, GroupRow, SuppressedRow
from widgets.text import ElidedLabel, button_text, plain_label, set_role, set_tooltip
from widgets.theme import Theme

SortOrder = Literal["worst", "newest"]
TICK_MS = 1_000
LIST, EMPTY, SUPPRESSED, LOAD = range(4)


class AlarmListPanel(Panel):
    """Alarms as a list, what is put aside, and the load of the seat.

    ``acknowledge_requested(keys, note)``, ``alarm_activated(key)`` by double click or Enter,
    ``alarm_selected(key)`` as the selection moves, ``to_case_requested(key)``,
    ``shelve_requested(keys, mode, seconds, reason)``, ``out_requested(kind, id, reason)`` and
    ``back_requested(kind, id)``, see ``OutDialog`` and ``SuppressedList``.
    """

    acknowledge_requested = Signal(list, str)
    alarm_activated = Signal(str)
    alarm_selected = Signal(str)
    to_case_requested = Signal(str)
    shelve_requested = Signal(list, str, float, str)
    out_requested = Signal(str, str, str)
    back_requested = Signal(str, str)

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._order: SortOrder = "worst"
        self._why_not = ""
        self._reason = ""
        self._alarms: dict[str, AlarmRow] = {}
        self._flood = ""
        self._singly = False
        self._groups: tuple[GroupRow, ...] = ()
        self._grouping = Grouping()
        cells = AlarmCells(theme, clock, self._grouping)
        self.model: KeyedModel[ListRow] = KeyedModel(cells.columns(), self._sort_key(), self)
        self.table = RowTable(theme, self.model)
        self.table.setAccessibleName(self.tr("Alarms"))
        self.suppressed = SuppressedList(theme, clock)
        self.load = AlarmLoadView(theme)
        self._title = ElidedLabel(role="strong")
        self._detail = ElidedLabel(role="minor")
        self._sort_button = button("", "link")
        self._open_only = button(self.tr("Unacknowledged"), "link", self.tr("Show only these"))
        self.suppressed_button = button("", "link", self.tr("Who put them aside, why, till when"))
        self.load_button = button(self.tr("Load"), "link", self.tr("Alarms an hour, bad actors"))
        for turned in (self._open_only, self.suppressed_button, self.load_button):
            turned.setCheckable(True)
        self.shelve_button = button(self.tr("Shelve…"), "tool")
        self.acknowledge_button = button(self.tr("Acknowledge"), "tool")
        self._flood_words = plain_label(role="critical")
        self.group_button = button("", "link")
        self._flood_bar = QWidget()
        self._flood_bar.setLayout(line(self._flood_words, self.group_button, None, margin=4))
        self._empty = plain_label(role="empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedWidget()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.suppressed.tick)
        self._build()
        self._connect()
        self._show_counts()

    # -- setters --------------------------------------------------------------
    def set_alarms(self, rows: Mapping[str, AlarmRow]) -> None:
        """Replace all alarms that ask for attention."""
        self._alarms = dict(rows)
        self._refill()

    def update_alarms(self, changed: Mapping[str, AlarmRow], removed: Iterable[str] = ()) -> None:
        """One batch of changes; selection and scroll position stay."""
        gone = [key for key in removed if key not in changed]
        self._alarms.update(changed)
        for key in gone:
            self._alarms.pop(key, None)
        self.model.update_rows(changed, gone)
        self._show_counts()

    def set_suppressed(self, rows: Mapping[str, SuppressedRow]) -> None:
        """Replace what is put aside; its number is always in sight."""
        self.suppressed.set_rows(rows)
        self._show_counts()

    def set_flood(self, words: str, groups: Sequence[GroupRow] = ()) -> None:
        """Say that it is a flood, and group its alarms; "" ends it."""
        if (words, tuple(groups)) == (self._flood, self._groups):
            return
        if bool(words) != bool(self._flood):
            self._singly = False
        self._flood, self._groups = words, tuple(groups)
        self._regroup()

    def set_actions_enabled(self, enabled: bool, why_not: str = "") -> None:
        """Allow orders about alarms, or say in a tip why not (replay, role)."""
        self._why_not = "" if enabled else why_not or self.tr("Not possible here.")
        self.suppressed.set_actions_enabled(self._why_not)
        self._show_actions()

    def set_empty_reason(self, text: str) -> None:
        """Say why there may be no alarms (not connected); "" for the ordinary words."""
        self._reason = text
        self._show_counts()

    def alarm_row(self, key: str) -> AlarmRow | None:
        """The line of an alarm, also where a filter or a group hides it."""
        return self._alarms.get(key)

    # -- building -------------------------------------------------------------
    def _build(self) -> None:
        layout = column(self, margin=8, gap=4)
        orders = (self.shelve_button, self.acknowledge_button)
        layout.addLayout(line(self._title, self._detail, None, *orders, margin=4))
        self.suppressed_button.setMinimumWidth(70)  # three counts in a row may be cut
        views = (self.suppressed_button, self.load_button)
        layout.addLayout(line(self._sort_button, self._open_only, None, *views))
        layout.addWidget(self._flood_bar)
        for page in (self.table, self._empty, self.suppressed, self.load):
            self._pages.addWidget(page)
        layout.addWidget(self._pages, 1)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._flood_bar.hide()
        self._show_sort()

    def _connect(self) -> None:
        self.acknowledge_button.clicked.connect(lambda: self.acknowledge_selected())
        self.shelve_button.clicked.connect(self.ask_shelve)
        self.group_button.clicked.connect(self._turn_grouping)
        self._sort_button.clicked.connect(self._toggle_sort)
        self._open_only.toggled.connect(self._toggle_filter)
        self.suppressed_button.clicked.connect(lambda: self._show_page(self.load_button))
        self.load_button.clicked.connect(lambda: self._show_page(self.suppressed_button))
        self.suppressed.back_requested.connect(self.back_requested)
        self.suppressed.activated.connect(self.alarm_activated)
        self.load.alarm_chosen.connect(self.alarm_activated)
        self.table.activated.connect(self._activate)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.selectionModel().selectionChanged.connect(self._selection_moved)
        for key, work in (
            (Qt.Key.Key_A, self.acknowledge_selected),
            (Qt.Key.Key_S, self.ask_shelve),
        ):
            short = QShortcut(QKeySequence(key), self)
            short.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            short.activated.connect(lambda work=work: work())

    def showEvent(self, event: QShowEvent) -> None:
        """Let the shelves' time run while somebody can see it."""
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._tick.stop()

    # -- intents --------------------------------------------------------------
    def acknowledge_selected(self, note: str = "") -> bool:
        """Ask to acknowledge those selected alarms that are not acknowledged yet; false when
        there is none, or nothing may be acknowledged here."""
        keys = self._open_selected()
        if not keys or self._why_not:
            return False
        self.acknowledge_requested.emit(keys, note)
        return True

    def ask_shelve(self) -> bool:
        """Ask for how long and why, then ask to shelve the selected alarms; false when there is
        none, or nothing may be shelved here."""
        rows = self._shelvable()
        if not rows or self._why_not:
            return False
        about = rows[0].text if len(rows) == 1 else self.tr("{0} alarms").format(len(rows))
        dialog = ShelveDialog(about, min(r.longest_shelf_s for r in rows), self)
        keys = [r.alarm.key for r in rows]
        dialog.shelved.connect(
            lambda mode, for_s, reason: self.shelve_requested.emit(keys, mode, for_s, reason)
        )
        self._open(dialog)
        return True

    def ask_out(self, key: str) -> None:
        """Ask whether an alarm or its thing goes out of service, and why."""
        row = self._alarms.get(key)
        if row is None or self._why_not:
            return
        dialog = OutDialog(row.text, row.place, self)
        ids = {"alarm": key, "object": row.alarm.object_id}
        dialog.taken_out.connect(
            lambda kind, reason: self.out_requested.emit(kind, ids[kind], reason)
        )
        self._open(dialog)

    def ask_note(self) -> None:
        """Ask for a note, then ask to acknowledge the selected alarms with it."""
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Acknowledge"))
        dialog.setLabelText(self.tr("Note"))
        dialog.textValueSelected.connect(self.acknowledge_selected)
        self._open(dialog)

    def build_menu(self, key: str) -> QMenu:
        """The context menu of one line."""
        return build_menu(self, key, can=not self._why_not, waiting=bool(self._open_selected()))

    def _open(self, dialog: Any) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _selected(self) -> list[AlarmRow]:
        """The selected alarms; a group stands for all of its alarms."""
        keys = dict.fromkeys(
            member for key in self.table.selected_keys() for member in self._grouping.members(key)
        )
        return [self._alarms[key] for key in keys if key in self._alarms]

    def _open_selected(self) -> list[str]:
        return [r.alarm.key for r in self._selected() if not r.alarm.acknowledged]

    def _shelvable(self) -> list[AlarmRow]:
        return [r for r in self._selected() if r.longest_shelf_s > 0.0]

    def _activate(self, index: QModelIndex) -> None:
        key = str(index.data(KEY_ROLE))
        if key in self._grouping.rows:
            self._grouping.turn(key)
            self._refill()
            self._show_opened(key)
        else:
            self.alarm_activated.emit(key)

    def _show_opened(self, name: str) -> None:
        """Scroll so far that a group's alarms are seen, and the group's own line in any case."""
        members = self._grouping.members(name)
        last = max(self.model.place_of(key) for key in members)
        for place in (last, self.model.place_of(name)):
            if place >= 0:
                self.table.scrollTo(self.model.index(place, 0))

    def _selection_moved(self, *_: Any) -> None:
        self._show_actions()
        keys = self.table.selected_keys()
        if len(keys) == 1 and keys[0] in self._alarms:
            self.alarm_selected.emit(keys[0])

    def _open_menu(self, place: QPoint) -> None:
        index = self.table.indexAt(place)
        if not index.isValid():
            return
        menu = self.build_menu(str(index.data(KEY_ROLE)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.viewport().mapToGlobal(place))

    # -- showing --------------------------------------------------------------
    def _sort_key(self) -> Any:
        base = worst_first if self._order == "worst" else newest_first
        return self._grouping.order(base, self._alarms)

    def _wanted(self, row: AlarmRow) -> bool:
        return not (self._open_only.isChecked() and row.alarm.acknowledged)

    def _passes(self, row: ListRow) -> bool:
        return self._grouping.passes(row, self._wanted, self._alarms)

    def _refill(self) -> None:
        self.model.set_sort(self._sort_key())
        plain = not self._grouping.rows and not self._open_only.isChecked()
        self.model.set_filter(None if plain else self._passes)
        self.model.set_rows({**self._alarms, **self._grouping.rows})
        self._show_counts()

    def _regroup(self) -> None:
        self._grouping.set_groups(() if self._singly else self._groups)
        self._refill()

    def _turn_grouping(self) -> None:
        self._singly = not self._singly
        self._regroup()

    def _show_counts(self) -> None:
        rows = self._alarms.values()
        waiting = sum(not r.alarm.acknowledged for r in rows)
        told = "–" if self._reason else waiting
        self._title.setText(self.tr("Alarms · {0} unacknowledged").format(told))
        hidden = sum(not self._wanted(r) for r in rows)
        self._detail.setText(
            self.tr("{0} of {1} shown").format(len(rows) - hidden, len(rows)) if hidden else ""
        )
        self._empty.setText(self._empty_words(hidden))
        self._show_aside()
        self._show_flood()
        self._show_page()
        self._show_actions()

    def _show_aside(self) -> None:
        counts = self.suppressed.counts()
        words = (
            (SHELVED, self.tr("{0} shelved")),
            (OUT_OF_SERVICE, self.tr("{0} out of service")),
            (BY_DESIGN, self.tr("{0} by design")),
        )
        none = self.tr("{0} shelved").format("–") if self._reason else self.tr("0 shelved")
        said = [text.format(counts[kind]) for kind, text in words if counts[kind]]
        self.suppressed_button.setText(button_text(" · ".join(said) or none))

    def _show_flood(self) -> None:
        self._flood_bar.setVisible(bool(self._flood))
        groups = len(self._grouping.rows)
        words = self.tr("{0} · 1 group") if groups == 1 else self.tr("{0} · {1} groups")
        grouped = words.format(self._flood, groups)
        self._flood_words.setText(grouped if groups else self._flood)
        self.group_button.setText(
            button_text(self.tr("Group them") if self._singly else self.tr("Show them singly"))
        )

    def _show_page(self, other: Any = None) -> None:
        if other is not None:
            other.setChecked(False)
        page = LIST if self.model.rowCount() else EMPTY
        if self.suppressed_button.isChecked():
            page = SUPPRESSED
        elif self.load_button.isChecked():
            page = LOAD
        self._pages.setCurrentIndex(page)

    def _empty_words(self, hidden: int) -> str:
        if self._reason:
            return self._reason
        if hidden:
            return self.tr("All {0} alarms are acknowledged; the filter hides them.").format(hidden)
        return self.tr("No alarm stands. A new one appears here by itself.")

    def _show_actions(self) -> None:
        can = not self._why_not
        self.acknowledge_button.setEnabled(can and bool(self._open_selected()))
        self.shelve_button.setEnabled(can and bool(self._shelvable()))
        for push, tip in (
            (self.acknowledge_button, self.tr("Acknowledge the selected alarms (A)")),
            (self.shelve_button, self.tr("Put the selected alarms aside for a time (S)")),
        ):
            set_tooltip(push, self._why_not or tip)

    def _toggle_sort(self) -> None:
        self._order = "newest" if self._order == "worst" else "worst"
        self.model.set_sort(self._sort_key())
        self._show_sort()

    def _show_sort(self) -> None:
        worst = self._order == "worst"
        self._sort_button.setText(
            button_text(self.tr("Worst first") if worst else self.tr("Newest first"))
        )
        set_tooltip(self._sort_button, self.tr("Change the order"))

    def _toggle_filter(self, _on: bool) -> None:
        set_role(self._open_only, "link")
        self._refill()
