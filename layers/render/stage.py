"""Keeps the scene of one map window up with its store, its camera and what it was told to show.

GUI thread. Panning costs one uniform; marks are made anew when the view leaves what is made, when
the zoom level changes, and at most ten times a second when features change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QObject

from layers.model.cluster import ClusterRequest, ClusterResponse
from layers.model.draw_order import in_tree_order
from layers.model.features import FeatureStore
from layers.model.heat import HeatPicture
from layers.model.view import MapView
from layers.render.atlas import Atlas, AtlasFullError
from layers.render.beat import Beat
from layers.render.heat_keeper import HeatKeeper
from layers.render.hits import Hits
from layers.render.hover import Hover
from layers.render.index_keeper import ANY_LEVEL, IndexKeeper
from layers.render.labels import NAMES_EVERY_MS, LabelLayer
from layers.render.marks import DrawnMarks, MarkBuilder
from layers.render.over_layer import Fan, OverLayer, OverState
from layers.render.pace import Pace
from layers.render.scene import Frame, Scene, SceneTarget
from layers.render.shape_layer import ShapeLayer
from layers.render.sketch_layer import SketchLayer
from layers.render.stage_layers import LayeredStage
from layers.render.symbols import Symbols
from layers.render.theme import MapTheme
from layers.render.tools.base import Sketch
from layers.render.under import UnderMarks
from layers.render.upper import Upper

Made = TypeVar("Made")
MARGIN = 0.35
"""Marks are made for so much more than the view on each side, so that a pan finds them made."""
REBASE = 1 / 128
"""World widths from the origin at which offsets lose pixels and everything is counted anew."""
STALE_GREY = 0.85


class Stage(LayeredStage):
    """``state``, ``visible``, ``clustered``, ``kept`` and ``sketch`` (what tools have drawn, and
    draw) are set by the window, which then calls the draw method that fits."""

    def __init__(
        self,
        store: FeatureStore,
        theme: MapTheme,
        view: MapView,
        scale: float = 1.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(store, parent)
        self.atlas = Atlas(scale=scale)
        self._coarser = round(math.log2(scale))
        self.state = OverState()
        self.clustered = True
        self.stale = False
        self._seen: tuple[object, ...] = ()
        self._drawn: DrawnMarks | None = None
        symbols = Symbols(theme)
        self._view = view
        self._marks = MarkBuilder(store, self.atlas, symbols)
        self._shapes = ShapeLayer(store, theme)
        self._over = OverLayer(store, self.atlas, symbols, self._marks, self._shapes, theme)
        self.kept: tuple[Sketch, ...] = ()
        self.sketch = Sketch()
        self.hits = Hits(store, view, self._shapes)
        sketches = SketchLayer(self.atlas, symbols, self._marks)
        self._hover = Hover(self.atlas, self._marks, self.hits, self._over)
        self._upper = Upper(self._over, sketches, self._hover)
        self.under = UnderMarks(store, theme, self.atlas)
        self._keeper = IndexKeeper(store, self)
        self._keeper.ready.connect(self._marks_ready)
        self.heat = HeatKeeper(theme, self)
        self.heat.ready.connect(self._show_heat)
        self._surface: SceneTarget | None = None
        self._scene = Scene()
        self._shown: tuple[int, int] | None = None
        self._origin = (0.5, 0.5)
        self._labels = LabelLayer(store, self.atlas, symbols, self._marks, self._over)
        self._held = False
        self._names = Pace(NAMES_EVERY_MS, self.draw_labels, self)
        self._over_px = 0.0
        self._again = False
        self._features.timeout.connect(self.draw_features)
        self.repainted.connect(self._draw_painted)
        self.beat = Beat(self._moves, self._moves_in_view, self.push_frame, self)

    @property
    def drawn(self) -> DrawnMarks | None:
        """The marks on the screen; None before the first, and when the store has been emptied
        since: their rows are other features' by now, or nobody's."""
        drawn = self._drawn
        if drawn is None or drawn.response.index.version < self.store.emptied_at:
            return None
        return drawn

    @property
    def fan(self) -> Fan | None:
        """The fan that is open; there is none without the marks that it grew from."""
        return self.state.fan if self.drawn is not None else None

    @property
    def is_busy(self) -> bool:
        """Whether something is being made in a thread that is to be drawn."""
        makers = (self.paints, self._keeper, self.heat)
        return any(maker.is_busy for maker in makers) or self._features.isActive()

    def attach(self, surface: SceneTarget) -> None:
        """Show everything on this item from now on."""
        self._surface, self._shown = surface, None

    def close(self) -> None:
        """Stop timers and threads; nothing is drawn after."""
        self._surface = None
        self._features.stop()
        self.beat.stop()
        self._keeper.close()
        self.paints.close()
        self.heat.close()

    # -- what changed ------------------------------------------------------------------
    def features_changed(self) -> None:
        """Draw the store anew with the next tenth of a second."""
        if self._surface is not None and not self._features.isActive():
            self._features.start()

    def draw_features(self) -> None:
        """Draw the store anew, unless it is as it was drawn last."""
        self._repaint()
        versions = (self.store.version, self.store.shapes_version, self.store.trails.version)
        seen = (*versions, self.painted)
        if seen == self._seen and self.drawn is not None:
            return
        self._seen = seen
        with self._at_once(urgent=False):
            self.refresh_index()
            self.draw_shapes()
            self.draw_over()

    def set_visible(self, kinds: frozenset[str]) -> None:
        """Draw these kinds as their packs say."""
        if kinds != self.visible:
            self.visible = kinds
            self.refresh_index()
            self.draw_shapes()

    def set_clustered(self, clustered: bool) -> None:
        """Draw clusters, or every feature by itself."""
        self.clustered = clustered
        with self._at_once():
            self.draw_marks()

    def _draw_painted(self) -> None:
        with self._at_once():
            self.refresh_index()
            self.draw_shapes()
            self.draw_over()

    def moved(self) -> None:
        """The camera is another one: make what is missing, then the frame."""
        if self._surface is None:
            return
        camera = self._view.camera()
        awaits = self._keeper.awaits(camera.zoom, camera.rect())
        if max(abs(camera.x - self._origin[0]), abs(camera.y - self._origin[1])) > REBASE:
            self._origin = (camera.x, camera.y)
            self._scene, self._shown = Scene(origin=self._origin, heat=self._scene.heat), None
            self._drawn, awaits = None, False
        drawn = self.drawn
        if awaits or (drawn is not None and drawn.response.covers(camera.zoom, camera.rect())):
            if self.state.hangs_on_zoom and camera.world_px != self._over_px:
                self.draw_over()
        elif drawn is not None and math.floor(camera.zoom) == drawn.response.level:
            with self._at_once():
                self.draw_marks()
                self.draw_shapes()
        else:
            self.state.fan = None
            with self._at_once():
                self.draw_over()
                self.refresh_index()
                self.draw_shapes()
        self.push_frame()

    def push_frame(self) -> None:
        """Look through the camera as it is now."""
        if self._surface is not None:
            grey = STALE_GREY if self.stale else 0.0
            camera, beat = self._view.camera(), self.beat
            self._surface.show_frame(Frame.of(camera, grey, beat.phase, beat.march))

    def set_ratio(self, ratio: float) -> None:
        """The window has moved to a screen of another device pixel ratio."""
        if ratio != self.atlas.ratio:
            self.atlas.reset(ratio)
            self._draw_again()

    def set_scale(self, scale: float) -> None:
        """Draw marks and words at another size."""
        self.atlas.scale = scale
        self._coarser = max(0, round(math.log2(scale)))
        self.atlas.reset()
        self._draw_again()
        self.draw_marks()

    # -- drawing -------------------------------------------------------------------------
    def refresh_index(self) -> None:
        """Have marks made of what is visible, from the store as it is."""
        if self._surface is None:
            return
        self._repaint()
        level, painted = math.floor(self._view.zoom), self.painted
        if painted is None or painted.number is None:
            self._keeper.refresh(self._request(), self.visible, level)
        else:
            drawn = self.visible, ANY_LEVEL, painted.shown, painted.groups
            self._keeper.refresh(self._request(), *drawn)

    def draw_marks(self) -> None:
        """Marks of the view from the newest index."""
        if self._surface is not None:
            self._keeper.look(self._request())

    def _request(self) -> ClusterRequest:
        camera = self._view.camera()
        view = camera.zoom, camera.rect(MARGIN), self._origin
        return ClusterRequest(*view, self.clustered, self._coarser)

    def _marks_ready(self) -> None:
        response = self._keeper.response
        if response is None or response.index.version < self.store.emptied_at:
            return  # of rows that are gone; newer ones are on their way
        with self._at_once(urgent=False):
            same = response.origin == self._origin
            self._show_marks(response) if same else self.draw_marks()

    def _show_marks(self, response: ClusterResponse) -> None:
        if self.painted is not None:
            response = in_tree_order(response, self.store, self.painted)
        epoch = self.atlas.epoch
        self._drawn = self._fitting(lambda: self._marks.build(response))
        self._show(replace(self._scene, sprites=self._drawn.sprites))
        self.draw_under()
        if self.atlas.epoch != epoch:
            self._draw_again()
        elif not self._again and (self.state.hangs_on_marks or self._hover.is_on):
            with self._at_once():
                self.draw_over()
        self.beat.wake()
        self.draw_labels()

    def draw_shapes(self) -> None:
        """Areas of the view."""
        camera = self._view.camera()
        fills, lines = self._shapes.tables(
            camera.rect(MARGIN), camera.zoom, self.visible, self._origin
        )
        self._show(replace(self._scene, fills=fills, lines=lines))
        rect = camera.rect(MARGIN)
        self.heat.draw(self.painted, rect, camera.world_px, self.atlas.scale)
        self.draw_labels()

    def _show_heat(self, heat: HeatPicture | None) -> None:
        self._show(replace(self._scene, heat=heat))

    def draw_over(self) -> None:
        """Selection, circle, lines, markers, fan, and what tools draw."""
        world_px = self._over_px = self._view.camera().world_px
        self.state.fan = self.fan
        epoch = self.atlas.epoch
        self._fitting(
            lambda: self._upper.make(
                self.state, (*self.kept, self.sketch), self.drawn, self._origin, world_px
            )
        )
        self._show_upper()
        if self.atlas.epoch != epoch:
            self._draw_again()  # the rest still points into the atlas as it was
        self.beat.wake()
        self.draw_labels()

    def draw_labels(self) -> None:
        """Names of what is drawn, where they find a place."""
        drawn = self.drawn
        if self._held or drawn is None or self._surface is None:
            return
        naming = self._labels.naming(drawn, self._view.camera(), self.state, self.clustered)
        epoch = self.atlas.epoch
        table = self._fitting(lambda: self._labels.table(naming))
        self._show(replace(self._scene, labels=table))
        if self.atlas.epoch != epoch:
            self._draw_again()

    def _draw_again(self) -> None:
        """Everything that points into the atlas, which was emptied."""
        if self._again:
            return  # so much that it fills a whole atlas; what is drawn last counts
        self._again = True
        with self._at_once():
            if self.drawn is not None:
                self._show_marks(self.drawn.response)
            self.draw_over()
        self._again = False

    @contextmanager
    def _at_once(self, urgent: bool = True) -> Iterator[None]:
        """Find places for names once, after several things were drawn; in time, if not urgent."""
        held, self._held = self._held, True
        try:
            yield
        finally:
            self._held = held
        if not held:
            self._names.ask(urgent or not self._labels.fits(math.floor(self._view.zoom)))

    def draw_sketch(self) -> None:
        """What tools draw is another; nothing else is made anew."""
        drawn = (*self.kept, self.sketch)
        self._draw_upper(lambda: self._upper.make_sketches(drawn, self._origin))

    def point(self, x: float, y: float) -> None:
        """The pointer is at a point of the screen, negative: gone. Draws only when it has come to
        another thing."""
        if self._hover.point(x, y, self.drawn, self.fan):
            self._draw_upper(lambda: self._upper.make_hover(self.state, self.drawn, self._origin))

    def _draw_upper(self, make: Callable[[], None]) -> None:
        epoch = self.atlas.epoch
        self._fitting(make)
        if self.atlas.epoch == epoch:
            self._show_upper()
        else:
            self._draw_again()

    def _show_upper(self) -> None:
        fills, lines, sprites = self._upper.tables()
        laid = self._over.laid
        scene = replace(self._scene, laid_fills=laid.fills, laid_lines=laid.lines)
        self._show(replace(scene, over_fills=fills, over_lines=lines, over_sprites=sprites))

    def draw_under(self) -> None:
        """Cones and trails; they cost nothing when none has changed."""
        drawn = self.drawn
        if drawn is not None:
            cones = self.under.cones(drawn)
            trails = self.under.trails(self.visible, self.painted, self._origin)
            self._show(replace(self._scene, cones=cones, trails=trails))

    def _fitting(self, make: Callable[[], Made]) -> Made:
        """What is made with the atlas; a full one is emptied for it."""
        try:
            return make()
        except AtlasFullError:
            self.atlas.reset()
            return make()

    def _show(self, scene: Scene) -> None:
        """Nothing is uploaded or drawn of a scene that looks like the one before."""
        scene = scene.after(self._scene)
        pictures = (self.atlas.epoch, len(self.atlas.rects))
        if scene is self._scene and self._shown == pictures:
            return
        self._scene = scene
        if self._surface is not None:
            self._surface.show_scene(scene)
            self._shown = pictures

    def _moves(self) -> bool:
        drawn, marching = self.drawn, self._upper.marching
        return len(marching) > 0 or (drawn is not None and len(drawn.pulsing) > 0)

    def _moves_in_view(self) -> bool:
        drawn, marching = self.drawn, self._upper.marching
        pulses = drawn is not None and self.hits.pulse_in_view(drawn)
        return pulses or self.hits.any_in_view(marching, self._origin)
