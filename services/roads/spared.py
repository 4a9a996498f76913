"""Marks of stretches that a closure leaves open, as the text that a thing keeps. Pure.

``101.81234,36.61234,1; …``: degrees and level, so that a person finds the place as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Mark = tuple[int, int, int]
MARKS_DEG = 1e5
"""Marks are counted in hundred-thousandths of a degree, about a metre."""
MOST_SPARED = 60
_MARK = re.compile(r"(-?\d{1,3}\.\d{5}),(-?\d{1,2}\.\d{5}),(-?\d{1,2})")


def spared_text(marks: Iterable[Mark]) -> str:
    """The marks in order, each once."""
    return "; ".join(
        f"{lon / MARKS_DEG:.5f},{lat / MARKS_DEG:.5f},{level}"
        for lon, lat, level in sorted(set(marks))
    )


def spared_marks(text: object) -> frozenset[Mark]:
    """The marks of a text; what cannot be read spares nothing."""
    if not isinstance(text, str):
        return frozenset()
    found = (_MARK.fullmatch(part.strip()) for part in text.split(";")[:MOST_SPARED])
    return frozenset(
        (round(float(m[1]) * MARKS_DEG), round(float(m[2]) * MARKS_DEG), int(m[3]))
        for m in found
        if m is not None
    )
