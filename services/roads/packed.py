"""A road network as one block of bytes, to be kept in a file or sent, and what can be told of it.

Everything is checked when it is read: a damaged or made-up block is refused, never half used.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

from services.domain.errors import KnownError
from services.roads.network import RoadNetwork
from services.roads.plane import Plane
from services.roads.rules import RoadRules

FORMAT = 1
MAX_BYTES = 512 * 1024 * 1024
VERSION_LETTERS = 16


class RoadInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a network is: ``version`` "bundled" or the beginning of the block's SHA-256; ``name``
    of the file that it came from; times in UNIX seconds; ``bounds`` in degrees."""

    version: str
    name: str
    made_at: float
    stretches: int
    junctions: int
    road_km: float
    bounds: tuple[float, float, float, float]


class _Block(msgspec.Struct, frozen=True, kw_only=True):
    """Columns as little-endian bytes; ``points``: of each stretch."""

    format: int
    name: str
    made_at: float
    lon: float
    lat: float
    names: tuple[str, ...]
    classes: tuple[str, ...]
    nodes: bytes
    start: bytes
    end: bytes
    points: bytes
    course: bytes
    length_m: bytes
    mps: bytes
    one_way: bytes
    road: bytes
    klass: bytes
    level: bytes = b""
    """Empty in blocks of before: then all is on the ground."""


def packed(network: RoadNetwork, name: str, made_at: float) -> bytes:
    """The block of a network."""
    course, run = shapely.get_coordinates(network.line, return_index=True)
    block = _Block(
        format=FORMAT,
        name=name,
        made_at=made_at,
        lon=network.plane.lon,
        lat=network.plane.lat,
        names=network.names,
        classes=tuple(c.id for c in network.rules.classes),
        nodes=_bytes(network.nodes, "<f8"),
        start=_bytes(network.start, "<i8"),
        end=_bytes(network.end, "<i8"),
        points=_bytes(np.bincount(run, minlength=len(network)), "<i8"),
        course=_bytes(course, "<f8"),
        length_m=_bytes(network.length_m, "<f8"),
        mps=_bytes(network.mps, "<f8"),
        one_way=_bytes(network.one_way, "<i1"),
        road=_bytes(network.name, "<i8"),
        klass=_bytes(network.klass, "<i8"),
        level=_bytes(network.level, "<i1"),
    )
    return msgspec.msgpack.encode(block)


def version_of(data: bytes) -> str:
    """The version that a block is."""
    return hashlib.sha256(data).hexdigest()[:VERSION_LETTERS]


def unpacked(data: bytes, rules: RoadRules) -> tuple[RoadNetwork, RoadInfo]:
    """The network of a block; KnownError ``bad_roads``. Classes that ``rules`` do not have any
    more count as the last one."""
    if len(data) > MAX_BYTES:
        raise KnownError("bad_roads", f"A road network of more than {MAX_BYTES:,} bytes.")
    try:
        block = msgspec.msgpack.decode(data, type=_Block)
        if block.format != FORMAT:
            raise ValueError(f"format {block.format}, this program reads {FORMAT}")
        network = _network(block, rules)
    except (msgspec.MsgspecError, ValueError, IndexError, shapely.errors.GEOSException) as error:
        raise KnownError("bad_roads", f"The road network is damaged: {str(error)[:200]}") from error
    return network, info_of(network, version_of(data), block.name, block.made_at)


def info_of(network: RoadNetwork, version: str, name: str, made_at: float) -> RoadInfo:
    """What a network is."""
    return RoadInfo(
        version=version,
        name=name,
        made_at=made_at,
        stretches=len(network),
        junctions=len(network.nodes),
        road_km=round(float(network.length_m.sum()) / 1_000, 1),
        bounds=network.extent(),
    )


def _network(block: _Block, rules: RoadRules) -> RoadNetwork:
    known = {c.id: i for i, c in enumerate(rules.classes)}
    last = len(rules.classes) - 1
    classes = np.array([known.get(c, last) for c in block.classes], np.int64)
    start, end = _array(block.start, "<i8"), _array(block.end, "<i8")
    nodes = _array(block.nodes, "<f8").reshape(-1, 2)
    points = _array(block.points, "<i8")
    course = _array(block.course, "<f8").reshape(-1, 2)
    road, klass = _array(block.road, "<i8"), _array(block.klass, "<i8")
    length, mps = _array(block.length_m, "<f8"), _array(block.mps, "<f8")
    one_way = _array(block.one_way, "<i1")
    level = _array(block.level or bytes(len(start)), "<i1")
    columns = (end, points, length, mps, one_way, road, klass, level)
    _demand(len(start) > 0 and all(len(c) == len(start) for c in columns), "columns differ")
    _demand(bool((points >= 2).all()) and int(points.sum()) == len(course), "courses differ")
    for index, size in ((start, len(nodes)), (end, len(nodes)), (road, len(block.names))):
        _demand(bool(((index >= 0) & (index < size)).all()), "an index leads nowhere")
    _demand(bool(((klass >= 0) & (klass < len(classes))).all()), "a class that is not there")
    for numbers in (nodes, course, length, mps, np.array([block.lon, block.lat])):
        _demand(bool(np.isfinite(numbers).all()), "a number is not finite")
    _demand(bool((mps > 0).all() and (length >= 0).all()), "a speed or a length below zero")
    _demand(bool((np.abs(one_way) <= 1).all()), "a direction that is none")
    _demand(abs(block.lon) <= 180 and abs(block.lat) <= 85, "it lies nowhere")
    run = np.repeat(np.arange(len(start)), points)
    return RoadNetwork(
        plane=Plane(block.lon, block.lat),
        rules=rules,
        names=block.names,
        nodes=nodes,
        start=start,
        end=end,
        line=shapely.linestrings(course, indices=run),
        length_m=length,
        mps=mps,
        one_way=one_way,
        name=road,
        klass=classes[klass],
        level=level,
    )


def _demand(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)


def _bytes(column: npt.ArrayLike, kind: str) -> bytes:
    return np.asarray(column).astype(kind).tobytes()


def _array(data: bytes, kind: str) -> npt.NDArray[Any]:
    native = np.dtype(kind).newbyteorder("=")
    return np.frombuffer(data, dtype=kind).astype(native)
