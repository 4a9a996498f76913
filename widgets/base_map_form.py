"""What a base map is: a form for a new one, or for one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLineEdit, QSpinBox, QWidget

from widgets.panel import button, column, line
from widgets.text import PlainLabel, plain, plain_label

MAX_LEVEL = 23
LONGEST = 2_000
FILE, WMTS = "file", "wmts"


@dataclass(frozen=True, slots=True)
class BaseMapFields:
    """What stands in the form. ``kind``: a preset's id, "file", "wmts", or "" for one that is
    there already; ``layer``: number of the layer that was chosen of a WMTS, -1 for none."""

    kind: str
    title: str = ""
    address: str = ""
    overlay: str = ""
    key: str = ""
    subdomains: str = ""
    datum: str = "wgs84"
    first: int = 0
    last: int = 18
    attribution: str = ""
    layer: int = -1


class BaseMapForm(QWidget):
    """``saved(BaseMapFields)``; ``offer_asked(address)``: read a WMTS's capabilities;
    ``kind_chosen(kind)``; ``dropped``: back without a change."""

    saved = Signal(object)
    offer_asked = Signal(str)
    kind_chosen = Signal(str)
    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editing = False
        self.kind = QComboBox()
        self.title = _field(100)
        self.address = _field(LONGEST)
        self.overlay = _field(LONGEST)
        self.key = _field(500)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.subdomains = _field(300)
        self.datum = QComboBox()
        self.first, self.last = QSpinBox(), QSpinBox()
        self.attribution = _field(300)
        self.layers = QComboBox()
        self.refused = plain_label(role="small")
        self.refused.setWordWrap(True)
        self.choose = button(self.tr("Choose…"))
        self.read = button(self.tr("Read the layers"))
        self.error = plain_label(role="critical")
        self.error.setWordWrap(True)
        self.save = button(self.tr("Save and show"), "primary")
        self.back = button(self.tr("Back"))
        self._labels: dict[QWidget, PlainLabel] = {}
        self._fill_choices()
        layout = column(self, margin=16, gap=10)
        layout.addLayout(self._grid())
        layout.addWidget(self.error)
        layout.addStretch(1)
        layout.addLayout(line(None, self.back, self.save))
        self.kind.activated.connect(self._kind)
        self.choose.clicked.connect(self._choose_file)
        self.read.clicked.connect(self._read)
        self.save.clicked.connect(self._save)
        self.back.clicked.connect(self.dropped)

    def begin(self, kinds: Sequence[tuple[str, str]], fields: BaseMapFields) -> None:
        """Offer these kinds as (kind, title) with the fields as they stand; no kinds: the base map
        is there already and keeps its kind."""
        self._editing = not kinds
        self.kind.clear()
        for kind, title in kinds:
            self.kind.addItem(plain(title), kind)
        self.set_fields(fields)

    def set_fields(self, fields: BaseMapFields) -> None:
        """Fill the fields."""
        self.kind.setCurrentIndex(max(0, self.kind.findData(fields.kind)))
        for field, text in (
            (self.title, fields.title),
            (self.address, fields.address),
            (self.overlay, fields.overlay),
            (self.key, fields.key),
            (self.subdomains, fields.subdomains),
            (self.attribution, fields.attribution),
        ):
            field.setText(plain(text))
            field.setCursorPosition(0)
        self.datum.setCurrentIndex(max(0, self.datum.findData(fields.datum)))
        self.first.setValue(fields.first)
        self.last.setValue(fields.last)
        self.layers.clear()
        self.refused.setText("")
        self.set_error("")
        self._arrange(fields.kind)

    def set_offer(self, layers: Sequence[str], refused: Sequence[str]) -> None:
        """The layers of a WMTS, and those that cannot be shown with the reason."""
        self.layers.clear()
        for title in layers:
            self.layers.addItem(plain(title))
        head = self.tr("Not shown: {0}")
        self.refused.setText("\n".join(head.format(why) for why in refused[:6]))
        self.set_error("" if layers else self.tr("No layer of this service can be shown."))
        self._arrange(self._kind_now())

    def set_error(self, text: str) -> None:
        """Why it cannot be saved, "" for nothing."""
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def fields(self) -> BaseMapFields:
        """What stands in the form."""
        return BaseMapFields(
            kind=self._kind_now(),
            title=self.title.text().strip(),
            address=self.address.text().strip(),
            overlay=self.overlay.text().strip(),
            key=self.key.text().strip(),
            subdomains=self.subdomains.text().strip(),
            datum=str(self.datum.currentData()),
            first=self.first.value(),
            last=self.last.value(),
            attribution=self.attribution.text().strip(),
            layer=self.layers.currentIndex(),
        )

    # -- inside -----------------------------------------------------------------------
    def _fill_choices(self) -> None:
        self.datum.addItem(self.tr("WGS-84 / CGCS2000, not shifted"), "wgs84")
        self.datum.addItem(self.tr("GCJ-02, most commercial maps"), "gcj02")
        self.datum.addItem(self.tr("BD-09"), "bd09")
        for spin in (self.first, self.last):
            spin.setRange(0, MAX_LEVEL)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        levels = QWidget()
        levels.setLayout(line(self.first, plain_label("–"), self.last, None))
        place = QWidget()
        place.setLayout(line(self.address, self.choose, self.read))
        rows: tuple[tuple[str, QWidget, QWidget], ...] = (
            (self.tr("Kind"), self.kind, self.kind),
            (self.tr("Name"), self.title, self.title),
            (self.tr("Address"), place, self.address),
            (self.tr("Layer"), self.layers, self.layers),
            ("", self.refused, self.refused),
            (self.tr("Labels over it"), self.overlay, self.overlay),
            (self.tr("{s} may be"), self.subdomains, self.subdomains),
            (self.tr("Key"), self.key, self.key),
            (self.tr("Datum"), self.datum, self.datum),
            (self.tr("Levels"), levels, levels),
            (self.tr("Said on the map"), self.attribution, self.attribution),
        )
        for at, (name, widget, named) in enumerate(rows):
            label = plain_label(name, "muted")
            named.setAccessibleName(name)
            self._labels[widget] = label
            grid.addWidget(label, at, 0)
            grid.addWidget(widget, at, 1)
        self._levels = levels
        return grid

    def _arrange(self, kind: str) -> None:
        """Only what this kind has."""
        file, wmts = kind == FILE, kind == WMTS
        hidden: dict[QWidget, bool] = {self.kind: self._editing}
        for field in (self.overlay, self.subdomains, self._levels):
            hidden[field] = file or wmts
        hidden |= {self.key: file, self.attribution: file}
        hidden |= {self.layers: not self.layers.count(), self.refused: not self.refused.text()}
        for widget, hides in hidden.items():
            widget.setVisible(not hides)
            self._labels[widget].setVisible(not hides)
        self.choose.setVisible(file)
        self.read.setVisible(wmts)
        self.address.setPlaceholderText(
            self.tr("Path of an MBTiles or PMTiles file")
            if file
            else self.tr("Address of the service, http:// or https://")
            if wmts
            else "https://…/{z}/{x}/{y}.png"
        )

    def _kind_now(self) -> str:
        return "" if self._editing else str(self.kind.currentData() or "")

    def _kind(self, _index: int) -> None:
        self.kind_chosen.emit(self._kind_now())

    def _read(self) -> None:
        self.set_error("")
        self.offer_asked.emit(self.address.text().strip())

    def _save(self) -> None:
        self.set_error("")
        self.saved.emit(self.fields())

    def _choose_file(self) -> None:
        """Not the system's own dialog: it blocks."""
        dialog = QFileDialog(self, self.tr("Base map file"))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["MBTiles, PMTiles (*.mbtiles *.pmtiles)"])
        dialog.fileSelected.connect(self._file_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _file_chosen(self, path: str) -> None:
        self.address.setText(path)


def _field(most: int) -> QLineEdit:
    field = QLineEdit()
    field.setMaxLength(most)
    return field
