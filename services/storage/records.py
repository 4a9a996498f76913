"""Events, snapshots and keys as rows: the encodings of the store, pure functions."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from services.domain.errors import KnownError
from services.domain.events import Body, Event, subject
from services.domain.world import Tables

_BODY = msgspec.msgpack.Decoder(Body)
_TABLES = msgspec.msgpack.Decoder(Tables)
_ENCODER = msgspec.msgpack.Encoder()
_LENGTH = struct.Struct(">I")
MAX_PART_BYTES = 256 * 1024 * 1024


class KeyRow(msgspec.Struct, frozen=True):
    """A command's idempotency key, its payload's SHA-256, and the encoded result."""

    key: str
    fingerprint: bytes
    result: bytes
    time: float


class StoredSnapshot(msgspec.Struct, frozen=True):
    """A state at an offset; ``parts`` as World.restore takes them."""

    offset: int
    time: float
    parts: tuple[Tables, ...]


class Bounds(msgspec.Struct, frozen=True):
    """The ends of the log; offsets 0 and times 0.0 when it is empty."""

    epoch: str
    first_offset: int
    last_offset: int
    first_time: float
    last_time: float


def event_type(body: Body) -> str:
    """The body's tag, as in the log's ``type`` column."""
    return str(body.__struct_config__.tag)


def event_row(event: Event) -> dict[str, Any]:
    """An event as the columns of the log."""
    return {
        "offset": event.offset,
        "recv_time": event.recv_time,
        "event_time": event.event_time,
        "type": event_type(event.body),
        "subject": subject(event.body),
        "source": event.source,
        "body": _ENCODER.encode(event.body),
    }


def row_event(offset: int, recv_time: float, event_time: float, source: str, body: bytes) -> Event:
    """A row of the log as an event; a body that cannot be read is ``log_broken``."""
    try:
        decoded = _BODY.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise KnownError(
            "log_broken", f"event {offset} of the log cannot be read: {error}"
        ) from error
    return Event(
        offset=offset, recv_time=recv_time, event_time=event_time, source=source, body=decoded
    )


def pack_snapshot(parts: Iterable[Tables]) -> bytes:
    """Length-prefixed MessagePack parts, zlib-compressed together; off the loop, please."""
    squeeze = zlib.compressobj(1)
    out: list[bytes] = []
    for part in parts:
        data = _ENCODER.encode(part)
        out += (squeeze.compress(_LENGTH.pack(len(data))), squeeze.compress(data))
    out.append(squeeze.flush())
    return b"".join(out)


def unpack_snapshot(blob: bytes) -> Iterator[Tables]:
    """The parts of a blob; one that is damaged raises KnownError ``snapshot_broken``."""
    inflate = zlib.decompressobj()
    buffer = bytearray()
    try:
        for start in range(0, len(blob), 1 << 20):
            buffer += inflate.decompress(blob[start : start + (1 << 20)])
            yield from _take_parts(buffer)
        buffer += inflate.flush()
        yield from _take_parts(buffer)
    except (zlib.error, msgspec.DecodeError) as error:
        raise KnownError("snapshot_broken", f"a snapshot cannot be read: {error}") from error
    if buffer or not inflate.eof:
        raise KnownError("snapshot_broken", "a snapshot ends too early")


def _take_parts(buffer: bytearray) -> Iterator[Tables]:
    while len(buffer) >= _LENGTH.size:
        (length,) = _LENGTH.unpack_from(buffer)
        if length > MAX_PART_BYTES:
            raise KnownError("snapshot_broken", "a snapshot names an impossible part size")
        if len(buffer) < _LENGTH.size + length:
            return
        yield _TABLES.decode(bytes(buffer[_LENGTH.size : _LENGTH.size + length]))
        del buffer[: _LENGTH.size + length]
