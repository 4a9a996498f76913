"""One attribute table's controller: arranges rows, keeps them up, and keeps in step with the map.

What a table shows is arranged anew at most every two seconds while the city changes, so that rows
do not run away under somebody's eyes; values are always the newest, what is gone leaves at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.console_parts import Parts
from app.controllers.exporting import ExportController
from app.controllers.table_fields import FieldFinder
from app.session import ConsoleSession
from app.windows.table import TableWindow
from layers.model.expression import parse
from layers.model.fields import field_table
from layers.model.table import (
    Arranged,
    Asked,
    arrange,
    box_of,
    rows_of_kinds,
    still_there,
    work_of,
)
from layers.model.work import StoppedError, Work
from layers.render.map_widget import MapWidget
from services.domain.errors import KnownError
from services.domain.world import Delta
from services.feed.frames import ReplayState
from widgets.attribute_columns import columns_of
from widgets.attribute_values import values_of
from widgets.format import date_time

TICK_MS = 500
SETTLE_S = 2.0
PROGRESS_MS = 100
REST = 4
"""A table that takes long to arrange rests so many times as long before it does so by itself."""
AT_ONCE = 20_000
"""So many rows are arranged without a worker: it takes less than a tenth of a second."""
ROOM_DEG = 0.002
"""What is shown round a selection of one place."""


@dataclass(frozen=True, slots=True)
class TableOf:
    """Which layer: its id, kinds, title in the user's language, and its own filter."""

    id: str
    kinds: frozenset[str]
    title: str
    filter: str = ""


class TableController(QObject):
    """``opened(feature id)``: its card is asked for. ``columns_chosen(names)``."""

    opened = Signal(str)
    columns_chosen = Signal(list)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        chart: MapWidget,
        window: TableWindow,
        of: TableOf,
        shown: list[str],
        *,
        steady: Callable[[], float],
    ) -> None:
        super().__init__(window)
        self._parts, self._session, self._map = parts, session, chart
        self._window, self.table, self.of = window, window.table, of
        self._steady = steady
        self._kinds = [k for k in parts.catalogue.kinds.values() if k.id in of.kinds]
        self._found: list[str] = []
        self._seen = -1
        self._behind = True
        self._work: Work | None = None
        self._again = False
        self._rows = 0
        self._arranged_at = -SETTLE_S
        self._took_s = 0.0
        self._progress = QTimer(self)
        self._progress.setInterval(PROGRESS_MS)
        self._progress.timeout.connect(self._show_progress)
        self._fields = FieldFinder(session.model.store, self)
        self._fields.found.connect(self._names_found)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.look)
        self._export = ExportController(parts, session, window.table, of.kinds, of.title, self)
        self._set_columns(shown)
        self._set_layer_filter()
        self._connect()
        self.take_map_selection()
        if len(session.model.store) <= AT_ONCE:
            self._begin()
        else:  # first the window, then what is in it
            QTimer.singleShot(0, self, self._begin)
        self._tick.start()

    def _begin(self) -> None:
        self.arrange()
        self._look_for_names()

    def close(self) -> None:
        """Stop listening, and what is under way."""
        self._export.stop()
        self._again = False
        self._give_up()
        self._fields.stop()
        self._tick.stop()
        self._map.selection_changed.disconnect(self.take_map_selection)
        self._session.model.changed.disconnect(self._changed)
        self._session.replay_changed.disconnect(self._replay_moved)

    # -- rows -----------------------------------------------------------------------------
    def look(self) -> None:
        """Half a second has passed: show the newest values, and arrange anew where it is time."""
        if not self._window.isVisible():
            return
        arranged, store = self.table.arranged, self._session.model.store
        if arranged is not None and store.attributes.version != self._seen:
            self._seen = store.attributes.version
            self._behind = True
            self.table.keep(still_there(store, arranged, self.of.kinds)[0])
        self.table.grid.refresh()
        due = self._steady() - self._arranged_at >= max(SETTLE_S, REST * self._took_s)
        if due and self._work is None and (self._behind or self.table.asked.by_time):
            self._arrange(asked_for=False)

    def arrange(self) -> None:
        """Filter and sort anew, because somebody asked for it; many rows on a worker. What is
        under way is given up."""
        if self._work is not None:
            self._again = True
            self._give_up()
            return
        self._arrange(asked_for=True)

    def stop(self) -> None:
        """Give up what is being worked on: the rows, order and filter of before stay."""
        if self._work is not None and self.table.arranged is not None:
            self._again = False
            self._give_up()
            self.table.revert()
            self._show_idle()

    def _arrange(self, *, asked_for: bool) -> None:
        store, asked = self._session.model.store, self.table.asked
        rows = rows_of_kinds(store, self.of.kinds)
        self._seen = store.attributes.version
        self._behind = False
        work = work_of(len(rows), asked)
        frozen = field_table(store, rows, self._session.model.now(), asked.names, work)
        if len(rows) <= AT_ONCE:
            self._take(arrange(frozen, asked), len(rows), asked)
            return
        self._work, began = work, self._steady()
        if asked_for:  # what happens by itself does not catch the eye
            self._rows = len(rows)
            self._show_progress()
            self._progress.start()
        self._parts.operations.run(
            lambda: arrange(frozen, asked),
            lambda arranged: self._worked(arranged, len(rows), asked, began),
            self._failed,
            owner=self,
        )

    def _give_up(self) -> None:
        if self._work is not None:
            self._work.stop()

    def _show_progress(self) -> None:
        if self._work is not None:
            words = self.tr("Working on {0} rows…").format(f"{self._rows:,}")
            can_stop = self.table.arranged is not None
            self.table.busy.set_busy(words, self._work.share, stoppable=can_stop)

    def _show_idle(self) -> None:
        self._progress.stop()
        self.table.busy.set_busy("")

    def _worked(self, arranged: Arranged, in_layer: int, asked: Asked, began: float) -> None:
        self._took_s = self._steady() - began
        if not self._ended() and self.table.asked == asked:
            self._take(arranged, in_layer, asked)

    def _failed(self, error: Exception) -> None:
        if not self._ended() and not isinstance(error, StoppedError):
            self.table.set_message(str(error))

    def _ended(self) -> bool:
        """The work is over; whether another was asked for meanwhile, which begins."""
        self._work = None
        self._show_idle()
        if not self._again:
            return False
        self._again = False
        self._arrange(asked_for=True)
        return True

    def _take(self, arranged: Arranged, in_layer: int, asked: Asked) -> None:
        self._arranged_at = self._steady()
        rows, _ = still_there(self._session.model.store, arranged, self.of.kinds)
        self.table.set_arranged(Arranged(rows, arranged.total, arranged.version), in_layer, asked)
        unknown = self.tr("No data has come from the hub yet.")
        self.table.set_why_empty("" if self._session.model.offset else unknown)

    # -- columns ----------------------------------------------------------------------------
    def _set_columns(self, shown: list[str]) -> None:
        parts = self._parts
        columns = columns_of(self._kinds, parts.catalogue, parts.lang, self._found)
        self.table.set_layer(self.of.title, columns, shown)
        self.table.set_values(values_of(self._kinds, parts.catalogue, parts.lang))

    def _look_for_names(self) -> None:
        """Fields that no pack describes."""
        self._fields.look(rows_of_kinds(self._session.model.store, self.of.kinds))

    def _names_found(self, names: list[str]) -> None:
        known = {c.name for c in self.table.columns}
        if not known.issuperset(names):
            self._found = sorted({*self._found, *names})
            self._set_columns([c.name for c in self.table.shown_columns()])

    def _set_layer_filter(self) -> None:
        if not self.of.filter.strip():
            return
        try:
            self.table.set_layer_filter(parse(self.of.filter))
        except KnownError as error:
            self.table.set_message(self._words(error))

    def _words(self, error: KnownError) -> str:
        words = self.tr("The layer's own filter cannot be read and is left out: {0}")
        return words.format(error.text)

    # -- map -----------------------------------------------------------------------------------
    def take_map_selection(self, _picked: object = None) -> None:
        """Select what the map has selected."""
        self.table.set_selected(self._map.selecting.selection.rows)

    def _selected(self) -> None:
        self._map.selecting.set_rows(self.table.grid.selection.rows)

    def _zoom(self) -> None:
        """Show all that is selected, areas whole."""
        rows = self.table.grid.selection.rows
        if len(rows):
            west, south, east, north = box_of(self._session.model.store, rows)
            room = ROOM_DEG
            self._map.fit(west - room, south - room, east + room, north + room)

    # -- inside ---------------------------------------------------------------------------------
    def _connect(self) -> None:
        table, session = self.table, self._session
        table.asked_changed.connect(self.arrange)
        table.stop_asked.connect(self.stop)
        table.selection_changed.connect(self._selected)
        table.zoom_asked.connect(self._zoom)
        table.opened.connect(self.opened)
        table.columns_changed.connect(self.columns_chosen)
        self._map.selection_changed.connect(self.take_map_selection)
        session.model.changed.connect(self._changed)
        session.replay_changed.connect(self._replay_moved)
        if session.replay_state is not None:
            self._replay_moved(session.replay_state)

    def _changed(self, delta: Delta) -> None:
        if delta.reset:  # another moment of a replay, or another beginning
            self._look_for_names()
            self._arranged_at = -SETTLE_S
            self.look()

    def _replay_moved(self, state: ReplayState) -> None:
        if self._window.frame is not None:
            self._window.frame.set_clock(date_time(state.at))
