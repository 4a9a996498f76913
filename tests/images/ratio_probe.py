"""Opens a map on a screen as fine as the environment says; prints what its atlas drew for."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from layers.model.features import Feature, FeatureStore
from layers.render.environment import prepare_environment
from tests.images.onscreen import LAT, LON, map_window, put


def main() -> None:
    """One map with one mark."""
    prepare_environment()
    application = QApplication(["probe"])
    store = FeatureStore()
    with map_window(store, zoom=17) as widget:
        put(widget, store, Feature("a", "camera", "a", LON, LAT))
        image = widget.grab_map()
        atlas = widget.stage.atlas
        sprites = widget.stage._scene.sprites
        print(image.width(), atlas.ratio, sprites[0, 4], sprites[0, 8] - sprites[0, 6])
        widget.stage.set_ratio(1.0)
        sprites = widget.stage._scene.sprites
        print(atlas.ratio, sprites[0, 4], sprites[0, 8] - sprites[0, 6])
    application.processEvents()


if __name__ == "__main__":
    main()
