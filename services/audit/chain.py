"""The hash chain over records: each hash covers the record and everything before it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from services.audit.record import Entry, canonical, numbered

_GENESIS = b"onemap audit chain 1\n"


class Head(msgspec.Struct, frozen=True):
    """Where a chain stands: its id, how many records it has, and the newest hash (32 bytes)."""

    chain: str
    count: int
    hash: bytes


class Line(msgspec.Struct, frozen=True):
    """A record as it is kept: canonical bytes and hash.

    ``columns``: what a table repeats beside the body for its indexes; None in a file.
    """

    seq: int
    body: bytes
    hash: bytes
    columns: tuple[object, ...] | None = None


def genesis(chain: str) -> Head:
    """The head of a chain without records; the id makes every chain another one."""
    return Head(chain, 0, hashlib.sha256(_GENESIS + chain.encode()).digest())


def link(previous: bytes, body: bytes) -> bytes:
    """SHA-256 of the previous hash and a record's canonical bytes."""
    return hashlib.sha256(previous + body).digest()


def extend(head: Head, entries: Sequence[Entry]) -> tuple[list[Line], Head]:
    """The lines that follow ``head``, and the head after them."""
    lines: list[Line] = []
    count, newest = head.count, head.hash
    for given in entries:
        count += 1
        record = numbered(given, count)
        body = canonical(record)
        newest = link(newest, body)
        columns = (record.time, record.type, record.actor, record.object, record.outcome)
        lines.append(Line(count, body, newest, columns))
    return lines, Head(head.chain, count, newest)
