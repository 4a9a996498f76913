"""Backup and restore with a real hub under load, and the words of every refusal."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from app import stores
from services.basemaps.catalogue import FILE, FOLDER, BasemapCatalogue
from services.basemaps.model import Source
from services.domain.errors import KnownError
from services.storage import restore
from services.storage.backup import Manifest
from tests.harness import onemap, until
from tests.services.hub.consoles import HubProcess, client, hub_process, past
from tests.services.hub.test_feed import CITY


class Load(threading.Thread):
    """Sends readings and things until told to stop or the hub is gone."""

    def __init__(self, hub: HubProcess) -> None:
        super().__init__(name="load")
        self._url, self._token = hub.url, hub.token("source")
        self.acked = 0
        self.end = threading.Event()

    def run(self) -> None:
        with client(self._url, self._token) as http:
            number = 0
            while not self.end.is_set():
                number += 1
                items = [
                    {"type": "reading", "id": "level:1", "values": {"level": number % 7 / 10}},
                    {"type": "reading", "id": "level:2", "values": {"level": 0.1}},
                ]
                try:
                    answer = http.post("/api/v1/ingest", json=items).json()
                except httpx.HTTPError:
                    return
                self.acked = answer["items"][-1]["offset"]


@pytest.mark.parametrize("name", ["kept.tar", "kept"])
def test_a_backup_under_load_brings_back_the_state_of_its_offset(tmp_path: Path, name: str) -> None:
    data, target = tmp_path / "data", tmp_path / "out" / name
    data.mkdir()
    with hub_process(data) as hub:
        with hub.http() as http:
            assert http.post("/api/v1/ingest", json=CITY).status_code == 200
            put = http.put("/api/v1/media/camera:1", json={"url": "rtsp://h.example/1"})
            assert put.status_code == 200
        basemaps = BasemapCatalogue(data / FILE)
        basemaps.put(Source(id="s", title_zh="s", title_en="s", type="xyz",
                            address="http://h/{z}/{x}/{y}", key="geheim"))  # fmt: skip
        (data / FOLDER).mkdir()
        remade = ("tiles.sqlite", "tiles.sqlite-wal", "tiles.lock", "b.mbtiles.part", "x.new")
        for file in (*remade, "city.mbtiles"):
            (data / FOLDER / file).write_bytes(b"x")
        load = Load(hub)
        load.start()
        until(lambda: load.acked > 100, "some load")
        manifest = stores.backup(data, target, ())
        at = load.acked
        until(lambda: load.acked > at + 50, "load that goes on")
        hub.kill()
        load.join()
        tokens = (data / "tokens.toml").read_bytes()
    assert 100 < manifest.offset <= load.acked
    assert manifest.digest == past(data, manifest.offset).digest()
    assert not list((data / "backups").iterdir())
    assert target.stat().st_mode & 0o077 == 0 or target.is_dir()
    assert stores.verify(target, fold=True) == manifest

    elsewhere = tmp_path / "elsewhere"
    assert stores.restore(target, elsewhere, force=False) == manifest
    assert (elsewhere / "tokens.toml").read_bytes() == tokens
    assert "h.example" in (elsewhere / "media.toml").read_text()
    assert BasemapCatalogue(elsewhere / FILE).get("s").key == "geheim"
    assert [p.name for p in (elsewhere / FOLDER).iterdir()] == ["city.mbtiles"], "no cache"
    with hub_process(elsewhere) as again, again.http("duty1") as http:
        log = http.get("/api/v1/log").json()
        assert log["epoch"] != manifest.epoch
        assert past(elsewhere, manifest.offset).digest() == manifest.digest
        with pytest.raises(KnownError, match="another hub") as caught:
            stores.restore(target, elsewhere, force=True)
        assert caught.value.code == "data_in_use"

    with pytest.raises(KnownError) as caught:
        stores.restore(target, data, force=False)
    assert caught.value.code == "not_empty"
    stores.restore(target, data, force=True)
    (aside,) = data.glob("replaced-*")
    assert past(aside, load.acked).offset == load.acked  # nothing was thrown away
    assert past(data, manifest.offset).digest() == manifest.digest


def test_without_a_hub_a_killed_ones_store_is_backed_up(tmp_path: Path) -> None:
    before = os.nice(0)
    data = tmp_path / "data"
    packs = tmp_path / "my-packs"
    packs.mkdir()
    (packs / "own.toml").write_text("id = 'own'\n")
    with hub_process(data) as hub:
        with hub.http() as http:
            assert http.post("/api/v1/ingest", json=CITY).status_code == 200
        hub.kill()
    manifest = stores.backup(data, tmp_path / "b.tar", (packs,))
    assert manifest.offset == len(CITY)
    assert manifest.packs == ("1-my-packs",)
    assert os.nice(0) == before, "only the copying steps back, not whoever asked for it"
    stores.restore(tmp_path / "b.tar", tmp_path / "new", force=False)
    restored = tmp_path / "new" / "packs-of-backup" / "1-my-packs" / "own.toml"
    assert restored.read_text() == "id = 'own'\n"
    with pytest.raises(KnownError) as caught:
        stores.backup(data, tmp_path / "b.tar", ())
    assert caught.value.code == "target_exists"
    with pytest.raises(KnownError) as caught:
        stores.backup(tmp_path / "none", tmp_path / "c.tar", ())
    assert caught.value.code == "no_store"


@pytest.mark.parametrize("name", ["desk.tar", "desk"])
def test_what_a_desk_keeps_is_backed_up_without_a_store(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data, target = tmp_path / "data", tmp_path / name
    (data / "imports").mkdir(parents=True)
    (data / "imports" / "mappings.json").write_text("[]")
    (data / "logs").mkdir()
    with pytest.raises(KnownError, match="nothing to back up") as caught:
        stores.backup(data / "logs", target, ())
    assert caught.value.code == "no_store"
    manifest = stores.backup(data, target, ())
    assert [f.path for f in manifest.files] == ["data/imports/mappings.json"]
    assert "no event store" in " ".join(stores.lines(manifest))
    assert stores.verify(target, fold=True) == manifest
    back = tmp_path / "back"
    assert stores.restore(target, back, force=False) == manifest
    assert {p.name for p in back.iterdir()} == {"imports", "onemap.lock"}
    assert (back / "imports" / "mappings.json").read_text() == "[]"
    (back / "onemap.sqlite").write_bytes(b"a hub's")
    with pytest.raises(KnownError) as caught:
        stores.restore(target, back, force=True)
    assert caught.value.code == "a_hubs_data"
    assert (back / "onemap.sqlite").read_bytes() == b"a hub's"


def test_a_hubs_directory_without_its_store_is_no_desks(tmp_path: Path) -> None:
    with hub_process(tmp_path / "data") as hub, hub.http() as http:
        assert http.post("/api/v1/ingest", json=CITY).status_code == 200
    for file in (tmp_path / "data").glob("onemap.sqlite*"):
        file.unlink()
    with pytest.raises(KnownError, match="is gone") as caught:
        stores.backup(tmp_path / "data", tmp_path / "b", ())
    assert caught.value.code == "no_store"


@pytest.mark.parametrize(("name", "copies"), [("b.tar", 3), ("b", 1)])
def test_a_backup_asks_for_room_for_everything_that_it_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, copies: int
) -> None:
    data, packs = tmp_path / "data", tmp_path / "packs"
    (data / FOLDER).mkdir(parents=True)
    (data / FOLDER / "region.mbtiles").write_bytes(b"x" * 600_000)
    (data / "mine.json").write_bytes(b"x" * 300_000)
    packs.mkdir()
    (packs / "own.toml").write_text("#" * 100_000)
    usage = shutil.disk_usage(tmp_path)

    def free(size: int) -> None:
        told = usage._replace(free=size)
        monkeypatch.setattr(restore.shutil, "disk_usage", lambda _place: told)

    needed = 1_050_000 * copies
    free(needed - 1)
    with pytest.raises(KnownError, match=f"{needed / 1e6:,.0f} MB") as caught:
        stores.backup(data, tmp_path / "out" / name, (packs,))
    assert caught.value.code == "disk_full"
    assert list((tmp_path / "out").iterdir()) == []
    free(needed)
    assert stores.backup(data, tmp_path / "out" / name, (packs,)).packs == ("1-packs",)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data directory whose hub has ended, and a backup of it as a folder."""
    place = tmp_path_factory.mktemp("kept")
    with hub_process(place / "data") as hub, hub.http() as http:
        assert http.post("/api/v1/ingest", json=CITY * 20).status_code == 200
    stores.backup(place / "data", place / "backup", ())
    return place / "data", place / "backup"


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0x10
    path.write_bytes(content)


def _flip_store(folder: Path) -> None:
    store = folder / "onemap.sqlite"
    flip(store, store.stat().st_size // 2)


def _cut_store(folder: Path) -> None:
    store = folder / "onemap.sqlite"
    store.write_bytes(store.read_bytes()[:-4096])


def _lose_tokens(folder: Path) -> None:
    (folder / "data" / "tokens.toml").unlink()


def _add_a_file(folder: Path) -> None:
    (folder / "data" / "more.toml").write_text("x = 1\n")


def _other_state(folder: Path) -> None:
    """Files and sums fit, but the store is not the one that the manifest speaks of."""
    path = folder / "manifest.json"
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, offset=7)))


def _newer(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, format=9)))


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (_flip_store, "backup_damaged"),
        (_cut_store, "backup_damaged"),
        (_lose_tokens, "backup_damaged"),
        (_add_a_file, "backup_damaged"),
        (_other_state, "backup_damaged"),
        (_newer, "newer_backup"),
        (lambda f: (f / "manifest.json").unlink(), "not_a_backup"),
        (lambda f: (f / "manifest.json").write_text("[" * 100_000), "not_a_backup"),
    ],
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    kept: tuple[Path, Path], tmp_path: Path, harm: Callable[[Path], object], code: str
) -> None:
    folder = tmp_path / "backup"
    shutil.copytree(kept[1], folder)
    assert stores.verify(folder, fold=False).offset > 0
    harm(folder)
    with pytest.raises(KnownError) as caught:
        stores.restore(folder, tmp_path / "data", force=False)
    assert caught.value.code == code
    left = {p.name for p in (tmp_path / "data").iterdir()}
    assert left <= {"onemap.lock"}


@pytest.mark.parametrize("name", ["../out.toml", "/abs.toml", "link"])
def test_a_tar_that_reaches_outside_is_no_backup(tmp_path: Path, name: str) -> None:
    source = tmp_path / "evil.tar"
    with tarfile.open(source, "w") as tar:
        member = tarfile.TarInfo(name)
        if name == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(KnownError) as caught:
        stores.restore(source, tmp_path / "data", force=False)
    assert caught.value.code == "not_a_backup"
    assert not (tmp_path / "out.toml").exists()


# -- what is damaged is not served -------------------------------------------------------------
def start_refused(data: Path) -> str:
    """What a hub says that does not start."""
    ended = subprocess.run(
        onemap("hub", "--data", str(data), "--port", "0"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    return ended.stderr


def test_a_flipped_bit_and_a_lost_tail_are_found_before_anything_is_served(
    kept: tuple[Path, Path], tmp_path: Path
) -> None:
    good = kept[0]
    for number in ("flip", "tail", "hole"):
        shutil.copytree(good, tmp_path / number)
    flipped = tmp_path / "flip" / "onemap.sqlite"
    body = sqlite3.connect(flipped)
    (raw,) = body.execute('SELECT body FROM events WHERE "offset" = 100').fetchone()
    at = raw.index("甲".encode())
    spoilt = raw[:at] + "乙".encode() + raw[at + 3 :]
    body.execute('UPDATE events SET body = ? WHERE "offset" = 100', (spoilt,))
    body.commit()
    body.close()
    said = start_refused(tmp_path / "flip")
    assert "event 100" in said
    assert "onemap restore" in said
    with pytest.raises(KnownError, match="event 100"):
        stores.doctor(tmp_path / "flip", fold=False, rebuild=False, accept_loss=False)

    for case, statement in (
        ("tail", 'DELETE FROM events WHERE "offset" > 120'),
        ("hole", 'DELETE FROM events WHERE "offset" = 50'),
    ):
        thief = sqlite3.connect(tmp_path / case / "onemap.sqlite")
        thief.execute(statement)
        thief.commit()
        thief.close()
    assert "event 50" in start_refused(tmp_path / "hole")
    said = start_refused(tmp_path / "tail")
    assert "ends at event 120" in said
    assert "--accept-loss" in said
    found = stores.doctor(tmp_path / "tail", fold=True, rebuild=True, accept_loss=True)
    assert found.offset == 120
    with hub_process(tmp_path / "tail") as hub, hub.http("duty1") as http:
        log = http.get("/api/v1/log").json()
        assert (log["last_offset"], log["epoch"]) == (120, found.epoch)


def test_a_newer_schema_and_a_damaged_file_are_refused_in_words(
    kept: tuple[Path, Path], tmp_path: Path
) -> None:
    shutil.copytree(kept[0], tmp_path / "newer")
    connection = sqlite3.connect(tmp_path / "newer" / "onemap.sqlite")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    said = start_refused(tmp_path / "newer")
    assert "schema 9999" in said
    assert "newer version" in said
    with pytest.raises(KnownError) as caught:
        stores.doctor(tmp_path / "newer", fold=False, rebuild=False, accept_loss=False)
    assert caught.value.code == "newer_schema"

    shutil.copytree(kept[0], tmp_path / "cut")
    store = tmp_path / "cut" / "onemap.sqlite"
    store.write_bytes(store.read_bytes()[: store.stat().st_size // 8192 * 4096])
    with pytest.raises(KnownError) as caught:
        stores.doctor(tmp_path / "cut", fold=False, rebuild=False, accept_loss=False)
    assert caught.value.code in ("store_damaged", "not_a_store")
    assert "onemap hub" in start_refused(tmp_path / "cut")
