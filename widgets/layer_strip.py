"""Opacity and scale range of the layer that is chosen in the tree. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QSlider

from layers.model.layer_set import LEAST_OPACITY, Layer
from layers.model.scales import scale_text
from widgets.panel import button, column, line
from widgets.text import ElidedLabel, plain_label, set_role, set_tooltip

FIRST_ZOOM, LAST_ZOOM = 8, 19


class LayerStrip(QFrame):
    """``opacity_changed(share)``, ``range_changed(least zoom | None, most zoom | None)``, and
    ``asked(name)``: style, filter or table."""

    opacity_changed = Signal(float)
    range_changed = Signal(object, object)
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "block")
        self.name = ElidedLabel(role="bold")
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(round(LEAST_OPACITY * 100), 100)
        self.opacity.setPageStep(10)
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self.share = plain_label(role="small")
        self.share.setFixedWidth(38)
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.low, self.high = QComboBox(), QComboBox()
        self.style_button = button(self.tr("Style…"), "tool")
        self.filter_button = button(self.tr("Filter…"), "tool")
        self.table_button = button(self.tr("Table…"), "tool")
        self._lat = 36.6
        self._build()
        self.hide()

    def show_layer(self, layer: Layer | None, name: str) -> None:
        """The layer whose values these are; None: hide."""
        self.setVisible(layer is not None)
        if layer is None:
            return
        self.name.setText(name)
        percent = round(layer.opacity * 100)
        with QSignalBlocker(self.opacity):
            self.opacity.setValue(percent)
        self.share.setText(f"{percent} %")
        _choose(self.low, layer.min_zoom)
        _choose(self.high, layer.max_zoom)

    def set_latitude(self, lat: float) -> None:
        """Where scales are told for, degrees."""
        if round(lat, 1) == round(self._lat, 1):
            return
        self._lat = lat
        for box in (self.low, self.high):
            for place in range(1, box.count()):
                box.setItemText(place, scale_text(float(box.itemData(place)), lat))

    def _build(self) -> None:
        set_tooltip(self.low, self.tr("Drawn from this scale on; what is in alarm shows before"))
        set_tooltip(self.high, self.tr("Drawn up to this scale; what is in alarm shows beyond"))
        self.low.setAccessibleName(self.tr("From the scale"))
        self.high.setAccessibleName(self.tr("Up to the scale"))
        self.low.addItem(self.tr("as packed"), None)
        self.high.addItem(self.tr("any"), None)
        for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
            self.low.addItem(scale_text(zoom, self._lat), float(zoom))
            self.high.addItem(scale_text(zoom, self._lat), float(zoom))
        layout = column(self, margin=8, gap=5)
        layout.addWidget(self.name)
        opacity = plain_label(self.tr("Opacity"), "small")
        layout.addLayout(line(opacity, self.opacity, self.share, gap=6))
        words = plain_label(self.tr("Scales"), "small")
        dash = plain_label("–", "small")
        layout.addLayout(line(words, self.low, dash, self.high, None, gap=5))
        layout.addLayout(
            line(self.style_button, self.filter_button, self.table_button, None, gap=5)
        )
        self.opacity.valueChanged.connect(self._opacity_moved)
        self.low.activated.connect(self._range_chosen)
        self.high.activated.connect(self._range_chosen)
        self.style_button.clicked.connect(self._ask_style)
        self.filter_button.clicked.connect(self._ask_filter)
        self.table_button.clicked.connect(self._ask_table)

    def _opacity_moved(self, percent: int) -> None:
        self.share.setText(f"{percent} %")
        self.opacity_changed.emit(percent / 100)

    def _range_chosen(self) -> None:
        self.range_changed.emit(self.low.currentData(), self.high.currentData())

    def _ask_style(self) -> None:
        self.asked.emit("style")

    def _ask_filter(self) -> None:
        self.asked.emit("filter")

    def _ask_table(self) -> None:
        self.asked.emit("table")


def _choose(box: QComboBox, zoom: float | None) -> None:
    at = 0 if zoom is None else max(0, box.findData(float(round(zoom))))
    with QSignalBlocker(box):
        box.setCurrentIndex(at)
