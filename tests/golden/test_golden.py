"""What every earlier version wrote, this version opens and folds to the same state."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import msgspec
import pytest

from app import stores
from services.domain.errors import KnownError
from services.domain.world import World
from services.feed.frames import ReplayState, Result, Snapshot, Welcome
from services.storage import migrations
from services.storage.history import Wanted
from services.storage.reader import LogReader
from services.storage.writer import LogWriter
from tests.golden.history import EPOCH, HISTORY, START
from tests.golden.record import HERE, Golden, frames_of, replayed, split
from tests.services.storage.dumps import dump, sql

KNOWN = msgspec.json.decode((HERE / "golden.json").read_bytes(), type=dict[str, Golden])
STORES = sorted(n for n in KNOWN if n.endswith(".sqlite"))
FEEDS = sorted(n for n in KNOWN if n.endswith(".bin"))


def test_every_recording_is_listed_and_every_schema_has_one() -> None:
    files = {p.name for p in HERE.iterdir() if p.suffix in (".sqlite", ".bin")}
    assert files == set(KNOWN)
    versions = Path(migrations.__file__).parent / "versions"
    schemas = {f"store-{p.name[1:5]}.sqlite" for p in versions.glob("r*.py")}
    assert set(STORES) == schemas, "record it: python -m tests.golden.record store REVISION"
    assert {n.removesuffix(".bin").rsplit("-", 1)[1] for n in FEEDS} == {"json", "msgpack"}


@pytest.mark.parametrize("name", STORES)
def test_a_database_of_every_revision_is_brought_up_to_date(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "onemap.sqlite"
    shutil.copy(HERE / name, path)
    caplog.set_level(logging.INFO)
    new = tmp_path / "new" / "onemap.sqlite"
    for where in (path, new):
        writer, reader = LogWriter(where), LogReader(where)
        try:
            if where == new:
                writer.append(HISTORY)
            last = reader.bounds().last_offset
            world = reader.world_at(last, EPOCH)
            folded = World(EPOCH)
            for event in reader.tail(0, last):
                folded.apply(event)
            assert world.digest() == folded.digest() == KNOWN[name].digest
            assert (last, list(reader.tail(0, last))) == (KNOWN[name].offset, HISTORY)
            assert [c.state for c in reader.cases(Wanted(text="康乐")).rows] == ["closed"]
            assert [a.gone for a in reader.alarms(Wanted()).rows] == [True]
            assert len(reader.readings("level:1", "level", START, START + 100, 100)) == 17
        finally:
            reader.close()
            writer.close()
    assert dump(path) == dump(new)
    assert sql(path, "PRAGMA auto_vacuum") == [(2,)]


@pytest.mark.parametrize("name", FEEDS)
def test_a_recorded_session_folds_to_the_state_it_was_of(name: str) -> None:
    codec = name.removesuffix(".bin").rsplit("-", 1)[1]
    raw = split((HERE / name).read_bytes())
    world = replayed(raw, codec)
    assert (world.digest(), world.offset) == (KNOWN[name].digest, KNOWN[name].offset)
    kinds = {type(frame) for frame in frames_of(raw, codec)}
    assert {Welcome, Snapshot, Result, ReplayState} <= kinds


def test_a_large_old_store_keeps_its_size_until_it_is_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(HERE / "store-0001.sqlite", data / "onemap.sqlite")
    with pytest.raises(KnownError) as caught:
        stores.doctor(data, fold=False, rebuild=False, accept_loss=False)
    assert caught.value.code == "older_schema"  # it has no checksums yet
    monkeypatch.setattr("services.storage.migrate.QUICK_BYTES", 0)
    LogWriter(data / "onemap.sqlite").close()
    assert sql(data / "onemap.sqlite", "PRAGMA auto_vacuum") == [(0,)]
    stores.backup(data, tmp_path / "b.tar", ())
    stores.restore(tmp_path / "b.tar", tmp_path / "new", force=False)
    assert sql(tmp_path / "new" / "onemap.sqlite", "PRAGMA auto_vacuum") == [(2,)]
    found = stores.doctor(tmp_path / "new", fold=True, rebuild=False, accept_loss=False)
    assert found.digest == KNOWN["store-0001.sqlite"].digest
