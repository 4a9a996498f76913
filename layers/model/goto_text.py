"""Taking the coordinates out of what people paste: links, WKT, JSON, a position with its height,
the name of a zone. Pure."""

from __future__ import annotations

import re

_NUMBER = r"[+-]?\d{1,3}\.\d+"
_POINT = re.compile(r"(?:srid=\d+;)?\s*point\s*(?:z|m|zm)?\s*\(\s*(\S+)\s+(\S+)(?:\s+\S+)*\s*\)")
_GEO = re.compile(r"geo:([+-]?[\d.]+),([+-]?[\d.]+)(?:[,;?].*)?")
_LINK = re.compile(r"https?://\S+")
_IN_LINK = re.compile(rf"({_NUMBER})(?:,|/|%2c|;)({_NUMBER})")
_LAT = re.compile(rf"\b(?:lat|latitude|mlat|y)=({_NUMBER})")
_LON = re.compile(rf"\b(?:lon|lng|long|longitude|mlon|x)=({_NUMBER})")
_HIGH = re.compile(
    rf"[\s(]*({_NUMBER})°?\s*[,;]\s*({_NUMBER})°?\s*[,;]\s*-?\d{{1,4}}(?:\.\d+)?\s*m?[\s)]*"
)
_EPSG = re.compile(r"(?<![a-z0-9])epsg:?\s*(45[1-5]\d)(?!\d)")
_BELT = re.compile(r"(?:3度带|三度带)?\s*(?:第)?\s*(2[5-9]|3\d|4[0-5])\s*(?:号)?带")
_MERIDIAN = re.compile(
    r"(?:l0|cm|中央子午线|中央经线|central meridian)\s*[:=]?\s*(\d{2,3})(?:°|度|e)?(?![\d.])"
)
_BELTS = re.compile(r"3\s*度(?:分)?带|三度带|3-degree|高斯(?:-?克吕格)?|gauss")
PREFIXED, BARE, FIRST_BELT = 4513, 4534, 25
"""EPSG codes of CGCS2000 in 3-degree zones: those whose eastings begin with the zone's number, and
those whose do not; either from zone 25 on."""


def unwrapped(text: str) -> str:
    """The coordinates in a folded text that holds them in another notation; else the same text."""
    found = _POINT.fullmatch(text.strip())
    if found is not None:
        return f"e{found[1]} n{found[2]}"
    found = _GEO.fullmatch(text.strip())
    if found is not None:
        return f"n{found[1]} e{found[2]}" if "-" not in text else f"{found[1]} {found[2]}"
    if _LINK.fullmatch(text.strip()) is not None or "&" in text:
        return _of_link(text)
    if text.strip()[:1] in "{[":
        text = re.sub(r"[{}\[\]\"']", " ", text)
    found = _HIGH.fullmatch(text)
    return text if found is None else f"{found[1]} {found[2]}"


def _of_link(text: str) -> str:
    """What a map in the web shows, as its address says: latitude before longitude, or by name."""
    lat, lon = _LAT.search(text), _LON.search(text)
    if lat is not None and lon is not None:
        return f"{lat[1]} {lon[1]}"
    found = _IN_LINK.search(text)
    return text if found is None else f"{found[1]} {found[2]}"


def named_zone(text: str) -> tuple[str, int | None]:
    """The text without the 3-degree zone that it names, and that zone's meridian in degrees."""
    found = _EPSG.search(text)
    if found is not None:
        code = int(found[1])
        first = PREFIXED if code < BARE else BARE
        if PREFIXED <= code < BARE + BARE - PREFIXED:
            return _without(text, found), (code - first + FIRST_BELT) * 3
        return text, None
    for pattern, each in ((_BELT, 3), (_MERIDIAN, 1)):
        found = pattern.search(text)
        if found is not None:
            meridian = int(found[1]) * each
            if meridian in range(75, 136, 3):
                return _BELTS.sub(" ", _without(text, found)), meridian
    return text, None


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
