"""A few things of a town, as a data source sends them, and the demo's stream source."""

from __future__ import annotations

import contextlib
import json
import select
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tests.harness import LIMIT_S

HOME = (101.81, 36.60)
"""Longitude and latitude of the place where things happen; inside the bundled base map."""
Item = dict[str, Any]


def thing(kind: str, number: int, name: str, east: float = 0.0, north: float = 0.0) -> Item:
    """One thing, ``east`` and ``north`` degrees from home."""
    lon, lat = place(east, north)
    return {
        "type": "entity",
        "id": f"{kind}:{number:04d}",
        "kind": kind,
        "name": name,
        "lon": lon,
        "lat": lat,
        "link": "online",
    }


def place(east: float = 0.0, north: float = 0.0) -> tuple[float, float]:
    """Longitude and latitude, ``east`` and ``north`` degrees from home."""
    return round(HOME[0] + east, 6), round(HOME[1] + north, 6)


def camera(number: int, name: str, east: float = 0.0, north: float = 0.0) -> Item:
    """A street camera."""
    return {**thing("camera", number, name, east, north), "attrs": {"category": "street"}}


def team(number: int, name: str, east: float, speciality: str = "drainage") -> Item:
    """A team that waits."""
    item = thing("team", number, name, east)
    return {**item, "attrs": {"speciality": speciality, "members": 6}, "state": "idle"}


def stock(number: int, item: str, on_hand: int) -> Item:
    """What a warehouse holds."""
    return {
        "type": "stock",
        "warehouse_id": f"warehouse:{number:04d}",
        "item": item,
        "on_hand": on_hand,
    }


def level(metres: float) -> Item:
    """A reading of the level sensor."""
    return {"type": "reading", "id": "level_sensor:0001", "values": {"level": metres}}


def town(pumps: int = 5) -> list[Item]:
    """Two cameras, a level sensor, two teams, a warehouse with pumps and sandbags."""
    return [
        camera(1, "Kangle crossing east", east=-0.004),
        camera(2, "Kangle crossing west", east=-0.008),
        thing("level_sensor", 1, "Kangle underpass", north=0.004),
        team(1, "Drainage one", east=0.004),
        team(2, "Drainage two", east=0.006),
        thing("warehouse", 1, "East store", north=-0.004),
        stock(1, "pump", pumps),
        stock(1, "sandbag", 900),
    ]


@contextlib.contextmanager
def streams(port: int = 0) -> Iterator[int]:
    """The demo's stream source as a process of its own; its port."""
    command = [sys.executable, "-m", "services.video.demo_streams", "--child"]
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        readable, _, _ = select.select([process.stdout], [], [], LIMIT_S)
        assert readable, "the stream source did not start"
        yield int(json.loads(process.stdout.readline())["port"])
    finally:
        # Killed: an orderly end is not what happens to cameras.
        process.kill()
        process.wait(LIMIT_S)
        process.stdin.close()
        process.stdout.close()
