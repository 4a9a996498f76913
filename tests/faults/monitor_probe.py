"""Moves a real map between monitors of different scale factors and takes monitors away under it.

Prints a line of JSON per step: what the map is drawn at, and the process's memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from layers.render.environment import prepare_environment

prepare_environment()

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtGui import QScreen  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from app.display import MONITORS  # noqa: E402
from app.screens import ScreenKeeper  # noqa: E402
from layers.model.features import Feature, FeatureStore  # noqa: E402
from layers.render.immortal import keep_constants_alive  # noqa: E402
from layers.render.map_widget import MapWidget  # noqa: E402
from tests.images.onscreen import LAT, LON, map_window, put, quick_view, wait  # noqa: E402


def main(cycles: int) -> None:
    """Each cycle is a move to the next monitor; every fourth takes a monitor away and back."""
    keep_constants_alive()
    application = QApplication(["probe"])
    keeper = ScreenKeeper(application)
    store = FeatureStore()
    with map_window(store, zoom=17) as widget:
        put(widget, store, Feature("a", "camera", "a", LON, LAT))
        others = [QWidget() for _ in MONITORS[1:]]
        for window in (*others, widget):
            keeper.place(window, fill=True)
        clicked: list[str] = []
        widget.feature_clicked.connect(clicked.append)
        for cycle in range(cycles):
            screen = _next(application, cycle)
            widget.setGeometry(screen.geometry().adjusted(40, 40, -40, -40))
            _look(widget, screen, clicked)
            if cycle % len(MONITORS) == len(MONITORS) - 1:  # the one that it belongs on
                _unplugged(application, widget)
                _look(widget, widget.screen(), clicked)
    keeper.close()
    application.shutdown()


def _next(application: QApplication, cycle: int) -> QScreen:
    name = MONITORS[cycle % len(MONITORS)][0]
    return next(s for s in application.screens() if s.name() == name)


def _look(widget: MapWidget, screen: QScreen, clicked: list[str]) -> None:
    """Wait for a whole picture at the screen's scale, click the mark, and tell."""
    quick = quick_view(widget)

    def whole() -> bool:
        size = widget.size() * screen.devicePixelRatio()
        return quick.screen() is screen and widget.grab_map().size() == size

    wait(whole)
    clicked.clear()
    QTest.mouseClick(quick, Qt.MouseButton.LeftButton, pos=widget.rect().center())
    wait(lambda: bool(clicked))
    sprite = widget.stage._scene.sprites[0]
    camera = widget.view.camera()
    told = {
        "screen": screen.name(),
        "ratio": widget.stage.atlas.ratio,
        "wanted": screen.devicePixelRatio(),
        "mark": float(sprite[4]),
        "place": [camera.x, camera.y, camera.zoom],
        "clicked": clicked[0],
        "memory": int(Path("/proc/self/statm").read_text().split()[1]) * 4_096 / 1e6,
    }
    print(json.dumps(told), flush=True)


def _unplugged(application: QApplication, widget: MapWidget) -> None:
    """The monitor under the window goes, the window moves aside, the monitor comes back."""
    name = widget.screen().name()
    place = dict(MONITORS)[name]
    subprocess.run(["xrandr", "--delmonitor", name], check=True, timeout=20)
    wait(lambda: widget.screen().name() != name and len(application.screens()) == 3)
    quick = quick_view(widget)
    wait(lambda: quick.screen().name() == widget.screen().name())
    subprocess.run(["xrandr", "--setmonitor", name, place, "none"], check=True, timeout=20)
    wait(lambda: widget.screen().name() == name)


if __name__ == "__main__":
    main(int(sys.argv[1]))
