"""The file of base maps: private, whole, and never overwritten when it cannot be read."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from services.basemaps import catalogue as catalogue_module
from services.basemaps.catalogue import CACHE_MB, MAX_BYTES, MAX_SOURCES, BasemapCatalogue
from services.basemaps.model import SCHEMATIC_SOURCE
from services.domain.errors import KnownError
from services.storage.turn import file_turn
from tests.services.basemaps.test_model import GOOD


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "basemaps.json"


def test_what_was_put_is_there_after_a_start_and_private(path: Path) -> None:
    catalogue = BasemapCatalogue(path)
    assert catalogue.sources() == (SCHEMATIC_SOURCE,)
    other = msgspec.structs.replace(GOOD, id="b", matrices=())
    catalogue.put(GOOD)
    catalogue.put(other)
    catalogue.put(msgspec.structs.replace(GOOD, title_zh="新"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = BasemapCatalogue(path)
    assert [s.title_zh for s in again.sources()[1:]] == ["新", "甲"]
    assert again.get("b") == other
    again.remove("a")
    assert [s.id for s in BasemapCatalogue(path).sources()] == ["schematic", "b"]
    with pytest.raises(KnownError, match="no base map"):
        again.remove("a")
    with pytest.raises(KnownError, match="no base map"):
        again.get("a")


def test_the_size_of_the_cache_is_kept_beside_the_base_maps(path: Path) -> None:
    catalogue, other = BasemapCatalogue(path), BasemapCatalogue(path)
    assert catalogue.cache_mb == 512
    catalogue.put(GOOD)
    catalogue.set_cache_mb(2_048)
    assert (other.cache_mb, [s.id for s in other.sources()]) == (2_048, ["schematic", "a"])
    other.remove("a")
    assert BasemapCatalogue(path).cache_mb == 2_048
    for wrong in (-1, 1_000_001):
        with pytest.raises(KnownError) as refused:
            catalogue.set_cache_mb(wrong)
        assert refused.value.code == "bad_cache_size"
    assert catalogue.cache_mb == 2_048


def test_what_another_process_adds_is_seen_and_kept(path: Path) -> None:
    console, command = BasemapCatalogue(path), BasemapCatalogue(path)
    command.put(GOOD)
    assert console.get("a") == GOOD
    command.put(msgspec.structs.replace(GOOD, id="b"))
    console.put(msgspec.structs.replace(GOOD, id="c"))
    assert [s.id for s in command.sources()] == ["schematic", "a", "b", "c"]
    good = path.read_bytes()
    path.write_bytes(b"{")
    assert [s.id for s in console.sources()] == ["schematic", "a", "b", "c"]
    assert console.trouble is not None
    path.write_bytes(good)
    console.remove("b")
    assert console.trouble is None
    assert [s.id for s in command.sources()] == ["schematic", "a", "c"]


def test_the_schematic_map_stays_as_it_is(path: Path) -> None:
    catalogue = BasemapCatalogue(path)
    with pytest.raises(KnownError):
        catalogue.put(SCHEMATIC_SOURCE)
    with pytest.raises(KnownError):
        catalogue.put(msgspec.structs.replace(GOOD, id="schematic"))
    with pytest.raises(KnownError):
        catalogue.remove("schematic")


def test_ids_are_found_by_themselves(path: Path) -> None:
    catalogue = BasemapCatalogue(path)
    assert catalogue.free_id("天地图") == "map"
    assert catalogue.free_id("My Map!") == "my-map"
    catalogue.put(msgspec.structs.replace(GOOD, id="my-map"))
    assert catalogue.free_id("My Map!") == "my-map-2"


def test_there_is_an_end_to_their_number(path: Path) -> None:
    many = [msgspec.structs.replace(GOOD, id=f"m{n}") for n in range(MAX_SOURCES)]
    path.parent.mkdir()
    path.write_bytes(msgspec.json.encode({"sources": many}))
    catalogue = BasemapCatalogue(path)
    assert len(catalogue.sources()) == MAX_SOURCES + 1
    with pytest.raises(KnownError) as refused:
        catalogue.put(GOOD)
    assert refused.value.code == "too_many_basemaps"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"sources": 3}',
        b'{"sources": [{"id": "a"}]}',
        b'{"unknown": 1}',
        b'{"sources": [{"id":"a","title_zh":"k","title_en":"k","type":"xyz",'
        b'"address":"file:///{z}{x}{y}"}]}',
        b'{"sources": [{"id":"schematic","title_zh":"k","title_en":"k","type":"mbtiles",'
        b'"address":"x"}]}',
        b" " * (MAX_BYTES + 1),
    ],
)
def test_a_file_that_cannot_be_read_stays_and_the_schematic_map_is_there(
    path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    catalogue = BasemapCatalogue(path)
    assert catalogue.sources() == (SCHEMATIC_SOURCE,)
    assert catalogue.trouble is not None
    assert catalogue.trouble.code == "bad_basemap_file"
    with pytest.raises(KnownError):
        catalogue.put(GOOD)
    assert path.read_bytes() == content


def test_what_cannot_be_written_is_not_changed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = BasemapCatalogue(path)
    catalogue.put(GOOD)

    def full(*_names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(KnownError) as refused:
        catalogue.put(msgspec.structs.replace(GOOD, id="b"))
    assert refused.value.code == "basemap_not_saved"
    assert [s.id for s in catalogue.sources()] == ["schematic", "a"]
    assert {p.name for p in path.parent.iterdir()} == {path.name, f".{path.name}.lock"}


def test_two_programs_that_add_at_once_lose_nothing(path: Path) -> None:
    """Each reads, changes and writes the whole file."""
    catalogues = [BasemapCatalogue(path) for _ in range(4)]

    def add(n: int) -> None:
        for k in range(10):
            catalogues[n].put(msgspec.structs.replace(GOOD, id=f"m{n}-{k}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    assert len(BasemapCatalogue(path).sources()) == 41


def test_a_program_that_hangs_over_the_file_is_told(path: Path) -> None:
    catalogue = BasemapCatalogue(path)
    with file_turn(path), pytest.raises(KnownError) as refused:
        catalogue.put(GOOD)
    assert refused.value.code == "file_busy"
    catalogue.put(GOOD)


def test_who_reads_does_not_wait_for_who_writes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = BasemapCatalogue(path)
    under_way, goes_on = threading.Event(), threading.Event()

    @contextlib.contextmanager
    def held(_path: Path) -> Iterator[None]:
        under_way.set()
        goes_on.wait(10)
        yield

    monkeypatch.setattr(catalogue_module, "file_turn", held)
    with ThreadPoolExecutor(2) as pool:
        put = pool.submit(catalogue.put, GOOD)
        try:
            assert under_way.wait(5)
            read = pool.submit(lambda: (len(catalogue.sources()), catalogue.cache_mb))
            assert read.result(5) == (1, CACHE_MB)
        finally:
            goes_on.set()
        put.result(5)
    assert len(catalogue.sources()) == 2
