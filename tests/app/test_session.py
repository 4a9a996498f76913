"""A session between its source's thread and the read model: the clock of a replay that jumps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.bridge import ThreadBridge
from app.readmodel import CHUNK
from app.session import ConsoleSession
from layers.model.features import STALE
from services.domain.model import Entity
from services.domain.world import Delta
from services.feed.frames import ReplayState
from services.feed.source import (
    Capability,
    NoticeUpdate,
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


def test_a_replay_is_loading_until_every_mark_is_of_the_new_moment(qtbot: QtBot) -> None:
    made: list[Silent] = []

    def source(sink: Callable[[Update], None], _request: ReplayRequest | None) -> Silent:
        made.append(Silent(sink))
        return made[0]

    bridge = ThreadBridge()
    session = ConsoleSession(load(default_directory()), bridge, source, replay=True)
    session.start()
    made[0].jump(1_010.0)
    qtbot.waitUntil(lambda: session.model.now() == 1_010.0 and session.model.is_settled)
    told: list[float | None] = []
    behind: list[bool] = []
    session.loading.changed.connect(told.append)
    session.loading.changed.connect(
        lambda at: behind.append(not session.model.is_settled and not at)
    )
    session.replay("seek", at=2_000.0)
    session.replay("seek", at=99_000.0)
    many = {f"level_sensor:{n}": replace(SENSOR, id=f"level_sensor:{n}") for n in range(4 * CHUNK)}
    for at in (2_000.0, 9_000.0):  # the first is not where it was sent last
        made[0].sink(StateUpdate(Delta(reset=True, entities=dict(many))))
        state = ReplayState(at=at, offset=1, start=0.0, end=9_000.0, playing=False, speed=1.0)
        made[0].sink(ReplayUpdate(state))
    qtbot.waitUntil(lambda: session.loading.moment is None)
    assert told == [2_000.0, 9_000.0, None]
    assert behind == [False, False, False]
    assert len(session.model.store) == len(many)
    assert session.model.now() == 9_000.0
    session.replay("seek", at=100.0)
    made[0].sink(NoticeUpdate("too_fast", "too many replay orders at once"))
    qtbot.waitUntil(lambda: session.loading.moment is None)
    session.close()
    bridge.close()
