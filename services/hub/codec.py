"""What the hub adds to the feed's codec: choosing one, and refusing numbers that are none."""

from __future__ import annotations

import msgspec

from services.feed.codec import SUBPROTOCOLS, CodecName, decode_client
from services.feed.frames import ClientFrame
from services.hub.limits import check_finite


def negotiate(offered: list[str]) -> tuple[CodecName, str | None] | None:
    """The codec and the subprotocol to answer with; JSON when none is offered, None when none
    of the offered ones is ours."""
    if SUBPROTOCOLS["msgpack"] in offered:
        return "msgpack", SUBPROTOCOLS["msgpack"]
    if SUBPROTOCOLS["json"] in offered:
        return "json", SUBPROTOCOLS["json"]
    return None if offered else ("json", None)


def decode(codec: CodecName, data: bytes) -> ClientFrame:
    """A client's frame. KnownError ``too_large``, ``too_deep``, ``bad_frame`` or ``not_finite``."""
    frame = decode_client(codec, data)
    check_finite(msgspec.structs.asdict(frame), "frame")
    return frame
