"""The small curve of the card."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from services.domain.model import Severity
from widgets.curve import GUTTER_PX, CurveView
from widgets.pens import curve_pen
from widgets.theme import Theme


def test_the_numbers_of_the_limits_do_not_cover_the_newest_points(
    qtbot: QtBot, theme: Theme
) -> None:
    view = CurveView(theme)
    qtbot.addWidget(view)
    view.set_limits([(0.3, Severity.MINOR), (0.45, Severity.MAJOR)])
    view.set_points([0.0, 60.0, 3_600.0], [0.1, 0.2, 0.5])
    for width in (300, 600):
        view.resize(width, 100)
        view.show()
        qtbot.waitExposed(view)

        def right_of_curve() -> float:
            newest = view._box.mapViewToDevice(QPointF(3_600.0, 0.5))
            return float(view._view.width() - newest.x())

        qtbot.waitUntil(lambda: abs(right_of_curve() - GUTTER_PX) < 2, timeout=5_000)


def test_without_limits_the_curve_takes_the_whole_width(qtbot: QtBot, theme: Theme) -> None:
    view = CurveView(theme)
    qtbot.addWidget(view)
    view.set_points([0.0, 3_600.0], [0.1, 0.5])
    view.resize(300, 100)
    view.show()
    qtbot.waitExposed(view)
    (_low, high), _y = view._box.viewRange()
    assert high == 3_600.0


def test_a_line_is_as_thick_on_a_dense_screen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    monkeypatch.setattr(widget, "devicePixelRatioF", lambda: 2.0)
    picture = QImage(80, 40, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.black)
    painter = QPainter(picture)
    painter.setPen(curve_pen(widget, QColor("white"), 3.0))
    painter.drawLine(0, 10, 40, 10)
    painter.end()
    inked = sum(picture.pixelColor(40, y) != QColor("black") for y in range(40))
    assert inked == 6
