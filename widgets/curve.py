"""A small curve of one value over time with its limits; pyqtgraph's view without axes or menus.

A plain view box and a curve item: a whole plot item would bring menus that outlive the window.
GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from services.domain.model import Severity
from widgets.format import clock_ends
from widgets.gaps import with_gaps
from widgets.panel import line
from widgets.pens import curve_pen
from widgets.text import plain_label, set_role
from widgets.theme import Theme

LIMIT_PX = 11
GUTTER_PX = 38
"""Room for the numbers of the limits, right of the newest point."""


class CurveView(QFrame):
    """One curve. Points and limits by setters; it never moves under the mouse."""

    def __init__(
        self,
        theme: Theme,
        *,
        labels: bool = True,
        width_px: float = 1.6,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "well")
        self._theme = theme
        self._width_px = width_px
        self._limits: list[pg.InfiniteLine] = []
        self._limit_values: tuple[tuple[float, Severity], ...] = ()
        self._view = pg.GraphicsView(background=theme.color("ground"))
        self._view.setFrameStyle(QFrame.Shape.NoFrame)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self._view.setCentralItem(self._box)
        self._curve = pg.PlotCurveItem(antialias=True, connect="finite")
        self._box.addItem(self._curve)
        self._first = plain_label(role="faint")
        self._last = plain_label(role="faint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 4)
        layout.setSpacing(0)
        layout.addWidget(self._view, 1)
        self._foot = line(self._first, None, self._last)
        if labels:
            layout.addLayout(self._foot)
        self.set_color("info")

    def set_color(self, token: str) -> None:
        """Colour of the curve by token."""
        self._token = token
        self._set_pens()

    def event(self, event: QEvent) -> bool:
        """Lines keep their thickness on a screen of another density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._set_pens()
        return super().event(event)

    def _set_pens(self) -> None:
        self._curve.setPen(curve_pen(self, self._theme.color(self._token), self._width_px))
        for limit, (_value, severity) in zip(self._limits, self._limit_values, strict=True):
            color = self._theme.severity_text(severity)
            limit.setPen(curve_pen(self, color, 1, Qt.PenStyle.DashLine))

    def set_points(
        self, times: Sequence[float], values: Sequence[float], silent_s: float = 0.0
    ) -> None:
        """(N,) UNIX seconds and (N,) values; the line breaks at not-a-number and where nothing
        was heard for longer than ``silent_s`` and a few of its own steps."""
        x, y = with_gaps(times, values, silent_s)
        start = float(x[0]) if len(x) else 0.0
        self._curve.setData(x - start, y)
        first, last = clock_ends(start, float(x[-1])) if len(x) else ("", "")
        self._first.setText(first)
        self._last.setText(last)
        self._fit(x - start, y)

    def set_limits(self, limits: Sequence[tuple[float, Severity]], decimals: int = 2) -> None:
        """Dashed lines at these values, in the colour of their severity, with their number."""
        if tuple(limits) == self._limit_values:
            return
        for old in self._limits:
            self._box.removeItem(old)
        self._limit_values = tuple(limits)
        self._limits = [self._limit(value, severity, decimals) for value, severity in limits]
        for new in self._limits:
            self._box.addItem(new, ignoreBounds=True)
        self._set_pens()
        self._foot.setContentsMargins(0, 0, GUTTER_PX if self._limits else 0, 0)
        self._fit_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the room of the numbers in pixels."""
        super().resizeEvent(event)
        self._fit_again()

    def point_count(self) -> int:
        """Points that are drawn."""
        x, _y = self._curve.getData()
        return 0 if x is None else len(x)

    def _limit(self, value: float, severity: Severity, decimals: int) -> pg.InfiniteLine:
        color = self._theme.severity_text(severity)
        options = {"position": 0.97, "anchors": [(1, 1), (1, 1)], "color": color}
        made = pg.InfiniteLine(value, angle=0, label=f"{value:.{decimals}f}", labelOpts=options)
        made.label.setFont(self._theme.font(LIMIT_PX))
        return made

    def _fit_again(self) -> None:
        x, y = self._curve.getData()
        if x is not None:
            self._fit(x, y)

    def _fit(self, x: np.ndarray, y: np.ndarray) -> None:
        """All points, the limits that were passed, and the next one where it is near enough."""
        finite = y[np.isfinite(y)]
        if not len(finite):
            return
        low, high = float(finite.min()), float(finite.max())
        reach = max(high - low, 1e-9) * 4
        limits = sorted(v for v, _s in self._limit_values if low - reach <= v <= high + reach)
        shown = [v for v in limits if v <= high] + [v for v in limits if v > high][:1]
        low, high = min([low, *shown]), max([high, *shown])
        unit = max((high - low) * 0.1, abs(high) * 0.01, 1e-6)
        span = max(float(x[-1]), 1.0)
        if self._limits:  # their numbers stand right of the curve
            wide = max(self._view.width(), 2 * GUTTER_PX)
            span *= wide / (wide - GUTTER_PX)
        self._box.setRange(xRange=(0, span), yRange=(low - unit, high + 3.5 * unit), padding=0)
