"""The cache of tiles on the disk: bounded, private to one process, never in the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.storage.tile_cache import FILE, REST_S, TileCache
from tests.services.basemaps.conftest import Clock


@pytest.fixture
def cache(tmp_path: Path, clock: Clock) -> Iterator[TileCache]:
    made = TileCache(tmp_path, 10_000, clock)
    yield made
    made.close()


def _put(cache: TileCache, x: int, size: int = 1_000, source: str = "s") -> None:
    cache.put(source, 9, x, 0, bytes([x % 256]) * size, f'"{x}"', 2e9)


def _kept(cache: TileCache, source: str = "s") -> list[int]:
    return [x for x in range(60) if cache.get(source, 9, x, 0) is not None]


def test_what_was_kept_is_there_after_a_start(
    tmp_path: Path, cache: TileCache, clock: Clock
) -> None:
    _put(cache, 3)
    cache.close()
    again = TileCache(tmp_path, 10_000, clock)
    kept = again.get("s", 9, 3, 0)
    assert kept is not None
    assert (kept.data, kept.etag, kept.stored, kept.expires) == (
        b"\3" * 1_000, '"3"', clock.now, 2e9,
    )  # fmt: skip
    assert again.get("other", 9, 3, 0) is None
    assert again.size == 1_000
    again.renew("s", 9, 3, 0, 3e9)
    renewed = again.get("s", 9, 3, 0)
    assert renewed is not None
    assert renewed.expires == 3e9
    again.forget("s")
    assert (again.size, again.get("s", 9, 3, 0)) == (0, None)
    again.close()


def test_the_longest_unused_go_first(cache: TileCache, clock: Clock) -> None:
    for x in range(10):
        clock.now += 1
        _put(cache, x)
    clock.now += 1
    assert cache.get("s", 9, 0, 0) is not None  # used again
    for x in range(10, 14):
        clock.now += 1
        _put(cache, x)
        assert cache.size <= 10_000
    kept = _kept(cache)
    assert 0 in kept
    assert {13, 12, 11} <= set(kept)
    assert 1 not in kept
    assert 2 not in kept
    assert cache.size == 1_000 * len(kept)


def test_a_tile_put_twice_counts_once_and_too_large_ones_not_at_all(cache: TileCache) -> None:
    _put(cache, 1)
    _put(cache, 1, 500)
    _put(cache, 2, 10_001)
    assert (cache.size, _kept(cache)) == (500, [1])


def test_the_mean_of_a_source(cache: TileCache) -> None:
    assert cache.mean_size("s") is None
    for x in range(20):
        _put(cache, x, 100 + x)
    assert cache.mean_size("s") == pytest.approx(109.5)


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 5_000, b""])
def test_a_broken_file_is_made_anew(tmp_path: Path, clock: Clock, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    cache = TileCache(tmp_path, 10_000, clock)
    assert cache.trouble is None
    _put(cache, 1)
    assert _kept(cache) == [1]
    cache.close()


def test_a_file_that_is_only_locked_is_kept_and_tried_again(
    tmp_path: Path, cache: TileCache, clock: Clock
) -> None:
    _put(cache, 1)
    cache.close()
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("PRAGMA journal_mode=DELETE")
    other.execute("BEGIN EXCLUSIVE")
    again = TileCache(tmp_path, 10_000, clock)
    assert again.trouble is not None
    assert _kept(again) == []
    other.execute("COMMIT")
    other.close()
    assert _kept(again) == [], "not before its time: every look would wait for the lock"
    clock.now += REST_S
    assert _kept(again) == [1], "gigabytes are not thrown away for a moment's lock"
    assert again.trouble is None
    again.close()


def test_a_file_that_breaks_meanwhile_is_made_anew(tmp_path: Path, clock: Clock) -> None:
    cache = TileCache(tmp_path, 1_000_000, clock)
    for x in range(40):
        _put(cache, x, 9_000)
    cache.close()
    data = bytearray((tmp_path / FILE).read_bytes())
    data[4_096:] = b"\xee" * (len(data) - 4_096)
    (tmp_path / FILE).write_bytes(bytes(data))
    cache = TileCache(tmp_path, 1_000_000, clock)
    _kept(cache)
    _put(cache, 5)
    _put(cache, 5)
    assert _kept(cache) == [5]
    cache.close()


def test_a_second_console_of_the_folder_keeps_nothing_and_says_so(
    tmp_path: Path, cache: TileCache, clock: Clock
) -> None:
    second = TileCache(tmp_path, 10_000, clock)
    assert second.trouble is not None
    assert second.trouble.code == "tile_cache_off"
    _put(second, 1)
    assert second.get("s", 9, 1, 0) is None
    second.close()
    _put(cache, 1)
    assert _kept(cache) == [1]


def test_another_size_holds_at_once_and_the_file_shrinks(
    tmp_path: Path, cache: TileCache, clock: Clock
) -> None:
    cache.resize(1_000_000)
    for x in range(60):
        clock.now += 1
        _put(cache, x, 10_000)
    assert cache.size == 600_000
    large = cache.on_disk
    cache.resize(100_000)
    assert cache.size <= 100_000
    assert _kept(cache)[-1] == 59, "the newest stay"
    assert cache.on_disk < large / 3
    cache.resize(0)
    assert (cache.size, _kept(cache)) == (0, [])
    _put(cache, 1)
    assert _kept(cache) == []
    cache.resize(50_000)
    _put(cache, 1)
    assert _kept(cache) == [1]
    cache.clear()
    assert (cache.size, _kept(cache), cache.trouble) == (0, [], None)


def test_a_cache_that_was_off_can_be_put_on(tmp_path: Path, clock: Clock) -> None:
    off = TileCache(tmp_path / "own", 0, clock)
    _put(off, 1)
    assert (_kept(off), off.on_disk) == ([], 0)
    off.resize(50_000)
    _put(off, 1)
    assert _kept(off) == [1]
    off.close()


def test_a_full_disk_is_said_and_lived_with(tmp_path: Path, cache: TileCache, clock: Clock) -> None:
    _put(cache, 1)
    with cache._engine.connect() as connection:  # no more pages than there are
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    for x in range(2, 8):
        _put(cache, x, 9_000)
    assert cache.trouble is not None
    assert cache.trouble.code == "tile_cache_full"
    assert 1 in _kept(cache)
    with cache._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    clock.now += 61
    _put(cache, 9)
    assert cache.trouble is None
    assert 9 in _kept(cache)


def test_a_folder_that_cannot_be_made(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("")
    cache = TileCache(tmp_path / "file", 10_000, clock)
    assert cache.trouble is not None
    _put(cache, 1)
    assert _kept(cache) == []
    cache.close()
    assert TileCache(tmp_path, 0, clock).get("s", 0, 0, 0) is None


def test_a_process_that_is_killed_leaves_a_cache_that_opens(tmp_path: Path, clock: Clock) -> None:
    script = (
        "import os, signal, sys, time; from pathlib import Path;"
        "from services.storage.tile_cache import TileCache;"
        "c = TileCache(Path(sys.argv[1]), 10**8, time.time);"
        "[c.put('s', 9, x, 0, bytes(5000), '', 2e9) for x in range(50)];"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=60)
    with sqlite3.connect(tmp_path / FILE) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    base.close()
    cache = TileCache(tmp_path, 10**8, clock)
    assert (cache.trouble, len(_kept(cache))) == (None, 50)
    cache.close()
