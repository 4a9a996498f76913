"""Outside data into typed records, with errors that name what and where."""

from __future__ import annotations

import math
import re
from typing import TypeVar

import msgspec

from services.domain.errors import KnownError

T = TypeVar("T")

_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"missing required field `([^`]+)`")
_CODES = (
    (re.compile(r"` of length <="), "too_long"),
    (re.compile(r"` (?:[<>]|of length)|out of range"), "out_of_range"),
    (re.compile(r"^Invalid enum value"), "unknown_value"),
)
_UNKNOWN = re.compile(r"contains unknown field `([^`]+)`")


def convert(value: object, type_: type[T], where: str = "") -> T:
    """``value`` (plain Python data) as ``type_``; KnownError naming the field under ``where``."""
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        raise known(error, where) from None


def known(error: msgspec.MsgspecError, where: str = "") -> KnownError:
    """A msgspec error as a KnownError: codes missing_field, unknown_field, unknown_value,
    out_of_range, too_long, wrong_type, malformed.

    ``where`` is put before the path: ``items[3]`` and ``$.lon`` make ``items[3].lon``.
    """
    match = _AT.match(str(error))
    what, path = (match["what"], match["path"] or "") if match else (str(error), "")
    if not isinstance(error, msgspec.ValidationError):
        return KnownError("malformed", f"The data is malformed: {what[:200]}.", field=where or None)
    missing, unknown = _MISSING.search(what), _UNKNOWN.search(what)
    if missing is not None:
        return KnownError(
            "missing_field",
            f"The field “{missing[1]}” is missing.",
            field=join(where, path + "." + missing[1]),
        )
    if unknown is not None:
        name = unknown[1][:60]
        return KnownError(
            "unknown_field", f"There is no field “{name}”.", field=join(where, path + "." + name)
        )
    code = next((code for pattern, code in _CODES if pattern.search(what)), "wrong_type")
    return KnownError(code, what[:200] + ".", field=join(where, path))


def join(where: str, path: str) -> str | None:
    """One place out of two: ``join("items[3]", ".lon") == "items[3].lon"``."""
    if not where:
        return path.lstrip(".") or None
    if path and path[0] not in ".[":
        path = "." + path
    return where + path


def finite(value: float, field: str) -> float:
    """The number itself; KnownError ``not_finite`` for NaN and the infinities."""
    if not math.isfinite(value):
        raise KnownError("not_finite", "The number is not finite.", field=field)
    return value
