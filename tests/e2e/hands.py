"""A person's hands and eyes: the X pointer and keyboard moved by xdotool, and what can be read.

Nothing here calls into a widget to make it act; presses and keys go through the X server.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from layers.render.map_widget import MapWidget
from tests.harness import LIMIT_S
from widgets.wall_tiles import WallText

T = TypeVar("T")
LEFT, RIGHT = 1, 3
DRAG_STEPS = 8


class Hands:
    """One person at the screen. GUI thread; every wait has a limit."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    # -- waiting ----------------------------------------------------------------
    def until(
        self, question: Callable[[], T], what: str = "the condition", limit_s: float = LIMIT_S
    ) -> T:
        """Let the console live until the answer is truthy and return it."""
        deadline = time.monotonic() + limit_s
        while not (answer := question()):
            assert time.monotonic() < deadline, f"{what} did not come within {limit_s:.0f} s"
            self._qtbot.wait(20)
        return answer

    # -- mouse ------------------------------------------------------------------
    def click(self, widget: QWidget, at: QPoint | None = None, button: int = LEFT) -> None:
        """Move the pointer onto a widget and click, once it can be seen and used."""
        self.until(lambda: widget.isVisible() and widget.isEnabled(), f"a usable {widget!r}")
        self.poke(widget, at, button)

    def poke(self, widget: QWidget, at: QPoint | None = None, button: int = LEFT) -> None:
        """Click a widget as it is, also one that is disabled."""
        place = self._global(widget, at)
        self._x("mousemove", str(place.x()), str(place.y()), "click", str(button))

    def click_map(self, chart: MapWidget, lon: float, lat: float, button: int = LEFT) -> None:
        """Click a place of the map."""
        self.click(chart, _on_map(chart, lon, lat), button)

    def incident_at(self, chart: MapWidget, lon: float, lat: float) -> None:
        """Begin a dispatch at a place of the map: the first entry of its menu."""
        self.click_map(chart, lon, lat, RIGHT)
        self.until(QApplication.activePopupWidget, "the menu of the place")
        self.key("Return")

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Press at one point of a widget, move, let go at another."""
        first, last = self._global(widget, start), self._global(widget, end)
        self._x("mousemove", str(first.x()), str(first.y()), "mousedown", "1")
        for step in range(1, DRAG_STEPS + 1):
            way = first + (last - first) * (step / DRAG_STEPS)
            self._x("mousemove", str(way.x()), str(way.y()))
            QApplication.processEvents()
        self._x("mouseup", "1")

    def to_front(self, window: QWidget) -> None:
        """Bring a window over the others, as a click on its title would."""
        window.raise_()
        window.activateWindow()
        self.until(window.isActiveWindow, "the window in front")

    # -- keys -------------------------------------------------------------------
    def type(self, text: str) -> None:
        """Type ASCII into whatever has the keyboard."""
        self._x("type", "--delay", "5", text)

    def key(self, *names: str) -> None:
        """Press keys by their X names."""
        self._x("key", *names)

    # -- inside -----------------------------------------------------------------
    def _global(self, widget: QWidget, at: QPoint | None) -> QPoint:
        QApplication.processEvents()  # a layout that is under way settles first
        return widget.mapToGlobal(widget.rect().center() if at is None else at)

    def _x(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], check=True, capture_output=True, timeout=LIMIT_S)
        QApplication.processEvents()


def _on_map(chart: MapWidget, lon: float, lat: float) -> QPoint:
    x, y = chart.view.screen_from_lonlat(lon, lat)
    at = QPointF(x, y).toPoint()
    assert chart.rect().contains(at), f"{lon}, {lat} is not on the map that is shown"
    return at


# -- eyes -----------------------------------------------------------------------------------------
def words(widget: QWidget) -> list[str]:
    """Every text that can be read on a widget."""
    labels = [w.text() for w in widget.findChildren(QLabel) if w.isVisible()]
    buttons = [w.text() for w in widget.findChildren(QAbstractButton) if w.isVisible()]
    drawn = [w.text for w in widget.findChildren(WallText) if w.isVisible()]
    return [text for text in (*labels, *buttons, *drawn) if text]


def reads(widget: QWidget, text: str) -> bool:
    """Whether a text can be read somewhere on a widget."""
    return any(text in found for found in words(widget))


def button(widget: QWidget, text: str) -> QAbstractButton:
    """The one visible button whose label starts so."""
    found = [
        b
        for b in widget.findChildren(QAbstractButton)
        if b.isVisible() and b.text().startswith(text)
    ]
    assert len(found) == 1, [b.text() for b in widget.findChildren(QAbstractButton)]
    return found[0]


def mark_at(chart: MapWidget, lon: float, lat: float) -> bool:
    """Whether the map draws a mark at a place that is in view."""
    x, y = chart.view.screen_from_lonlat(lon, lat)
    return chart.stage.hits.mark(chart.stage.drawn, x, y) is not None


def marks(chart: MapWidget) -> int:
    """How many features the marks of the view and its margin stand for."""
    return 0 if chart.stage.drawn is None else int(chart.stage.drawn.response.count.sum())
