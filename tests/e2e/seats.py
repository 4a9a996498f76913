"""Consoles at a hub, and the windows of a console by their types."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from app.console import Console
from app.windows.desk import DeskWindow
from app.windows.video import VideoWindow
from app.windows.wall import WallWindow
from services.domain.world import World
from services.storage.reader import LogReader
from tests.harness import HubProcess


class OpenConsole(Protocol):
    """Starts a console as the product does; it is closed with the test."""

    def __call__(
        self,
        hub: HubProcess,
        user: str = "duty1",
        windows: tuple[str, ...] = ("desk",),
        lang: str = "en",
    ) -> Console: ...


def desk(console: Console, name: str = "desk") -> DeskWindow:
    """The desk of a console, or its replay window."""
    window = console.windows[name]
    assert isinstance(window, DeskWindow)
    return window


def wall(console: Console) -> WallWindow:
    """The wall of a console."""
    window = console.windows["wall"]
    assert isinstance(window, WallWindow)
    return window


def video(console: Console) -> VideoWindow:
    """The video window of a console."""
    window = console.windows["video"]
    assert isinstance(window, VideoWindow)
    return window


def stored(data: Path) -> World:
    """What the store of a hub on ``data`` holds, folded from its very first event on."""
    reader = LogReader(data / "onemap.sqlite")
    try:
        bounds = reader.bounds()
        world = World(bounds.epoch)
        for event in reader.tail(0, bounds.last_offset):
            world.apply(event)
            assert all(line.free >= 0 for line in world.stock.values()), event
        return world
    finally:
        reader.close()
