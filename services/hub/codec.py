"""Frames to bytes and back, for both subprotocols; sizes and nesting are checked first."""

from __future__ import annotations

from typing import Literal

import msgspec

from services.domain.errors import KnownError
from services.feed.frames import (
    SUBPROTOCOL_JSON,
    SUBPROTOCOL_MSGPACK,
    ClientFrame,
    HubFrame,
)
from services.hub.limits import check_finite, check_json_depth, check_msgpack_depth

CodecName = Literal["json", "msgpack"]
_JSON = msgspec.json.Decoder(ClientFrame)
_MSGPACK = msgspec.msgpack.Decoder(ClientFrame)
_TO_JSON = msgspec.json.Encoder()
_TO_MSGPACK = msgspec.msgpack.Encoder()


def negotiate(offered: list[str]) -> tuple[CodecName, str | None] | None:
    """The codec and the subprotocol to answer with; JSON when none is offered, None when none
    of the offered ones is ours."""
    if SUBPROTOCOL_MSGPACK in offered:
        return "msgpack", SUBPROTOCOL_MSGPACK
    if SUBPROTOCOL_JSON in offered:
        return "json", SUBPROTOCOL_JSON
    return None if offered else ("json", None)


def encode(codec: CodecName, frame: HubFrame) -> bytes:
    """A frame as bytes (UTF-8 text in JSON). NaN cannot occur: the border refuses it."""
    return _TO_JSON.encode(frame) if codec == "json" else _TO_MSGPACK.encode(frame)


def decode(codec: CodecName, data: bytes) -> ClientFrame:
    """A client's frame. KnownError ``too_deep``, ``bad_frame`` or ``not_finite`` if it is none."""
    frame: ClientFrame
    try:
        if codec == "json":
            check_json_depth(data)
            frame = _JSON.decode(data)
        else:
            check_msgpack_depth(data)
            frame = _MSGPACK.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise KnownError("bad_frame", f"the frame cannot be read: {error}") from error
    check_finite(msgspec.structs.asdict(frame), "frame")
    return frame
