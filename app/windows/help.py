"""The operator manual, from the files that ship. It asks nobody and follows no outside link."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QUrl, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QImage,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from app.resources import resource
from widgets.theme import Theme

PAGE_PX = 940
MARGIN_PX = 28
GAP_PX = 8
HEADING_GAP_PX = 22
CELL_PX = 6
WIDE = "\u2e80-\u9fff\u3000-\u303f\uff00-\uffef"
_BROKEN_LINE = re.compile(rf"(?<=[{WIDE}*])\n(?=[{WIDE}]|\*\*)")


def joined_lines(markdown: str) -> str:
    """Markdown whose Chinese lines go on without the space that a line break would become."""
    return _BROKEN_LINE.sub("", markdown)


class ManualView(QTextBrowser):
    """A page of the manual with room round its parts; pictures as wide as the page at most."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setOpenExternalLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.sourceChanged.connect(self._dress)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """What the page asks for; files that ship only, pictures no wider than the page."""
        url = self.source().resolved(QUrl(name))
        data = super().loadResource(kind, url) if url.isLocalFile() else None
        if kind == QTextDocument.ResourceType.MarkdownResource.value and data is not None:
            return joined_lines(bytes(QByteArray(data).data()).decode("utf-8"))
        if kind == QTextDocument.ResourceType.ImageResource.value and data is not None:
            return self._fitted(QImage.fromData(QByteArray(data)))
        return data

    def _fitted(self, picture: QImage) -> QImage:
        """No wider than the page is at first, and sharp on a dense screen."""
        ratio = self.devicePixelRatioF()
        room = round((PAGE_PX - 2 * MARGIN_PX) * ratio)
        if picture.width() > room:
            picture = picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        picture.setDevicePixelRatio(ratio)
        return picture

    def _dress(self) -> None:
        document = self.document()
        document.setDocumentMargin(MARGIN_PX)
        block = document.begin()
        while block.isValid():
            self._space(block)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._dress_table(frame)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _space(self, block: QTextBlock) -> None:
        cursor = QTextCursor(block)
        if cursor.currentTable() is not None:
            return
        layout = block.blockFormat()
        layout.setTopMargin(HEADING_GAP_PX if layout.headingLevel() > 1 else GAP_PX / 2)
        layout.setBottomMargin(GAP_PX / 2)
        layout.setLineHeight(125.0, 1)  # 1: in percent of the line's own height
        cursor.setBlockFormat(layout)

    def _dress_table(self, table: QTextTable) -> None:
        layout = table.format()
        layout.setCellPadding(CELL_PX)
        layout.setBorderBrush(self._theme.color("line"))
        layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        layout.setTopMargin(GAP_PX)
        layout.setBottomMargin(GAP_PX)
        table.setFormat(layout)


class HelpWindow(QWidget):
    """Shows the manual in the console's language."""

    closed = Signal()

    def __init__(self, theme: Theme, lang: str) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Manual – OneMap Console"))
        directory = resource("help", "zh" if lang.startswith("zh") else "en")
        self.browser = ManualView(theme)
        self.browser.setSource(QUrl.fromLocalFile(str(directory / "manual.md")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.browser)
        self.resize(PAGE_PX + 20, 1000)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the console."""
        self.closed.emit()
        super().closeEvent(event)
