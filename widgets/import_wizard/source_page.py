"""Second page: what the file is, in which encoding, layer and reference system. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QSplitter, QWidget

from widgets.import_wizard.mini_map import MiniMap, Outline
from widgets.import_wizard.table import TextTable, text_view
from widgets.import_wizard.views import Choice, Point, SourceView
from widgets.panel import button, clear_layout, column, line
from widgets.text import plain, plain_label
from widgets.theme import Theme

WIDEST_PX = 260


class SourcePage(QWidget):
    """``changed()``: encoding, layer, reference system or datum were chosen; read them."""

    changed = Signal()

    def __init__(self, theme: Theme, outline: Outline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self.words = plain_label(role="strong")
        self.words.setWordWrap(True)
        self.encoding, self.layer = QComboBox(), QComboBox()
        self.crs, self.datum = QComboBox(), QComboBox()
        self.crs.setEditable(True)
        self.crs.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        edit = self.crs.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(self.tr("Choose, or type an EPSG code such as 4490"))
            edit.editingFinished.connect(self._edited)
        for key, text in (
            ("wgs84", self.tr("WGS 84 / CGCS2000")),
            ("gcj02", self.tr("GCJ-02 (most Chinese maps on phones)")),
            ("bd09", self.tr("BD-09 (Baidu)")),
        ):
            self.datum.addItem(text, key)
        for box in (self.encoding, self.layer, self.crs, self.datum):
            box.activated.connect(self._edited)
            box.setMinimumWidth(WIDEST_PX)
        self._names = [
            plain_label(self.tr("Encoding"), "muted"),
            plain_label(self.tr("Layer"), "muted"),
            plain_label(self.tr("Reference system"), "muted"),
            plain_label(self.tr("Degrees are"), "muted"),
        ]
        self.must = plain_label(role="major")
        self.must.setWordWrap(True)
        self.warning = plain_label(role="major")
        self.warning.setWordWrap(True)
        self._looks = line(gap=6)
        self._model = TextTable(theme, self)
        self.table = text_view(self._model, self.tr("First rows of the file"))
        self.map = MiniMap(theme, outline)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(6)
        boxes = (self.encoding, self.layer, self.crs, self.datum)
        for place, (name, box) in enumerate(zip(self._names, boxes, strict=True)):
            row, col = place % 2, (place // 2) * 2
            form.addWidget(name, row, col)
            form.addWidget(box, row, col + 1)
        form.setColumnStretch(1, 1)
        form.setColumnStretch(3, 2)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self.map)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([720, 420])
        split.setChildrenCollapsible(False)
        layout = column(self, margin=4, gap=8)
        layout.addWidget(self.words)
        layout.addLayout(form)
        layout.addWidget(self.must)
        layout.addLayout(self._looks)
        layout.addWidget(self.warning)
        layout.addWidget(split, 1)

    # -- setters --------------------------------------------------------------
    def set_source(self, view: SourceView) -> None:
        """What the file is now."""
        self._filling = True
        self.words.setText(view.words)
        _fill(self.encoding, view.encodings, view.encoding)
        _fill(self.layer, view.layers, view.layer)
        _fill(self.crs, view.crs_choices, view.crs)
        if not view.crs:
            self.crs.setCurrentIndex(-1)
            self.crs.setEditText("")
        self.datum.setCurrentIndex(max(0, self.datum.findData(view.datum)))
        for box, name, choices in (
            (self.encoding, self._names[0], view.encodings),
            (self.layer, self._names[1], view.layers),
        ):
            for part in (box, name):
                part.setEnabled(len(choices) > 1)
        self.must.setText(
            self.tr(
                "The file does not say in which reference system its coordinates are. Choose it."
            )
            if view.must_choose
            else ""
        )
        self.must.setVisible(view.must_choose)
        self._set_looks(view.looks)
        self.warning.setText(view.warning)
        self.warning.setVisible(bool(view.warning))
        self._model.set_rows(view.columns, view.rows)
        self.table.resizeColumnsToContents()
        for place in range(len(view.columns)):
            self.table.setColumnWidth(place, min(WIDEST_PX, self.table.columnWidth(place) + 8))
        self._filling = False

    def set_points(self, points: Sequence[Point]) -> None:
        """Where rows lie."""
        self.map.set_points(points)

    def _set_looks(self, looks: Sequence[Choice]) -> None:
        clear_layout(self._looks)
        if looks:
            self._looks.addWidget(plain_label(self.tr("The numbers look like:"), "muted"))
        for choice in looks:
            push = button(choice.text, "link", self.tr("Take this reference system"))
            push.clicked.connect(lambda _on=False, key=choice.key: self._take(key))
            self._looks.addWidget(push)
        self._looks.addStretch(1)

    # -- reading --------------------------------------------------------------
    def chosen(self) -> tuple[str, str, str, str]:
        """Encoding, layer, reference system ("" for none) and datum."""
        return (
            str(self.encoding.currentData() or ""),
            str(self.layer.currentData() or ""),
            self._code(),
            str(self.datum.currentData() or "wgs84"),
        )

    def _code(self) -> str:
        place = self.crs.currentIndex()
        text = self.crs.currentText().strip()
        if place >= 0 and text == self.crs.itemText(place):
            return str(self.crs.itemData(place))
        return text

    def _take(self, key: str) -> None:
        place = self.crs.findData(key)
        if place >= 0:
            self.crs.setCurrentIndex(place)
        else:
            self.crs.setEditText(key)
        self._edited()

    def _edited(self, _place: int = 0) -> None:
        if not self._filling:
            self.changed.emit()


def _fill(box: QComboBox, choices: Sequence[Choice], key: str) -> None:
    box.blockSignals(True)
    box.clear()
    for choice in choices:
        box.addItem(plain(choice.text), choice.key)
    place = box.findData(key)
    if place >= 0:
        box.setCurrentIndex(place)
    elif box.isEditable():
        box.setEditText(key)
    box.blockSignals(False)
