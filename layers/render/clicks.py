"""What a click on the map does when no tool is in hand: open a mark, part a cluster. GUI thread."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from layers.model import mercator
from layers.model.cluster import UNIT
from layers.model.features import FeatureStore
from layers.model.spacing import FURTHEST_PX
from layers.model.view import MAX_ZOOM, MapView
from layers.render.over_layer import Fan
from layers.render.stage import Stage

FAN_PX = 30.0
"""Members of a cluster that lie closer together than this at the last zoom are fanned out."""
_CLOSEST_PX = mercator.world_px(MAX_ZOOM)


class Clicks(QObject):
    """``opened(feature id)``, ``gathered(ids)`` for a cluster's members, worst first, and ``parts``
    (w, s, e, n) when the map is to show a box so that a cluster comes apart."""

    opened = Signal(str)
    gathered = Signal(list)
    parts = Signal(float, float, float, float)

    def __init__(self, store: FeatureStore, view: MapView, stage: Stage, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._view = view
        self._stage = stage

    def click(self, x: float, y: float) -> None:
        """Open what lies at a point of the screen."""
        stage = self._stage
        row = stage.hits.in_fan(stage.fan, x, y)
        if row is None:
            mark = stage.hits.mark(stage.drawn, x, y)
            if mark is None:
                row = stage.hits.area(x, y, stage.visible)
            elif stage.drawn is not None:
                row = int(stage.drawn.response.row[mark])
                if row < 0:
                    self._open_cluster(self._stacked(mark))
                    return
            self.close_fan()
            if mark is not None and len(stack := self._stacked(mark)) > 1:
                self._fan_out(stack)  # what it hides shows too; the one on top opens at once
        if row is not None and self._store.ids[row]:
            self.opened.emit(self._store.ids[row])

    def close_fan(self) -> bool:
        """Whether there was one."""
        if self._stage.state.fan is None:
            return False
        self._stage.state.fan = None
        self._stage.draw_over()
        return True

    def id_at(self, x: float, y: float) -> str:
        """The id of the one feature at a point, "" over clusters and nothing."""
        row = self._stage.hits.single(self._stage.drawn, self._stage.fan, x, y)
        return "" if row is None else self._store.ids[row]

    def place_at(self, x: float, y: float) -> tuple[float, float] | None:
        """Degrees of the one feature at a point."""
        row = self._store.row_of(self.id_at(x, y))
        return None if row is None else (float(self._store.lon[row]), float(self._store.lat[row]))

    def rows_at(self, x: float, y: float, *, every_area: bool = False) -> list[int]:
        """Rows of what lies at a point: of the mark there, all of a cluster's, else of the line or
        the smallest area; with ``every_area`` also of what a mark hides, and of all areas."""
        stage = self._stage
        in_fan = stage.hits.in_fan(stage.fan, x, y)
        if in_fan is not None:
            return [in_fan]
        found: list[int] = []
        mark = stage.hits.mark(stage.drawn, x, y)
        if mark is not None and stage.drawn is not None:
            response = stage.drawn.response
            rows = response.under(mark) if every_area else response.members(mark)
            found += rows.tolist()
        if every_area or not found:
            found += stage.hits.areas(x, y, stage.visible)[: None if every_area else 1]
        return [row for row in dict.fromkeys(found) if self._store.ids[row]]

    def _stacked(self, mark: int) -> list[int]:
        """Rows of a mark, and of marks beside it whose things are on the very same place: badges
        give way to what stands alone there."""
        drawn = self._stage.drawn
        if drawn is None:
            return []
        rows: list[int] = drawn.response.members(mark).tolist()
        xy = drawn.response.xy
        apart = np.hypot(*(xy - xy[mark]).T) * (mercator.world_px(drawn.response.level) / UNIT)
        beside = np.flatnonzero(apart < (2 * FURTHEST_PX + FAN_PX) * self._stage.atlas.scale)
        others = [drawn.response.members(i) for i in beside.tolist() if i != mark]
        x, y = mercator.world_xy(self._store.lon[rows], self._store.lat[rows])
        if others and max(np.ptp(x), np.ptp(y)) * _CLOSEST_PX < FAN_PX:
            more = np.concatenate(others)
            at = np.stack(mercator.world_xy(self._store.lon[more], self._store.lat[more]))
            away = np.hypot(at[0] - x.mean(), at[1] - y.mean()) * _CLOSEST_PX
            rows += more[away < FAN_PX].tolist()
        return [row for row in rows if self._store.ids[row]]

    def _fan_out(self, rows: list[int]) -> None:
        x, y = mercator.world_xy(self._store.lon[rows], self._store.lat[rows])
        rows = self._in_order(rows)
        self._stage.state.fan = Fan.of(float(x.mean()), float(y.mean()), rows)
        self._stage.draw_over()

    def _in_order(self, rows: list[int]) -> list[int]:
        """Worst first, then by name."""
        store = self._store
        return sorted(rows, key=lambda row: (-int(store.severity[row]), store.names[row]))

    def _open_cluster(self, members: list[int]) -> None:
        """Zoom to the members, or fan them out where no zoom parts them; tell who they are."""
        store = self._store
        rows = self._in_order([row for row in members if store.ids[row]])
        if not rows:
            return
        lon, lat = store.lon[rows], store.lat[rows]
        x, y = mercator.world_xy(lon, lat)
        spread = max(np.ptp(x), np.ptp(y)) * mercator.world_px(MAX_ZOOM)
        if spread < FAN_PX or self._view.zoom > MAX_ZOOM - 0.5:
            self._fan_out(rows)
        else:
            self.parts.emit(lon.min(), lat.min(), lon.max(), lat.max())
        self.gathered.emit([store.ids[row] for row in rows])
