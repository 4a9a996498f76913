"""Names that stand twice in one JSON object: readers disagree on which one counts, so none does."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from services.domain.errors import KnownError

MAX_DIGITS = 4_000


class Doubled(dict[str, Any]):
    """An object in which ``name`` stood twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.name = next(name for i, name in enumerate(names) if name in names[:i])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Doubled(pairs)


def _whole(text: str) -> float:
    """A number; one that is longer than the interpreter reads is beyond every number anyway."""
    return int(text) if len(text) <= MAX_DIGITS else math.copysign(math.inf, float(text))


_decode = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole).decode


def loads(text: bytes) -> Any:
    """``json.loads`` of UTF-8 text, with ``Doubled`` in the place of such objects."""
    return _decode(text.decode())


def check_keys(text: bytes, where: str = "") -> None:
    """KnownError ``duplicate_key`` for a JSON text, already decoded once, with such an object."""
    if not _all_different(text):
        check_objects(loads(text), where)


def check_objects(value: object, where: str = "") -> None:
    """The same for a value from ``loads``; its nesting is bounded."""
    for name in _doubled(value):
        raise doubled(name, where)


def doubled(name: str, where: str = "") -> KnownError:
    """The refusal of a name that stands twice."""
    shown = ascii(name)[1:-1][:60] if not name.isprintable() else name[:60]
    return KnownError(
        "duplicate_key",
        f"The name “{shown}” stands twice in one object; give it once.",
        field=f"{where}.{shown}" if where else shown,
    )


def _all_different(text: bytes) -> bool:
    """Whether no name stands twice in the whole text; cheap, False where that is not plain."""
    if b"\\" in text:
        return False
    parts = text.split(b'"')  # without escapes every second part is a string
    names = [
        parts[i]
        for i in range(1, len(parts) - 1, 2)
        if parts[i + 1].startswith(b":") or parts[i + 1].lstrip().startswith(b":")
    ]
    return len(set(names)) == len(names)


def _doubled(value: object) -> Iterator[str]:
    if isinstance(value, Doubled):
        yield value.name
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _doubled(inner)
