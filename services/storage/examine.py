"""Looks a store over completely without changing it: what doctor, backup and restore trust."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import msgspec

from services.domain.errors import KnownError
from services.domain.events import subject
from services.domain.world import World
from services.storage.migrate import check_revision
from services.storage.reader import CHUNK, LogReader
from services.storage.records import event_type, log_broken, unpack_snapshot

FIRST_WITH_CHECKSUMS = "0003"
NEWEST, SPOTS, SPOT = 5_000, 50, 50
Told = Callable[[str, int, int], None]
"""What is being done, how much of it is done, and of how much."""


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What a store holds that was found whole. ``digest`` is that of the state at ``offset``."""

    schema: str
    epoch: str
    first_offset: int
    offset: int
    events: int
    snapshots: int
    digest: str


def spot_check(reader: LogReader) -> None:
    """What a hub looks at before it serves: all of the newest events, and some from everywhere.

    Every other event is checked when it is read, and all of them by ``examine``.
    """
    bounds = reader.bounds()
    first, last = bounds.first_offset, bounds.last_offset
    if not last:
        return
    newest = max(first, last - NEWEST + 1)
    for start in range(first, newest, max(1, (newest - first) // SPOTS)):
        for _ in reader.tail(start - 1, min(newest, start + SPOT) - 1):
            pass
    for _ in reader.tail(newest - 1, last):
        pass


def _quiet(_what: str, _done: int, _all: int) -> None:
    """Nobody listens."""


def examine(path: Path, told: Told = _quiet, *, fold: bool = False) -> Findings:
    """Read everything once: SQLite's own check, every event against its checksum, its columns and
    its neighbours, every snapshot, and the state at the end. ``fold`` also folds the whole kept log
    and compares it with every snapshot, which takes as long as folding does.

    KnownError says what is wrong and where: ``store_damaged``, ``log_broken``, ``snapshot_broken``,
    ``newer_schema``, ``older_schema``.
    """
    schema = check_revision(path)
    if schema < FIRST_WITH_CHECKSUMS:
        raise KnownError(
            "older_schema",
            f"the event store has schema {schema}, which has no checksums yet; start the hub once, "
            "it brings the store up to date",
        )
    _check_pages(path, told)
    reader = LogReader(path)
    try:
        bounds, floor = reader.bounds(), reader.floor()
        count = _check_events(reader, floor, bounds.last_offset, told)
        stored = reader.snapshot_times()
        for done, (offset, _) in enumerate(stored):
            told("snapshots", done, len(stored))
            for _part in unpack_snapshot(reader.snapshot_blob(offset) or b""):
                pass
        last = max(bounds.last_offset, floor)
        world = reader.world_at(last, bounds.epoch)
        if fold:
            _check_fold(reader, floor, last, bounds.epoch, [o for o, _ in stored], told)
        return Findings(
            schema=schema,
            epoch=bounds.epoch,
            first_offset=bounds.first_offset,
            offset=world.offset,
            events=count,
            snapshots=len(stored),
            digest=world.digest(),
        )
    finally:
        reader.close()


def _check_pages(path: Path, told: Told) -> None:
    told("pages", 0, 1)
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    except sqlite3.Error as error:
        found = [str(error)]
    if found != ["ok"]:
        raise KnownError(
            "store_damaged",
            f"{path} is damaged ({'; '.join(found)[:300]}); bring back a backup with "
            "“onemap restore”",
        )


def _check_events(reader: LogReader, floor: int, last: int, told: Told) -> int:
    """Every event there is; holes are allowed up to the floor only. How many there are."""
    count, time, expected = 0, 0.0, 1
    while expected <= last:
        top = min(last, expected + CHUNK - 1)
        filed = reader.filed(expected, top)
        for event in reader.events(expected, top):
            if filed[event.offset] != (event_type(event.body), subject(event.body)):
                raise log_broken(event.offset, "is filed under another type or subject")
            if event.offset != expected and event.offset > floor + 1:
                raise log_broken(max(expected, floor + 1), "is missing")
            if event.recv_time < time:
                raise log_broken(event.offset, "was received before the one before it")
            time, expected = event.recv_time, event.offset + 1
            count += 1
        if expected <= top and top > floor:
            raise log_broken(max(expected, floor + 1), "is missing")
        expected = top + 1
        told("events", top, last)
    return count


def _check_fold(
    reader: LogReader, floor: int, last: int, epoch: str, stored: list[int], told: Told
) -> None:
    world = reader.world_at(floor, epoch) if floor else World(epoch)
    for offset in [o for o in stored if floor < o <= last] + [last]:
        for event in reader.tail(world.offset, offset):
            world.apply(event)
            if event.offset % CHUNK == 0:
                told("fold", event.offset, last)
        if world.digest() != reader.world_at(offset, epoch).digest():
            raise KnownError(
                "snapshot_broken",
                f"the snapshot at event {offset} is not the state that the log folds to",
                params={"offset": offset},
            )
