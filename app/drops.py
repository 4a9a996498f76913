"""Files dropped on a window: the first local file of what was dragged. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrops(QObject):
    """Lets a widget, with all in it, take files; ``dropped(path)``."""

    dropped = Signal(str)

    def __init__(self, widget: QWidget, may: Callable[[], bool] = lambda: True) -> None:
        """``may``: whether a file can be taken now."""
        super().__init__(widget)
        self._may = may
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take what holds a local file; leave all else alone."""
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            path = _file(event)
            if path:
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self.dropped.emit(path)
                return True
        elif isinstance(event, QDragEnterEvent) and _file(event) and self._may():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            return True
        return False


def _file(event: QDropEvent) -> str:
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return next((url.toLocalFile() for url in urls if url.isLocalFile()), "")
