"""The last page of the import wizard: trying all rows, loading them, undoing a load. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.console_parts import Parts
from app.import_jobs import Job, Loader
from app.import_view import (
    CASE,
    checked_view,
    left_lines,
    loaded_view,
    undone_words,
)
from app.messages import person_text
from app.windows.imports import ImportWindow
from services.domain.errors import KnownError
from services.ingest.batches import Batch
from services.ingest.examine import Examined
from services.ingest.import_options import ImportOptions
from services.ingest.import_report import Report
from services.packs.model import Kind
from widgets.import_wizard.views import LoadView, TrialView
from widgets.import_wizard.wizard import LOAD

LOOK_MS = 150
Box = tuple[float, float, float, float]


class ImportRun(QObject):
    """``loads_changed()``: the list of loads is another one."""

    loads_changed = Signal()

    def __init__(
        self,
        parts: Parts,
        window: ImportWindow,
        loader: Loader,
        show: Callable[[Box], None],
        outline: Path,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._outline = outline
        self._parts, self._wizard, self._loader = parts, window.wizard, loader
        self._window = window
        self._show = show
        self._check: Job | None = None
        self._job: Job | None = None
        self._trial = TrialView()
        self._kind: Kind | None = None
        self._total = 0
        self._undoing = False
        self._resumed = ""
        self._report: Report | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        page = self._wizard.load
        page.pause_requested.connect(self._pause)
        page.stop_requested.connect(self._stop)
        page.undo_requested.connect(self.undo)
        page.resume_requested.connect(self.resume)
        page.show_requested.connect(self._show_box)

    @property
    def busy(self) -> bool:
        """Whether a load or an undo is under way."""
        return self._job is not None

    def set_trial(self, trial: TrialView) -> None:
        """How the first rows fare."""
        self._trial = trial

    def reset(self) -> None:
        """Forget the load of before."""
        self.end_check()
        self._trial, self._report = TrialView(), None
        self._wizard.load.set_load(LoadView())

    def close(self) -> None:
        """End what is under way."""
        self._timer.stop()
        for job in (self._check, self._job):
            if job is not None:
                job.stop()

    # -- trying -----------------------------------------------------------------------
    def begin_check(self, options: ImportOptions, found: Examined | None) -> None:
        """Try all rows of the file, to say before it is loaded how they fare."""
        self.end_check()
        job = self._check = Job()
        self._kind = None if options.kind == CASE else self._known(options.kind)
        self._total = found.count if found is not None else 0
        page = self._wizard.load
        page.set_load(LoadView())
        page.set_summary(self._summary(options))
        page.set_trial(self._trial)
        self._timer.start()
        self._parts.operations.run(
            lambda: self._loader.check(options, job),
            lambda report: self._checked(job, report),
            lambda error: self._not_checked(job, error),
            owner=self,
        )

    def _known(self, kind: str) -> Kind | None:
        return self._parts.catalogue.kinds.get(kind)

    def _summary(self, options: ImportOptions) -> list[str]:
        kind = self._parts.catalogue.kinds.get(options.kind)
        label = self.tr("Cases") if kind is None else kind.label.text(self._parts.lang)
        lines = [self.tr("Rows are loaded as: {0}").format(label)]
        if options.crs or options.datum != "wgs84":
            system = options.crs or "4326"
            datum = {"gcj02": "GCJ-02", "bd09": "BD-09"}.get(options.datum, "WGS 84 / CGCS2000")
            lines.append(self.tr("Positions: EPSG:{0}, {1}").format(system, datum))
        lines.append(
            self.tr("Things and cases with the same number are replaced; undo brings them back.")
        )
        return lines

    def end_check(self) -> None:
        """Try no more."""
        if self._check is not None:
            self._check.stop()
            self._check = None

    def _checked(self, job: Job, report: Report) -> None:
        if job is not self._check or report.stopped:
            return
        self._check = None
        self._total = report.read
        view = checked_view(report, self._trial, self._kind, self._parts.lang, running=False)
        self._wizard.load.set_trial(view)

    def _not_checked(self, job: Job, error: Exception) -> None:
        if job is self._check:
            self._check = None
            self._wizard.load.set_trial(TrialView(problem=_words(error)))

    # -- loading ----------------------------------------------------------------------
    def load(self, options: ImportOptions) -> None:
        """Load the file."""
        if self.busy:
            return
        self.end_check()
        job = self._begin(undoing=False)
        self._parts.operations.run(
            lambda: self._loader.load(options, job), self._loaded, self._failed, owner=self
        )

    def resume(self, batch: str) -> None:
        """Go on with a load that was stopped or broke off, with the file as it was then."""
        if self.busy:
            return
        self.end_check()
        job = self._begin(undoing=False)
        self._resumed = batch
        self._total = 0  # not known: the load may have been another desk's
        self._wizard.go(LOAD)
        self._parts.operations.run(
            lambda: self._loader.resume(batch, job, self._outline),
            self._loaded,
            self._failed,
            owner=self,
        )

    def undo(self, batch: str) -> None:
        """Take back a load of before, or the one that has just ended."""
        if self.busy:
            return
        job = self._begin(undoing=True)
        self._wizard.go(LOAD)
        self._parts.operations.run(
            lambda: self._loader.undo(batch, job), self._undone, self._failed, owner=self
        )

    def _begin(self, *, undoing: bool) -> Job:
        job = self._job = Job()
        self._resumed = ""
        self._window.busy = True
        self._undoing = undoing
        self._wizard.set_locked(True)
        self._timer.start()
        self._look()
        return job

    def _pause(self, paused: bool) -> None:
        if self._job is not None:
            self._job.pause(paused)
            self._look()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _end(self) -> None:
        self._job, self._window.busy = None, False
        self._wizard.set_busy("")

    def _loaded(self, report: Report) -> None:
        self._end()
        self._report = report
        self._wizard.load.set_load(loaded_view(report, self._kind, self._parts.lang))
        self.loads_changed.emit()

    def _undone(self, batch: Batch) -> None:
        self._end()
        self._report = None
        lines = left_lines(batch, self._parts.lang)
        view = LoadView(done=True, headline=undone_words(batch), details=lines[:12])
        self._wizard.load.set_load(view)
        self.loads_changed.emit()

    def _failed(self, error: Exception) -> None:
        self._end()
        text = _words(error)
        if not self._undoing:
            text += " " + self.tr(
                "What was loaded before is in the list of loads; go on with it or undo it there."
            )
        batch = self._resumed
        view = LoadView(done=True, problem=text, batch=batch, can_resume=bool(batch))
        self._wizard.load.set_load(view)
        self.loads_changed.emit()

    def _show_box(self) -> None:
        if self._report is not None and self._report.box is not None:
            self._show(self._report.box)

    # -- how far it is ----------------------------------------------------------------
    def _look(self) -> None:
        job = self._job
        if job is not None:
            self._wizard.load.set_load(self._under_way(job))
        elif self._check is not None:
            heard = self._check.heard
            if heard is not None:
                view = checked_view(heard, self._trial, self._kind, self._parts.lang, running=True)
                self._wizard.load.set_trial(view)
        else:
            self._timer.stop()

    def _under_way(self, job: Job) -> LoadView:
        if self._undoing:
            text = self.tr("Undoing: {0} of {1}").format(f"{job.done:,}", f"{job.total:,}")
            return LoadView(undoing=True, read=job.done, total=job.total, headline=text)
        heard = job.heard
        read = 0 if heard is None else heard.read
        text = self.tr("Loading: {0} rows").format(f"{read:,}")
        if job.paused:
            text = self.tr("Paused after {0} rows").format(f"{read:,}")
        return LoadView(
            running=True, paused=job.paused, read=read, total=self._total, headline=text
        )


def _words(error: Exception) -> str:
    return person_text(error) if isinstance(error, KnownError) else str(error)
