"""The disk fails on write or fsync: no ack from then on, everybody is told, and it recovers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from services.domain.errors import KnownError
from services.feed.frames import Notice
from services.hub import sequencer
from services.storage.writer import LogWriter
from tests.services.hub.consoles import console, http_client, past, served, tokens
from tests.services.hub.test_feed import CITY, fold_of, ingest, reading


class Disk:
    """A disk that can be broken."""

    def __init__(self) -> None:
        self.error: int | None = None

    def __call__(self) -> None:
        if self.error is not None:
            raise OSError(self.error, "simulated")


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EIO, "storage_failed"), (errno.EROFS, "storage_failed")],
)
def test_nothing_is_acked_until_the_disk_is_well(
    tmp_path: Path, number: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "RETRY_S", 0.05)

    async def story() -> None:
        disk = Disk()
        async with served(tmp_path, before_commit=disk) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            async with (
                console(url, who["duty1"]) as desk,
                http_client(url, who["source"]) as http,
                http_client(url, who["duty1"]) as officer,
            ):
                good = (await fold_of(hub)).digest()
                disk.error = number
                for _ in range(3):
                    answer = await http.post("/api/v1/ingest", json=[reading(0.9)])
                    assert answer.status_code == 503
                note = {"key": "k", "name": "operator.note", "args": {"name": "n"}}
                answer = await officer.post("/api/v1/commands", json=note)
                assert answer.status_code == 503
                assert answer.json()["error"]["code"] == code
                assert (await http.get("/readyz")).status_code == 503
                assert "onemap_writable 0" in (await http.get("/metrics")).text
                assert (await desk.until(Notice)).code == code
                # what was not committed is seen by nobody, old or new
                assert (await fold_of(hub)).digest() == good
                async with console(url, who["duty2"]) as late:
                    assert late.world.digest() == good
                    assert code in [f.code for f in late.frames if isinstance(f, Notice)]

                disk.error = None
                assert (await desk.until(Notice)).code == "storage_recovered"
                answer = await officer.post("/api/v1/commands", json=note)
                assert answer.status_code == 200
                await ingest(url, who["source"], [reading(0.3)])
                await desk.reach(hub.broker.top)
                state = await fold_of(hub)
                assert desk.world.digest() == state.digest()
                assert past(tmp_path, state.offset).digest() == state.digest()

    asyncio.run(story())


def test_a_commit_that_failed_only_in_its_answer_did_happen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk took it, then the call failed: no ack, but nothing of it may be lost either."""
    monkeypatch.setattr(sequencer, "RETRY_S", 0.05)
    append = LogWriter.append

    def append_then_fail(writer: LogWriter, *args: Any) -> None:
        append(writer, *args)
        monkeypatch.setattr(LogWriter, "append", append)
        raise KnownError("storage_failed", "simulated")

    async def story() -> None:
        async with served(tmp_path) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            order = {"key": "k", "name": "operator.note", "args": {"name": "n"}}
            async with (
                console(url, who["duty1"]) as desk,
                http_client(url, who["duty1"]) as officer,
            ):
                before = hub.sequencer.offset
                monkeypatch.setattr(LogWriter, "append", append_then_fail)
                assert (await officer.post("/api/v1/commands", json=order)).status_code == 503
                await desk.reach(before + 1)  # it comes late, and once
                again = await officer.post("/api/v1/commands", json=order)
                assert again.status_code == 200
                assert hub.sequencer.offset == before + 1
                assert desk.world.digest() == past(tmp_path, before + 1).digest()

    asyncio.run(story())


def test_events_that_were_acked_and_are_gone_make_a_new_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restored or truncated log is never taken for the old one."""
    monkeypatch.setattr(sequencer, "RETRY_S", 0.05)

    async def story() -> None:
        disk = Disk()
        async with served(tmp_path, before_commit=disk) as (hub, url):
            who = tokens(tmp_path)
            await ingest(url, who["source"], CITY)
            epoch, last = hub.broker.epoch, hub.sequencer.offset
            with contextlib.closing(sqlite3.connect(tmp_path / "onemap.sqlite")) as thief:
                thief.execute('DELETE FROM events WHERE "offset" = ?', (last,))
                thief.commit()
            disk.error = errno.EIO
            async with http_client(url, who["source"]) as http:
                await http.post("/api/v1/ingest", json=[reading(0.9)])
                disk.error = None
                async with asyncio.timeout(20):
                    while hub.sequencer.refusal is not None:
                        await asyncio.sleep(0)
            assert hub.broker.epoch != epoch
            assert hub.sequencer.offset == last - 1
            async with console(url, who["duty1"]) as desk:
                assert desk.world.epoch == hub.broker.epoch
                assert desk.world.digest() == past(tmp_path, last - 1).digest()

    asyncio.run(story())
