"""Makes descriptions of base maps from what a person knows, and tries them out."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from services.basemaps.capabilities import Offer, capabilities_address, read
from services.basemaps.finished import as_source
from services.basemaps.grid import window, world_xy
from services.basemaps.health import TileError
from services.basemaps.http import TileHttp
from services.basemaps.model import MAX_LEVEL, Source, check_source, tile_url
from services.basemaps.pictures import kind_of, opened
from services.basemaps.pmtiles_file import PmtilesReader
from services.basemaps.provider import FileTiles
from services.domain.errors import KnownError

CHECK_LEVEL = 14
"""A level at which every source of a city has something."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a source gave for one tile: ``kind`` "" where it says that it has none there."""

    level: int
    kind: str
    pixels: int
    bytes: int
    seconds: float


def of_file(path: Path, id_: str, title: str) -> Source:
    """A file as a base map: its levels, datum and attribution as it says itself.

    KnownError ``bad_mbtiles``, ``bad_pmtiles``, ``vector_tiles``, ``bad_basemap_source``.
    """
    path = path.absolute()
    title = title or path.stem
    if path.suffix.lower() != ".pmtiles":
        return check_source(as_source(path, id_, title, title))
    with contextlib.closing(PmtilesReader(path)) as reader:
        return check_source(
            Source(
                id=id_,
                title_zh=title,
                title_en=title,
                type="pmtiles",
                address=str(path),
                min_level=min(reader.min_level, MAX_LEVEL),
                max_level=min(reader.max_level, MAX_LEVEL),
                bulk="forbidden",
            )
        )


def offered(address: str, http: TileHttp) -> Offer:
    """What the WMTS at an address offers. KnownError ``bad_capabilities``, ``tile_server``."""
    if not address.strip().startswith(("http://", "https://")):
        raise KnownError(
            "bad_capabilities",
            "These WMTS capabilities cannot be used: the address must begin with http:// or"
            " https://.",
            params={"why": "http(s)://"},
        )
    try:
        document = http.document(capabilities_address(address))
    except TileError as error:
        raise _server(error) from None
    return read(document, address.strip())


def with_key(source: Source, key: str) -> Source:
    """The source with a key in it; blanks and line ends around it are left away."""
    return msgspec.structs.replace(source, key=key.strip())


def check(source: Source, lon: float, lat: float, http: TileHttp) -> Found:
    """Ask for the tile at a place, as a map would. KnownError of the file, ``no_key`` and
    ``tile_server``, whose ``trouble`` is one of ``health.Trouble``."""
    level = min(max(CHECK_LEVEL, source.min_level), source.max_level)
    wx, wy = world_xy(lon, lat)
    here = int(wx * (1 << level)), int(wy * (1 << level))
    x, y = window(level, *here, level, source.datum, source.tile_px).tiles()[0]
    begin = time.monotonic()
    if source.is_file:
        with contextlib.closing(FileTiles(source)) as tiles:
            data = tiles.reader.read(level, x, y)
    else:
        if source.needs_key and not source.key:
            raise KnownError("no_key", "This base map needs a key.", params={"trouble": "no_key"})
        try:
            data = http.tile(tile_url(source, source.address, level, x, y)).data
        except TileError as error:
            raise _server(error) from None
    seconds = time.monotonic() - begin
    if data is None:
        return Found(level, "", 0, 0, seconds)
    return Found(level, kind_of(data), opened(data).width, len(data), seconds)


def _server(error: TileError) -> KnownError:
    words = {
        "no_answer": "it does not answer",
        "wrong_key": "it refuses the key",
        "too_many": "it takes no more questions for now",
        "server_error": "it fails",
        "no_picture": "what it sends is no picture",
        "redirected": "it points elsewhere, which is not followed",
        "untrusted": "its certificate is not trusted",
    }
    why = words.get(error.trouble, error.trouble)
    return KnownError(
        "tile_server",
        f"The tile server cannot be used: {why} ({error.detail}).",
        params={"trouble": error.trouble, "why": error.detail},
    )
