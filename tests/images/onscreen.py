"""A real map window for the tests of what is drawn, and small looks at its picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtGui import QColor, QImage, QRhiResource
from PySide6.QtQuick import QQuickView
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

from layers.model.features import Feature, FeatureStore
from layers.render.map_widget import MapWidget
from layers.render.theme import TokenTheme

LON, LAT = 101.82, 36.60
LIMIT_S = 10.0


@contextmanager
def map_window(
    store: FeatureStore,
    variant: str = "dark",
    size: tuple[int, int] = (640, 480),
    zoom: float = 15.0,
    scale: float = 1.0,
) -> Iterator[MapWidget]:
    """A shown map without a base map and without buttons."""
    theme = TokenTheme(variant)
    widget = MapWidget(store, "http://127.0.0.1:9/none/", theme, scale=scale, controls=False)
    widget.resize(*size)
    widget.show()
    try:
        quick = quick_view(widget)
        wait(lambda: quick.isExposed() and widget.view.width == size[0])
        widget.set_view(LON, LAT, zoom)
        yield widget
    finally:
        widget.close()
        widget.deleteLater()


def quick_view(widget: MapWidget) -> QQuickView:
    """The window inside the widget."""
    inner = [w for w in QApplication.allWindows() if isinstance(w, QQuickView)]
    (view,) = (w for w in inner if w.parent() is widget.window().windowHandle())
    return view


def wait(ready: Callable[[], bool]) -> None:
    """Let Qt work until something is so; TimeoutError if it never is."""
    end = time.monotonic() + LIMIT_S
    while not ready():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        if time.monotonic() > end:
            raise TimeoutError("the map never came to look as it should")


class Wrappers:
    """Those by which Python has come to know of something on a device since this was made."""

    def __init__(self) -> None:
        self._before = _on_devices()  # held, so that their places in memory are not given away

    def __call__(self) -> list[QRhiResource]:
        """Those that take themselves for valid, whether or not they are."""
        return [w for w in _on_devices() if not any(w is other for other in self._before)]


def _on_devices() -> list[QRhiResource]:
    return [w for w in Shiboken.getAllValidWrappers() if isinstance(w, QRhiResource)]


def put(widget: MapWidget, store: FeatureStore, *features: Feature) -> None:
    """Features into the store, and drawn."""
    store.upsert(features)
    widget.stage.draw_features()
    widget.stage.draw_labels()  # in a moment by itself


def near(a: QColor, b: QColor, slack: int = 40) -> bool:
    """Whether two colours look much alike."""
    return all(abs(p - q) <= slack for p, q in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True))


def has_color(
    image: QImage, color: QColor, box: tuple[int, int, int, int], slack: int = 24
) -> bool:
    """Whether a colour is somewhere in a box of pixels."""
    x0, y0, x1, y1 = box
    return any(
        near(image.pixelColor(x, y), color, slack) for x in range(x0, x1) for y in range(y0, y1)
    )
