"""A recorded time series sent as if it happened now: ``onemap send-series``.

One thread. The recording's own times are kept in proportion: its first reading is now, and a
reading that was recorded t seconds later is sent, and stamped, t / speed seconds from now.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.ingest import rows
from services.ingest.csv_source import CsvSource
from services.ingest.http_client import HubClient, Item
from services.ingest.rows import Row, moment, number, time_zone
from services.tls.contexts import trust

LEAST_SPEED, MOST_SPEED = 0.01, 100_000.0
MOST_READINGS = 200_000
WAITS_S = (0.2, 0.4, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOptions:
    """``onemap send-series FILE --id ID --measure NAME --column NAME …``; each field is an option.

    path: FILE, a CSV with a header row.
    id: ``--id``: the thing that the readings are said to come from.
    measure: ``--measure``: name of a measure that its kind declares, such as ``level``.
    column: ``--column``: the values. time_column: ``--time-column``: their times.
    where: ``--where COLUMN=TEXT`` repeated: only rows in which the column says this
        (make it with ``services.ingest.importer.pairs(words, "where")``).
    scale, offset, floor: ``--scale``, ``--offset``, ``--floor``: what is sent is
        max(value * scale + offset, floor), rounded to millimetres of its unit; no floor if None.
    start, end: ``--from``, ``--to``: ISO 8601; only readings of that span, both ends included.
    timezone: ``--timezone``: IANA name of the clock behind times that carry no offset.
    speed: ``--speed``: recorded seconds per second.
    url, token, ca: of the hub, with role ``ingest`` (account ``source``).
    stop_event: set it to end early.
    """

    path: Path
    id: str
    measure: str
    column: str
    time_column: str
    where: dict[str, str] = field(default_factory=dict)
    scale: float = 1.0
    offset: float = 0.0
    floor: float | None = None
    start: str = ""
    end: str = ""
    timezone: str = ""
    speed: float = 1.0
    url: str = ""
    token: str = ""
    ca: Path | None = None
    stop_event: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Reading:
    """One recorded value as it will be sent, and its recorded time in UNIX seconds."""

    time: float
    value: float


@dataclass(frozen=True, slots=True)
class SeriesReport:
    """What was sent of ``total`` readings. ``reasons``: why rows or readings were refused, and how
    often. ``interrupted``: by a person (Ctrl-C) before the end."""

    sent: int
    refused: int
    low: float
    high: float
    seconds: float
    reasons: dict[str, int]
    total: int = 0
    interrupted: bool = False

    def lines(self) -> list[str]:
        """The report for a terminal."""
        text = f"sent {self.sent} readings of {self.low:g} … {self.high:g} in {self.seconds:.0f} s"
        if self.interrupted:
            text = f"interrupted: sent {self.sent} of {self.total} readings in {self.seconds:.0f} s"
        refused = [f"  {n} refused: {why}" for why, n in self.reasons.items()]
        return [f"{text}, refused {self.refused}", *refused]


def load(options: SeriesOptions) -> tuple[list[Reading], Counter[str]]:
    """The readings to send, by time, and why other rows cannot be; KnownError if none is left."""
    for name, value in (("speed", options.speed), ("scale", options.scale)):
        if not LEAST_SPEED <= abs(value) <= MOST_SPEED or (name == "speed" and value < 0):
            raise KnownError("out_of_range", f"the {name} {value:g} is out of range", field=name)
    zone = time_zone(options.timezone)
    start = moment(options.start, "from", zone) if options.start else float("-inf")
    end = moment(options.end, "to", zone) if options.end else float("inf")
    source = CsvSource(options.path)
    for column in (options.column, options.time_column, *options.where):
        if column not in source.format.columns:
            known = ", ".join(source.format.columns)
            raise KnownError(
                "unknown_column",
                f"there is no column “{column}”; there are {known}",
                field="column",
            )
    readings: list[Reading] = []
    bad: Counter[str] = Counter()
    for reading in _read(source.rows(), options, zone, bad):
        if start <= reading.time <= end:
            readings.append(reading)
        if len(readings) > MOST_READINGS:
            raise KnownError("too_many", f"more than {MOST_READINGS:,} readings; narrow the span")
    if not readings:
        raise KnownError("empty_series", "no row of the file passes --where, --from and --to")
    return sorted(readings, key=lambda r: r.time), bad


def _read(
    found: Iterator[Row], options: SeriesOptions, zone: tzinfo | None, bad: Counter[str]
) -> Iterator[Reading]:
    for row in found:
        try:
            if row.problem is not None:
                raise row.problem
            if any(row.cells[name].strip() != text for name, text in options.where.items()):
                continue
            value = number(row.cells[options.column], options.column)
            value = value * options.scale + options.offset
            if options.floor is not None:
                value = max(value, options.floor)
            at = moment(row.cells[options.time_column], options.time_column, zone)
        except KnownError as why:
            bad[rows.shorten(str(why), 120)] += 1
        else:
            yield Reading(at, round(value, 3))


def send(
    options: SeriesOptions,
    *,
    client: HubClient | None = None,
    clock: Clock = time.time,
    wait: Callable[[float], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SeriesReport:
    """Load the file, then send each reading at its moment; ends early when told to.

    ``clock`` answers UNIX seconds; ``wait`` pauses and answers True when all should end, as
    ``stop_event.wait`` does. ``progress`` hears (sent, all). Raises KnownError when the thing or
    its measure is not known to the hub, or the hub goes away.
    """
    readings, reasons = load(options)
    pause = wait if wait is not None else options.stop_event.wait
    own = client or HubClient(
        options.url,
        options.token,
        waits=WAITS_S,
        wait=pause,
        trust=trust(options.url, options.ca),
    )
    refused = sum(reasons.values())
    sent, begin, first = 0, clock(), readings[0].time
    interrupted = False
    try:
        for group in _paced(readings, begin, first, options.speed, clock, pause):
            items = [_item(options, r, begin + (r.time - first) / options.speed) for r in group]
            result = own.ingest(items)
            sent += result.accepted
            refused += len(result.refused)
            reasons.update(r.text for r in result.refused)
            if not sent and result.refused:
                why = result.refused[0]
                raise KnownError(why.code, why.text, field=why.field)
            if progress is not None:
                progress(sent, len(readings))
    except KeyboardInterrupt:
        interrupted = True
    finally:
        if client is None:
            own.close()
    values = [r.value for r in readings]
    return SeriesReport(
        sent,
        refused,
        min(values),
        max(values),
        clock() - begin,
        dict(reasons),
        total=len(readings),
        interrupted=interrupted,
    )


def _paced(
    readings: list[Reading],
    begin: float,
    first: float,
    speed: float,
    clock: Clock,
    pause: Callable[[float], bool],
) -> Iterator[list[Reading]]:
    """Groups of readings, each when its moment has come; several that are due go together."""
    place = 0
    while place < len(readings):
        due = begin + (readings[place].time - first) / speed
        left = due - clock()
        if left > 0 and pause(left):
            return
        now = max(clock(), due)
        end = place
        while end < len(readings) and begin + (readings[end].time - first) / speed <= now:
            end += 1
        yield readings[place:end]
        place = end


def _item(options: SeriesOptions, reading: Reading, at: float) -> Item:
    return {
        "type": "reading",
        "id": options.id,
        "time": round(at, 3),
        "values": {options.measure: reading.value},
    }
