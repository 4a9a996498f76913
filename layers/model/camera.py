"""Where one map window looks, and whether its view is locked. Pure; one per window."""

from __future__ import annotations

from dataclasses import dataclass, replace

from layers.model.mercator import (
    ORIGIN,
    lonlat_from_world,
    pixels_per_unit,
    world_from_lonlat,
)

MIN_ZOOM, MAX_ZOOM = 9.0, 19.0


@dataclass(frozen=True, slots=True)
class Camera:
    """Centre in degrees, zoom level, size in logical pixels. North is up, always."""

    lon: float
    lat: float
    zoom: float
    width: float
    height: float

    @property
    def scale(self) -> float:
        """Pixels per local unit."""
        return pixels_per_unit(self.zoom)

    def screen_from_local(self, x: float, y: float) -> tuple[float, float]:
        """Local units to pixels from the top left."""
        cx, cy = self.centre_local()
        return (x - cx) * self.scale + self.width / 2, (y - cy) * self.scale + self.height / 2

    def screen_from_lonlat(self, lon: float, lat: float) -> tuple[float, float]:
        """Degrees to pixels from the top left."""
        x, y = world_from_lonlat(lon, lat)
        return self.screen_from_local(x - ORIGIN[0], y - ORIGIN[1])

    def lonlat_from_screen(self, px: float, py: float) -> tuple[float, float]:
        """Pixels from the top left to degrees."""
        cx, cy = world_from_lonlat(self.lon, self.lat)
        return lonlat_from_world(
            cx + (px - self.width / 2) / self.scale, cy + (py - self.height / 2) / self.scale
        )

    def centre_local(self) -> tuple[float, float]:
        """The centre in local units."""
        x, y = world_from_lonlat(self.lon, self.lat)
        return x - ORIGIN[0], y - ORIGIN[1]

    def box(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, north, east, south in local units, widened by ``margin`` of the size each side."""
        cx, cy = self.centre_local()
        half_w = self.width * (0.5 + margin) / self.scale
        half_h = self.height * (0.5 + margin) / self.scale
        return cx - half_w, cy - half_h, cx + half_w, cy + half_h

    def fitted(self, west: float, south: float, east: float, north: float) -> Camera:
        """The camera that shows a box of degrees whole."""
        x0, y0 = world_from_lonlat(west, north)
        x1, y1 = world_from_lonlat(east, south)
        zoom = MAX_ZOOM
        while zoom > MIN_ZOOM and (
            (x1 - x0) * pixels_per_unit(zoom) > self.width
            or (y1 - y0) * pixels_per_unit(zoom) > self.height
        ):
            zoom -= 0.1
        lon, lat = lonlat_from_world((x0 + x1) / 2, (y0 + y1) / 2)
        return replace(self, lon=lon, lat=lat, zoom=max(MIN_ZOOM, zoom))


def box_inside(
    inner: tuple[float, float, float, float], outer: tuple[float, float, float, float]
) -> bool:
    """Whether one box lies in another; both west, north, east, south."""
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )
