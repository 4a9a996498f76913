"""What is written: columns of values, places or shapes, and who takes it away, when and why.

Frozen; any thread. Positions are WGS-84 / CGCS2000 degrees until a writer shifts them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from services.domain.model import Ring

Format = Literal["csv", "xlsx", "geojson", "gpkg"]
OutDatum = Literal["wgs84", "gcj02"]
Crs = Literal["EPSG:4490", "EPSG:4326"]
Content = Literal["number", "text", "time", "flag"]
Shape = Literal["point", "polygon", "line"]
Floats = npt.NDArray[np.float64]
CHUNK = 2_000
"""Rows between two looks at whether somebody wants to stop."""
DATUM_WORDS: dict[OutDatum, str] = {"wgs84": "WGS-84", "gcj02": "GCJ-02"}


@dataclass(frozen=True, slots=True)
class OutColumn:
    """One column. ``name`` is the field's, ``title`` what a person reads, with its unit.

    ``number``, ``time`` (UNIX seconds) and ``flag`` (1 or 0) have ``numbers``, NaN for none; a
    ``text`` has ``texts``, None for none. Either has one entry per row.
    """

    name: str
    title: str
    content: Content
    numbers: Floats | None = None
    texts: Sequence[str | None] | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rows are: degrees, one each. ``rings`` has the shapes of areas and lines by row,
    ``shapes`` which of both; all others are points."""

    lon: Floats
    lat: Floats
    rings: Mapping[int, tuple[Ring, ...]] = field(default_factory=dict)
    shapes: Mapping[int, Shape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written; ``ids`` one per row."""

    title: str
    ids: Sequence[str]
    columns: tuple[OutColumn, ...]
    places: Places

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.ids)

    def let_go(self) -> None:
        """Forget the texts, a piece at a time: a million of them freed in one go hold up every
        other thread. The sheet is of no use any more."""
        for column in self.columns:
            if isinstance(column.texts, list):
                while column.texts:
                    del column.texts[-CHUNK:]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who takes it away, when and why, as the hub put it on record; in the words of the file."""

    record: str
    by: str
    at: str
    why: str
    layer: str
    filter: str
    rows: int
    as_of: str
    hub: str

    def facts(self, datum: str) -> list[tuple[str, str]]:
        """Name and value of each, those that are empty left out."""
        told = [
            ("exported_by", self.by),
            ("exported_at", self.at),
            ("why", self.why),
            ("layer", self.layer),
            ("filter", self.filter),
            ("rows", str(self.rows)),
            ("data_as_of", self.as_of),
            ("datum", datum),
            ("hub", self.hub),
            ("audit_record", self.record),
        ]
        return [(name, value) for name, value in told if value]


class StopError(Exception):
    """Somebody wanted no more of it."""


class Progress:
    """How far a writer is. One thread writes, any thread looks and may stop it."""

    def __init__(self) -> None:
        self.done = 0
        self._stop = threading.Event()

    def stop(self) -> None:
        """Have the writer end with ``StopError`` soon."""
        self._stop.set()

    def step(self, done: int) -> None:
        """So many rows are written."""
        self.done = done
        if self._stop.is_set():
            raise StopError

    def check(self) -> None:
        """Stop here, if somebody wants it."""
        self.step(self.done)


Step = Callable[[int], None]
