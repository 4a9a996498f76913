"""A hub that is stopped in the middle of its work leaves a store that is true."""

from __future__ import annotations

import asyncio
import stat
import threading
from pathlib import Path

import msgspec
import pytest

from services.audit.record import entry
from services.domain.errors import KnownError
from services.hub.archive import AT_ONCE, MOST_WAITING, Archive
from services.hub.deciding import ItemBatch
from services.hub.options import HubOptions
from services.hub.server import Hub
from services.ingest.items import read
from services.storage.database import READERS
from services.storage.lock import StoreLock
from services.storage.reader import LogReader
from tests.services.hub.consoles import LIMIT_S, http_client, past, served, tokens


def sensors(first: int, count: int) -> ItemBatch:
    items = [
        {
            "type": "entity",
            "id": f"level:{number}",
            "kind": "level_sensor",
            "name": f"level {number}",
            "lon": 101.77,
            "lat": 36.63,
        }
        for number in range(first, first + count)
    ]
    return ItemBatch(list(read(msgspec.json.encode(items))), "source")


def test_a_stop_while_a_turn_is_decided_keeps_all_of_it_or_nothing(tmp_path: Path) -> None:
    async def scene() -> list[asyncio.Future[list[int | KnownError]]]:
        hub = Hub(HubOptions(data=tmp_path, port=0))
        async with hub.running():
            await asyncio.gather(*hub.sequencer.submit_items([sensors(0, 10)]))
            parts = [sensors(first, 50) for first in (10, 60, 110)]
            asked = hub.sequencer.submit_items(parts)
            async with asyncio.timeout(LIMIT_S):
                while hub.sequencer.find("level:10") is None:
                    await asyncio.sleep(0)
            assert hub.sequencer.offset == 10, "the turn is over already"
        return asked

    asked = asyncio.run(scene())
    reader = LogReader(tmp_path / "onemap.sqlite")
    try:
        last = reader.bounds().last_offset
        kept = [offset for offset, _ in reader.snapshot_times()]
        assert all(offset <= last for offset in kept), "a snapshot of what never was committed"
        world = reader.world_at(last, "")
    finally:
        reader.close()
    assert world.entities == past(tmp_path, last).entities
    acked = [outcome for one in asked if one.done() for outcome in one.result()]
    assert acked == list(range(11, last + 1))
    assert last == 160, "what the hub had begun to decide is done"


def test_what_the_audit_cannot_take_at_the_end_is_left_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    full = False

    def before_commit() -> None:
        if full:
            raise OSError(28, "No space left on device")

    async def scene() -> None:
        nonlocal full
        hub = Hub(HubOptions(data=tmp_path, port=0), before_commit=before_commit)
        async with hub.running():
            await asyncio.gather(*hub.sequencer.submit_items([sensors(0, 1)]))
            full = True
            hub.audit.trail.note(entry("token.refused", address="10.0.0.9", reason="wrong_token"))
            async with asyncio.timeout(LIMIT_S):
                while hub.sequencer.refusal is None:
                    await asyncio.sleep(0.01)

    asyncio.run(scene())
    told = [r.getMessage() for r in caplog.records if r.getMessage().startswith("not in the audit")]
    assert any("10.0.0.9" in line for line in told)
    assert any("hub.stopped" in line for line in told)


def test_nobody_else_can_hold_the_stores_lock(tmp_path: Path) -> None:
    path = tmp_path / "onemap.lock"
    path.touch(mode=0o644)
    lock = StoreLock(path)
    lock.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_order_waits_for_somebodys_search(tmp_path: Path) -> None:
    """All connections and threads that searches can have are taken: the hub works on."""
    begun, let_go = threading.Semaphore(0), threading.Event()

    def search(reader: LogReader) -> int:
        with reader.connected():
            begun.release()
            let_go.wait(LIMIT_S)
        return 1

    async def scene() -> None:
        async with served(tmp_path) as (hub, url):
            reader, archive = hub._reader, Archive()
            stuck = [asyncio.create_task(archive.ask(lambda: search(reader))) for _ in range(20)]
            taken = [threading.Thread(target=search, args=(reader,)) for _ in range(READERS)]
            for thread in taken[AT_ONCE:]:
                thread.start()
            try:
                for _ in range(READERS):
                    assert await asyncio.to_thread(begun.acquire, timeout=LIMIT_S)
                async with http_client(url, tokens(tmp_path)["duty1"]) as http:
                    order = {"key": "k", "name": "operator.note", "args": {"name": "n"}}
                    async with asyncio.timeout(LIMIT_S / 4):
                        answer = await http.post("/api/v1/commands", json=order)
                assert answer.status_code == 200, answer.text
            finally:
                let_go.set()
                for thread in taken[AT_ONCE:]:
                    await asyncio.to_thread(thread.join)
            assert await asyncio.gather(*stuck) == [1] * 20

    asyncio.run(scene())


def test_searches_that_wait_are_bounded() -> None:
    async def scene() -> None:
        let_go = threading.Event()
        archive = Archive()
        asked = [asyncio.create_task(archive.ask(let_go.wait)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(KnownError) as caught:
            await archive.ask(let_go.wait)
        assert caught.value.code == "busy"
        let_go.set()
        assert all(await asyncio.gather(*asked))

    asyncio.run(scene())
