"""One console, measured from process start to its map's first frames; run by the start bench.

``python -m app.bench.first_frame URL DATA BEGAN`` prints ``{"map": s, "data": s}``: seconds from
BEGAN (``time.time()`` of the starter) to the first frame of the map, and of the map with features.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from app.bootstrap import build_application  # first: it settles the environment for Qt

# isort: split
from PySide6.QtCore import QObject, QTimer
from PySide6.QtQuick import QQuickView
from PySide6.QtWidgets import QApplication

from app.console import Console
from app.options import ConsoleOptions
from app.windows.desk import DeskWindow
from services.access.tokens import TokenFile
from widgets.theme import Theme

LIMIT_MS = 60_000


class FirstFrames(QObject):
    """Notes when the desk's map was first shown, and first shown with marks; then quits."""

    def __init__(self, application: QApplication, began: float, desk: DeskWindow) -> None:
        super().__init__(application)
        self.seconds: dict[str, float] = {}
        self._application = application
        self._began = began
        self._desk = desk
        for view in application.allWindows():
            if isinstance(view, QQuickView):
                view.frameSwapped.connect(self._swapped)

    def _swapped(self) -> None:
        now = time.time() - self._began
        self.seconds.setdefault("map", now)
        drawn = self._desk.map.stage.drawn
        if drawn is not None and len(drawn.radius):
            self.seconds.setdefault("data", now)
            # After the frame: to quit closes the windows, and Qt still looks at the one it draws.
            QTimer.singleShot(0, self._application.quit)


def main() -> None:
    """Start the console, wait for the frames, print them."""
    url, data, began = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    application = build_application("zh")
    theme = Theme.load()
    theme.apply(application)
    options = ConsoleOptions(
        hub_url=url,
        token=TokenFile(data / "tokens.toml").token_of("duty1"),
        user="duty1",
        seat="bench",
        data_dir=data,
    )
    console = Console(options, application, theme)
    try:
        console.start()
        desk = console.windows["desk"]
        assert isinstance(desk, DeskWindow)
        frames = FirstFrames(application, began, desk)
        QTimer.singleShot(LIMIT_MS, application, application.quit)
        application.exec()
    finally:
        console.close()
    print(json.dumps(frames.seconds), flush=True)


if __name__ == "__main__":
    main()
