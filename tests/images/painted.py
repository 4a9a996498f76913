"""Pictures made for tests."""

from __future__ import annotations

import io

from PIL import Image


def plain_png(color: str, side: int = 256) -> bytes:
    """A square of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), color).save(out, "PNG")
    return out.getvalue()
