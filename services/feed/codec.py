"""Frames to bytes and back, in JSON and MessagePack; size and nesting are checked first.

Depth is found without recursion and before anything is built. Frames from a hub are typed to the
last field, so only what we do not know could nest, and the decoder steps over that under the
interpreter's own recursion guard; the walk of a MessagePack snapshot would cost more than it.
"""

from __future__ import annotations

import re
import struct
from typing import Literal

import msgspec
import numpy as np

from services.domain.errors import KnownError
from services.domain.keys import check_keys, doubled
from services.feed.frames import (
    SUBPROTOCOL_JSON,
    SUBPROTOCOL_MSGPACK,
    ClientFrame,
    HubFrame,
)

CodecName = Literal["json", "msgpack"]
MAX_DEPTH = 32
MAX_CLIENT_BYTES = 256 * 1024
MAX_HUB_BYTES = 64 * 1024 * 1024

SUBPROTOCOLS: dict[CodecName, str] = {"json": SUBPROTOCOL_JSON, "msgpack": SUBPROTOCOL_MSGPACK}

_TO_JSON = msgspec.json.Encoder()
_TO_MSGPACK = msgspec.msgpack.Encoder()
_CLIENT_JSON: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)
_CLIENT_MSGPACK: msgspec.msgpack.Decoder[ClientFrame] = msgspec.msgpack.Decoder(ClientFrame)
_HUB_JSON: msgspec.json.Decoder[HubFrame] = msgspec.json.Decoder(HubFrame)
_HUB_MSGPACK: msgspec.msgpack.Decoder[HubFrame] = msgspec.msgpack.Decoder(HubFrame)


def encode(codec: CodecName, frame: ClientFrame | HubFrame) -> bytes:
    """A frame as bytes: UTF-8 text in JSON, binary in MessagePack."""
    return _TO_JSON.encode(frame) if codec == "json" else _TO_MSGPACK.encode(frame)


def decode_client(codec: CodecName, data: bytes, limit: int = MAX_CLIENT_BYTES) -> ClientFrame:
    """A client's frame. KnownError ``too_large``, ``too_deep``, ``duplicate_key`` or ``bad_frame``
    if it is none."""
    check_size(data, limit)
    check_depth(codec, data)
    try:
        frame = _CLIENT_JSON.decode(data) if codec == "json" else _CLIENT_MSGPACK.decode(data)
        if codec == "json":
            check_keys(data)
        elif (name := msgpack_twin(data)) is not None:
            raise doubled(name)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _bad(error) from None
    return frame


def decode_hub(codec: CodecName, data: bytes, limit: int = MAX_HUB_BYTES) -> HubFrame:
    """A hub's frame. KnownError ``too_large``, ``too_deep`` or ``bad_frame`` if it is none."""
    check_size(data, limit)
    try:
        return _HUB_JSON.decode(data) if codec == "json" else _HUB_MSGPACK.decode(data)
    except RecursionError:
        raise KnownError("too_deep", "The frame is nested too deeply.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _bad(error) from None


def _bad(error: Exception) -> KnownError:
    return KnownError("bad_frame", f"The frame cannot be read: {str(error)[:200]}.")


def check_size(data: bytes, limit: int) -> None:
    """KnownError ``too_large`` for more than ``limit`` bytes."""
    if len(data) > limit:
        raise KnownError("too_large", f"The frame has {len(data)} bytes; {limit} are allowed.")


def check_depth(codec: CodecName, data: bytes, limit: int = MAX_DEPTH) -> None:
    """KnownError ``too_deep`` for containers nested more than ``limit`` levels."""
    if len(data) <= limit:
        return  # every level takes a byte
    depth = json_depth(data) if codec == "json" else msgpack_depth(data, limit)
    if depth > limit:
        raise KnownError(
            "too_deep", f"The frame is nested more than {limit} levels deep.", params={"max": limit}
        )


# A JSON string, closed or cut off. Possessive, so that hostile text costs linear time.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKETS = bytes(b for b in range(256) if b not in b"[]{}")
_STEP = np.zeros(256, dtype=np.int64)
_STEP[list(b"[{")] = 1
_STEP[list(b"]}")] = -1


def json_depth(data: bytes) -> int:
    """How deep the containers of a JSON text nest, by its brackets outside strings."""
    brackets = _STRING.sub(b"", data).translate(None, _NO_BRACKETS)
    if not brackets:
        return 0
    return int(np.cumsum(_STEP[np.frombuffer(brackets, dtype=np.uint8)]).max())


def msgpack_depth(data: bytes, limit: int = MAX_DEPTH) -> int:
    """How deep the containers of a MessagePack value nest; stops counting beyond ``limit``.

    Only the shape is walked. Data that is cut off or wrong is left to the decoder to name.
    """
    left: list[int] = []  # values still to come, per open container
    deepest, at = 0, 0
    while at < len(data):
        size, children = _head(data, at)
        at += size
        if children:
            left.append(children)
            deepest = max(deepest, len(left))
            if deepest > limit:
                return deepest
            continue
        while left:
            left[-1] -= 1
            if left[-1]:
                break
            left.pop()
        if not left:
            return deepest
    return deepest


def msgpack_twin(data: bytes) -> str | None:
    """A name that stands twice in one map of a MessagePack value that decodes, None if none does.

    A map's names are told apart by what they say, not by how their length is written.
    """
    open_: list[tuple[set[bytes] | None, list[int]]] = []  # the names of a map; values to come
    at = 0
    while at < len(data):
        size, children = _head(data, at)
        if open_ and (names := open_[-1][0]) is not None and open_[-1][1][0] % 2 == 0:
            name = msgspec.json.encode(msgspec.msgpack.decode(data[at : at + size]))
            if name in names:
                return str(msgspec.json.decode(name))
            names.add(name)
        at += size
        if children:
            open_.append((set() if _is_map(data[at - size]) else None, [children]))
            continue
        while open_:
            open_[-1][1][0] -= 1
            if open_[-1][1][0]:
                break
            open_.pop()
        if not open_:
            break
    return None


def _is_map(tag: int) -> bool:
    return 0x80 <= tag <= 0x8F or tag in (0xDE, 0xDF)


# By the first byte of a value: the bytes it takes; the struct of the length that follows; the
# struct of the count that follows, and the values per count.
_SCALARS = {0xCA: 5, 0xCB: 9, 0xCC: 2, 0xCD: 3, 0xCE: 5, 0xCF: 9}
_SCALARS |= {0xD0: 2, 0xD1: 3, 0xD2: 5, 0xD3: 9, 0xD4: 3, 0xD5: 4, 0xD6: 6, 0xD7: 10, 0xD8: 18}
_BLOBS = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xD9: ">B", 0xDA: ">H", 0xDB: ">I"}
_BLOBS |= {0xC7: ">Bx", 0xC8: ">Hx", 0xC9: ">Ix"}
_CONTAINERS = {0xDC: (">H", 1), 0xDD: (">I", 1), 0xDE: (">H", 2), 0xDF: (">I", 2)}


def _head(data: bytes, at: int) -> tuple[int, int]:
    """The bytes that the value at ``at`` takes (a container: its head only), and its children."""
    tag = data[at]
    if tag <= 0x8F:  # small int, or a map of up to 15 pairs
        return 1, 2 * (tag & 0x0F) if tag >= 0x80 else 0
    if tag <= 0x9F:
        return 1, tag & 0x0F
    if tag <= 0xBF:
        return 1 + (tag & 0x1F), 0
    if tag in _CONTAINERS:
        shape, factor = _CONTAINERS[tag]
        return 1 + struct.calcsize(shape), factor * _length(data, at + 1, shape)
    if tag in _BLOBS:
        shape = _BLOBS[tag]
        return 1 + struct.calcsize(shape) + _length(data, at + 1, shape), 0
    return _SCALARS.get(tag, 1), 0


def _length(data: bytes, at: int, shape: str) -> int:
    try:
        (length,) = struct.unpack_from(shape, data, at)
    except struct.error:  # cut off: nothing follows, and the decoder will say so
        return 0
    return int(length)
