"""Cells of tables that people open in a spreadsheet: nothing in them is ever carried out."""

from __future__ import annotations

import math
import re

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


def safe_cell(text: str) -> str:
    """A cell for a CSV that people open in a spreadsheet: a formula becomes plain text.

    Full-width signs count: spreadsheets set to Chinese or Japanese read them as the narrow ones.
    """
    if not text.lstrip(" ").startswith(_FORMULA):
        return text
    is_number = _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))
    return text if is_number else "'" + text
