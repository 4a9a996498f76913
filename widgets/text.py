"""The one door through which text from outside reaches the screen, always as plain text.

Qt guesses rich text in labels, tool tips and message boxes, and eats "&" in buttons and menus; a
feed could otherwise draw links, pictures or a reversed sentence. GUI thread, except ``plain``.
"""

from __future__ import annotations

import html
import unicodedata

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

LONGEST = 4_000
"""Characters of one text that are shown; the rest is cut with an ellipsis."""

_BIDI = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], None
)


def plain(text: str, *, lines: bool = False) -> str:
    """Text without bidi and control characters, bounded; line breaks stay only when ``lines``."""
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    text = text.translate(_BIDI)
    if text.isprintable():
        return text
    return "".join(_kept(char, lines) for char in text)


def _kept(char: str, lines: bool) -> str:
    if unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp"):
        return char
    if char == "\n" and lines:
        return "\n"
    return " " if char in "\n\r\t\u2028\u2029" else ""


def tooltip_text(text: str) -> str:
    """Text for a tool tip: escaped, because a tool tip always guesses rich text."""
    if not text:
        return ""
    return "<qt>" + html.escape(plain(text, lines=True)).replace("\n", "<br>") + "</qt>"


def button_text(text: str) -> str:
    """Text for a button, check box or menu entry, where Qt would take "&" as a mnemonic."""
    return plain(text).replace("&", "&&")


class PlainLabel(QLabel):
    """A label that shows what it is given, letter by letter."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setIndent(0)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        set_role(self, role)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show ``text``; only a changed text costs a layout."""
        cleaned = plain(text, lines=True)
        if cleaned != self.text():
            super().setText(cleaned)


class ElidedLabel(PlainLabel):
    """One line that is cut with an ellipsis instead of pushing its neighbours; the tip has all."""

    def minimumSizeHint(self) -> QSize:
        """It may shrink to nothing."""
        return QSize(0, super().minimumSizeHint().height())

    def setText(self, text: str) -> None:
        """Show ``text`` on one line."""
        super().setText(plain(text))
        set_tooltip(self, text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the part that fits."""
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(self.text()) <= self.contentsRect().width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        rect = self.contentsRect()
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()


def plain_label(text: str = "", role: str = "", parent: QWidget | None = None) -> PlainLabel:
    """A plain label; ``role`` picks its look: title, strong, muted, faint, small, number, …"""
    return PlainLabel(text, role, parent)


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget a role of the style sheet and let the style see it."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_found(widget: QWidget, found: bool) -> None:
    """Mark a row as the one that is pointed out, or no longer."""
    if bool(widget.property("found")) != found:
        widget.setProperty("found", found)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_tooltip(target: QWidget | QAction, text: str) -> None:
    """Set a tool tip that shows ``text`` letter by letter."""
    target.setToolTip(tooltip_text(text))


def plain_question(parent: QWidget | None, title: str, text: str, details: str = "") -> QMessageBox:
    """A question box with plain text; the caller adds buttons and opens it."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(plain(title))
    box.setText(plain(text, lines=True))
    if details:
        box.setInformativeText(plain(details, lines=True))
    return box
