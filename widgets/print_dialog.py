"""The dialog for taking a map away: on paper as PDF, as a picture, or on the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from layers.model.page import PAPERS, Paper
from widgets.panel import Panel, button, column, line
from widgets.text import plain_label
from widgets.theme import Theme

DPIS = (150, 200, 300)
PREVIEW = QSize(560, 430)
AGAIN_MS = 350
LONGEST_TITLE, LONGEST_WHY = 60, 200


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """What a person chose. ``light``: in the colours of paper, whatever the screen has; ``why``:
    what it is for, which goes on record."""

    title: str
    paper: Paper
    landscape: bool
    dpi: int
    light: bool
    why: str = ""


class PrintDialog(QDialog):
    """``changed(SheetOptions)`` asks for another preview; ``pdf_asked``, ``png_asked``,
    ``copy_asked`` (all with SheetOptions) for the sheet; ``stopped``; ``closed``."""

    changed = Signal(object)
    pdf_asked = Signal(object)
    png_asked = Signal(object)
    copy_asked = Signal(object)
    stopped = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Print or export the map"))
        self._title = QLineEdit(title)
        self._title.setMaxLength(LONGEST_TITLE)
        self._why = QLineEdit()
        self._why.setMaxLength(LONGEST_WHY)
        self._why.setPlaceholderText(self.tr("Goes on record"))
        self._papers: list[tuple[Paper, bool]] = [
            (p, wide) for p in PAPERS for wide in (True, False)
        ]
        wide, tall = self.tr("landscape"), self.tr("portrait")
        self._paper = _combo([f"{p.upper()} {wide if w else tall}" for p, w in self._papers])
        self._dpi = _combo([f"{dpi} dpi" for dpi in DPIS], 1)
        self._colors = _combo([self.tr("For paper (light)"), self.tr("As on the screen")])
        self._preview = plain_label()
        self._preview.setFixedSize(PREVIEW)
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._preview.setAccessibleName(self.tr("Preview"))
        self._note = plain_label("", "small")
        self._said = plain_label("", "minor")
        self._said.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 100)
        self._stop = button(self.tr("Stop"), "tool")
        self._stop.clicked.connect(self.stopped)
        self._pdf = button(self.tr("Save as PDF…"), "primary")
        self._png = button(self.tr("Save as picture…"))
        self._copy = button(self.tr("Copy picture"))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(AGAIN_MS)
        self._soon.timeout.connect(self._tell)
        self._lay_out(theme)
        self._connect()
        self.set_busy(False)

    @property
    def options(self) -> SheetOptions:
        """As they are now."""
        paper, wide = self._papers[self._paper.currentIndex()]
        title = self._title.text().strip()
        dpi = DPIS[self._dpi.currentIndex()]
        why = self._why.text().strip()
        return SheetOptions(title, paper, wide, dpi, self._colors.currentIndex() == 0, why)

    def ask_why(self) -> None:
        """The reason is missing."""
        self.say(self.tr("This goes on record: say what it is needed for."))
        self._why.setFocus()

    def set_preview(self, picture: QImage, note: str) -> None:
        """Show the sheet small; ``note`` says its scale and size."""
        fitting = picture.scaled(
            PREVIEW * self.devicePixelRatioF(),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitting.setDevicePixelRatio(self.devicePixelRatioF())
        self._preview.setPixmap(QPixmap.fromImage(fitting))
        self._note.setText(note)

    def set_busy(self, busy: bool) -> None:
        """A sheet is being made, or not any more."""
        self._bar.setVisible(busy)
        self._stop.setVisible(busy)
        for push in (self._pdf, self._png, self._copy):
            push.setEnabled(not busy)

    def set_progress(self, share: float) -> None:
        """How far it is, 0 to 1."""
        self._bar.setValue(round(share * 100))

    def say(self, text: str) -> None:
        """What became of it, or what is wrong."""
        self._said.setText(text)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing goes on behind a closed dialog."""
        self._soon.stop()
        self.closed.emit()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes like the button does."""
        self.close()

    def _connect(self) -> None:
        for combo in (self._paper, self._colors):
            combo.activated.connect(self._soon.start)
        self._title.textEdited.connect(self._soon.start)
        self._pdf.clicked.connect(self._ask_pdf)
        self._png.clicked.connect(self._ask_png)
        self._copy.clicked.connect(self._ask_copy)

    def _lay_out(self, theme: Theme) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        rows: Sequence[tuple[str, QWidget]] = (
            (self.tr("Title"), self._title),
            (self.tr("What for"), self._why),
            (self.tr("Paper"), self._paper),
            (self.tr("Fineness"), self._dpi),
            (self.tr("Colours"), self._colors),
        )
        for name, field in rows:
            field.setAccessibleName(name)
            form.addRow(plain_label(name), field)
        done = button(self.tr("Close"))
        done.clicked.connect(self.close)
        side = column(gap=10)
        side.addLayout(form)
        side.addWidget(self._note)
        side.addStretch(1)
        side.addWidget(self._said)
        side.addLayout(line(self._bar, self._stop))
        for push in (self._pdf, self._png, self._copy, done):
            side.addWidget(push)
        body = Panel(theme)
        across = QHBoxLayout(body)
        across.setContentsMargins(16, 16, 16, 16)
        across.setSpacing(16)
        across.addWidget(self._preview)
        across.addLayout(side, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(body)
        self.setMinimumWidth(PREVIEW.width() + 320)

    def _tell(self) -> None:
        self.changed.emit(self.options)

    def _ask_pdf(self) -> None:
        self.pdf_asked.emit(self.options)

    def _ask_png(self) -> None:
        self.png_asked.emit(self.options)

    def _ask_copy(self) -> None:
        self.copy_asked.emit(self.options)


def _combo(entries: Sequence[str], index: int = 0) -> QComboBox:
    combo = QComboBox()
    combo.addItems(list(entries))
    combo.setCurrentIndex(index)
    return combo
