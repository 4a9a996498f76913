"""A finished download as a base map."""

from __future__ import annotations

import contextlib
from pathlib import Path

from services.basemaps.model import MAX_LEVEL, Source
from services.storage.mbtiles import MbtilesReader


def as_source(path: Path, id_: str, title_zh: str, title_en: str) -> Source:
    """The description of a finished file as a base map. KnownError of the reader."""
    reader = MbtilesReader(path)
    with contextlib.closing(reader):
        told = reader.metadata
        datum = told.get("onemap_datum", "wgs84")
        return Source(
            id=id_,
            title_zh=title_zh,
            title_en=title_en,
            type="mbtiles",
            address=str(path),
            datum=datum if datum in ("wgs84", "gcj02") else "wgs84",
            min_level=min(reader.min_level, MAX_LEVEL),
            max_level=min(reader.max_level, MAX_LEVEL),
            attribution=told.get("attribution", "")[:300],
            bulk="forbidden",
        )
