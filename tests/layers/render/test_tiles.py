"""The tile service over a real socket."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from layers.model import mercator
from layers.render.theme import TokenTheme
from layers.render.tiles import MAX_ZOOM, Gap, TileService, tile_address

BUNDLED = Path(__file__).resolve().parents[3] / "resources" / "basemap"
FILES = (BUNDLED / "basemap_schematic.geojson", BUNDLED / "district_outline.geojson")
STYLE = "0123456789abcdef"


@pytest.fixture
def service(qapp: QApplication) -> Iterator[tuple[TileService, str]]:
    tiles = TileService(FILES, TokenTheme(), oversampling=2)
    url = tiles.start()
    yield tiles, url
    tiles.close()


def _get(url: str, path: str, method: str = "GET") -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    x, y = mercator.world_xy(lon, lat)
    return int(x * 2**zoom), int(y * 2**zoom)


def test_a_tile_shows_the_river_where_it_runs(service: tuple[TileService, str]) -> None:
    tiles, url = service
    lon, lat, zoom = 101.8172, 36.6115, 15  # a corner of the 湟水河
    x, y = _tile_of(lon, lat, zoom)
    status, data = _get(url, f"{urlsplit(url).path}{zoom}/{x}/{y}.png")
    image = QImage.fromData(data)
    assert status == 200
    assert (image.width(), image.height()) == (512, 512)
    wx, wy = mercator.world_xy(lon, lat)
    at = image.pixelColor(int((wx * 2**zoom - x) * 512), int((wy * 2**zoom - y) * 512))
    ground = TokenTheme().color("panel")
    assert at.blue() > ground.blue() + 20
    assert tiles.tile(zoom, x, y) == data


def test_outside_the_district_there_is_only_ground(service: tuple[TileService, str]) -> None:
    tiles, _ = service
    image = QImage.fromData(tiles.tile(13, *_tile_of(103.0, 36.0, 13)))
    ground = TokenTheme().color("ground")
    colors = {image.pixelColor(x, y).name() for x in range(0, 512, 37) for y in range(0, 512, 37)}
    assert colors == {ground.name()}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tiles/3/1/1.png",
        "{style}20/0/0.png",
        "{style}3/8/0.png",
        "{style}3/0/8.png",
        "{style}3/-1/0.png",
        "{style}3/1/1.png/../../../etc/passwd",
        "{style}../3/1/1.png",
        "{style}3/1/1.png?x=1",
        "{style}99999999999999999999/1/1.png",
        "{style}3/1/1.jpg",
    ],
)
def test_what_is_no_tile_is_not_found(service: tuple[TileService, str], path: str) -> None:
    _, url = service
    status, _ = _get(url, path.replace("{style}", urlsplit(url).path))
    assert status == 404


def test_other_methods_are_refused(service: tuple[TileService, str]) -> None:
    _, url = service
    assert _get(url, urlsplit(url).path + "3/1/1.png", "POST")[0] == 501


def test_another_look_has_another_address(service: tuple[TileService, str], tmp_path: Path) -> None:
    tiles, _ = service
    assert TileService(FILES, TokenTheme("light"), 2).style != tiles.style
    other = tmp_path / "outline.geojson"
    other.write_text(FILES[1].read_text("utf-8").replace("101.774", "101.775"), "utf-8")
    assert TileService((FILES[0], other), TokenTheme(), 2).style != tiles.style
    assert TileService(FILES, TokenTheme(), 1).style != tiles.style
    assert TileService(FILES, TokenTheme(), 2, words=2.0).style != tiles.style
    assert TileService(FILES, TokenTheme(), 2).style == tiles.style


@given(st.integers(0, 30), st.integers(0, 1 << 21), st.integers(0, 1 << 21))
def test_addresses_are_bounded_by_their_zoom(zoom: int, x: int, y: int) -> None:
    address = tile_address(f"/{STYLE}/{zoom}/{x}/{y}.png", STYLE)
    inside = zoom <= MAX_ZOOM and x < 2**zoom and y < 2**zoom
    assert address == ((zoom, x, y) if inside else None)


def test_only_its_own_style_is_answered() -> None:
    assert tile_address(f"/{STYLE}/1/1/1.png", STYLE) == (1, 1, 1)
    assert tile_address(f"/{STYLE[::-1]}/1/1/1.png", STYLE) is None


class _Source:
    """Answers with what it is told to."""

    def __init__(self, answer: bytes | Gap) -> None:
        self.answer = answer

    def tile(self, *_tile: int) -> bytes | Gap:
        return self.answer


def test_other_base_maps_are_served_beside_the_schematic_one(
    service: tuple[TileService, str],
) -> None:
    tiles, url = service
    there = tiles.publish(_Source(b"picture"), "too far")
    missing = tiles.publish(_Source(Gap.SCHEMATIC), "too far")
    assert _get(url, f"{urlsplit(there).path}13/6415/3199.png") == (200, b"picture")
    schematic = _get(url, f"{urlsplit(url).path}13/6415/3199.png")
    assert _get(url, f"{urlsplit(missing).path}13/6415/3199.png") == schematic
    assert _get(url, f"{urlsplit(there).path}20/0/0.png")[0] == 404
    tiles.withdraw(there)
    assert _get(url, f"{urlsplit(there).path}13/6415/3199.png")[0] == 404
    assert _get(url, f"{urlsplit(missing).path}13/6415/3199.png")[0] == 200


def test_a_tile_that_is_too_far_out_says_so(service: tuple[TileService, str]) -> None:
    tiles, url = service
    said, other = (tiles.publish(_Source(Gap.TOO_FAR), words) for words in ("近一点", ""))
    status, data = _get(url, f"{urlsplit(said).path}3/1/1.png")
    silent = _get(url, f"{urlsplit(other).path}3/1/1.png")[1]
    assert status == 200
    ground = TokenTheme().color("ground").name()
    pictures = [QImage.fromData(picture) for picture in (data, silent)]
    inked = [
        sum(p.pixelColor(x, y).name() != ground for x in range(256) for y in range(256))
        for p in pictures
    ]
    assert inked[0] > 50
    assert inked[1] == 0
