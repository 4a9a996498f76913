"""Makes a sheet with a map on it: a picture, or a PDF. Runs in a worker thread.

Everything it needs is given to it; it touches no window and no store.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from PySide6.QtCore import QMarginsF, QRectF, QSize
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from layers.model.page import PageLayout
from layers.model.view import Camera
from layers.render.sheet_paint import paint_base, paint_scene, painting
from layers.render.sheet_scene import SheetScene
from services.domain.errors import KnownError
from widgets.sheet import SheetWords, draw_round
from widgets.theme import Theme

TILE_TIMEOUT_S = 10.0
MAX_TILE_BYTES = 4 * 1024 * 1024
DPI_AT_1 = 96.0
_SIZES = {"a4": QPageSize.PageSizeId.A4, "a3": QPageSize.PageSizeId.A3}


class StoppedError(Exception):
    """A person does not want it any more."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``paint_tile`` draws schematic tiles finer; without it tiles come from ``tile_url``.

    ``finer``: levels by which the tiles' zoom is above the map's. ``record_line``: how the number
    of the export's record is told.
    """

    layout: PageLayout
    words: SheetWords
    scene: SheetScene
    theme: Theme
    dpi: int
    tile_url: str
    paint_tile: Callable[[int, int, int], bytes] | None
    finer: int
    record_line: str = "{0}"

    @property
    def camera(self) -> Camera:
        """How the map is looked at."""
        return self.scene.camera


class SheetJob:
    """One sheet being made. ``stop`` and ``progress`` (0 to 1) from any thread."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._stopped = threading.Event()
        self.progress = 0.0
        self.missing_tiles = 0

    def stop(self) -> None:
        """Make no more of it."""
        self._stopped.set()

    def note_record(self, number: str) -> None:
        """The sheet names the record of its export."""
        words = self._sheet.words
        lines = (*words.lines, self._sheet.record_line.format(number))
        self._sheet = replace(self._sheet, words=replace(words, lines=lines))

    def picture(self) -> QImage:
        """The whole sheet. Raises StoppedError, KnownError (no_memory_for_sheet)."""
        layout, ratio = self._sheet.layout, self._sheet.scene.ratio
        size = QSize(round(layout.page.width * ratio), round(layout.page.height * ratio))
        image = self._image(size)
        image.fill(self._sheet.theme.color("panel"))
        image.setDotsPerMeterX(round(self._sheet.dpi / 0.0254))
        image.setDotsPerMeterY(round(self._sheet.dpi / 0.0254))
        with painting(image) as painter:
            painter.scale(ratio, ratio)
            self._draw(painter)
        return image

    def write_png(self, path: Path) -> None:
        """Raises what ``picture`` does, and KnownError (sheet_not_written)."""
        image = self.picture()
        self._whole(path, lambda fresh: image.save(str(fresh), "PNG"))  # type: ignore[call-overload]  # the stub wants bytes for the format

    def write_pdf(self, path: Path) -> None:
        """Raises what ``write_png`` does."""
        self._whole(path, self._pdf)

    # -- inside -----------------------------------------------------------------------
    def _pdf(self, fresh: Path) -> bool:
        layout = self._sheet.layout
        writer = QPdfWriter(str(fresh))
        writer.setResolution(self._sheet.dpi)
        writer.setTitle(self._sheet.words.title)
        writer.setCreator("OneMap Console")
        turn = (
            QPageLayout.Orientation.Landscape
            if layout.landscape
            else QPageLayout.Orientation.Portrait
        )
        writer.setPageLayout(QPageLayout(QPageSize(_SIZES[layout.paper]), turn, QMarginsF()))
        with painting(writer) as painter:
            if not painter.isActive():
                return False
            painter.scale(self._sheet.scene.ratio, self._sheet.scene.ratio)
            self._draw(painter)
            return painter.end()

    def _draw(self, painter: QPainter) -> None:
        sheet = self._sheet
        chart = self._map()
        area = sheet.layout.map
        painter.drawImage(QRectF(area.x, area.y, area.width, area.height), chart)
        draw_round(painter, sheet.layout, sheet.words, sheet.camera, sheet.theme)
        self.progress = 1.0

    def _map(self) -> QImage:
        scene = self._sheet.scene
        size = QSize(
            round(scene.camera.width * scene.ratio), round(scene.camera.height * scene.ratio)
        )
        image = self._image(size)
        image.fill(self._sheet.theme.color("ground"))
        with contextlib.ExitStack() as stack:
            tile = self._tile(stack)
            self.missing_tiles = paint_base(
                image, scene.camera, scene.ratio, self._sheet.finer, tile, self._step
            )
        self.progress = 0.6
        paint_scene(image, scene, self._step)
        self.progress = 0.9
        return image

    def _image(self, size: QSize) -> QImage:
        image = QImage(size, QImage.Format.Format_RGB32)
        if image.isNull():
            raise KnownError("no_memory_for_sheet", "There is no memory for so large a picture.")
        return image

    def _tile(self, stack: contextlib.ExitStack) -> Callable[[int, int, int], QImage | None]:
        paint, address = self._sheet.paint_tile, self._sheet.tile_url
        if paint is not None:
            return lambda zoom, x, y: QImage.fromData(paint(zoom, x, y))
        client = stack.enter_context(httpx.Client(timeout=TILE_TIMEOUT_S, trust_env=False))

        def fetch(zoom: int, x: int, y: int) -> QImage | None:
            try:
                answer = client.get(f"{address}{zoom}/{x}/{y}.png")
            except httpx.HTTPError:
                return None
            good = answer.status_code == 200 and len(answer.content) <= MAX_TILE_BYTES
            return QImage.fromData(answer.content) if good else None

        return fetch

    def _step(self) -> None:
        if self._stopped.is_set():
            raise StoppedError
        self.progress = min(0.95, self.progress + 0.004)

    def _whole(self, path: Path, write: Callable[[Path], bool]) -> None:
        """A file is there whole or not at all."""
        fresh = path.with_name(f".{path.name}.part")
        try:
            fresh.touch()  # where that is refused the system says why, which Qt does not
            if not write(fresh):
                raise KnownError(
                    "sheet_not_written", f"{path} cannot be written.", params={"path": str(path)}
                )
            with fresh.open("rb") as file:
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError as error:
            why = f"{path} ({error.strerror})"
            raise KnownError("sheet_not_written", why, params={"path": why}) from error
        finally:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
