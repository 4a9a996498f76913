"""What lies under the marks besides areas: what cameras see, where units have been. GUI thread."""

from __future__ import annotations

from layers.model.features import FeatureStore
from layers.model.painting import Painted
from layers.render.atlas import Atlas
from layers.render.cones import cones
from layers.render.marks import DrawnMarks
from layers.render.scene import LINE, Records, no_records
from layers.render.shape_layer import Place, tint
from layers.render.theme import MapTheme
from layers.render.trail_layer import TrailLayer

CONE_OPACITY = 0.13


class UnderMarks:
    """Two tables of a scene; ``with_trails`` switches one of them."""

    def __init__(self, store: FeatureStore, theme: MapTheme, atlas: Atlas) -> None:
        self._store = store
        self._theme = theme
        self._atlas = atlas
        self._trails = TrailLayer(store, theme)
        self._nothing = no_records(LINE)
        self.with_trails = True

    def cones(self, drawn: DrawnMarks) -> Records:
        """Views of the cameras that stand alone."""
        color = tint(self._theme.color("normal"), CONE_OPACITY)
        return cones(self._store, drawn.response, color, self._atlas.scale)

    def trails(
        self, visible: frozenset[str] | None, painted: Painted | None, origin: Place
    ) -> Records:
        """Trails of what is shown."""
        if not self.with_trails:
            return self._nothing
        return self._trails.table(visible, painted, origin)
