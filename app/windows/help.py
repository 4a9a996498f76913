"""The operator manual, from the files that ship. It asks nobody and follows no outside link."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QWidget

from app.resources import resource

MARGIN_PX = 28
WIDEST_PX = 1_380
"""Longer lines are hard to read; the pictures are 1,280 wide."""


class HelpWindow(QWidget):
    """Shows the manual in the console's language."""

    closed = Signal()

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Manual – OneMap Console"))
        directory = resource("help", "zh" if lang.startswith("zh") else "en")
        self.browser = QTextBrowser()
        self.browser.setOpenExternalLinks(False)
        self.browser.setSearchPaths([str(directory)])
        self.browser.setSource(QUrl.fromLocalFile(str(directory / "manual.md")))
        self.browser.document().setDocumentMargin(MARGIN_PX)
        self.browser.setMaximumWidth(WIDEST_PX)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(self.browser, 100)
        layout.addStretch(1)
        self.resize(WIDEST_PX, 900)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console."""
        self.closed.emit()
        super().closeEvent(event)
