"""Events, snapshots and keys as rows: the encodings of the store, pure functions."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

import msgspec

from services.domain.errors import KnownError
from services.domain.events import Body, Event, subject
from services.domain.world import Tables

_BODY = msgspec.msgpack.Decoder(Body)
_TABLES = msgspec.msgpack.Decoder(Tables)
_ENCODER = msgspec.msgpack.Encoder()
_LENGTH = struct.Struct(">I")
_HEAD = struct.Struct("<qdd")
MAX_PART_BYTES = 256 * 1024 * 1024


class KeyRow(msgspec.Struct, frozen=True):
    """A command's idempotency key, its payload's SHA-256, and the encoded result."""

    key: str
    fingerprint: bytes
    result: bytes
    time: float


class LoadSpan(msgspec.Struct, frozen=True):
    """The events of (``first``, ``last``] came of rows of one load, and of nothing else."""

    load: str
    first: int
    last: int


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


def checksum(offset: int, recv_time: float, event_time: float, source: str, body: bytes) -> int:
    """CRC-32 of one event of the log: what is read must be what was written.

    ``type`` and ``subject`` are left out, because they follow from the body.
    """
    head = _HEAD.pack(offset, recv_time, event_time) + source.encode()
    return zlib.crc32(body, zlib.crc32(head))


def event_row(event: Event) -> tuple[int, float, float, str, str, str, bytes, int]:
    """An event as a row of the log, in the order of its columns."""
    body = _ENCODER.encode(event.body)
    offset, recv_time, event_time = event.offset, event.recv_time, event.event_time
    return (
        offset,
        recv_time,
        event_time,
        event_type(event.body),
        subject(event.body),
        event.source,
        body,
        checksum(offset, recv_time, event_time, event.source, body),
    )


def row_event(
    offset: int, recv_time: float, event_time: float, source: str, body: bytes, crc: int | None
) -> Event:
    """A row of the log as an event; one that is not as it was written is ``log_broken``."""
    if crc != checksum(offset, recv_time, event_time, source, body):
        raise log_broken(offset, "is damaged: its checksum does not fit")
    return unchecked_event(offset, recv_time, event_time, source, body)


def unchecked_event(
    offset: int, recv_time: float, event_time: float, source: str, body: bytes
) -> Event:
    """The same for a row from before there were checksums."""
    try:
        decoded = _BODY.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise log_broken(offset, f"cannot be read: {error}") from error
    return Event(
        offset=offset, recv_time=recv_time, event_time=event_time, source=source, body=decoded
    )


def log_broken(offset: int, what: str) -> KnownError:
    """What to say, and to do, about an event that is not as it was written."""
    return KnownError(
        "log_broken",
        f"event {offset} of the log {what}. The hub does not serve a damaged log: stop it, look "
        "with “onemap doctor”, and bring back a backup with “onemap restore”",
        params={"offset": offset},
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
