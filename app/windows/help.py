"""The operator manual, from the files that ship. It asks nobody and follows no outside link."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from app.resources import resource


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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.browser)
        self.resize(900, 900)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console."""
        self.closed.emit()
        super().closeEvent(event)
