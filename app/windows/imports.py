"""The window in which files are loaded. Layout only; a file may be dropped on it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.drops import FileDrops
from widgets.cover import Covering
from widgets.import_wizard.mini_map import Outline
from widgets.import_wizard.wizard import ImportWizard
from widgets.theme import Theme


class ImportWindow(QWidget):
    """One load at a time, and the loads of before. ``dropped(path)``.

    ``busy``: a load or an undo is under way; the window is not closed by hand meanwhile.
    """

    closed = Signal()
    dropped = Signal(str)

    def __init__(self, theme: Theme, outline: Outline) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Import data – OneMap Console"))
        self.wizard = ImportWizard(theme, outline)
        self.busy = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.wizard)
        self._covering = Covering(self, self.wizard)
        self._drops = FileDrops(self, self._may_drop)
        self._drops.dropped.connect(self.dropped)
        self.resize(1_180, 800)

    def set_cover(self, cover: QWidget | None) -> None:
        """Cover what is being loaded; None: show it again."""
        self._covering.put(cover)

    def _may_drop(self) -> bool:
        return not self._covering.covered

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console, which takes the window apart."""
        if self.busy and event.spontaneous():
            self.wizard.set_busy(self.tr("Stop it first; then the window can be closed."))
            event.ignore()
            return
        self.closed.emit()
        super().closeEvent(event)
