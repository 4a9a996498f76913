"""TOML of settings files, read so that a hostile file costs no more than its size. Pure."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MAX_DEPTH = 32
"""Of brackets, and of the parts of a dotted name."""

# Strings and comments, closed or cut off. Possessive, so that hostile text costs linear time.
_PASSED_OVER = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^\\"\n]|\\.)*+(?:"|$|\Z)'
    r"|'[^'\n]*+(?:'|$|\Z)"
    r"|#[^\n]*+",
    re.DOTALL | re.MULTILINE,
)
_BRACKET = re.compile(r"[\[\]{}]")
_DOTTED = re.compile(rf"(?:\.[^.\n\[\]{{}},=]*+){{{MAX_DEPTH}}}")


def loads(text: str) -> dict[str, Any]:
    """``tomllib.loads`` that raises TOMLDecodeError for everything that it cannot read.

    Nesting and dotted names are bounded first: the decoder is recursive, and takes time with the
    square of the parts of a name. Line numbers are told as the decoder tells them.
    """
    bare = _PASSED_OVER.sub(lambda m: "\n" * m[0].count("\n"), text)
    depth = 0
    for bracket in _BRACKET.finditer(bare):
        depth = max(0, depth + (1 if bracket[0] in "[{" else -1))
        if depth > MAX_DEPTH:
            raise _error(f"nested more than {MAX_DEPTH} levels deep", bare, bracket.start())
    dotted = _DOTTED.search(bare)
    if dotted is not None:
        raise _error(f"a name of more than {MAX_DEPTH} parts", bare, dotted.start())
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, at_end, _ = str(error).partition(" (at end of document)")
        if not at_end:
            raise
        raise _error(what, text, len(text.rstrip())) from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits
        what = "a number is too long" if "digits" in str(error) else str(error)[:200]
        raise tomllib.TOMLDecodeError(what) from None


def _error(what: str, text: str, at: int) -> tomllib.TOMLDecodeError:
    line = text.count("\n", 0, at) + 1
    return tomllib.TOMLDecodeError(f"{what} (at line {line}, column 1)")
