"""A tile server, and a clock that a test turns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.basemaps.server import TileServer


class Clock:
    """UNIX seconds."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TileServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = TileServer()
    yield made
    made.close()
