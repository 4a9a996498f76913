"""The camera of one map window: where it looks, and whether an operator holds it. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from layers.model import mercator

MIN_ZOOM, MAX_ZOOM = 3.0, 19.0


@dataclass(frozen=True, slots=True)
class Camera:
    """Centre in world coordinates (0..1), zoom level, view size in logical pixels."""

    x: float
    y: float
    zoom: float
    width: float
    height: float

    @property
    def world_px(self) -> float:
        """Width of the world in pixels."""
        return mercator.world_px(self.zoom)

    def rect(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, north, east, south in world coordinates; ``margin`` is a share of the view."""
        half_x = self.width * (0.5 + margin) / self.world_px
        half_y = self.height * (0.5 + margin) / self.world_px
        return self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y


class MapView:
    """One window's camera. The view is locked by any gesture and follows again on demand."""

    def __init__(self, lon: float = 0.0, lat: float = 0.0, zoom: float = MIN_ZOOM) -> None:
        self.width, self.height = 1.0, 1.0
        self.locked = False
        self._x = self._y = 0.5
        self._zoom = MIN_ZOOM
        self.look_at(lon, lat, zoom)

    @property
    def zoom(self) -> float:
        """Zoom level of 256-pixel tiles, fractional."""
        return self._zoom

    @property
    def lon(self) -> float:
        """Longitude of the centre, degrees."""
        return float(mercator.lonlat(self._x, self._y)[0])

    @property
    def lat(self) -> float:
        """Latitude of the centre, degrees."""
        return float(mercator.lonlat(self._x, self._y)[1])

    def camera(self) -> Camera:
        """The camera as a value."""
        return Camera(self._x, self._y, self._zoom, self.width, self.height)

    def take(self, camera: Camera) -> None:
        """Look exactly as a camera does, but for the size of the view."""
        self._place(camera.x, camera.y, camera.zoom)

    def resize(self, width: float, height: float) -> None:
        """Logical pixels; the centre stays."""
        self.width, self.height = max(1.0, width), max(1.0, height)

    def look_at(self, lon: float, lat: float, zoom: float) -> None:
        """Centre in degrees and zoom; both are kept within the world. ValueError if not finite."""
        if not all(map(math.isfinite, (lon, lat, zoom))):
            raise ValueError(f"no view: {lon}, {lat}, {zoom}")
        x, y = mercator.world_xy(lon, lat)
        self._place(float(x), float(y), zoom)

    def fit(self, west: float, south: float, east: float, north: float, share: float = 0.9) -> None:
        """Show a box of degrees so that it fills at most ``share`` of the view."""
        (x0, x1), (y0, y1) = mercator.world_xy([west, east], [north, south])
        span_x, span_y = max(x1 - x0, 1e-9), max(y1 - y0, 1e-9)
        scale = share * min(self.width / span_x, self.height / span_y)
        self._place((x0 + x1) / 2, (y0 + y1) / 2, math.log2(scale / mercator.TILE_PX))

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Move the map under the hand by pixels."""
        px = mercator.world_px(self._zoom)
        self._place(self._x - dx_px / px, self._y - dy_px / px, self._zoom)

    def zoom_by(self, steps: float, at_x: float, at_y: float) -> None:
        """Change the zoom so that what is under a screen point stays there."""
        before = mercator.world_px(self._zoom)
        zoom = min(MAX_ZOOM, max(MIN_ZOOM, self._zoom + steps))
        off_x, off_y = at_x - self.width / 2, at_y - self.height / 2
        change = 1 / before - 1 / mercator.world_px(zoom)
        self._place(self._x + off_x * change, self._y + off_y * change, zoom)

    def screen_from_lonlat(self, lon: float, lat: float) -> tuple[float, float]:
        """Screen pixels of a place, also outside the view."""
        x, y = mercator.world_xy(lon, lat)
        px = mercator.world_px(self._zoom)
        return (
            (float(x) - self._x) * px + self.width / 2,
            (float(y) - self._y) * px + self.height / 2,
        )

    def lonlat_from_screen(self, at_x: float, at_y: float) -> tuple[float, float]:
        """Degrees under a screen point."""
        px = mercator.world_px(self._zoom)
        lon, lat = mercator.lonlat(
            self._x + (at_x - self.width / 2) / px, self._y + (at_y - self.height / 2) / px
        )
        return float(lon), float(lat)

    def _place(self, x: float, y: float, zoom: float) -> None:
        self._x = min(1.0, max(0.0, x))
        self._y = min(1.0, max(0.0, y))
        self._zoom = min(MAX_ZOOM, max(MIN_ZOOM, zoom))
