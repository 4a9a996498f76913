"""The one shape in which every benchmark reports, as a table for people and JSON for machines.

No Qt here: the feed benchmark runs on a server.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

Figure = Literal["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "P12", "P13"]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One measured figure.

    ``figure`` is the number in the quality table (P1 … P13). ``size`` is how many things were
    measured with; ``peer`` names what the same run was compared with, None where there is none.
    ``target`` is the figure to reach in words (``≤ 50 ms``); ``ok`` says whether it was reached,
    None where this run could not decide it (say, a smaller size than the target speaks of).
    """

    figure: Figure
    name: str
    size: int
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    target: str = ""
    ok: bool | None = None

    @classmethod
    def at_most(
        cls, figure: Figure, name: str, size: int, value: float, unit: str, limit: float
    ) -> Row:
        """A figure that must not be above a limit in the same unit."""
        return cls(
            figure=figure,
            name=name,
            size=size,
            value=value,
            unit=unit,
            target=f"≤ {limit:g} {unit}",
            ok=value <= limit,
        )


def percentile(samples: Sequence[float], q: float) -> float:
    """The nearest-rank percentile of ``samples``; ``q`` in 0..100. ValueError when empty."""
    if not samples:
        raise ValueError("percentile of nothing")
    ordered = sorted(samples)
    rank = max(1, math.ceil(q / 100.0 * len(ordered)))
    return ordered[rank - 1]


def to_json(rows: Iterable[Row]) -> str:
    """All rows as one JSON list."""
    return msgspec.json.format(msgspec.json.encode(list(rows))).decode()


def to_table(rows: Iterable[Row]) -> str:
    """All rows as aligned text, one line each."""
    head = ("", "figure", "what", "size", "value", "peer", "target")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    verdict = {True: "ok", False: "MISS", None: "-"}[row.ok]
    peer = ""
    if row.peer is not None and row.peer_value is not None:
        peer = f"{row.peer} {row.peer_value:,.4g} {row.unit}"
    value = f"{row.value:,.4g}" if row.value < 10_000 else f"{row.value:,.0f}"
    return (
        verdict,
        row.figure,
        row.name,
        f"{row.size:,}",
        f"{value} {row.unit}",
        peer,
        row.target,
    )
