"""Has the marks, areas and lines of a view made anew for paper: finer, for another size.

GUI thread. The map window is not touched; what it shows is asked of a stage of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from layers.model.view import Camera, MapView
from layers.render.atlas import Atlas
from layers.render.scene import Frame, Scene
from layers.render.stage import STALE_GREY, Stage
from layers.render.theme import MapTheme

ATLAS_SIDE = 4096
PATIENCE_MS = 20_000
"""So long clusters of a million things may take on a slow machine."""


@dataclass(frozen=True, slots=True)
class SheetScene:
    """All that is needed to paint the overlay in any thread. ``ratio``: dots of the picture for
    one pixel of the scene; ``grey`` 0..1 takes the colour out of stale data."""

    scene: Scene
    atlas: QImage
    camera: Camera
    ratio: float
    grey: float


class SheetSceneTaker(QObject):
    """``taken(SheetScene)`` once, or ``failed`` when it takes too long. ``close`` at any time."""

    taken = Signal(object)
    failed = Signal()

    def __init__(
        self, shown: Stage, theme: MapTheme, camera: Camera, ratio: float, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._camera = camera
        self._ratio = ratio
        self._grey = STALE_GREY if shown.stale else 0.0
        self._scene = Scene()
        self._closed = False
        view = MapView()
        view.resize(camera.width, camera.height)
        view.take(camera)
        self._stage = Stage(shown.store, theme, view, shown.atlas.scale, self)
        self._stage.atlas.side = ATLAS_SIDE
        self._stage.atlas.reset(ratio)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.failed)
        self._take_over(shown)

    def start(self) -> None:
        """Begin; the answer comes later, also when it is there at once."""
        self._patience.start(PATIENCE_MS)
        self._stage.attach(self)
        self._stage.moved()
        self._stage.draw_features()
        self._soon.start(0)

    def show_scene(self, scene: Scene) -> None:
        """A part of the scene is another one."""
        self._scene = scene
        if not self._closed:
            self._soon.start(0)

    def show_frame(self, _frame: Frame) -> None:
        """Paper does not move."""

    def close(self) -> None:
        """Stop everything; nothing is told after."""
        if not self._closed:
            self._closed = True
            self._soon.stop()
            self._patience.stop()
            self._stage.close()

    def _take_over(self, shown: Stage) -> None:
        stage = self._stage
        stage.state = replace(shown.state, fan=None)
        stage.kept = shown.kept
        stage.clustered = shown.clustered
        stage.paints.take_over(shown.paints)
        stage.visible = shown.visible
        if shown.layers is not None:
            stage.set_layers(shown.layers)

    def _look(self) -> None:
        """Whether all of it is there."""
        stage = self._stage
        painted = stage.painted
        waits_for_heat = painted is not None and painted.heats and self._scene.heat is None
        if self._closed or stage.drawn is None or waits_for_heat or stage.paints.is_busy:
            return
        atlas: Atlas = stage.atlas
        scene, image = self._scene, atlas.image.copy()
        self.close()
        self.taken.emit(SheetScene(scene, image, self._camera, self._ratio, self._grey))
