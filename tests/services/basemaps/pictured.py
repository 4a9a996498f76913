"""Tiles and files of tiles for the tests of base maps."""

from __future__ import annotations

import io
import math
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

Tile = tuple[int, int, int]


def picture(color: str | tuple[int, ...], side: int = 256, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    mode = "RGBA" if isinstance(color, tuple) and len(color) == 4 else "RGB"
    Image.new(mode, (side, side), color).save(out, kind)
    return out.getvalue()


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def dotted(zoom: int, x: int, y: int, places: list[tuple[float, float]], side: int = 256) -> bytes:
    """A white tile with a black cross of one pixel at each of the places (world widths)."""
    image = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(image)
    for wx, wy in places:
        px, py = wx * side * 2**zoom - x * side, wy * side * 2**zoom - y * side
        draw.point((math.floor(px), math.floor(py)), "black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def mbtiles(path: Path, tiles: Mapping[Tile, bytes], **metadata: str) -> Path:
    """A file as other programs write it: rows counted from the south."""
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE metadata (name text, value text)")
        base.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer,"
            " tile_data blob)"
        )
        base.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        base.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            [(z, x, 2**z - 1 - y, data) for (z, x, y), data in tiles.items()],
        )
    base.close()
    return path


def pmtiles(path: Path, tiles: Mapping[Tile, bytes], kind: TileType = TileType.PNG) -> Path:
    with path.open("wb") as file:
        writer = Writer(file)
        for tile, data in sorted(tiles.items(), key=lambda item: zxy_to_tileid(*item[0])):
            writer.write_tile(zxy_to_tileid(*tile), data)
        levels = [z for z, _, _ in tiles]
        writer.finalize(
            {
                "tile_type": kind,
                "tile_compression": Compression.NONE,
                "min_zoom": min(levels),
                "max_zoom": max(levels),
                "min_lon_e7": 0,
                "min_lat_e7": 0,
                "max_lon_e7": 0,
                "max_lat_e7": 0,
                "center_zoom": 0,
                "center_lon_e7": 0,
                "center_lat_e7": 0,
            },
            {},
        )
    return path
