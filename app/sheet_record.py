"""A sheet that leaves this desk is on record before it is made. Worker threads.

The order is that of ``app.exporting``: the record at the hub, then the file; one that failed after
its record is told to the hub as well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.sheet_job import SheetJob, StoppedError
from services.domain.errors import KnownError
from services.feed.exports import ExportsClient

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOrder:
    """What leaves and why. ``as_of``: UNIX seconds of the moment that a replay shows."""

    title: str
    kinds: tuple[str, ...]
    rows: int
    format: str
    why: str
    seat: str
    as_of: float | None = None


def recorded(client: ExportsClient, order: SheetOrder) -> str:
    """Put on record what leaves; its number, "" for a map without any data of the city, which is no
    export. KnownError of the hub, ``export_no_record`` where it does not answer."""
    if not order.rows:
        return ""
    try:
        return client.begin(_asked(order)).id
    except KnownError as error:
        if error.code != "hub_unreachable":
            raise
        text = "the sheet cannot be put on record without the hub; nothing was written"
        raise KnownError("export_no_record", text) from error


def on_record(
    client: ExportsClient, order: SheetOrder, job: SheetJob, make: Callable[[SheetJob], T]
) -> T:
    """What ``make`` makes of the sheet, which names its record. A map without any data of the city
    is no export. KnownError of the hub, ``export_no_record`` where it does not answer: nothing was
    made then; and whatever ``make`` raises."""
    record = recorded(client, order)
    if not record:
        return make(job)
    job.note_record(record)
    try:
        return make(job)
    except BaseException as error:
        stopped = isinstance(error, StoppedError)
        code = "cancelled" if stopped else str(getattr(error, "code", "failed"))
        try:
            client.failed(record, code, order.seat)
        except KnownError as late:
            log.warning("the hub was not told that sheet %s failed: %s", record, late)
        raise


def _asked(order: SheetOrder) -> dict[str, object]:
    return {
        "why": order.why,
        "layer": order.title[:200] or "map",
        "kinds": list(order.kinds),
        "rows": order.rows,
        "format": order.format,
        "columns": ["map"],
        "datum": "CGCS2000",
        "as_of": order.as_of,
        "seat": order.seat,
    }
