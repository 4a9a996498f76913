"""What the wall shows: numbers, the worst things in words, curves. Plain records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.domain.model import Severity

MAX_KPIS, MAX_WORST, MAX_CURVES = 7, 3, 4


@dataclass(frozen=True)
class KpiTile:
    """One big number as text, with what it is and a line below."""

    id: str
    label: str
    value: str
    detail: str = ""
    severity: Severity = Severity.NORMAL


@dataclass(frozen=True)
class WorstItem:
    """One thing that is wrong: what and where, and who is on it."""

    title: str
    detail: str
    severity: Severity


@dataclass(frozen=True)
class Curve:
    """One value over time: (N,) UNIX seconds and (N,) values, not-a-number makes a gap.

    ``limit`` is the next that would be crossed, ``crossed`` the worst that is.
    ``silent_s``: seconds after which its source counts as silent, and the line breaks.
    """

    id: str
    label: str
    unit: str
    times: Sequence[float]
    values: Sequence[float]
    limit: float | None = None
    severity: Severity = Severity.NORMAL
    newest: str = ""
    silent_s: float = 0.0
    crossed: float | None = None
