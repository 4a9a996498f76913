"""What a message may weigh, checked before anything is built from it. Pure; any thread."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from services.domain.errors import KnownError

MAX_DEPTH = 32
"""Nesting of a frame or an item; a polygon needs 6."""

# A string of JSON, closed or cut off. Possessive, so that hostile text costs linear time.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKETS = bytes(b for b in range(256) if b not in b"[]{}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, counts, rates per second and times in seconds of one hub."""

    hello_bytes: int = 4 * 1024
    frame_bytes: int = 256 * 1024
    hello_timeout_s: float = 10.0
    subscriptions: int = 16
    commands_per_s: float = 20.0
    command_burst: int = 40
    commands_waiting: int = 64
    http_commands_per_s: float = 100.0
    sessions: int = 400
    body_bytes: int = 8 * 1024 * 1024
    body_timeout_s: float = 30.0
    items: int = 5_000
    pending_items: int = 60_000
    resume_events: int = 200_000
    ring_events: int = 60_000
    frame_events: int = 5_000
    snapshot_part: int = 1_000
    heartbeat_s: float = 5.0
    silence_s: float = 10.0
    send_timeout_s: float = 20.0
    frame_interval_s: float = 0.04

    def public(self) -> dict[str, int]:
        """What a client should know, for Welcome."""
        return {
            "frame_bytes": self.frame_bytes,
            "depth": MAX_DEPTH,
            "subscriptions": self.subscriptions,
            "commands_per_s": int(self.commands_per_s),
        }


def check_json_depth(data: bytes, where: str = "") -> None:
    """Refuse JSON that nests deeper than MAX_DEPTH, before it is decoded; linear time."""
    bare = _STRING.sub(b"", data).translate(None, _NO_BRACKETS)
    marks = np.frombuffer(bare, dtype=np.uint8)
    if not len(marks):
        return
    opens = (marks == ord("[")) | (marks == ord("{"))
    deepest = int(np.cumsum(np.where(opens, 1, -1)).max())
    if deepest > MAX_DEPTH:
        raise _too_deep(where, deepest)


def check_msgpack_depth(data: bytes, where: str = "") -> None:
    """Refuse MessagePack that nests deeper than MAX_DEPTH, without recursion.

    Only the shape is walked; a message that is cut off or wrong is left to the decoder.
    """
    open_items: list[int] = []  # how many values are still to come, per open container
    position = 0
    while position < len(data):
        skip, children = _msgpack_head(data, position)
        position += skip
        if children:
            open_items.append(children)
            if len(open_items) > MAX_DEPTH:
                raise _too_deep(where, len(open_items))
            continue
        while open_items:
            open_items[-1] -= 1
            if open_items[-1]:
                break
            open_items.pop()
        else:
            return


_FIXED = {0xCA: 5, 0xCB: 9, 0xCC: 2, 0xCD: 3, 0xCE: 5, 0xCF: 9, 0xD0: 2, 0xD1: 3, 0xD2: 5, 0xD3: 9}
_FIXED |= {0xD4: 3, 0xD5: 4, 0xD6: 6, 0xD7: 10, 0xD8: 18}
_SIZED = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xD9: ">B", 0xDA: ">H", 0xDB: ">I"}
_SIZED |= {0xC7: ">B", 0xC8: ">H", 0xC9: ">I"}
_NESTED = {0xDC: (">H", 1), 0xDD: (">I", 1), 0xDE: (">H", 2), 0xDF: (">I", 2)}


def _msgpack_head(data: bytes, at: int) -> tuple[int, int]:
    """How many bytes the value at ``at`` takes (a container: its head), and its children."""
    tag = data[at]
    if 0x80 <= tag <= 0x8F:
        return 1, 2 * (tag & 0x0F)
    if 0x90 <= tag <= 0x9F:
        return 1, tag & 0x0F
    if 0xA0 <= tag <= 0xBF:
        return 1 + (tag & 0x1F), 0
    if tag in _NESTED:
        shape, factor = _NESTED[tag]
        size = struct.calcsize(shape)
        return 1 + size, factor * _length(data, at + 1, shape)
    if tag in _SIZED:
        shape = _SIZED[tag]
        extra = 1 if 0xC7 <= tag <= 0xC9 else 0
        return 1 + struct.calcsize(shape) + extra + _length(data, at + 1, shape), 0
    return _FIXED.get(tag, 1), 0


def _length(data: bytes, at: int, shape: str) -> int:
    try:
        (value,) = struct.unpack_from(shape, data, at)
    except struct.error:
        return len(data)  # cut off: the walk ends, the decoder will say so
    return int(value)


def _too_deep(where: str, depth: int) -> KnownError:
    return KnownError(
        "too_deep",
        f"the message nests {depth} levels deep; at most {MAX_DEPTH} are taken",
        field=where or None,
    )


def check_finite(value: object, where: str) -> None:
    """Refuse NaN and infinities anywhere in decoded arguments (nesting is already bounded)."""
    if isinstance(value, float) and not math.isfinite(value):
        raise KnownError("not_finite", "the value must be a finite number", field=where)
    if isinstance(value, dict):
        for key, inner in value.items():
            check_finite(inner, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            check_finite(inner, f"{where}[{index}]")


@dataclass(slots=True)
class Rate:
    """A token bucket: ``per_s`` on average, ``burst`` at once. ``clock`` gives seconds."""

    per_s: float
    burst: int
    clock: Callable[[], float]
    _level: float = field(init=False)
    _time: float = field(init=False)

    def __post_init__(self) -> None:
        self._level, self._time = float(self.burst), self.clock()

    def take(self) -> bool:
        """Whether one more is allowed now."""
        now = self.clock()
        self._level = min(float(self.burst), self._level + (now - self._time) * self.per_s)
        self._time = now
        if self._level < 1.0:
            return False
        self._level -= 1.0
        return True
