"""Pictures of tiles: what is taken for one, cut, laid over another, dimmed. Pillow; any thread."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from services.basemaps.grid import Window
from services.domain.errors import KnownError

MAX_BYTES = 4 * 1024 * 1024
"""Of one picture as it comes."""
MAX_SIDE = 1_024
JPEG_QUALITY = 90
_KINDS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True, slots=True)
class Look:
    """How a base map is toned down under the marks. ``opacity``, ``grey`` and ``light``: 0 to 1;
    ``ground``: the colour under it, red, green, blue."""

    opacity: float = 1.0
    grey: float = 0.0
    light: float = 1.0
    ground: tuple[int, int, int] = (14, 20, 27)

    @property
    def changes(self) -> bool:
        """Whether pictures look other than they come."""
        return self.opacity < 1.0 or self.grey > 0.0 or self.light < 1.0


def kind_of(data: bytes) -> str:
    """png, jpeg or webp by the first bytes, "" for everything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def opened(data: bytes) -> Image.Image:
    """The picture as RGB or RGBA. KnownError ``bad_tile`` for what is none or is too large, which
    is found before anything is unpacked."""
    if len(data) > MAX_BYTES:
        raise _bad(f"more than {MAX_BYTES} bytes")
    if not kind_of(data):
        raise _bad("neither PNG nor JPEG nor WebP")
    try:
        image = Image.open(io.BytesIO(data), formats=_KINDS)
        if not (0 < image.width <= MAX_SIDE and 0 < image.height <= MAX_SIDE):
            raise _bad(f"{image.width} x {image.height} pixels")
        clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        return image.convert("RGBA" if clear else "RGB")
    except KnownError:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _bad(type(error).__name__) from error


def cut(window: Window, tiles: Mapping[tuple[int, int], bytes]) -> Image.Image:
    """The picture of a window, ``tile_px`` square; where there is no tile it is clear."""
    px, side = window.tile_px, window.side
    whole = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    for (x, y), data in tiles.items():
        tile = opened(data)
        if tile.size != (px, px):
            tile = tile.resize((px, px), Image.Resampling.BILINEAR)
        whole.paste(tile.convert("RGBA"), (x * px - window.left, y * px - window.top))
    if side != px:
        whole = whole.resize((px, px), Image.Resampling.BICUBIC)
    return whole


def laid_over(below: Image.Image, above: Image.Image) -> Image.Image:
    """One picture over the other."""
    if above.size != below.size:
        above = above.resize(below.size, Image.Resampling.BILINEAR)
    return Image.alpha_composite(below.convert("RGBA"), above.convert("RGBA"))


def toned(image: Image.Image, look: Look) -> Image.Image:
    """The picture as it is shown: without clear places, greyer, darker, mixed with the ground."""
    ground = Image.new("RGB", image.size, look.ground)
    if image.mode == "RGBA":
        flat = ground.copy()
        flat.paste(image, mask=image.getchannel("A"))
        image = flat
    if look.grey > 0.0:
        image = Image.blend(image, image.convert("L").convert("RGB"), min(look.grey, 1.0))
    if look.light < 1.0:
        light = max(look.light, 0.0)
        image = image.point([round(value * light) for value in range(256)] * 3)
    if look.opacity < 1.0:
        image = Image.blend(ground, image, max(look.opacity, 0.0))
    return image


def encoded(image: Image.Image, kind: str = "png") -> bytes:
    """The picture as PNG, or as JPEG for what came as JPEG."""
    out = io.BytesIO()
    if kind == "jpeg" and image.mode == "RGB":
        image.save(out, "JPEG", quality=JPEG_QUALITY)
    else:
        image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _bad(why: str) -> KnownError:
    return KnownError("bad_tile", f"What came is no picture of a tile: {why}.", params={"why": why})
