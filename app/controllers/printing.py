"""Taking a map window away as a sheet: preview, PDF, picture, clipboard. GUI thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from app.ask_file import ask_save, file_name
from app.base_maps import FILES
from app.console_parts import Parts
from app.messages import person_text
from app.session import ConsoleSession
from app.sheet_job import DPI_AT_1, Sheet, SheetJob, StoppedError
from app.sheet_record import SheetOrder, on_record, recorded
from layers.model import page
from layers.model.region import rows_in
from layers.model.view import Camera
from layers.render.map_widget import MapWidget
from layers.render.sheet_scene import SheetScene, SheetSceneTaker
from layers.render.tiles import TileService
from services.domain.errors import KnownError
from services.feed.exports import ExportsClient
from widgets.format import date_time, local
from widgets.mode_stamp import ModeStamp, stamped
from widgets.print_dialog import PrintDialog, SheetOptions
from widgets.sheet import LegendRow, SheetWords
from widgets.symbols import Mark, kind_mark
from widgets.theme import Theme

PREVIEW_DPI = 60
PROGRESS_EVERY_MS = 150
Made = Callable[[SheetJob], object]
Choose = Callable[[QWidget, str, str], str]
"""Asks for a file to write: a proposed name and a filter; "" when the person would not."""


def ask_file(window: QWidget, name: str, kind: str) -> str:
    """Let the person choose a file."""
    return ask_save(window, name, kind)


class PrintController(QObject):
    """One dialog at a time. ``said(words)``."""

    said = Signal(str)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        chart: MapWidget,
        parent: QObject,
        choose: Choose = ask_file,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._session = session
        self._map = chart
        self._choose = choose
        self._dialog: PrintDialog | None = None
        self._taker: SheetSceneTaker | None = None
        self._job: SheetJob | None = None
        self._previews = 0
        self._format = "pdf"
        self._schematic: dict[tuple[str, int], TileService] = {}
        self._progress = QTimer(self)
        self._progress.setInterval(PROGRESS_EVERY_MS)
        self._progress.timeout.connect(self._show_progress)

    @property
    def actions(self) -> dict[str, Callable[[], object]]:
        """What is done here, by the id of its action."""
        return {"print_map": self.open, "copy_map": self.copy}

    def close(self) -> None:
        """Stop what is under way."""
        self._stop()
        if self._dialog is not None:
            self._dialog.close()

    def open(self) -> None:
        """Open the dialog, or bring it to the front."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        dialog = PrintDialog(self._parts.theme, self.tr("Situation map"), self._map.window())
        dialog.changed.connect(self._preview)
        dialog.pdf_asked.connect(self._save_pdf)
        dialog.png_asked.connect(self._save_png)
        dialog.copy_asked.connect(self._copy_sheet)
        dialog.stopped.connect(self._stop)
        dialog.closed.connect(self._dialog_closed)
        self._dialog = dialog
        dialog.show()
        self._preview(dialog.options)

    def copy(self) -> None:
        """Put the map as it looks on the clipboard, once the hub has that on record: a picture that
        is pasted elsewhere has left as much as a sheet has."""
        picture, mode = self._map.grab_map(), self._mode()
        if mode is not None:
            picture = stamped(picture, mode, self._parts.theme)
        why = self.tr("Copied to the clipboard")
        order = self._order(self.tr("Situation map"), "clipboard", why, self._map.view.camera())
        self._parts.operations.run(
            partial(recorded, ExportsClient(self._parts.api.http), order),
            partial(self._map_copied, picture),
            self._map_not_copied,
            owner=self,
        )

    # -- what is asked for ----------------------------------------------------------------
    def _preview(self, options: SheetOptions) -> None:
        if self._job is None:  # else the sheet that is being made comes first
            self._previews += 1
            layout = page.layout(options.paper, options.landscape)
            camera = page.camera_for(self._map.view.camera(), layout.map)
            show = partial(self._show_preview, self._previews, camera)
            self._begin(options, PREVIEW_DPI, SheetJob.picture, show)

    def _save_pdf(self, options: SheetOptions) -> None:
        self._save(options, "PDF (*.pdf)", ".pdf", SheetJob.write_pdf)

    def _save_png(self, options: SheetOptions) -> None:
        self._save(options, "PNG (*.png)", ".png", SheetJob.write_png)

    def _save(
        self,
        options: SheetOptions,
        kind: str,
        end: str,
        write: Callable[[SheetJob, Path], None],
    ) -> None:
        if self._dialog is None:
            return
        if not options.why:
            self._dialog.ask_why()
            return
        stamp = f"{local(self._session.model.now()):%Y%m%d-%H%M}"
        chosen = self._choose(
            self._dialog, f"{file_name(options.title or 'map')}-{stamp}{end}", kind
        )
        if not chosen:
            return
        path = Path(chosen)
        self._format = end.removeprefix(".")

        def made(job: SheetJob) -> None:
            write(job, path)

        self._begin(options, options.dpi, made, partial(self._saved, path))

    def _copy_sheet(self, options: SheetOptions) -> None:
        if not options.why and self._dialog is not None:
            self._dialog.ask_why()
            return
        self._format = "png"
        self._begin(options, options.dpi, SheetJob.picture, self._copied)

    # -- making -----------------------------------------------------------------------------
    def _begin(
        self, options: SheetOptions, dpi: int, make: Made, done: Callable[[object], None]
    ) -> None:
        """Have the scene made for paper, then the sheet in a worker."""
        self._stop()
        theme = Theme.load(variant="light") if options.light else self._parts.theme
        layout = page.layout(options.paper, options.landscape)
        camera = page.camera_for(self._map.view.camera(), layout.map)
        taker = SheetSceneTaker(self._map.stage, theme, camera, dpi / DPI_AT_1, self)
        taker.taken.connect(partial(self._scene_taken, options, theme, layout, dpi, make, done))
        taker.failed.connect(self._too_slow)
        self._taker = taker
        if self._dialog is not None and dpi != PREVIEW_DPI:
            self._dialog.set_busy(True)
            self._dialog.set_progress(0.0)
            self._dialog.say("")
        taker.start()

    def _scene_taken(
        self,
        options: SheetOptions,
        theme: Theme,
        layout: page.PageLayout,
        dpi: int,
        make: Made,
        done: Callable[[object], None],
        scene: SheetScene,
    ) -> None:
        self._drop_taker()
        words = self._words(options, theme, scene)
        base = self._map.base.tile_url
        is_schematic = base == self._parts.bases.url
        tiles = self._tiles(theme, options.light, dpi) if is_schematic else None
        job = SheetJob(
            Sheet(
                layout=layout,
                words=words,
                scene=scene,
                theme=theme,
                dpi=dpi,
                tile_url=base,
                paint_tile=None if tiles is None else tiles.tile,
                finer=0 if is_schematic or dpi < 120 else 1,
                record_line=self.tr("Record {0}"),
            )
        )
        if dpi != PREVIEW_DPI:
            self._job = job
            self._progress.start()
        self._parts.operations.run(
            partial(make, job) if dpi == PREVIEW_DPI else self._recorded(options, scene, job, make),
            partial(self._done, job, done),
            partial(self._failed, job),
            owner=self,
        )

    def _recorded(
        self, options: SheetOptions, scene: SheetScene, job: SheetJob, make: Made
    ) -> Callable[[], object]:
        """The same, on record first."""
        client = ExportsClient(self._parts.api.http)
        order = self._order(options.title, self._format, options.why, scene.camera)
        return partial(on_record, client, order, job, make)

    def _order(self, title: str, format_: str, why: str, camera: Camera) -> SheetOrder:
        counts = self._counts(camera)
        return SheetOrder(
            title=title,
            kinds=tuple(counts),
            rows=sum(counts.values()),
            format=format_,
            why=why,
            seat=self._parts.seat,
            as_of=self._session.model.now() if self._session.is_replay else None,
        )

    def _counts(self, camera: Camera) -> dict[str, int]:
        """How many of each kind lie in a view and are shown, most first."""
        store = self._session.model.store
        rows = rows_in(store, self._map.selecting.box_of(camera))
        rows = rows[self._map.selecting.shown(rows)]
        counts = np.bincount(store.kind[rows], minlength=len(store.kinds))
        order = np.argsort(-counts, kind="stable").tolist()
        return {store.kinds[i]: int(counts[i]) for i in order if counts[i]}

    def _tiles(self, theme: Theme, light: bool, dpi: int) -> TileService:
        """A painter of schematic tiles as fine as the sheet; it serves nobody and has no thread."""
        finer = max(1, round(dpi / DPI_AT_1))
        key = ("light" if light else theme.name, finer)
        if key not in self._schematic:
            self._schematic[key] = TileService(FILES, theme, oversampling=finer)
        return self._schematic[key]

    def _done(self, job: SheetJob, done: Callable[[object], None], result: object) -> None:
        if self._job is job:
            self._end_job()
        if self._dialog is not None and job.missing_tiles:
            words = self.tr("{0} pieces of the base map could not be had and are left blank.")
            self._dialog.say(words.format(job.missing_tiles))
        done(result)

    def _failed(self, job: SheetJob, error: Exception) -> None:
        if self._job is job:
            self._end_job()
        if self._dialog is None or isinstance(error, StoppedError):
            return
        self._dialog.say(person_text(error) if isinstance(error, KnownError) else str(error))

    def _too_slow(self) -> None:
        self._stop()
        if self._dialog is not None:
            self._dialog.say(self.tr("The map took too long to be made. Zoom in and try again."))

    def _stop(self) -> None:
        self._drop_taker()
        if self._job is not None:
            self._job.stop()
        self._end_job()

    def _end_job(self) -> None:
        self._job = None
        self._progress.stop()
        if self._dialog is not None:
            self._dialog.set_busy(False)

    def _drop_taker(self) -> None:
        if self._taker is not None:
            self._taker.close()
            self._taker.deleteLater()
            self._taker = None

    def _show_progress(self) -> None:
        if self._dialog is not None and self._job is not None:
            self._dialog.set_progress(self._job.progress)

    def _dialog_closed(self) -> None:
        dialog, self._dialog = self._dialog, None
        self._stop()
        if dialog is not None:
            dialog.deleteLater()

    # -- what became of it ----------------------------------------------------------------------
    def _show_preview(self, asked: int, camera: Camera, picture: object) -> None:
        if self._dialog is None or asked != self._previews or not isinstance(picture, QImage):
            return  # another was asked for since, and two are made side by side
        number = f"{round(page.scale_of(camera), -1):,.0f}"
        self._dialog.set_preview(picture, self.tr("Scale 1:{0} on the sheet").format(number))

    def _saved(self, path: Path, _nothing: object) -> None:
        if self._dialog is not None:
            self._dialog.say(self.tr("Saved: {0}").format(path))

    def _map_copied(self, picture: QImage, record: str) -> None:
        QGuiApplication.clipboard().setImage(picture)
        known = self.tr("The map is on the clipboard; that is on record.")
        self.said.emit(known if record else self.tr("The map is on the clipboard."))

    def _map_not_copied(self, error: Exception) -> None:
        self.said.emit(person_text(error) if isinstance(error, KnownError) else str(error))

    def _copied(self, picture: object) -> None:
        if isinstance(picture, QImage):
            QGuiApplication.clipboard().setImage(picture)
            if self._dialog is not None:
                self._dialog.say(self.tr("The sheet is on the clipboard."))

    # -- words ------------------------------------------------------------------------------
    def _words(self, options: SheetOptions, theme: Theme, scene: SheetScene) -> SheetWords:
        session, parts = self._session, self._parts
        now = session.model.now()
        data = self.tr("Data of {0}").format(date_time(now))
        stamps = []
        if session.is_replay:
            stamps.append(self.tr("REPLAY"))
        elif session.link.old:
            silent = max(0, int(session.link.silent_s(now)))
            stamps.append(self.tr("STALE {0}:{1:02d}").format(silent // 60, silent % 60))
            data = self.tr("Data of {0}").format(date_time(now - silent))
        source = self._map.base.attribution or self.tr("Schematic map")
        user = session.link.user or parts.user
        lines = (
            self.tr("Base map: {0} · CGCS2000, Web Mercator").format(source),
            self.tr("Made {0} by {1} · OneMap Console").format(date_time(time.time()), user),
            self.tr("Not for navigation; it shows no legal borders."),
        )
        return SheetWords(
            title=options.title,
            moment=data,
            legend_title=self.tr("On this map"),
            legend=self._legend(theme, scene),
            rest=self.tr("and {0} more layers with {1}"),
            lines=lines,
            stamps=tuple(stamps),
            mode=self._mode(),
        )

    def _mode(self) -> ModeStamp | None:
        """What marks a picture that leaves a replay; none of the live city."""
        if not self._session.is_replay:
            return None
        meaning = self.tr("Past state, played back: not the city as it is now.")
        return ModeStamp(self.tr("REPLAY"), meaning, date_time(self._session.model.now()))

    def _legend(self, theme: Theme, scene: SheetScene) -> tuple[LegendRow, ...]:
        """Kinds that lie on the sheet and are shown, most first."""
        kinds, lang = self._parts.catalogue.kinds, self._parts.lang
        found = []
        for name, count in self._counts(scene.camera).items():
            kind = kinds.get(name)
            mark: Mark = kind_mark(theme, kind.symbol) if kind else _plain(theme)
            label = kind.label.text(lang) if kind else self._other(name)
            found.append(LegendRow(mark, label, count))
        return tuple(found)

    def _other(self, name: str) -> str:
        return self.tr("Cases") if name == "case" else name


def _plain(theme: Theme) -> Mark:
    return Mark("circle", theme.color("normal"))
