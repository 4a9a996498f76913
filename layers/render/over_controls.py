"""The setters of a map window for what lies over its marks. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from layers.model.overlays import Area, Path
from layers.model.selection import Picked
from layers.render.over_layer import Marker, OverState
from layers.render.stage import Stage
from services.domain.model import Severity

T = TypeVar("T")


class OverControls:
    """A part of ``MapWidget``. What is said again as it is, by a wall each second, is not drawn."""

    stage: Stage

    def set_selected(self, feature_id: str | None) -> None:
        """Mark one feature out, also when it is inside a cluster."""
        self._lay_over(replace(self.stage.state, selected=feature_id))

    def ring(self, picked: Picked | None) -> None:
        """Mark many features out by rings; a cluster with some of them inside gets one as well."""
        self._lay_over(replace(self.stage.state, selection=picked))

    def set_circle(self, lon: float, lat: float, radius_m: float | None) -> None:
        """Show a circle in geodesic metres, None to take it away."""
        circle = None if radius_m is None else (lon, lat, radius_m)
        self._lay_over(replace(self.stage.state, circle=circle))

    def set_lines(self, lines: Sequence[tuple[tuple[float, float], ...]]) -> None:
        """Lines along runs of degrees with dashes that march from their first place to the last."""
        self._lay_over(replace(self.stage.state, lines=list(lines)))

    def set_markers(self, markers: Sequence[Marker]) -> None:
        """Discs with a number, or a name beside them: (lon, lat, text, severity); plain text."""
        shown = [(x, y, text, Severity(s)) for x, y, text, s in markers]
        self._lay_over(replace(self.stage.state, markers=shown))

    def set_areas(self, key: str, areas: Iterable[Area]) -> None:
        """Lay areas over the map; they take the place of those of the same owner, ``key``. None
        takes them away."""
        self._lay_over(replace(self.stage.state, areas=_with(self.stage.state.areas, key, areas)))

    def set_paths(self, key: str, paths: Iterable[Path]) -> None:
        """Lay lines over the map; they take the place of those of the same owner, ``key``."""
        self._lay_over(replace(self.stage.state, paths=_with(self.stage.state.paths, key, paths)))

    def set_trails(self, shown: bool) -> None:
        """Draw where moving units have been in the last minutes, or do not."""
        self.stage.under.with_trails = shown
        self.stage.draw_under()

    def toggle_trails(self) -> None:
        """Draw trails if none are drawn, else none."""
        self.set_trails(not self.stage.under.with_trails)

    def _lay_over(self, state: OverState) -> None:
        if state != self.stage.state:
            self.stage.state = state
            self.stage.draw_over()


def _with(laid: dict[str, tuple[T, ...]], key: str, some: Iterable[T]) -> dict[str, tuple[T, ...]]:
    """The same with the shapes of one owner replaced."""
    rest = {k: v for k, v in laid.items() if k != key}
    new = tuple(some)
    return {**rest, key: new} if new else rest
