"""Something that need not be done more often than so: at once the first time, then at a pace."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Pace(QObject):
    """``do()`` is called for what was put off, ``every_ms`` after what went before. GUI thread."""

    def __init__(self, every_ms: int, do: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._do = do
        self._due = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(every_ms)
        self._timer.timeout.connect(self._catch_up)

    def ask(self, urgent: bool = False) -> None:
        """Do it now, or as soon as the pace lets if it is not urgent."""
        if self._timer.isActive() and not urgent:
            self._due = True
        else:
            self._due = False
            self._timer.start()
            self._do()

    def _catch_up(self) -> None:
        if self._due:
            self._due = False
            self._timer.start()
            self._do()
