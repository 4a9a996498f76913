"""Downloading a region: whole, paused, ended and taken up again, never asking twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.basemaps import download as downloads
from services.basemaps import plan as plans
from services.basemaps.download import (
    PART,
    Download,
    Progress,
    resumed,
    unfinished,
)
from services.basemaps.finished import as_source
from services.basemaps.plan import plan
from services.basemaps.region import Region, tiles
from services.basemaps.remote import RemoteTiles
from services.domain.errors import KnownError
from services.storage.mbtiles import MbtilesReader, MbtilesWriter
from services.storage.tile_cache import TileCache
from tests.services.basemaps.conftest import Clock
from tests.services.basemaps.pictured import picture, shown
from tests.services.basemaps.server import Answer, TileServer

AREA = Region.box(101.70, 36.50, 102.10, 36.70, 10, 12)
RED = picture("red")


@pytest.fixture
def ask(tmp_path: Path, clock: Clock) -> Callable[..., RemoteTiles]:
    made: list[RemoteTiles] = []

    def build(source: object) -> RemoteTiles:
        off = TileCache(tmp_path / "c", 0, clock)
        made.append(RemoteTiles(source, off, clock, lambda: None))
        return made[-1]

    yield build
    for tiles_ in made:
        tiles_.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.basemaps.job.MAX_RATE", 10_000.0)
    monkeypatch.setattr(downloads, "BATCH", 5)


def test_a_plan_counts_first(server: TileServer) -> None:
    source = server.source()
    planned = plan(source, AREA)
    listed = list(tiles(AREA))
    assert planned.total == len(listed) == sum(planned.by_level.values())
    assert planned.bytes == planned.total * plans.USUAL_BYTES
    assert plan(source, AREA, 100.0).bytes == planned.total * 100
    assert server.asked == []
    with pytest.raises(KnownError) as refused:
        plan(server.source(max_level=11), AREA)
    assert refused.value.code == "bad_region"
    with pytest.raises(KnownError) as refused:
        plan(server.source(type="mbtiles", address="x"), AREA)
    assert refused.value.code == "not_downloadable"


def test_a_region_becomes_a_base_map(server: TileServer, ask: object, tmp_path: Path) -> None:
    empty = next(t for t in tiles(AREA) if t[0] == 12)
    server.answers = lambda path, _headers: (
        Answer(404) if path == "/{}/{}/{}.png".format(*empty) else Answer(body=RED)
    )
    source = server.source(datum="wgs84", attribution="© A", key="geheim")
    path = tmp_path / "city.mbtiles"
    told: list[Progress] = []
    done = Download(source, AREA, path, ask(source), 10_000.0, told.append).run()
    total = plan(source, AREA).total
    assert (done.total, done.done, done.empty, done.failed, done.finished) == (
        total, total, 1, 0, True,
    )  # fmt: skip
    assert [p.done for p in told] == sorted(p.done for p in told)
    assert sorted(server.asked) == sorted("/{}/{}/{}.png".format(*t) for t in tiles(AREA))
    made = as_source(path, "city", "城", "City")
    assert (made.type, made.min_level, made.max_level, made.attribution) == (
        "mbtiles", 10, 12, "© A",
    )  # fmt: skip
    reader = MbtilesReader(path)
    assert reader.read(*empty) is None
    assert all(reader.read(*t) == RED for t in tiles(AREA) if t != empty)
    reader.close()
    assert b"geheim" not in path.read_bytes()
    assert unfinished(tmp_path) == []


def test_it_says_how_large_it_will_be_and_how_long_it_takes(
    server: TileServer, ask: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "ENOUGH", 5)
    server.answers = lambda *_asked: Answer(body=RED)
    source, told = server.source(), list[Progress]()
    path = tmp_path / "m.mbtiles"
    work = Download(source, AREA, path, ask(source), 10_000.0, told.append)
    total = plan(source, AREA).total
    work.run()
    assert told[0].about == total * plans.USUAL_BYTES, "nothing is known yet"
    assert told[0].seconds == pytest.approx(total / 10_000.0)
    assert told[-1].bytes == told[-1].about == total * len(RED)
    assert told[-1].seconds == 0
    sure = [p for p in told if p.done >= 10]
    assert {p.about for p in sure} == {total * len(RED)}
    assert plan(source, AREA).seconds == total
    assert plan(server.source(overlay=source.address), AREA).seconds == 2 * total


def test_without_room_nothing_is_asked_for(
    server: TileServer, ask: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = SimpleNamespace(free=plans.ROOM + 1_000)
    monkeypatch.setattr(plans.shutil, "disk_usage", lambda _place: free)
    source = server.source()
    with pytest.raises(KnownError) as refused:
        Download(source, AREA, tmp_path / "m.mbtiles", ask(source), 10_000.0).run()
    assert refused.value.code == "download_no_room"
    assert refused.value.params["free"] == "50 MB"
    assert server.asked == []
    plans.check_room(tmp_path / "not" / "there" / "yet", 500)


def test_a_disk_that_fills_up_ends_it_and_it_goes_on_when_there_is_room(
    server: TileServer, ask: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers = lambda *_asked: Answer(body=RED + bytes(20_000))
    source, path = server.source(), tmp_path / "m.mbtiles"
    add = MbtilesWriter.add

    def filling(writer: MbtilesWriter, *what: object) -> None:
        add(writer, *what)
        with writer._engine.connect() as connection:  # no more pages than there are now
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with monkeypatch.context() as full:
        full.setattr(MbtilesWriter, "add", filling)
        with pytest.raises(KnownError) as ended:
            Download(source, AREA, path, ask(source), 10_000.0).run()
    assert ended.value.code == "mbtiles_disk_full"
    asked = len(server.asked)
    work = resumed(path.with_name(path.name + PART), lambda _id: source, ask)
    assert work.run().finished
    assert len(server.asked) - asked < plan(source, AREA).total, "what came is not asked for again"


def test_labels_are_laid_over_once_for_all(server: TileServer, ask: object, tmp_path: Path) -> None:
    label = picture((255, 255, 255, 255))
    server.answers = lambda path, _headers: Answer(body=label if "/over/" in path else RED)
    source = server.source(overlay=f"{server.url}/over/{{z}}/{{x}}/{{y}}", datum="gcj02")
    region = Region.box(101.8, 36.6, 101.81, 36.61, 12, 12)
    Download(source, region, tmp_path / "m.mbtiles", ask(source), 10_000.0).run()
    reader = MbtilesReader(tmp_path / "m.mbtiles")
    (first, *_) = tiles(region, "gcj02")
    assert shown(reader.read(*first)).getpixel((9, 9)) == (255, 255, 255)
    reader.close()
    assert as_source(tmp_path / "m.mbtiles", "m", "图", "m").datum == "gcj02"


def test_it_goes_on_where_it_was_also_after_a_restart(
    server: TileServer, ask: object, tmp_path: Path
) -> None:
    source = server.source()
    path = tmp_path / "r.mbtiles"
    first = Download(source, AREA, path, ask(source), 10_000.0)
    first.told = lambda progress: first.cancel() if progress.done >= 10 else None
    half = first.run()
    assert not half.finished
    assert 10 <= half.done < half.total
    assert unfinished(tmp_path) == [path.with_name(path.name + PART)]
    again = resumed(unfinished(tmp_path)[0], lambda _id: source, ask)
    assert (again.region, again.path) == (AREA, path)
    whole = again.run()
    assert (whole.finished, whole.done) == (True, whole.total)
    assert len(server.asked) == len(set(server.asked)) == whole.total


def test_a_pause_asks_for_nothing(server: TileServer, ask: object, tmp_path: Path) -> None:
    source = server.source()
    download = Download(source, AREA, tmp_path / "p.mbtiles", ask(source), 10_000.0)
    reached = threading.Event()

    def told(progress: Progress) -> None:
        if progress.done >= 5 and not reached.is_set():
            download.pause()
            reached.set()

    download.told = told
    running = threading.Thread(target=download.run)
    running.start()
    assert reached.wait(10)
    pause = threading.Event()
    pause.wait(0.1)
    asked = len(server.asked)
    pause.wait(0.1)
    assert len(server.asked) == asked
    assert download.is_paused
    download.go_on()
    running.join(20)
    assert (tmp_path / "p.mbtiles").exists()


def test_a_tile_that_fails_is_said_and_fetched_the_next_time(
    server: TileServer, ask: object, tmp_path: Path
) -> None:
    bad = "/{}/{}/{}.png".format(*list(tiles(AREA))[7])
    server.answers = lambda path, _headers: Answer(body=b"junk" if path == bad else RED)
    source = server.source()
    download = Download(source, AREA, tmp_path / "f.mbtiles", ask(source), 10_000.0)
    with pytest.raises(KnownError) as failed:
        download.run()
    assert failed.value.code == "tiles_missing"
    assert not (tmp_path / "f.mbtiles").exists()
    server.answers = lambda _path, _headers: Answer(body=RED)
    before = len(server.asked)
    assert Download(source, AREA, tmp_path / "f.mbtiles", ask(source), 10_000.0).run().finished
    assert server.asked[before:] == [bad]


@pytest.mark.parametrize("answer", [Answer(body=b"junk"), Answer(503)])
def test_a_last_tile_that_never_comes_does_not_hold_the_end_up(
    server: TileServer, ask: object, tmp_path: Path, answer: Answer
) -> None:
    """All its failures come in a row, as those of a server that is out do."""
    bad = "/{}/{}/{}.png".format(*list(tiles(AREA))[-1])
    server.answers = lambda path, _headers: answer if path == bad else Answer(body=RED)
    source = server.source()
    for _ in range(2):  # the second time it is the only one asked for
        download = Download(source, AREA, tmp_path / "l.mbtiles", ask(source), 10_000.0)
        download.clock = clock = Clock()
        download.wait = lambda seconds, clock=clock: setattr(clock, "now", clock.now + seconds)
        with pytest.raises(KnownError) as failed:
            download.run()
        assert failed.value.code == "tiles_missing"
        assert failed.value.params == {"count": 1}


def test_an_outage_is_waited_out(server: TileServer, ask: object, tmp_path: Path) -> None:
    clock = Clock()
    outage = [6]

    def answer(_path: str, _headers: dict[str, str]) -> Answer:
        outage[0] -= 1
        return Answer(503) if outage[0] >= 0 else Answer(body=RED)

    server.answers = answer
    source = server.source()
    troubles: set[str] = set()

    def wait(seconds: float) -> None:
        clock.now += seconds

    download = Download(
        source, AREA, tmp_path / "o.mbtiles", ask(source), 10_000.0,
        lambda progress: troubles.add(progress.trouble), clock, wait,
    )  # fmt: skip
    done = download.run()
    assert done.finished
    assert troubles == {"", "server_error"}


def test_a_wrong_key_ends_it(server: TileServer, ask: object, tmp_path: Path) -> None:
    server.answers = lambda _path, _headers: Answer(403)
    source = server.source()
    with pytest.raises(KnownError) as refused:
        Download(source, AREA, tmp_path / "k.mbtiles", ask(source), 10_000.0).run()
    assert refused.value.code == "download_refused"
    assert len(server.asked) <= 8


def test_a_file_that_is_there_is_not_replaced_unless_it_is_said(
    server: TileServer, ask: object, tmp_path: Path
) -> None:
    source, path = server.source(), tmp_path / "m.mbtiles"
    path.write_bytes(b"another map")
    with pytest.raises(KnownError) as refused:
        Download(source, AREA, path, ask(source), 10_000.0).run()
    assert (refused.value.code, path.read_bytes()) == ("file_there", b"another map")
    assert server.asked == []
    assert unfinished(tmp_path) == []
    assert Download(source, AREA, path, ask(source), 10_000.0, replaced=True).run().finished
    assert as_source(path, "m", "图", "m").max_level == 12


@pytest.mark.parametrize(("kind", "told"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_the_file_says_what_its_pictures_are(
    server: TileServer, ask: object, tmp_path: Path, kind: str, told: str
) -> None:
    server.answers = lambda *_asked: Answer(body=picture("red", kind=kind))
    source, path = server.source(), tmp_path / "m.mbtiles"
    Download(source, AREA, path, ask(source), 10_000.0).run()
    reader = MbtilesReader(path)
    assert reader.metadata["format"] == told
    reader.close()


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), 0.0, -3.0])
def test_what_is_no_rate_is_refused(
    server: TileServer, ask: object, tmp_path: Path, rate: float
) -> None:
    source = server.source()
    with pytest.raises(KnownError) as refused:
        Download(source, AREA, tmp_path / "m.mbtiles", ask(source), rate)
    assert refused.value.code == "bad_rate"


def test_the_file_of_another_download_is_left_alone(
    server: TileServer, ask: object, tmp_path: Path
) -> None:
    source = server.source()
    path = tmp_path / "x.mbtiles"
    first = Download(source, AREA, path, ask(source), 10_000.0)
    first.told = lambda _progress: first.cancel()
    first.run()
    other = server.source(address=f"{server.url}/other/{{z}}/{{x}}/{{y}}")
    with pytest.raises(KnownError) as refused:
        Download(other, AREA, path, ask(other), 10_000.0).run()
    assert refused.value.code == "other_download"
    for region in (Region(AREA.rings, 10, 11), Region.box(101.7, 36.5, 101.71, 36.51, 10, 12)):
        with pytest.raises(KnownError) as refused:  # half of one and half of another
            Download(source, region, path, ask(source), 10_000.0).run()
        assert refused.value.code == "other_download"
    (tmp_path / f"letter.mbtiles{PART}").write_text("dear all")
    with pytest.raises(KnownError) as refused:
        resumed(tmp_path / f"letter.mbtiles{PART}", lambda _id: source, ask)
    assert refused.value.code == "bad_mbtiles"
