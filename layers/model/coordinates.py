"""Positions in words, in every form that this house reads and writes. Pure; any thread.

Inside, everything is WGS-84 / CGCS2000 longitude, latitude in degrees.
"""

from __future__ import annotations

from typing import Literal

from services.domain import datum

Form = Literal["degrees", "dms", "zone", "gcj02", "bd09"]
FORMS: tuple[Form, ...] = ("degrees", "dms", "zone", "gcj02", "bd09")
WEST_MOST, EAST_MOST = 73.5, 136.5
"""Between these meridians lie the CGCS2000 3-degree zones."""
_DIGITS = 6
_CALLED = {"degrees": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}


def can_write(lon: float, form: Form) -> bool:
    """Whether a position has this form: the zones end where China does."""
    return form != "zone" or WEST_MOST <= lon < EAST_MOST


def written(lon: float, lat: float, form: Form) -> str:
    """A position as it is read on the map, with its datum; degrees where it has no such form."""
    if form == "dms":
        return f"{_dms(lat, 'N', 'S')}  {_dms(lon, 'E', 'W')}  CGCS2000"
    if form == "zone" and can_write(lon, form):
        meridian = datum.zone_meridian(lon)
        east, north = datum.to_zone(lon, lat, meridian)
        return f"X {float(north):.2f}  Y {meridian // 3}{float(east):09.2f}  CGCS2000"
    x, y = _shifted(lon, lat, form)
    east_west, north_south = "E" if x >= 0 else "W", "N" if y >= 0 else "S"
    called = _CALLED.get(form, _CALLED["degrees"])
    return f"{abs(x):.5f}° {east_west}  {abs(y):.5f}° {north_south}  {called}"


def copied(lon: float, lat: float, form: Form) -> str:
    """A position for another program: plain numbers, longitude first; X north and Y east of a zone
    as surveyors write them."""
    if form == "dms":
        return f"{_dms(lat, 'N', 'S')} {_dms(lon, 'E', 'W')}"
    if form == "zone" and can_write(lon, form):
        meridian = datum.zone_meridian(lon)
        east, north = datum.to_zone(lon, lat, meridian)
        return f"{float(north):.3f}, {meridian // 3}{float(east):010.3f}"
    x, y = _shifted(lon, lat, form)
    return f"{x:.{_DIGITS}f}, {y:.{_DIGITS}f}"


def _shifted(lon: float, lat: float, form: Form) -> tuple[float, float]:
    if form in ("gcj02", "bd09"):
        x, y = datum.from_wgs84(lon, lat, form)
        return float(x), float(y)
    return lon, lat


def _dms(value: float, positive: str, negative: str) -> str:
    """Degrees, minutes, seconds to a hundredth, which is 0.3 m; 60 seconds are never written."""
    hundredths = round(abs(value) * 360_000)
    degrees, rest = divmod(hundredths, 360_000)
    minutes, seconds = divmod(rest, 6_000)
    side = positive if value >= 0 else negative
    return f"{degrees}°{minutes:02d}′{seconds / 100:05.2f}″{side}"
