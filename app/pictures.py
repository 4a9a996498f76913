"""Pictures of every window, for machines without a display and for the manual. GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from layers.render.map_widget import MapWidget
from services.domain.errors import in_words

log = logging.getLogger(__name__)


def picture_of(window: QWidget) -> QImage:
    """One window as it looks, its maps included (they are windows of their own to Qt)."""
    image = window.grab().toImage()
    ratio = image.devicePixelRatio()
    painter = QPainter(image)
    try:
        for view in window.findChildren(MapWidget):
            if not view.isVisible():
                continue
            part = view.grab_map()
            part.setDevicePixelRatio(part.width() / max(1, view.width()) if part.width() else ratio)
            painter.drawImage(view.mapTo(window, QPoint(0, 0)), part)
    finally:
        painter.end()
    return image


class PictureTaker(QObject):
    """Writes ``NAME.png`` of every window each ``every_s`` seconds, replacing the older one."""

    def __init__(
        self,
        windows: Callable[[], dict[str, QWidget]],
        directory: Path,
        every_s: float,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._windows = windows
        self._directory = directory
        self._timer = QTimer(self)
        self._timer.setInterval(round(every_s * 1_000))
        self._timer.timeout.connect(self.take)
        self._failed = False

    def start(self) -> None:
        """Begin; the directory is there."""
        self._timer.start()

    def stop(self) -> None:
        """Stop the timer."""
        self._timer.stop()

    def take(self) -> None:
        """Take every picture now; a file appears whole or not at all.

        The console goes on where one cannot be written: that is said once, until it can be again.
        """
        trouble = ""
        for name, window in self._windows().items():
            target = self._directory / f"{name}.png"
            trouble = _write(picture_of(window), target) or trouble
        if trouble and not self._failed:
            log.warning("%s; the console goes on without it", trouble)
        self._failed = bool(trouble)


def _write(image: QImage, target: Path) -> str:
    """Put the picture there; why not, or ""."""
    part = target.with_suffix(".part.png")
    try:
        if not image.save(str(part)):
            return f"the picture {target} cannot be written"
        part.replace(target)
    except OSError as error:
        return f"the picture {target} cannot be written: {in_words(error)}"
    return ""
