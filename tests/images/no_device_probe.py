"""Opens a map where there is no graphics device and keeps a picture of it."""

from __future__ import annotations

import sys

from layers.render.environment import prepare_environment

prepare_environment()

from PySide6.QtWidgets import QApplication  # noqa: E402

from layers.model.features import Feature, FeatureStore  # noqa: E402
from layers.render.graphics import settle_graphics  # noqa: E402
from layers.render.immortal import keep_constants_alive  # noqa: E402
from services.domain.model import Severity  # noqa: E402
from tests.images.onscreen import LAT, LON, map_window, put  # noqa: E402


def main(path: str) -> None:
    """One map with one mark that is critical, moved once."""
    keep_constants_alive()
    application = QApplication(["probe"])
    print(settle_graphics())
    store = FeatureStore()
    with map_window(store, zoom=17) as widget:
        put(widget, store, Feature("a", "camera", "a", LON, LAT, severity=Severity.CRITICAL))
        widget.grab_map()
        widget.pan(-100.0, 0.0)
        widget.grab_map().save(path)
    application.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
