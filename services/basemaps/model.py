"""Descriptions of base maps, checked, and the addresses of their tiles. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import Literal, get_args
from urllib.parse import quote, urlsplit

import msgspec

from services.domain.errors import KnownError

SourceType = Literal["schematic", "mbtiles", "pmtiles", "xyz", "wmts"]
Bulk = Literal["allowed", "ask", "forbidden"]
"""Whether the provider lets a whole region be downloaded: yes, only who asked, never."""
FORMATS = ("", "png", "jpeg", "webp")
SCHEMATIC = "schematic"
MAX_LEVEL = 23
MAX_ADDRESS = 2_000
MAX_WORDS = 300
TILE_PX = (256, 512)
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_HOST = re.compile(r"[A-Za-z0-9.\[\]:-]+")
_PLACE = re.compile(r"\{([^{}]*)\}")
_PLACES = frozenset({"z", "x", "y", "-y", "s", "key", "matrix"})
_WMTS_NAMES = {"tilematrix": "matrix", "tilerow": "y", "tilecol": "x"}
_BULK_FORBIDDEN = ("tile.openstreetmap.org",)
"""Hosts whose public terms forbid the download of whole regions."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the tiles of a base map come from.

    ``address``: a file's path, or an http(s) address with ``{z} {x} {y}`` (``{-y}`` counts rows
    from the south), ``{s}`` for one of ``subdomains``, ``{key}`` for ``key`` and ``{matrix}`` for
    the level's name in ``matrices``. ``overlay``: a second address of the same grid, whose pictures
    are laid over. ``datum``: wgs84 (CGCS2000 too) or gcj02. ``min_level`` to ``max_level``: levels
    that the source has; ``tile_px``: width of its pictures, on the grid of 256-pixel tiles.
    """

    id: str
    title_zh: str
    title_en: str
    type: str
    address: str = ""
    overlay: str = ""
    subdomains: tuple[str, ...] = ()
    key: str = ""
    datum: str = "wgs84"
    min_level: int = 0
    max_level: int = 18
    tile_px: int = 256
    format: str = ""
    matrices: tuple[str, ...] = ()
    attribution: str = ""
    bulk: str = "ask"

    def title(self, lang: str) -> str:
        """Its name for a reader of Chinese ("zh") or English."""
        return self.title_zh if lang == "zh" else self.title_en

    @property
    def needs_key(self) -> bool:
        """Whether its address has a place for a key."""
        return "{key}" in self.address or "{key}" in self.overlay

    @property
    def is_file(self) -> bool:
        """Whether it is a file of this machine."""
        return self.type in ("mbtiles", "pmtiles")

    @property
    def is_remote(self) -> bool:
        """Whether its tiles come from a server."""
        return self.type in ("xyz", "wmts")


SCHEMATIC_SOURCE = Source(
    id=SCHEMATIC,
    title_zh="示意图（随软件提供）",
    title_en="Schematic map (bundled)",
    type="schematic",
    max_level=19,
    bulk="forbidden",
)


def cache_key(source: Source, address: str) -> str:
    """Names the pictures of one address of a source in a cache; the key has no part in it."""
    told = "\n".join((source.type, address, *source.subdomains, *source.matrices))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def tile_url(source: Source, address: str, zoom: int, x: int, y: int) -> str:
    """The address of one tile, ``zoom`` within the source's levels."""
    hosts = source.subdomains
    values = {
        "z": str(zoom),
        "x": str(x),
        "y": str(y),
        "-y": str((1 << zoom) - 1 - y),
        "s": hosts[(x + y) % len(hosts)] if hosts else "",
        "key": quote(source.key, safe=""),
        "matrix": quote(matrix_name(source, zoom), safe=":"),
    }
    return _PLACE.sub(lambda found: values[found[1]], address)


def matrix_name(source: Source, zoom: int) -> str:
    """What a WMTS calls the level."""
    at = zoom - source.min_level
    return source.matrices[at] if 0 <= at < len(source.matrices) else str(zoom)


def normal_address(address: str) -> str:
    """An address as people write it (``{TileMatrix}``, ``${z}``) with the places of this module."""
    address = address.strip().replace("${", "{")

    def renamed(found: re.Match[str]) -> str:
        name = found[1].strip()
        low = name.lower()
        return "{" + _WMTS_NAMES.get(low, low if low in _PLACES else name) + "}"

    return _PLACE.sub(renamed, address)


def check_source(source: Source) -> Source:
    """The source, or KnownError ``bad_basemap_source`` naming the field that is wrong."""
    if not _ID.fullmatch(source.id):
        raise _bad("id", "an id has small letters, digits and . _ -, at most 64, no blank")
    if source.type not in get_args(SourceType):
        raise _bad("type", f"there is no type {source.type[:40]!r}")
    for name in ("title_zh", "title_en", "attribution"):
        if len(getattr(source, name)) > MAX_WORDS:
            raise _bad(name, f"more than {MAX_WORDS} characters")
    if not source.title_zh.strip() or not source.title_en.strip():
        raise _bad("title", "a base map needs a name")
    _check_grid(source)
    if source.is_remote:
        _check_address("address", source.address, source)
        if source.overlay:
            _check_address("overlay", source.overlay, source)
    elif source.is_file and (not source.address or len(source.address) > MAX_ADDRESS):
        raise _bad("address", "the path of a file is needed")
    return source


def terms_forbid(source: Source) -> bool:
    """Whether the provider's public terms are known to forbid whole regions."""
    host = (urlsplit(source.address).hostname or "") if source.is_remote else ""
    known = any(host == name or host.endswith(f".{name}") for name in _BULK_FORBIDDEN)
    return source.bulk == "forbidden" or known


def _check_grid(source: Source) -> None:
    if source.datum == "bd09":
        raise KnownError(
            "basemap_bd09",
            "BD-09 tiles lie on a grid of their own, not on Web Mercator's, and cannot be shown;"
            " take the same provider's GCJ-02 or another source.",
            field="datum",
        )
    if source.datum not in ("wgs84", "gcj02"):
        raise _bad("datum", f"{source.datum[:40]!r} is neither wgs84 nor gcj02")
    if not 0 <= source.min_level <= source.max_level <= MAX_LEVEL:
        raise _bad("levels", f"levels go from 0 to {MAX_LEVEL}, the first not after the last")
    if source.tile_px not in TILE_PX:
        raise _bad("tile_px", "tiles are 256 or 512 pixels wide")
    if source.format not in FORMATS:
        raise _bad("format", f"{source.format[:40]!r} is none of png, jpeg, webp")
    if source.bulk not in get_args(Bulk):
        raise _bad("bulk", f"{source.bulk[:40]!r} is none of {', '.join(get_args(Bulk))}")
    if len(source.matrices) not in (0, source.max_level - source.min_level + 1):
        raise _bad("matrices", "one name for each level, or none")


def _check_address(field: str, address: str, source: Source) -> None:
    """The host stands as it is, so that neither a key nor a tile can choose it."""
    if len(address) > MAX_ADDRESS or not address.isascii() or not address.isprintable():
        raise _bad(field, f"an address has at most {MAX_ADDRESS} plain signs")
    scheme, _, rest = address.partition("://")
    if scheme not in ("http", "https"):
        raise _bad(field, "it must begin with http:// or https://")
    host = rest.replace("?", "/").partition("/")[0]
    if "@" in host or not _HOST.fullmatch(host.replace("{s}", "0")):
        raise _bad(field, "between :// and the next / there is only a host, a port and {s}")
    try:
        parts = urlsplit(address.replace("{s}", "0"))
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise _bad(field, "it names no host")
    places = set(_PLACE.findall(address))
    unknown = sorted(places - _PLACES)
    if unknown or "{" in _PLACE.sub("", address):
        raise _bad(field, f"unknown place {{{(unknown or ['{'])[0][:40]}}}")
    if "x" not in places or not places & {"y", "-y"} or not places & {"z", "matrix"}:
        raise _bad(field, "it needs the places {z}, {x} and {y}")
    if "s" in places and not source.subdomains:
        raise _bad("subdomains", "the address has {s}: say what may stand there")
    good = all(re.fullmatch(r"[A-Za-z0-9-]{1,32}", name) for name in source.subdomains)
    if not good or len(source.subdomains) > 32:
        raise _bad("subdomains", "at most 32 short names of letters and digits")


def _bad(field: str, why: str) -> KnownError:
    return KnownError("bad_basemap_source", f"This base map cannot be used: {why}.", field=field)
