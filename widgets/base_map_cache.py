"""How large the cache of tiles on this machine may grow, and how large it is. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QSpinBox, QWidget

from widgets.panel import button, line
from widgets.text import plain_label, set_role, set_tooltip

MOST_MB, STEP_MB = 1_000_000, 128
ASK_AFTER_MS = 600
"""After the last step, so that a cache is not cut down while somebody types a number."""


class BaseMapCache(QFrame):
    """``asked(megabytes)``; ``emptied()``."""

    asked = Signal(int)
    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "block")
        self.limit = QSpinBox()
        self.limit.setRange(0, MOST_MB)
        self.limit.setSingleStep(STEP_MB)
        self.limit.setSuffix(" MB")
        self.limit.setSpecialValueText(self.tr("keep nothing"))
        self.limit.setAccessibleName(self.tr("Size of the cache of tiles"))
        self.used = plain_label(role="muted")
        self.empty = button(self.tr("Empty"), "link")
        set_tooltip(self.empty, self.tr("Tiles are fetched again when they are looked at"))
        self.empty.clicked.connect(self.emptied)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(ASK_AFTER_MS)
        self._wait.timeout.connect(self._ask)
        self.limit.valueChanged.connect(self._changed)
        self.limit.editingFinished.connect(self._finished)
        about = plain_label(self.tr("Tiles kept on this machine, at most"))
        row = line(about, self.limit, self.used, None, self.empty)
        row.setContentsMargins(12, 8, 12, 8)
        self.setLayout(row)

    def set_cache(self, limit_mb: int, used: str) -> None:
        """Show the limit, unless somebody is changing it, and in words how much is used."""
        if not self._wait.isActive():
            self.limit.blockSignals(True)
            self.limit.setValue(limit_mb)
            self.limit.blockSignals(False)
        self.used.setText(self.tr("{0} used").format(used) if used else "")
        self.empty.setEnabled(bool(used))

    def _changed(self, _value: int) -> None:
        self._wait.start()

    def _finished(self) -> None:
        if self._wait.isActive():
            self._wait.stop()
            self._ask()

    def _ask(self) -> None:
        self.asked.emit(self.limit.value())
