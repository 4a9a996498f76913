"""What a download would fetch, and whether there is room for it. Any thread."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from services.basemaps import region as regions
from services.basemaps.model import Source
from services.basemaps.region import Region
from services.domain.errors import KnownError

ROOM = 50_000_000
"""Bytes that a download leaves free."""
USUAL_BYTES = 18_000
"""Of a tile, before anything is known of a source."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a download would fetch: tiles in all, and by level; about how many bytes, and how many
    seconds it takes at a rate of one question a second."""

    total: int
    by_level: dict[int, int]
    bytes: int
    seconds: float = 0.0


def check_room(folder: Path, size: int) -> None:
    """KnownError ``download_no_room`` where a disk has no room for so many bytes."""
    place = next(p for p in (folder, *folder.absolute().parents) if p.is_dir())
    free = shutil.disk_usage(place).free
    if free < size + ROOM:
        raise KnownError(
            "download_no_room",
            f"The region takes about {size / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free.",
            params={"need": f"{size / 1e6:,.0f} MB", "free": f"{free / 1e6:,.0f} MB"},
        )


def plan(source: Source, region: Region, mean_bytes: float | None = None) -> Plan:
    """Count a region. KnownError ``bad_region``, ``region_too_large``, ``not_downloadable``."""
    check_source(source, region)
    by_level = regions.counts(region, source.datum)
    total = sum(by_level.values())
    asked = total * (2 if source.overlay else 1)
    return Plan(total, by_level, round(total * (mean_bytes or USUAL_BYTES)), float(asked))


def check_source(source: Source, region: Region) -> None:
    """Whether a source can give a region. KnownError ``not_downloadable``, ``bad_region``."""
    if not source.is_remote:
        raise KnownError("not_downloadable", "Only a tile server's map can be downloaded.")
    if region.first < source.min_level or region.last > source.max_level:
        raise KnownError(
            "bad_region",
            f"This base map has the levels {source.min_level} to {source.max_level}.",
            params={"why": f"{source.min_level}–{source.max_level}"},
        )
