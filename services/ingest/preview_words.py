"""An item of a preview in words: what will be loaded, with times as the district's clock shows
them, so that a wrong time zone is seen before it is loaded. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.domain.clock import BEIJING
from services.ingest.row_items import TIMES
from services.ingest.rows import shorten

_LEFT_OUT = ("type", "geometry")


def row_words(item: dict[str, object]) -> str:
    """``id A-1; title 井盖松动; reported_at 2022-01-22 00:07:00+08:00; attrs.floor 3``."""
    return "; ".join(_parts(item, ""))


def _parts(told: dict[str, object], before: str) -> Iterator[str]:
    for name, value in told.items():
        if name in _LEFT_OUT:
            continue
        if isinstance(value, dict):
            yield from _parts(value, f"{before}{name}.")
        elif name in TIMES and isinstance(value, float | int):
            moment = datetime.fromtimestamp(value, BEIJING)
            yield f"{before}{name} {moment.isoformat(' ', 'seconds')}"
        else:
            yield f"{before}{name} {shorten(str(value), 80)}"
