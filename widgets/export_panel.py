"""What is asked before a table leaves as a file: how, how much of it, and why. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QProgressBar, QWidget

from widgets.check_box import CheckBox
from widgets.panel import button, column, line
from widgets.text import plain_label, set_role, set_tooltip
from widgets.theme import Theme

Format = Literal["xlsx", "csv", "geojson", "gpkg"]
FORMATS: tuple[Format, ...] = ("xlsx", "csv", "geojson", "gpkg")
FOR_PROGRAMS = frozenset({"geojson", "gpkg"})
MAX_WHY = 200


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What a person chose. ``datum``: wgs84, gcj02, or a GeoPackage's EPSG:4490, EPSG:4326."""

    format: Format
    selected: bool
    raw: bool
    datum: str
    mark: bool
    why: str


class ExportPanel(QFrame):
    """``asked(ExportChoice)``; ``stop_asked()``. Hidden until ``open``."""

    asked = Signal(object)
    stop_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "block")
        self._running = False
        self._why_not = ""
        self.format = QComboBox()
        self.rows = QComboBox()
        self.datum = QComboBox()
        self.raw = CheckBox(theme, self.tr("Field names and codes, for programs"))
        self.mark = CheckBox(theme, self.tr("Byte-order mark, for spreadsheets"))
        self.why = QLineEdit()
        self.yes = button(self.tr("Export to a file…"), "primary")
        self.back = button(self.tr("Close"))
        self.stop = button(self.tr("Stop"))
        self.bar = QProgressBar()
        self.hint = plain_label(role="muted")
        self._build()

    # -- setters ----------------------------------------------------------------------
    def open(self, shown: int, selected: int, why_not: str) -> None:
        """Ask; ``why_not``: why nothing can be exported here, "" where it can."""
        self._why_not = why_not
        self.set_rows(shown, selected)
        self.rows.setCurrentIndex(0)
        self.show()
        self.why.setFocus()
        self._show_ready()

    def set_rows(self, shown: int, selected: int) -> None:
        """How many rows the table shows, and how many of them are selected."""
        told = (
            self.tr("All {0} rows that are shown").format(f"{shown:,}"),
            self.tr("The {0} selected rows").format(f"{selected:,}"),
        )
        at = max(0, self.rows.currentIndex())
        if [self.rows.itemText(i) for i in range(self.rows.count())] != list(told):
            self.rows.clear()
            self.rows.addItems(told if selected else told[:1])
            self.rows.setCurrentIndex(at if at < self.rows.count() else 0)

    def set_running(self, total: int) -> None:
        """Writing has begun, of so many rows; 0: it has ended."""
        self._running = total > 0
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(0)
        self._show_ready()

    def set_done(self, rows: int) -> None:
        """So many rows are written."""
        self.bar.setValue(rows)

    # -- inside -------------------------------------------------------------------------
    def _build(self) -> None:
        names = {
            "xlsx": self.tr("XLSX – spreadsheet"),
            "csv": self.tr("CSV – table as text"),
            "geojson": self.tr("GeoJSON – for GIS and web"),
            "gpkg": self.tr("GeoPackage – for GIS"),
        }
        for name in FORMATS:
            self.format.addItem(names[name], name)
        for box in (self.format, self.rows, self.datum):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.format.setAccessibleName(self.tr("Format"))
        self.rows.setAccessibleName(self.tr("Rows"))
        self.datum.setAccessibleName(self.tr("Datum of the positions"))
        self.why.setMaxLength(MAX_WHY)
        self.why.setPlaceholderText(self.tr("Why it is exported – kept on record and in the file"))
        self.why.setAccessibleName(self.tr("Reason of the export"))
        self.mark.setChecked(True)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        layout = column(self, margin=10, gap=8)
        layout.addLayout(line(self.format, self.rows, self.datum, self.raw, self.mark, None))
        layout.addLayout(line(self.why, self.yes, self.stop, self.back))
        layout.addWidget(self.bar)
        layout.addWidget(self.hint)
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.why.textChanged.connect(self._show_ready)
        self.why.returnPressed.connect(self._ask)
        self.yes.clicked.connect(self._ask)
        self.stop.clicked.connect(self.stop_asked)
        self.back.clicked.connect(self.hide)
        self._format_chosen()
        self.hide()

    def _format_chosen(self, *_at: object) -> None:
        chosen = self._format()
        self.raw.setChecked(chosen in FOR_PROGRAMS)
        self.mark.setVisible(chosen == "csv")
        self.datum.clear()
        if chosen == "gpkg":
            self.datum.addItem("CGCS2000 (EPSG:4490)", "EPSG:4490")
            self.datum.addItem("WGS-84 (EPSG:4326)", "EPSG:4326")
        else:
            self.datum.addItem("WGS-84", "wgs84")
            self.datum.addItem("GCJ-02", "gcj02")

    def _format(self) -> Format:
        return FORMATS[max(0, self.format.currentIndex())]

    def _ask(self) -> None:
        if self.yes.isEnabled():
            self.asked.emit(
                ExportChoice(
                    self._format(),
                    self.rows.currentIndex() == 1,
                    self.raw.isChecked(),
                    str(self.datum.currentData()),
                    self.mark.isChecked(),
                    self.why.text().strip(),
                )
            )

    def _show_ready(self, *_text: object) -> None:
        told = bool(self.why.text().strip())
        say_why = self.tr("Say why first: it is kept on record.")
        reason = self._why_not or ("" if told else say_why)
        self.yes.setEnabled(not self._running and not reason)
        set_tooltip(self.yes, reason)
        self.hint.setText(self._why_not)
        self.hint.setVisible(bool(self._why_not))
        self.bar.setVisible(self._running)
        self.stop.setVisible(self._running)
        self.back.setVisible(not self._running)
        for widget in (self.format, self.rows, self.datum, self.raw, self.mark, self.why):
            widget.setEnabled(not self._running)
