"""A real hub that is away while orders are given, and a console that ends before it is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import ThreadBridge
from app.journal import Journal, open_journal
from app.operations import Operations
from app.orders import Kept
from app.session import ConsoleSession, Keeper
from services.feed.client import FeedClient
from services.feed.dialing import Timing
from services.feed.frames import Result
from services.feed.source import ReplayRequest, Update
from services.packs.loader import default_directory, load
from tests.harness import LIMIT_S, HubProcess, hub_process

LIMIT_MS = int(LIMIT_S * 1_000)
QUICK = Timing(first_wait=0.05, longest_wait=0.2)
CASE: dict[str, object] = {"category": "E05-06", "title": "积水", "lon": 101.8, "lat": 36.6}
ALARM = {"type": "alarm", "object_id": "level:1", "severity": "major", "text": "积水", "rule": "r"}
SENSOR = {
    "type": "entity",
    "id": "level:1",
    "kind": "level_sensor",
    "name": "甲",
    "lon": 101.77,
    "lat": 36.63,
}


class Desk:
    """A session as a console has it, and what it was told."""

    def __init__(self, hub: HubProcess, folder: Path) -> None:
        self.told: list[str] = []
        self._bridge = ThreadBridge()
        self._operations = Operations(self._bridge)
        journal = open_journal(folder, hub.url, "duty1")
        assert journal is not None
        self.journal: Journal = journal

        def source(sink: Callable[[Update], None], request: ReplayRequest | None) -> FeedClient:
            token = hub.token("duty1")
            return FeedClient(
                hub.url, token, seat="1", client="test", sink=sink, replay=request, timing=QUICK
            )

        keeper = Keeper(journal, self._operations)
        self.session = ConsoleSession(
            load(default_directory()), self._bridge, source, keeper=keeper
        )
        self.session.start()

    def give(self, name: str, args: dict[str, object], version: int | None = None) -> None:
        self.session.command(name, args, self._hear, version)

    def _hear(self, result: Result) -> None:
        self.told.append(result.error.code if result.error is not None else "done")

    def close(self) -> None:
        self.session.close()
        self._operations.close()
        self.journal.close()
        self._bridge.close()


@contextmanager
def at(hub: HubProcess, folder: Path) -> Iterator[Desk]:
    desk = Desk(hub, folder)
    try:
        yield desk
    finally:
        desk.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def wait(qtbot: QtBot, true: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(true()), timeout=LIMIT_MS)


def states(kept: tuple[Kept, ...]) -> list[str]:
    return [k.state for k in kept]


def test_an_order_given_without_a_line_survives_the_console_and_is_carried_out_once(
    qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    with hub_process(tmp_path) as hub:
        with at(hub, folder) as desk:
            wait(qtbot, lambda: desk.session.link.state == "live")
            hub.kill()
            wait(qtbot, lambda: desk.session.link.state == "offline")
            desk.give("case.create", CASE)
            wait(qtbot, lambda: desk.told)
            assert desk.told == ["queued"]
            # said only once it is on the disk: what another process would find there
            assert states(desk.journal.load()) == ["queued"]
        with at(hub, folder) as desk:
            assert states(desk.session.kept) == ["queued"], "taken up by the next console"
            hub.start()
            wait(qtbot, lambda: desk.session.model.cases and not desk.session.kept)
            assert [c.title for c in desk.session.model.cases.values()] == ["积水"]
            wait(qtbot, lambda: desk.journal.load() == ())
        assert hub.request("GET", "/api/v1/summary")["cases"] == 1


def test_an_order_that_conflicts_after_the_wait_is_shown_with_who_and_never_dropped(
    qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    with hub_process(tmp_path) as hub:
        hub.ingest(SENSOR, ALARM)
        with at(hub, folder) as desk:
            wait(qtbot, lambda: desk.session.model.alarms and desk.session.link.state == "live")
            (alarm,) = desk.session.model.alarms.values()
            hub.kill()
            wait(qtbot, lambda: desk.session.link.state == "offline")
            desk.give("alarm.acknowledge", {"alarm": alarm.key}, alarm.version)
            wait(qtbot, lambda: desk.told == ["queued"])
        hub.start()  # the desk is away; somebody else is quicker
        hub.command("k", "alarm.acknowledge", user="duty2", alarm=alarm.key)
        with at(hub, folder) as desk:
            wait(qtbot, lambda: states(desk.session.kept) == ["refused"])
            (kept,) = desk.session.kept
            assert kept.error is not None
            assert kept.error.code in ("version_conflict", "already_acknowledged")
            assert kept.error.params["by"] == "值班员乙"
            wait(qtbot, lambda: states(desk.journal.load()) == ["refused"])
            desk.session.withdraw(kept.key)
            wait(qtbot, lambda: desk.journal.load() == ())


def test_a_hundred_orders_that_waited_all_go_although_a_hub_takes_few_at_once(
    qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    with hub_process(tmp_path) as hub, at(hub, folder) as desk:
        wait(qtbot, lambda: desk.session.link.state == "live")
        hub.kill()
        wait(qtbot, lambda: desk.session.link.state == "offline")
        for number in range(100):
            desk.give("case.create", {**CASE, "title": f"{number}"})
        wait(qtbot, lambda: desk.told == ["queued"] * 100)
        hub.start()
        wait(qtbot, lambda: len(desk.session.model.cases) == 100 and not desk.session.kept)
        titles = sorted(int(c.title) for c in desk.session.model.cases.values())
        assert titles == list(range(100))


def test_a_journal_that_cannot_be_written_is_said(
    qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    with hub_process(tmp_path) as hub, at(hub, folder) as desk:
        wait(qtbot, lambda: desk.session.link.state == "live")
        hub.kill()
        wait(qtbot, lambda: desk.session.link.state == "offline")
        desk.journal.path.mkdir()  # something is in the way of the file
        desk.give("case.create", CASE)
        wait(qtbot, lambda: desk.told == ["queued_in_memory"])
        desk.journal.path.rmdir()
        hub.start()
        wait(qtbot, lambda: desk.session.model.cases)
