"""Shape, colour and size of a class, side by side. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QComboBox, QSizePolicy, QSpinBox, QWidget

from layers.model.layer_set import Look
from layers.model.style_presets import RAMP, SERIES, SHAPES
from widgets.panel import line
from widgets.symbols import Mark, draw_mark
from widgets.text import set_tooltip
from widgets.theme import Theme

ICON_PX = 18
LEAST_PX, MOST_PX = 8, 40
CUSTOM = "custom"


class LookEdit(QWidget):
    """``changed(Look)``. ``own`` is the mark of the kind, for what is left as it is."""

    changed = Signal(object)

    def __init__(self, theme: Theme, own: Mark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._own = own
        self._look = Look()
        self.shape, self.color, self.size_box = QComboBox(), QComboBox(), QSpinBox()
        self._build()

    @property
    def look(self) -> Look:
        """What is chosen."""
        return self._look

    def set_look(self, look: Look) -> None:
        """Show a look, without telling back."""
        self._look = look
        with QSignalBlocker(self.shape), QSignalBlocker(self.color), QSignalBlocker(self.size_box):
            if self.color.findData(look.color) < 0:
                self._add_color(look.color, at=self.color.count() - 1)
            self._paint_shapes()
            self.shape.setCurrentIndex(max(0, self.shape.findData(look.shape)))
            self.color.setCurrentIndex(self.color.findData(look.color))
            self.size_box.setValue(look.size or LEAST_PX - 1)

    # -- inside ---------------------------------------------------------------
    def _build(self) -> None:
        for box, tip in ((self.shape, self.tr("Shape")), (self.color, self.tr("Colour"))):
            box.setIconSize(QSize(ICON_PX, ICON_PX))
            box.setFixedWidth(58)
            box.setAccessibleName(tip)
            set_tooltip(box, tip)
        for shape in ("", *SHAPES):
            self.shape.addItem("", shape)
        for color in ("", *SERIES, *RAMP):
            self._add_color(color)
        self.color.addItem("…", CUSTOM)
        self.size_box.setRange(LEAST_PX - 1, MOST_PX)
        self.size_box.setSpecialValueText(self.tr("own"))
        self.size_box.setSuffix(" px")
        self.size_box.setAccessibleName(self.tr("Size"))
        set_tooltip(self.size_box, self.tr("Size"))
        self.size_box.setFixedWidth(78)
        layout = line(self.shape, self.color, self.size_box, gap=4)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.shape.activated.connect(self._chosen)
        self.color.activated.connect(self._color_chosen)
        self.size_box.valueChanged.connect(self._chosen)
        self.set_look(Look())

    def _add_color(self, color: str, at: int | None = None) -> None:
        icon = self._icon(Mark("square", self._color(color)))
        place = self.color.count() if at is None else at
        self.color.insertItem(place, icon, "", color)
        tip = color or self.tr("The kind's own colour")
        self.color.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)

    def _color(self, color: str) -> QColor:
        if not color:
            return self._own.color
        return QColor(color) if color.startswith("#") else self._theme.color(color)

    def _paint_shapes(self) -> None:
        """Shapes in the colour that is chosen."""
        color = self._color(self._look.color)
        for place in range(self.shape.count()):
            shape = self.shape.itemData(place) or self._own.shape
            self.shape.setItemIcon(place, self._icon(Mark(shape, color)))

    def _icon(self, mark: Mark) -> QIcon:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(ICON_PX * ratio), round(ICON_PX * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw_mark(painter, QRectF(2, 2, ICON_PX - 4, ICON_PX - 4), mark)
        painter.end()
        return QIcon(pixmap)

    def _color_chosen(self) -> None:
        if self.color.currentData() != CUSTOM:
            self._chosen()
            return
        dialog = QColorDialog(self._color(self._look.color), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._take_color)
        dialog.rejected.connect(self._keep_color)
        dialog.open()

    def _take_color(self, color: QColor) -> None:
        self._tell(Look(shape=self._look.shape, color=color.name(), size=self._look.size))

    def _keep_color(self) -> None:
        self.set_look(self._look)

    def _chosen(self) -> None:
        size = self.size_box.value()
        self._tell(
            Look(
                shape=self.shape.currentData(),
                color=self.color.currentData(),
                size=0 if size < LEAST_PX else size,
            )
        )

    def _tell(self, look: Look) -> None:
        self.set_look(look)
        self.changed.emit(look)
