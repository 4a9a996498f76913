"""The import wizard's controller: looks at a file, tries its rows, loads them, undoes loads.

GUI thread; the work is done by ``app.import_jobs`` on others. What was asked before something else
was chosen is stopped, and its answer has no place any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.console_parts import Parts
from app.controllers.import_run import ImportRun
from app.import_jobs import Job, Loader
from app.import_labels import reason_words
from app.import_view import (
    CASE,
    encoding_choices,
    field_views,
    kind_choices,
    past_loads,
    source_view,
    trial_view,
)
from app.messages import person_text
from app.windows.imports import ImportWindow
from services.domain.errors import KnownError
from services.ingest import importer
from services.ingest.examine import Asked, Examined, examine
from services.ingest.import_options import ImportOptions
from services.ingest.import_report import Preview
from services.ingest.remembered import Memory, Remembered
from services.packs.model import Kind
from widgets.import_wizard.views import FieldView, SourceView, TrialView
from widgets.import_wizard.wizard import FIELDS, FILE, LOAD, SOURCE

T = TypeVar("T")
TRIED = 300
"""Rows that are tried while somebody chooses."""
Choose = Callable[[QWidget], str]
Show = Callable[[tuple[float, float, float, float]], None]


def ask_file(window: QWidget) -> str:
    """Let the person choose a file to load."""
    kinds = "*.csv *.txt *.geojson *.json *.shp *.zip *.gpkg *.kml *.kmz"
    path, _ = QFileDialog.getOpenFileName(window, "", "", f"({kinds});;(*)")
    return path


class ImportsController(QObject):
    """Owns one import window. ``show``: a box in degrees on a map of the desk."""

    def __init__(
        self,
        parts: Parts,
        window: ImportWindow,
        loader: Loader,
        memory: Memory,
        outline: Path,
        show: Show,
        choose: Choose = ask_file,
    ) -> None:
        super().__init__(window)
        self._parts, self._window, self._wizard = parts, window, window.wizard
        self._loader, self._memory, self._choose = loader, memory, choose
        self._job = Job()
        self._asked: Asked | None = None
        self._found: Examined | None = None
        self._options = ImportOptions(path=Path(), kind="", outline=outline)
        self._ways: tuple[Remembered, ...] = ()
        self.run = ImportRun(parts, window, loader, show, outline, self)
        self.run.loads_changed.connect(self.read_loads)
        self._connect()
        self.read_loads()

    def _connect(self) -> None:
        wizard = self._wizard
        self._window.dropped.connect(self.take)
        wizard.page_changed.connect(self._page_changed)
        wizard.file.choose_requested.connect(self._choose_file)
        wizard.file.undo_requested.connect(self.run.undo)
        wizard.file.resume_requested.connect(self.run.resume)
        wizard.source.changed.connect(self._source_changed)
        wizard.fields.kind_changed.connect(self._kind_changed)
        wizard.fields.way_chosen.connect(self._way_chosen)
        wizard.fields.changed.connect(self._fields_changed)
        wizard.fields.remember_requested.connect(self._remember)
        wizard.load.load_requested.connect(self._load)
        wizard.load.open_requested.connect(self._open)
        wizard.load.again_requested.connect(self._again)

    def close(self) -> None:
        """End what is under way; a load stops between two batches, and can be undone."""
        self._job.stop()
        self.run.close()

    # -- the file -----------------------------------------------------------------
    def take(self, path: str) -> None:
        """Look at a file."""
        if self.run.busy:
            return
        self.run.reset()
        self._asked = Asked(path=Path(path))
        self._found = None
        self._options = replace(
            ImportOptions(path=Path(path), kind=""), outline=self._options.outline
        )
        self._wizard.set_locked(False)
        self._wizard.go(FILE)
        self._wizard.set_name(Path(path).name)
        self._wizard.file.set_problem("")
        self._examine()

    def _choose_file(self) -> None:
        path = self._choose(self._window)
        if path:
            self.take(path)

    def _again(self) -> None:
        self.run.reset()
        self._wizard.set_locked(False)
        self._wizard.go(FILE)
        self.read_loads()

    def _examine(self) -> None:
        asked = self._asked
        if asked is None:
            return
        job = self._anew(self.tr("Reading the file…"))
        for page in (FILE, SOURCE, FIELDS):
            self._wizard.set_may(page, False)
        self._run(
            job,
            lambda: examine(asked, job.asked_to_stop),
            self._examined,
            self._not_examined,
        )

    def _examined(self, found: Examined) -> None:
        asked = self._asked
        if asked is None:
            return
        first = self._found is None
        self._found = found
        view = source_view(asked, found)
        self._wizard.source.set_source(view)
        self._wizard.source.set_points([(*p, True) for p in found.points])
        self._wizard.set_may(FILE, True)
        self._wizard.set_may(SOURCE, not view.must_choose)
        if first:
            self._first_look(found)
        if self._wizard.page == FILE:
            self._wizard.go(SOURCE)

    def _first_look(self, found: Examined) -> None:
        """Offer kinds, and the ways in which files of this shape were read before."""
        self._ways = tuple(self._memory.matching(found.signature))
        names = [way.name for way in self._ways]
        fields = self._wizard.fields
        fields.set_kinds(kind_choices(self._parts.catalogue, self._parts.lang), "")
        fields.set_fields((), found.columns)
        fields.set_trial(TrialView())
        fields.set_kept("")
        fields.set_ways(names, names[0] if names else "")
        if self._ways:
            self._take_way(self._ways[0])

    def _not_examined(self, error: KnownError) -> None:
        text = self._words(error)
        asked = self._asked
        if asked is not None and (self._found is not None or error.code == "unknown_encoding"):
            choices = SourceView() if self._found is None else source_view(asked, self._found)
            self._wizard.source.set_source(
                replace(choices, warning=text, rows=(), encoding=asked.encoding)
                if self._found is not None
                else _only_encodings(asked, text)
            )
            self._wizard.set_may(SOURCE, False)
            self._wizard.go(SOURCE)
            return
        self._wizard.file.set_problem(text)
        self._wizard.go(FILE)

    def _source_changed(self) -> None:
        if self._asked is None:
            return
        encoding, layer, crs, datum = self._wizard.source.chosen()
        crs = "" if crs == "file" else crs
        if self._found is not None and self._found.crs is None and datum != "wgs84" and not crs:
            crs = "4326"  # GCJ-02 and BD-09 are degrees
        other_layer = layer != self._asked.layer and bool(self._asked.layer)
        self._asked = replace(self._asked, encoding=encoding, layer=layer, crs=crs, datum=datum)
        if other_layer:
            self._found = None
        self._examine()

    # -- fields ---------------------------------------------------------------------
    @property
    def _kind(self) -> Kind | None:
        return self._parts.catalogue.kinds.get(self._options.kind)

    def _kind_changed(self, kind: str) -> None:
        self._options = replace(self._options, kind=kind, mapping={}, constants={}, units={})
        self._wizard.fields.set_ways([w.name for w in self._ways], "")
        self._show_fields()

    def _way_chosen(self, name: str) -> None:
        way = next((w for w in self._ways if w.name == name), None)
        if way is not None:
            self._take_way(way)
            self._show_fields()
        elif self._options.kind:
            self._kind_changed(self._options.kind)

    def _take_way(self, way: Remembered) -> None:
        try:
            told = ImportOptions.of(self._options.path, way.kind, way.options)
        except KnownError:
            return  # written by something else: as if it were not there
        self._options = replace(told, outline=self._options.outline)
        fields = self._wizard.fields
        fields.set_kinds(kind_choices(self._parts.catalogue, self._parts.lang), way.kind)
        asked, found = self._asked, self._found
        if asked is not None and found is not None and found.crs is None and told.crs:
            self._asked = replace(asked, crs=told.crs, datum=told.datum)
            self._examine()

    def _show_fields(self) -> None:
        found, options = self._found, self._options
        if found is None or not options.kind:
            return
        kind = None if options.kind == CASE else self._kind
        views = field_views(
            kind, self._parts.lang, found, options.mapping, options.constants, options.units
        )
        fields = self._wizard.fields
        fields.set_fields(views, found.columns)
        fields.set_options(
            zone=options.timezone, mend=options.mend, split=options.split, shapes=found.has_shapes
        )
        self._fields_changed()

    def _fields_changed(self) -> None:
        fields = self._wizard.fields
        if self._asked is None or not self._options.kind:
            return
        self._options = _filled(
            replace(
                self._options,
                path=self._asked.path,
                layer=self._asked.layer,
                encoding=self._asked.encoding,
                crs=self._asked.crs,
                datum=self._asked.datum,
                timezone=str(fields.zone.currentData() or ""),
                mend=fields.mend.isChecked(),
                split=fields.split.isChecked(),
            ),
            fields.fields(),
        )
        self._try()

    def _try(self) -> None:
        options, catalogue = replace(self._options, dry_run=True), self._parts.catalogue
        job = self._anew(self.tr("Trying rows…"))
        self._wizard.set_may(FIELDS, False)
        self._run(
            job,
            lambda: importer.preview(options, catalogue, TRIED, stop=job.asked_to_stop),
            self._tried,
            self._not_tried,
        )

    def _tried(self, preview: Preview) -> None:
        kind = None if self._options.kind == CASE else self._kind
        trial = trial_view(preview, kind, self._parts.lang)
        self._wizard.fields.set_trial(trial)
        self._wizard.source.set_points(trial.points)
        self._wizard.set_may(FIELDS, trial.good > 0)
        self.run.set_trial(trial)

    def _not_tried(self, error: KnownError) -> None:
        self._wizard.fields.set_trial(TrialView(problem=self._words(error)))

    def _remember(self, name: str) -> None:
        found, options, memory = self._found, self._options, self._memory
        if found is None or not options.kind:
            return
        fields = self._wizard.fields

        def kept(way: Remembered) -> None:
            fields.set_kept(self.tr("Remembered as “{0}”").format(way.name))

        self._parts.operations.run(
            lambda: memory.keep(name, found.signature, options.kind, options.kept()),
            kept,
            lambda error: fields.set_kept(str(error)),
            owner=self,
        )

    # -- pages ------------------------------------------------------------------------
    def _page_changed(self, page: int) -> None:
        if page == FIELDS:
            self._show_fields()
        elif page == LOAD:
            self.run.begin_check(self._options, self._found)
        elif page == FILE:
            self.read_loads()
        if page != LOAD:
            self.run.end_check()

    def _load(self) -> None:
        self.run.load(self._options)

    def _open(self, path: str) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def read_loads(self) -> None:
        """Show the loads of before."""
        store = self._loader.store
        self._parts.operations.run(
            store.all,
            lambda found: self._wizard.file.set_loads(
                past_loads(found, self._parts.catalogue, self._parts.lang)
            ),
            owner=self,
        )

    # -- inside -----------------------------------------------------------------------
    def _anew(self, words: str) -> Job:
        """Stop what is under way and begin something else; ``words`` show if it takes long."""
        self._job.stop()
        job = self._job = Job()
        QTimer.singleShot(300, self, lambda: self._still(job, words))
        return job

    def _still(self, job: Job, words: str) -> None:
        if job is self._job and not job.asked_to_stop() and not job.done:
            self._wizard.set_busy(words)

    def _run(
        self,
        job: Job,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        def ended() -> bool:
            mine = job is self._job
            if mine:
                job.done = 1
                self._wizard.set_busy("")
            return mine

        def failure(error: Exception) -> None:
            if not ended():
                return
            if isinstance(error, KnownError):
                if error.code != "stopped":
                    failed(error)
                return
            failed(KnownError("broken_file", str(error)))

        self._parts.operations.run(
            work, lambda result: done(result) if ended() else None, failure, owner=self
        )

    def _words(self, error: KnownError) -> str:
        if self._parts.lang.startswith("zh"):
            return person_text(error)
        return reason_words(error, {}, self._parts.lang)


def _only_encodings(asked: Asked, text: str) -> SourceView:
    """Of a file whose texts cannot be read: only its encoding can be chosen."""
    return SourceView(
        path=str(asked.path),
        words=asked.path.name,
        encodings=encoding_choices(),
        encoding=asked.encoding,
        warning=text,
    )


def _filled(options: ImportOptions, fields: tuple[FieldView, ...]) -> ImportOptions:
    """The options as the fields say. A constant counts more than a column."""
    constants = {f.name: f.constant for f in fields if f.constant}
    mapping = {f.name: f.source for f in fields if f.source and not f.constant}
    units = {f.name: f.unit_in for f in fields if f.unit_in and f.name in mapping}
    return replace(options, mapping=mapping, constants=constants, units=units, exact=True)
