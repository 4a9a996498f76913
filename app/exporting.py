"""One export from its record to its file, for the table window and the command line. Any worker.

The order is fixed: whether the file can be written at all, the record at the hub, then the file. A
file that failed after its record is told to the hub as well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.domain.clock import BEIJING
from services.domain.errors import KnownError
from services.exports.sheet import DATUM_WORDS, OutDatum, Progress, Provenance, Sheet, StopError
from services.exports.write import Manner, check_target, write
from services.feed.exports import ExportsClient, Recorded

log = logging.getLogger(__name__)
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """What is exported and why. ``as_of``: UNIX seconds of the moment that a replay shows."""

    layer: str
    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    filter: str
    why: str
    seat: str
    hub: str
    rows: int
    as_of: float | None = None


def export(
    client: ExportsClient,
    order: ExportOrder,
    make: Callable[[], Sheet],
    path: Path,
    manner: Manner,
    progress: Progress,
) -> list[Path]:
    """The files that are written. ``make`` gives the rows, once the export is on record.

    KnownError of the hub (``not_allowed``, ``hub_unreachable``: nothing was written) or of
    ``services.exports.write``; StopError where somebody stopped it.
    """
    check_target(path)
    datum = manner.crs if manner.format == "gpkg" else DATUM_WORDS[manner.datum]
    recorded = _record(client, _asked(order, manner.format, datum))
    about = Provenance(
        record=recorded.id,
        by=f"{recorded.name} ({recorded.user})",
        at=_moment(recorded.at),
        why=order.why,
        layer=order.layer,
        filter=order.filter,
        rows=order.rows,
        as_of="" if order.as_of is None else _moment(order.as_of),
        hub=order.hub,
    )
    try:
        sheet = make()
        try:
            return write(path, sheet, about, manner, progress)
        finally:
            sheet.let_go()
    except BaseException as error:
        _tell(client, recorded.id, error, order.seat)
        raise


def record_copy(client: ExportsClient, order: ExportOrder) -> Recorded:
    """Put on record that rows go to the clipboard. KnownError as ``export``."""
    return _record(client, _asked(order, "clipboard", DATUM_WORDS["wgs84"]))


def _record(client: ExportsClient, asked: Mapping[str, object]) -> Recorded:
    try:
        return client.begin(asked)
    except KnownError as error:
        if error.code != "hub_unreachable":
            raise
        text = "the export cannot be put on record without the hub; nothing was written"
        raise KnownError("export_no_record", text) from error


def _moment(seconds: float) -> str:
    """The time of the district, with its offset."""
    return datetime.fromtimestamp(seconds, BEIJING).isoformat(timespec="seconds")


def _asked(order: ExportOrder, format_: str, datum: str) -> dict[str, object]:
    return {
        "why": order.why,
        "layer": order.layer[:200],
        "kinds": list(order.kinds),
        "rows": order.rows,
        "format": format_,
        "columns": list(order.columns),
        "filter": order.filter,
        "datum": datum,
        "as_of": order.as_of,
        "seat": order.seat,
    }


def _tell(client: ExportsClient, id_: str, error: BaseException, seat: str) -> None:
    """That it failed is worth a record; that this cannot be said is not worth another failure."""
    code = CANCELLED if isinstance(error, StopError) else getattr(error, "code", "failed")
    try:
        client.failed(id_, str(code), seat)
    except KnownError as late:
        log.warning("the hub was not told that export %s failed (%s): %s", id_, code, late)


def manner_of(format_: str, datum: str, *, mark: bool = True, **words: tuple[str, str]) -> Manner:
    """How a file is written, from what was chosen; KnownError ``bad_option``."""
    formats = {"csv": "csv", "xlsx": "xlsx", "geojson": "geojson", "gpkg": "gpkg"}
    if format_ not in formats:
        raise KnownError("bad_option", f"there is no format “{format_}”", field="format")
    shifted: OutDatum = "gcj02" if datum == "gcj02" else "wgs84"
    known = {"wgs84", "gcj02"} if format_ != "gpkg" else {"EPSG:4490", "EPSG:4326"}
    if datum not in known:
        raise KnownError("bad_option", f"{format_} is not written in {datum}", field="datum")
    return Manner(
        format_,  # type: ignore[arg-type]  # one of the four
        shifted,
        "EPSG:4326" if datum == "EPSG:4326" else "EPSG:4490",
        mark,
        **words,
    )
