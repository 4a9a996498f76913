"""The attribute table of one layer in a window of its own: layout only."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.console_parts import Parts
from app.messages import person_text
from app.session import ConsoleSession
from widgets.attribute_table import AttributeTable
from widgets.cover import Covering
from widgets.frame import ModeFrame


class TableWindow(QWidget):
    """One table over one session; a replay's has the frame as well."""

    closed = Signal()

    def __init__(self, parts: Parts, session: ConsoleSession, title: str) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("{0} – attribute table – OneMap Console").format(title))
        model = session.model
        self.table = AttributeTable(parts.theme, model.store, model.now, person_text)
        self.frame: ModeFrame | None = None
        inner = QWidget()
        within = QVBoxLayout(inner)
        within.setContentsMargins(0, 0, 0, 0)
        within.addWidget(self.table, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        if session.is_replay:
            meaning = self.tr("Past state. Orders are not carried out.")
            self.frame = ModeFrame(parts.theme, inner, self.tr("REPLAY"), meaning)
            outer.addWidget(self.frame)
        else:
            outer.addWidget(inner)
        self._covering = Covering(self, self.table)
        self.resize(1_280, 680)

    def set_cover(self, cover: QWidget | None) -> None:
        """Cover the rows; None: show them again."""
        self._covering.put(cover)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console."""
        self.table.chooser.close()
        self.closed.emit()
        super().closeEvent(event)
