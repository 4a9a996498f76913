"""A tile server that is slow, out, wrong or back again: the map is answered in any case."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.basemaps.http import TileHttp, Timing
from services.basemaps.model import Source
from services.basemaps.remote import Missing, RemoteTiles
from services.storage.tile_cache import TileCache
from tests.services.basemaps.conftest import Clock
from tests.services.basemaps.pictured import picture
from tests.services.basemaps.server import PNG, Answer, TileServer

RED, BLUE = picture("red"), picture("blue")
HERE = (0, 9, 1, 1)


class Bench:
    """Tiles over a server, and what a test waits for."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.clock = clock
        self.cache = TileCache(folder, 10_000_000, clock)
        self.news = threading.Event()
        self._made: list[RemoteTiles] = []

    def over(self, source: Source, wait_s: float = 5.0, read_s: float = 5.0) -> RemoteTiles:
        http = TileHttp(Timing(1.0, read_s, 10.0))
        tiles = RemoteTiles(source, self.cache, self.clock, self.news.set, http, wait_s)
        self._made.append(tiles)
        return tiles

    def close(self) -> None:
        for tiles in self._made:
            tiles.close()
        self.cache.close()


@pytest.fixture
def bench(tmp_path: Path, clock: Clock, server: TileServer) -> Iterator[Bench]:
    made = Bench(tmp_path, clock)
    yield made
    server.gate.set()
    made.close()


def _until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(2_000):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError("it never came")


def _one(tiles: RemoteTiles, place: tuple[int, int, int, int] = HERE) -> bytes | Missing:
    return tiles.get([place])[place]


def test_a_tile_is_asked_for_once_while_it_is_good(bench: Bench, server: TileServer) -> None:
    tiles = bench.over(server.source())
    assert (_one(tiles), _one(tiles)) == (RED, RED)
    again = bench.over(server.source(key="other"))  # another start: from the disk
    assert _one(again) == RED
    assert server.asked == ["/9/1/1.png"]


def test_after_its_time_the_tag_is_asked_about(
    bench: Bench, server: TileServer, clock: Clock
) -> None:
    head = {**PNG, "ETag": '"a"'}
    server.answers = lambda _path, _headers: Answer(body=RED, headers=head)
    tiles = bench.over(server.source())
    _one(tiles)
    clock.now += 8 * 86_400
    server.answers = lambda _path, _headers: Answer(304, headers={})
    _one(tiles)
    _until(lambda: len(server.asked) == 2)
    assert server.headers[1]["if-none-match"] == '"a"'
    _until(lambda: _one(tiles) == RED and len(server.asked) == 2)
    clock.now += 8 * 86_400
    server.answers = lambda _path, _headers: Answer(body=BLUE)
    _until(lambda: _one(tiles) == BLUE)


def test_a_slow_server_is_not_waited_for_and_its_tile_comes_later(
    bench: Bench, server: TileServer
) -> None:
    server.gate.clear()
    tiles = bench.over(server.source(), wait_s=0.05)
    places = [(0, 9, x, 1) for x in range(20)]
    assert set(tiles.get(places).values()) == {Missing.LATER}  # one wait for all of them
    assert not bench.news.is_set()
    server.gate.set()
    assert bench.news.wait(5)
    _until(lambda: set(tiles.get(places).values()) == {RED})
    assert server.busiest <= 6
    assert tiles.status().trouble == ""


def test_a_server_that_is_out_is_left_alone_and_found_when_it_is_back(
    bench: Bench, server: TileServer, clock: Clock
) -> None:
    server.answers = lambda _path, _headers: Answer(503)
    tiles = bench.over(server.source())
    for x in range(3):
        assert _one(tiles, (0, 9, x, 1)) is Missing.LATER
    status = tiles.status()
    assert (status.trouble, status.since) == ("server_error", clock.now)
    asked = len(server.asked)
    for x in range(30):
        assert _one(tiles, (0, 9, x, 2)) is Missing.LATER
        tiles.tick()
    assert len(server.asked) == asked
    server.answers = lambda _path, _headers: Answer(body=BLUE)
    bench.news.clear()
    clock.now += 6
    tiles.tick()  # nobody touches the map
    assert bench.news.wait(5)
    assert tiles.status().trouble == ""
    assert _one(tiles) == BLUE


def test_while_it_is_out_what_is_kept_is_shown_and_its_age_said(
    bench: Bench, server: TileServer, clock: Clock
) -> None:
    tiles = bench.over(server.source())
    _one(tiles)
    stored = clock.now
    clock.now += 30 * 86_400
    server.answers = lambda _path, _headers: Answer(500)
    for x in range(3):
        _one(tiles, (0, 9, x, 5))
    assert tiles.status().trouble == "server_error"
    assert _one(tiles) == RED
    assert tiles.status().oldest == stored


def test_what_is_kept_is_found_without_asking(
    bench: Bench, server: TileServer, clock: Clock
) -> None:
    tiles = bench.over(server.source())
    _one(tiles)
    clock.now += 30 * 86_400
    asked = len(server.asked)
    assert tiles.kept([HERE, (0, 9, 2, 2)]) == {HERE: RED}
    assert len(server.asked) == asked


def test_a_wrong_key_is_said_at_once(bench: Bench, server: TileServer) -> None:
    server.answers = lambda path, _headers: Answer(200 if "tk=right" in path else 403, RED)
    address = f"{server.url}/{{z}}/{{x}}/{{y}}?tk={{key}}"
    wrong = bench.over(server.source(address=address, key="false"))
    assert _one(wrong) is Missing.LATER
    assert wrong.status().trouble == "wrong_key"
    right = bench.over(server.source(address=address, key="right"))
    assert _one(right) == RED
    asked = len(server.asked)
    none = bench.over(server.source(address=address, id="n"))
    assert _one(none, (0, 3, 1, 1)) is Missing.LATER
    assert none.status().trouble == "no_key"
    assert len(server.asked) == asked


def test_that_there_is_no_tile_is_remembered_for_a_while(
    bench: Bench, server: TileServer, clock: Clock
) -> None:
    server.answers = lambda _path, _headers: Answer(404)
    tiles = bench.over(server.source())
    assert [_one(tiles) for _ in range(3)] == [Missing.NONE] * 3
    assert len(server.asked) == 1
    clock.now += 601
    server.answers = lambda _path, _headers: Answer(body=RED)
    assert _one(tiles) == RED


def test_what_the_disk_does_not_take_is_at_hand_all_the_same(
    server: TileServer, clock: Clock, tmp_path: Path
) -> None:
    off = TileCache(tmp_path, 0, clock)
    tiles = RemoteTiles(server.source(), off, clock, lambda: None)
    assert [_one(tiles) for _ in range(3)] == [RED] * 3
    assert len(server.asked) == 1
    tiles.close()


def test_a_server_that_never_ends_its_head_is_cut_off(
    server: TileServer, clock: Clock, tmp_path: Path
) -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            line, _ = listener.accept()
            with line, contextlib.suppress(OSError):
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not over.wait(0.02):
                    line.sendall(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        port = listener.getsockname()[1]
        source = server.source(address=f"http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}")
        off = TileCache(tmp_path / "off", 0, clock)
        tiles = RemoteTiles(source, off, clock, lambda: None, wait_s=0.05, stuck_s=0.1)
        assert _one(tiles) is Missing.LATER
        _until(lambda: tiles.tick() or tiles.status().trouble == "no_answer")
        _until(lambda: not tiles._going)
        tiles.close()
        over.set()
        dripping.join(5)


def test_closing_answers_who_waits(bench: Bench, server: TileServer) -> None:
    server.gate.clear()
    tiles = bench.over(server.source(), wait_s=20.0)
    places = [(0, 9, x, 1) for x in range(10)]
    answers: list[dict[object, object]] = []
    asking = threading.Thread(target=lambda: answers.append(dict(tiles.get(places[6:]))))
    busy = [threading.Thread(target=tiles.get, args=([place],)) for place in places[:6]]
    for thread in busy:
        thread.start()
    _until(lambda: server.busiest == 6)
    asking.start()
    _until(lambda: len(tiles._going) == 10)
    tiles.close()
    asking.join(5)
    assert set(answers[0].values()) == {Missing.LATER}
    for thread in busy:
        thread.join(5)
        assert not thread.is_alive()
    server.gate.set()
    assert _one(tiles) is Missing.LATER
