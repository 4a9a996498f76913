"""What the process that reads a foreign file is asked, and what it answers. Pure records.

Frames travel over a pipe as four bytes of length (big-endian) and MessagePack.
"""

from __future__ import annotations

from typing import Literal

import msgspec

MAX_FRAME_BYTES = 96 * 1024 * 1024
Action = Literal["describe", "look", "read"]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """``path``: the file; ``folder``: an empty one of ours to unpack into. ``layer`` "": the only
    one. ``encoding`` "": as found. ``crs`` "": the file's own; ``datum``: what its degrees mean.
    ``memory``, ``cpu_s``: the process's own limits, bytes and seconds."""

    action: Action
    path: str
    folder: str
    memory: int
    cpu_s: int
    layer: str = ""
    encoding: str = ""
    crs: str = ""
    datum: str = "wgs84"


class CrsInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A reference system. ``epsg`` 0: it has no number that we know. ``accuracy_m``: how well it
    can be brought to WGS 84; None: unknown, then it may be off by a hundred metres or more."""

    name: str
    epsg: int = 0
    degrees: bool = False
    accuracy_m: float | None = None


class LayerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One layer. ``count`` -1: not known before it is read. ``bounds``: west, south, east, north in
    the file's own numbers; None where it has no place. ``crs`` None: the file says none."""

    name: str
    geometry: str
    count: int
    columns: tuple[str, ...]
    crs: CrsInfo | None = None
    bounds: tuple[float, float, float, float] | None = None


class Described(msgspec.Struct, frozen=True, kw_only=True, tag="described"):
    """``encoding`` by name, ``encoding_from`` where it is known from: cpg, dbf, found, given or
    format. ``member``: what was read of an archive."""

    driver: str
    layers: tuple[LayerInfo, ...]
    encoding: str
    encoding_from: str
    member: str = ""


class Batch(msgspec.Struct, frozen=True, kw_only=True, tag="batch"):
    """Rows ``first`` … (counted from 1). ``cells``: texts by column, each as long as ``shapes``;
    ``shapes``: WKB in WGS-84 degrees, or None; ``problems``: why a row (by its place here) cannot
    be read: code and words."""

    first: int
    cells: tuple[tuple[str, ...], ...]
    shapes: tuple[bytes | None, ...]
    problems: dict[int, tuple[str, str]] = {}


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """It cannot be read, or not further. ``params`` as in a KnownError."""

    code: str
    text: str
    field: str | None = None


class Done(msgspec.Struct, frozen=True, tag="done"):
    """All was read."""


Frame = Described | Batch | Failed | Done
ENCODE_FRAME = msgspec.msgpack.Encoder()
DECODE_FRAME: msgspec.msgpack.Decoder[Frame] = msgspec.msgpack.Decoder(Frame)
DECODE_REQUEST: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
