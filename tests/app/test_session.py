"""A session between its source's thread and the read model: the clock of a replay that jumps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import ThreadBridge
from app.session import ConsoleSession
from layers.model.features import STALE
from services.domain.model import Entity
from services.domain.world import Delta
from services.feed.frames import ReplayState
from services.feed.source import (
    Capability,
    ReplayAction,
    ReplayRequest,
    ReplayUpdate,
    StateUpdate,
    Update,
)
from services.packs.loader import default_directory, load

SENSOR = Entity(
    id="level_sensor:0001", kind="level_sensor", name="s", lon=101.8, lat=36.6, observed_at=1_000.0
)


class Silent:
    """A source that pushes what the test says."""

    capabilities: frozenset[Capability] = frozenset()
    ended = True

    def __init__(self, sink: Callable[[Update], None]) -> None:
        self.sink = sink

    def start(self) -> None: ...

    def leave(self) -> None: ...

    def close(self, timeout_s: float = 5.0) -> None: ...

    def command(
        self, key: str, name: str, args: dict[str, object], expect_version: int | None = None
    ) -> None: ...

    def replay(self, action: ReplayAction, **_how: float | None) -> None: ...

    def jump(self, at: float) -> None:
        """The state first, where the replay stands then, as a hub sends them."""
        self.sink(StateUpdate(Delta(reset=True, entities={SENSOR.id: SENSOR})))
        state = ReplayState(at=at, offset=1, start=0.0, end=9_000.0, playing=False, speed=1.0)
        self.sink(ReplayUpdate(state))


@pytest.mark.parametrize(("before", "after"), [(1_010.0, 5_000.0), (5_000.0, 1_010.0)])
def test_what_is_stale_follows_the_clock_of_a_replay_that_jumps(
    qtbot: QtBot, before: float, after: float
) -> None:
    made: list[Silent] = []

    def source(sink: Callable[[Update], None], _request: ReplayRequest | None) -> Silent:
        made.append(Silent(sink))
        return made[0]

    bridge = ThreadBridge()
    session = ConsoleSession(load(default_directory()), bridge, source, replay=True)
    session.start()
    for at in (before, after):
        made[0].jump(at)
        qtbot.waitUntil(lambda now=at: session.model.now() == now)
        row = session.model.store.row_of(SENSOR.id)
        assert row is not None
        stale = bool(session.model.store.flags[row] & STALE)
        assert stale == (at > 2_000.0)
    session.close()
    bridge.close()
