"""Columns of a driver as texts, cell by cell, without losing a digit or a character. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from services.ingest.gis.dbf import Table, text_of
from services.ingest.rows import shorten

EXACT = 2.0**53
"""From here on a float does not hold every whole number."""
MAX_CELL = 20_000
Problems = dict[int, tuple[str, str]]


class Cells:
    """The columns of one layer. ``told``: the driver's ``fields`` and ``dtypes``."""

    def __init__(
        self, codec: str, table: Table | None, told: Mapping[str, Any], left_out: frozenset[str]
    ) -> None:
        self._codec = codec
        self._whole: set[int] = set()
        self._widths: dict[int, int] = {}
        if table is not None and len(table.columns) == len(told["fields"]):
            self._whole = {i for i, c in enumerate(table.columns) if c.whole}
            self._widths = {i: c.width for i, c in enumerate(table.columns) if c.text}
        types = told.get("ogr_types")
        if types is not None and table is None:
            self._whole = {i for i, t in enumerate(types) if str(t).startswith("OFTInteger")}
        self.columns: list[tuple[str, int]] = []
        seen: set[str] = set()
        for place, raw in enumerate(told["fields"]):
            name = self._name(str(raw), place, seen)
            seen.add(name)
            if str(raw) not in left_out:
                self.columns.append((name, place))

    def _name(self, raw: str, place: int, seen: set[str]) -> str:
        try:
            name = self._decoded(raw, 0).strip()
        except UnicodeError:
            name = ""
        name = "".join(c for c in name if c.isprintable())[:200] or f"column {place + 1}"
        return name if name not in seen else f"{name} ({place + 1})"

    def _decoded(self, text: str, width: int) -> str:
        """What came byte by byte, as text."""
        if text.isascii():
            return text
        raw = text.encode("latin-1")
        return text_of(raw, self._codec, filled=width > 0 and len(raw) >= width)

    def texts(
        self, columns: list[Any], size: int, problems: Problems
    ) -> tuple[tuple[str, ...], ...]:
        """The cells of every column that is kept, ``size`` each."""
        return tuple(
            tuple(self._column(columns[place], place, name, size, problems))
            for name, place in self.columns
        )

    def _column(
        self, values: Any, place: int, name: str, size: int, problems: Problems
    ) -> list[str]:
        found: list[str] = []
        width = self._widths.get(place, 0)
        for row, value in enumerate(_listed(values)[:size]):
            try:
                found.append(self._text(value, place, width))
            except UnicodeError:
                found.append("")
                problems.setdefault(
                    row, ("bad_text", f"“{shorten(name)}” is not text in the file's encoding")
                )
            except ValueError as error:
                found.append("")
                problems.setdefault(row, ("not_exact", f"“{shorten(name)}” {error}"))
        return found

    def _text(self, value: Any, place: int, width: int) -> str:
        if value is None or (value is False and place in self._widths):
            return ""
        if isinstance(value, str):
            if len(value) > MAX_CELL:
                raise ValueError(f"has more than {MAX_CELL:,} characters")
            return self._decoded(value, width)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float):
            return self._number(value, place)
        if isinstance(value, bytes):
            return ""
        text = value.isoformat(" ") if hasattr(value, "hour") else str(value)
        return "" if text == "NaT" else text

    def _number(self, value: float, place: int) -> str:
        if value != value:
            return ""
        if place in self._whole and abs(value) >= EXACT:
            raise ValueError("holds a number of more than 15 digits; keep such numbers as text")
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)


def _listed(values: Any) -> list[Any]:
    """Python's own values; times to the millisecond."""
    if isinstance(values, np.ndarray):
        listed: list[Any] = values.tolist()
        return listed
    return list(values)
