"""``onemap basemap``: listed, added, checked, downloaded, removed; keys are never said."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from services.basemaps.catalogue import FILE, FOLDER, BasemapCatalogue
from services.domain.errors import KnownError
from services.storage.tile_cache import TileCache
from tests.services.basemaps.conftest import server
from tests.services.basemaps.pictured import picture, pmtiles
from tests.services.basemaps.server import Answer, TileServer
from tests.services.basemaps.test_capabilities import MERCATOR, _document, _layer

__all__ = ["server"]


class Desk:
    """The command over one data directory."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, ["basemap", *words, "--data", str(self.data)])
        if isinstance(done.exception, KnownError):
            raise done.exception
        assert done.exit_code == status, done.output
        return done.output

    def sources(self) -> BasemapCatalogue:
        return BasemapCatalogue(self.data / FILE)


@pytest.fixture
def onemap(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_preset_with_its_key_on_a_mirror(
    onemap: Desk, tmp_path: Path, server: TileServer
) -> None:
    key = tmp_path / "key"
    key.write_text("geheim-1\n")
    said = onemap(
        "add", "tdt", "--preset", "tianditu-vec", "--host", server.url, "--key-file", str(key)
    )
    assert "geheim" not in said + onemap("list")
    assert onemap.sources().get("tdt").key == "geheim-1"
    server.answers = lambda path, _headers: Answer(
        200 if path.startswith("/vec_w/wmts?") and "tk=geheim-1" in path else 403, picture("red")
    )
    assert "png, 256 pixels" in onemap("check", "tdt")
    key.write_text("other")
    onemap("add", "tdt", "--preset", "tianditu-vec", "--host", server.url, "--key-file", str(key))
    with pytest.raises(KnownError) as refused:
        onemap("check", "tdt")
    assert (refused.value.code, refused.value.params["trouble"]) == ("tile_server", "wrong_key")
    onemap("remove", "tdt")
    assert "tdt" not in onemap("list").splitlines()[0]
    assert "presets: tianditu-vec" in onemap("list")


def test_an_address_a_file_and_what_is_wrong(onemap: Desk, tmp_path: Path) -> None:
    onemap("add", "m", "--address", "http://h/${z}/{x}/{y}", "--datum", "gcj02", "--levels", "3-17")
    made = onemap.sources().get("m")
    assert (made.address, made.datum, made.min_level, made.max_level) == (
        "http://h/{z}/{x}/{y}", "gcj02", 3, 17,
    )  # fmt: skip
    path = pmtiles(tmp_path / "a.pmtiles", {(9, 400, 199): picture("red")})
    onemap("add", "f", "--address", str(path))
    assert onemap.sources().get("f").address == str(path)
    assert "no tile of level 9" in onemap("check", "f", status=1)
    for words in (
        ["add", "x", "--address", "http://h/{z}/{x}/{y}", "--datum", "bd09"],
        ["add", "x", "--address", "http://h/{z}"],
        ["add", "x"],
        ["add", "x", "--preset", "none"],
        ["add", "x", "--address", str(tmp_path / "none.mbtiles")],
        ["add", "x", "--address", "http://h/{z}/{x}/{y}", "--levels", "a"],
        ["remove", "x"],
        ["check", "x"],
    ):
        with pytest.raises(KnownError):
            onemap(*words)
    assert [s.id for s in onemap.sources().sources()] == ["schematic", "m", "f"]


def test_a_layer_of_a_wmts(onemap: Desk, server: TileServer) -> None:
    server.answers = lambda _path, _headers: Answer(
        200, _document(_layer("vec", "w") + MERCATOR), {"Content-Type": "text/xml"}
    )
    with pytest.raises(KnownError, match="--layer"):
        onemap("add", "w", "--wmts", f"{server.url}/wmts")
    onemap("add", "w", "--wmts", f"{server.url}/wmts", "--layer", "vec")
    assert onemap.sources().get("w").address.startswith("https://maps.example/wmts?")
    assert "REQUEST=GetCapabilities" in server.asked[0]


def test_a_region_is_counted_asked_about_and_fetched(
    onemap: Desk, server: TileServer, tmp_path: Path
) -> None:
    onemap("add", "m", "--address", f"{server.url}/{{z}}/{{x}}/{{y}}")
    target = str(tmp_path / "c.mbtiles")
    box = ["--box", "101.80,36.60,101.81,36.61", "--levels", "10-13"]
    counted = onemap("download", "m", target, *box, "--dry-run")
    assert "level 13: " in counted
    assert server.asked == []
    with pytest.raises(KnownError) as refused:
        onemap("download", "m", target, *box)
    assert refused.value.code == "terms"
    onemap("download", "m", target, *box, "--allowed", "--rate", "50")
    onemap("add", "c", "--address", target)
    made = onemap.sources().get("c")
    assert (made.type, made.min_level, made.max_level) == ("mbtiles", 10, 13)
    assert re.search(r"\d+ tiles, about \d.* h at 5 a second", counted)
    district = onemap("download", "m", target, "--levels", "12", "--dry-run")
    assert "level 12: " in district


def test_the_cache_is_told_limited_and_cut_down(onemap: Desk) -> None:
    assert "at most 512 MB of tiles are kept; 0 B are on the disk" in onemap("cache")
    cache = TileCache(onemap.data / FOLDER, 10_000_000, time.time)
    for x in range(200):
        cache.put("s", 9, x, 0, bytes(10_000), "", 2e9)
    assert "another console of this data directory uses it" in onemap("cache", "--size", "1")
    cache.close()
    assert "at most 1 MB" in onemap("cache", "--size", "1")
    assert (onemap.data / FOLDER / "tiles.sqlite").stat().st_size < 1_200_000
    assert onemap.sources().cache_mb == 1
    assert "at most 0 MB" in onemap("cache", "--size", "0")
    with pytest.raises(KnownError):
        onemap("cache", "--size", "1000001")
