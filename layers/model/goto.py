"""Reading what a person typed as a place: coordinates in the forms that people write. Pure.

What can mean several places gives several, the likeliest first; what is no coordinate gives none,
and may be a code or a name, which others look up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from layers.model.goto_text import named_zone, unwrapped
from services.domain import datum
from services.domain.datum import Datum

MAX_TEXT = 200
Place = tuple[float, float]
MIDDLE: Place = (104.0, 36.0)
_DATUMS: tuple[tuple[str, Datum], ...] = (
    (r"gcj[ -]?0?2|gcj|高德|腾讯|火星坐标|火星", "gcj02"),
    (r"bd[ -]?0?9|百度", "bd09"),
    (r"wgs[ -]?84|wgs|epsg:4326|epsg:4490|cgcs[ -]?2000|国家2000|天地图", "wgs84"),
)
_WORDS = {
    "北坐标": "x", "东坐标": "y", "北纬": "n", "南纬": "s", "东经": "e", "西经": "w", "纬度": "n",
    "经度": "e", "北": "n", "南": "s", "东": "e", "西": "w", "latitude": "n", "longitude": "e",
    "lat": "n", "lon": "e", "lng": "e",
}  # fmt: skip
_SIGNS = str.maketrans("′″’”º，；、米", "'\"'\"°,;, ")
_MARKS = str.maketrans("度分秒", "°'\"")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3}){1,2}(?:\.\d+)?(?![\d,])")
_NUMBER = r"\d{1,9}(?:\.\d{0,12})?"
_BODIES = (
    rf"({_NUMBER})\s*°?(?:(?<=°)\s*({_NUMBER})\s*'(?:\s*({_NUMBER})\s*(?:\"|''))?)?",
    r"(\d{1,3})[ :-]+(\d{1,2}(?:\.\d*)?)()",
    r"(\d{1,3})[ :-]+(\d{1,2})[ :-]+(\d{1,2}(?:\.\d*)?)",
)
"""Degrees, minutes, seconds: with marks, or bare."""
_GROUPS = 6


def _pair(body: str) -> re.Pattern[str]:
    """Two values; a side stands before a value or after it, never both."""
    first, second = (
        rf"(?:([nsewxy])\s*[:=]?\s*)?([+-]?){body}(?({at})|(?:\s*([nsew]))?)"
        for at in (1, 1 + _GROUPS)
    )
    between = r"(?:[\s,;/|()]+|(?<=[nsew°'\"]))"
    return re.compile(rf"[\s(]*{first}{between}{second}[\s)m,;]*")


_PAIRS = tuple(_pair(body) for body in _BODIES)
_CHINA = (73.0, 3.0, 136.0, 54.0)
_LEAST_M = 100_000.0
"""From here on a number is metres."""
_NORTHING = (1_000_000.0, 6_700_000.0)
_OFF_MERIDIAN = 3.0
"""Degrees: the farthest from its meridian that a zone is still written."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One reading of a text: WGS-84 degrees, the datum it was written in, and for metres of a zone
    its central meridian (None for degrees)."""

    lon: float
    lat: float
    datum: Datum
    meridian: int | None = None


@dataclass(frozen=True, slots=True)
class _Value:
    number: float
    side: str
    whole: bool  # one number, without minutes


def spots(text: str, chosen: Datum = "wgs84", near: Place = MIDDLE) -> list[Spot]:
    """What a text can mean as a position, likeliest first; empty when it is none.

    ``chosen``: its datum when it names none. ``near``: where the reader works, longitude and
    latitude; metres without a prefix are first taken for the zone of it.
    """
    folded = unicodedata.normalize("NFKC", text[:MAX_TEXT].translate(_SIGNS)).casefold()
    folded, zone = named_zone(folded)
    folded, named = _named_datum(folded, chosen)
    folded = unwrapped(folded)
    for word, side in _WORDS.items():  # 经度 before the mark 度
        folded = folded.replace(word, side)
    folded = folded.translate(_MARKS)
    values = _values(_THOUSANDS.sub(lambda m: m[0].replace(",", ""), folded)) or _values(folded)
    if values is None:
        return []
    a, b = values
    if max(abs(a.number), abs(b.number)) >= _LEAST_M:
        return _metres(a, b, near, zone) if a.whole and b.whole else []
    return _degrees(a, b, named, near)


def _named_datum(text: str, chosen: Datum) -> tuple[str, Datum]:
    """The text without the datum that it names, and that datum."""
    for pattern, name in _DATUMS:
        rest = re.sub(
            rf"(?<![a-z0-9])(?:{pattern})(?:坐标)?(?![a-z0-9.])\s*[:=]?", " ", text, count=1
        )
        if rest != text:
            return rest, name
    return text, chosen


def _values(text: str) -> tuple[_Value, _Value] | None:
    for pattern in _PAIRS:
        match = pattern.fullmatch(text.strip())
        if match is None:
            continue
        first, second = (_value(match.groups()[i : i + _GROUPS]) for i in (0, _GROUPS))
        if first is not None and second is not None:
            return first, second
    return None


def _value(groups: tuple[str | None, ...]) -> _Value | None:
    """Side before, sign, degrees, minutes, seconds, side after; None where that is no value."""
    before, sign, degrees, minutes, seconds, after = (g or "" for g in groups)
    if sign == "-" and (before or after) not in ("", "x", "y"):
        return None
    parts = [float(part or 0.0) for part in (minutes, seconds)]
    if any(part >= 60.0 for part in parts) or (minutes and "." in degrees):
        return None
    number = float(degrees) + parts[0] / 60.0 + parts[1] / 3_600.0
    return _Value(-number if sign == "-" else number, before or after, not minutes)


# -- from two values to places ---------------------------------------------------------------
def _degrees(a: _Value, b: _Value, named: Datum, near: Place) -> list[Spot]:
    orders = [(a, b), (b, a)]
    found: list[Spot] = []
    for east, north in orders:
        if not (_may_be(east.side, "ewx") and _may_be(north.side, "nsy")):
            continue
        x = -east.number if east.side == "w" else east.number
        y = -north.number if north.side == "s" else north.number
        if abs(x) > 180.0 or abs(y) > 90.0:
            continue
        lon, lat = datum.to_wgs84(x, y, named)
        spot = Spot(float(lon), float(lat), named)
        if spot not in found:
            found.append(spot)
    return sorted(found, key=lambda s: _far(s, near))


def _metres(a: _Value, b: _Value, near: Place, zone: int | None) -> list[Spot]:
    found: list[Spot] = []
    for north, east in ((a, b), (b, a)):
        if not _NORTHING[0] <= north.number < _NORTHING[1]:
            continue
        if not (_may_be(north.side, "nx") and _may_be(east.side, "ey")):
            continue
        for meridian, metres in _eastings(east.number, near, zone):
            lon, lat = (float(v) for v in datum.from_zone(metres, north.number, meridian))
            if abs(lon - meridian) <= _OFF_MERIDIAN and lat > 0.0:
                found.append(Spot(lon, lat, "wgs84", meridian))
    return found


def _eastings(number: float, near: Place, zone: int | None) -> list[tuple[int, float]]:
    """Meridians and eastings without prefix that a number can mean, likeliest first; ``zone``: the
    meridian that was named."""
    prefix, metres = divmod(number, 1_000_000.0)
    if not _LEAST_M <= metres < 900_000.0:
        return []
    if prefix:
        meridian = int(prefix) * 3
        known = meridian in range(75, 136, 3) and zone in (None, meridian)
        return [(meridian, metres)] if known else []
    if zone is not None:
        return [(zone, metres)]
    here = min(135, max(75, datum.zone_meridian(near[0])))
    return [(m, metres) for m in (here, here - 3, here + 3) if m in range(75, 136, 3)]


def _may_be(side: str, sides: str) -> bool:
    return not side or side in sides


def _far(spot: Spot, near: Place) -> tuple[bool, float]:
    """Outside China after inside; then by how far it is from the reader."""
    west, south, east, north = _CHINA
    inside = west <= spot.lon <= east and south <= spot.lat <= north
    return not inside, abs(spot.lon - near[0]) + abs(spot.lat - near[1])
