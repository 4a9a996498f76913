"""Pens of pyqtgraph that are as thick on a dense screen as on any other. GUI thread."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget


def curve_pen(
    widget: QWidget, color: QColor, width_px: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> QPen:
    """A pen ``width_px`` logical pixels wide on the screen that ``widget`` is on.

    pyqtgraph's pens are cosmetic, and Qt counts the width of those in device pixels.
    """
    pen: QPen = pg.mkPen(color, width=width_px * widget.devicePixelRatioF(), style=style)
    return pen
