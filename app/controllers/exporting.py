"""Exports of one attribute table: asks, records, writes, says how far it is. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.ask_file import ask_save, file_name
from app.console_parts import Parts
from app.export_job import Taken, shapes_of, sheet_of
from app.exporting import ExportOrder, export, manner_of, record_copy
from app.messages import person_text
from app.session import ConsoleSession
from layers.model.attributes import Rows
from layers.model.fields import field_table
from services.access.roles import EXPORT
from services.domain.errors import KnownError
from services.exports.sheet import Progress, StopError
from services.feed.exports import ExportsClient
from widgets.attribute_copy import MOST_COPIED, copied
from widgets.attribute_table import AttributeTable
from widgets.export_panel import ExportChoice

LOOK_MS = 100
Choose = Callable[[QWidget, str, str], str]
"""Asks where to put a file: the window, a proposed name, the format; "" for nowhere."""
KINDS_OF_FILE = {
    "xlsx": "XLSX (*.xlsx)",
    "csv": "CSV (*.csv)",
    "geojson": "GeoJSON (*.geojson)",
    "gpkg": "GeoPackage (*.gpkg)",
}


def ask_where(window: QWidget, name: str, format_: str) -> str:
    """Let the person choose a file."""
    return ask_save(window, name, KINDS_OF_FILE[format_])


class ExportController(QObject):
    """``kinds`` of the table's layer, ``layer`` its title."""

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        table: AttributeTable,
        kinds: frozenset[str],
        layer: str,
        parent: QObject,
        choose: Choose = ask_where,
    ) -> None:
        super().__init__(parent)
        self._parts, self._session, self._table = parts, session, table
        self._kinds, self._layer, self._choose = kinds, layer, choose
        self._progress: Progress | None = None
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._show_progress)
        table.export_asked.connect(self._open)
        table.copy_asked.connect(self.copy)
        table.export.asked.connect(self._begin)
        table.export.stop_asked.connect(self.stop)

    def stop(self) -> None:
        """End what is under way; the file that was there before stays as it was."""
        if self._progress is not None:
            self._progress.stop()

    def copy(self) -> None:
        """Put the selected rows on the clipboard, once the hub has that on record: what is pasted
        elsewhere has left as much as a file has."""
        table = self._table
        rows = table.grid.selected_rows()
        if self._why_not() or len(rows) > MOST_COPIED:
            many = self.tr("{0} rows are too many to copy; export them instead.")
            table.set_message(self._why_not() or many.format(f"{len(rows):,}"))
            return
        if not len(rows):
            return
        columns = [c.name for c in table.shown_columns()]
        order = self._order(len(rows), columns, self.tr("Copied to the clipboard"))
        text = copied(table.grid, table.model, rows, self._session.model.now())
        client = ExportsClient(self._parts.api.http)
        table.set_message("")
        self._parts.operations.run(
            lambda: record_copy(client, order),
            lambda _recorded: self._copied(text, len(rows)),
            self._not_copied,
            owner=self,
        )

    def _copied(self, text: str, rows: int) -> None:
        QGuiApplication.clipboard().setText(text)
        words = self.tr("{0} rows are copied; that is on record.")
        self._table.set_message(words.format(f"{rows:,}"))

    def _not_copied(self, error: Exception) -> None:
        self._table.set_message(person_text(error) if isinstance(error, KnownError) else str(error))

    # -- inside -------------------------------------------------------------------------
    def _why_not(self) -> str:
        who = self._parts.logged_in
        if who is None or who.may(EXPORT):
            return ""
        return self.tr("Your role may not export data.")

    def _open(self) -> None:
        selected = len(self._table.grid.selected_rows())
        self._table.export.open(len(self._table.model.rows), selected, self._why_not())

    def _begin(self, choice: ExportChoice) -> None:
        table = self._table
        rows = table.grid.selected_rows() if choice.selected else table.model.rows
        if not len(rows) or self._progress is not None:
            return
        name = f"{file_name(self._layer)}.{choice.format}"
        chosen = self._choose(table.window(), name, choice.format)
        if not chosen:
            return
        self._run(choice, rows, Path(chosen))

    def _run(self, choice: ExportChoice, rows: Rows, path: Path) -> None:
        parts, table = self._parts, self._table
        columns = table.shown_columns()
        names = [c.name for c in columns]
        store = self._session.model.store
        frozen = field_table(store, rows, self._session.model.now(), {"id", *names})
        rings, shapes = shapes_of(store, rows, parts.catalogue.kinds)
        taken = Taken(frozen, rings, shapes)
        order = self._order(len(rows), names, choice.why)
        words = (self.tr("no"), self.tr("yes"))
        pages = (self.tr("Data"), self.tr("About this export"))
        manner = manner_of(choice.format, choice.datum, mark=choice.mark, words=words, pages=pages)
        progress = self._progress = Progress()
        client, layer, raw = ExportsClient(parts.api.http), self._layer, choice.raw
        table.export.set_running(len(rows))
        table.set_message("")
        self._look.start()
        parts.operations.run(
            lambda: export(
                client,
                order,
                lambda: sheet_of(taken, layer, columns, raw=raw, progress=progress),
                path,
                manner,
                progress,
            ),
            self._written,
            self._failed,
            owner=self,
        )

    def _order(self, rows: int, names: list[str], why: str) -> ExportOrder:
        return ExportOrder(
            layer=self._layer,
            kinds=tuple(sorted(self._kinds)),
            columns=tuple(names),
            filter=self._table.filter_text,
            why=why,
            seat=self._parts.seat,
            hub=self._parts.hub_url,
            rows=rows,
            as_of=self._session.model.now() if self._session.is_replay else None,
        )

    def _show_progress(self) -> None:
        if self._progress is not None:
            self._table.export.set_done(self._progress.done)

    def _ended(self) -> None:
        self._look.stop()
        self._progress = None
        self._table.export.set_running(0)

    def _written(self, paths: list[Path]) -> None:
        self._ended()
        self._table.export.hide()
        size = sum(p.stat().st_size for p in paths if p.exists())
        words = self.tr("Written and on record: {0} ({1} KB)")
        names = self.tr(" and ").join(str(p) for p in paths)
        self._table.set_message(words.format(names, f"{size / 1_000:,.0f}"))

    def _failed(self, error: Exception) -> None:
        self._ended()
        if isinstance(error, StopError):
            self._table.set_message(self.tr("Stopped. Nothing was written; that is on record too."))
        elif isinstance(error, KnownError):
            self._table.set_message(person_text(error))
        else:
            self._table.set_message(str(error))
