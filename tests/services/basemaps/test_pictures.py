"""Pictures of tiles: bounded before they are unpacked, toned as asked."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from services.basemaps.grid import window
from services.basemaps.pictures import (
    MAX_BYTES,
    Look,
    cut,
    encoded,
    kind_of,
    laid_over,
    opened,
    toned,
)
from services.domain.errors import KnownError
from tests.services.basemaps.pictured import picture


def _bomb(side: int) -> bytes:
    """A PNG of some hundred bytes that says it is huge."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = b""
    for name, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 99)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + name + body
        chunks += struct.pack(">I", zlib.crc32(name + body))
    return b"\x89PNG\r\n\x1a\n" + chunks


def _gif() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>no such tile</html>",
        _gif(),
        _bomb(60_000),
        _bomb(1_025),
        _bomb(256),  # cut off
        picture("red")[:40],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"\xff\xd8\xff" + b"\0" * 100,
        b"RIFF\0\0\0\0WEBP" + b"\0" * 100,
        picture("red") + b"\0" * MAX_BYTES,
    ],
)
def test_what_is_no_tile_is_refused(data: bytes) -> None:
    with pytest.raises(KnownError) as refused:
        opened(data)
    assert refused.value.code == "bad_tile"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_three_formats_are_read(kind: str) -> None:
    data = picture("#204060", kind=kind)
    assert kind_of(data) == kind.lower()
    assert opened(data).size == (256, 256)


def test_pictures_of_another_size_fill_their_place() -> None:
    whole = cut(window(3, 1, 1, 3, "wgs84"), {(1, 1): picture("red", side=128)})
    assert whole.size == (256, 256)
    assert whole.convert("RGB").getpixel((250, 250)) == (255, 0, 0)


def test_a_part_of_a_level_above_is_enlarged() -> None:
    above = Image.new("RGB", (256, 256), "red")
    above.paste((0, 0, 255), (128, 0, 256, 256))
    out = io.BytesIO()
    above.save(out, "PNG")
    east = cut(window(4, 3, 2, 3, "wgs84"), {(1, 1): out.getvalue()}).convert("RGB")
    west = cut(window(4, 2, 2, 3, "wgs84"), {(1, 1): out.getvalue()}).convert("RGB")
    assert (west.getpixel((100, 100)), east.getpixel((100, 100))) == ((255, 0, 0), (0, 0, 255))


def test_labels_lie_over_the_map() -> None:
    labels = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    labels.putpixel((5, 5), (255, 255, 255, 255))
    both = laid_over(opened(picture("red")), labels)
    assert both.getpixel((5, 5))[:3] == (255, 255, 255)
    assert both.getpixel((6, 6))[:3] == (255, 0, 0)


def test_tones() -> None:
    red = opened(picture((200, 0, 0)))
    ground = (10, 20, 30)
    assert toned(red, Look()).getpixel((0, 0)) == (200, 0, 0)
    assert toned(red, Look(light=0.5)).getpixel((0, 0)) == (100, 0, 0)
    assert toned(red, Look(opacity=0.0, ground=ground)).getpixel((0, 0)) == ground
    grey = toned(red, Look(grey=1.0)).getpixel((0, 0))
    assert grey[0] == grey[1] == grey[2] == 60
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    assert toned(clear, Look(ground=ground)).getpixel((0, 0)) == ground
    assert not Look().changes
    assert Look(light=0.9).changes


def test_what_came_as_a_photograph_goes_on_as_one() -> None:
    image = opened(picture("#336699", kind="JPEG"))
    assert kind_of(encoded(image, "jpeg")) == "jpeg"
    assert kind_of(encoded(image, "png")) == "png"
