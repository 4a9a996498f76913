"""Finished tiles: shifted grids, labels over the map, other levels, tones."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from services.basemaps.grid import world_xy
from services.basemaps.model import Source
from services.basemaps.pictures import Look, kind_of
from services.basemaps.provider import FileTiles, TileProvider
from services.basemaps.remote import WAIT_S, Missing, Place, Status
from services.domain.datum import from_wgs84
from services.domain.errors import KnownError
from tests.services.basemaps.pictured import dotted, mbtiles, picture, pmtiles, shown

RED, BLUE = picture("red"), picture("blue")


class Painted:
    """A source whose pictures a function paints."""

    def __init__(
        self, paint: Callable[[Place], bytes | Missing], has_overlay: bool = False
    ) -> None:
        self.paint = paint
        self.has_overlay = has_overlay
        self.asked: list[Place] = []
        self.within: list[float] = []
        self.at_hand: dict[Place, bytes] = {}

    def get(
        self, places: Sequence[Place], within_s: float = math.inf
    ) -> dict[Place, bytes | Missing]:
        self.asked += places
        self.within.append(within_s)
        return {place: self.paint(place) for place in places}

    def kept(self, places: Sequence[Place]) -> dict[Place, bytes]:
        return {place: self.at_hand[place] for place in places if place in self.at_hand}

    def status(self) -> Status:
        return Status()

    def tick(self) -> None: ...

    def try_now(self) -> None: ...

    def close(self) -> None: ...


def _source(**more: object) -> Source:
    fields: dict[str, object] = {
        "id": "s", "title_zh": "图", "title_en": "map", "type": "xyz",
        "address": "http://h/{z}/{x}/{y}",
    }  # fmt: skip
    return Source(**{**fields, **more})


def _at(data: bytes | Missing, x: int = 128, y: int = 128) -> tuple[int, ...]:
    assert isinstance(data, bytes)
    return shown(data).getpixel((x, y))


@pytest.mark.parametrize(
    "place", [(101.7782, 36.6171), (101.8172, 36.6115), (101.8603, 36.5821), (101.7421, 36.5533)]
)
def test_what_a_gcj02_source_paints_lies_right_at_level_16(place: tuple[float, float]) -> None:
    lon, lat = (float(value) for value in from_wgs84(*place, "gcj02"))
    painted = [world_xy(lon, lat)]
    tiles = Painted(lambda at: dotted(at[1], at[2], at[3], painted))
    provider = TileProvider(_source(datum="gcj02"), tiles, Look())
    wx, wy = world_xy(*place)
    x, y = int(wx * 2**16), int(wy * 2**16)
    found = []
    for column in (x - 1, x, x + 1):
        for row in (y - 1, y, y + 1):
            data = provider.tile(16, column, row)[0]
            assert isinstance(data, bytes)
            rows, columns = np.nonzero(np.asarray(shown(data).convert("L")) < 128)
            found += [
                (column * 256 + c + 0.5, row * 256 + r + 0.5)
                for c, r in zip(columns, rows, strict=True)
            ]
    # Neighbours are cut each by the shift of its own middle, so a point at an edge may show twice.
    assert 1 <= len(found) <= 2
    true = np.array([wx, wy]) * 256 * 2**16
    away = min(float(np.abs(np.array(at) - true).max()) for at in found)
    assert away < 1.0
    # without the shift it would lie hundreds of metres off
    off = np.abs(np.array(painted[0]) - np.array([wx, wy])).max() * 256 * 2**16
    assert off > 50


def test_labels_are_laid_over_and_may_come_later() -> None:
    labels = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    labels.paste((255, 255, 255, 255), (100, 100, 156, 156))
    out = io.BytesIO()
    labels.save(out, "PNG")
    over: list[bytes | Missing] = [Missing.LATER]
    tiles = Painted(lambda at: over[0] if at[0] else RED, has_overlay=True)
    provider = TileProvider(_source(), tiles, Look())
    assert _at(provider.tile(9, 1, 1)[0]) == (255, 0, 0)
    over[0] = out.getvalue()
    assert _at(provider.tile(9, 1, 1)[0]) == (255, 255, 255)  # the one without was not kept
    assert _at(provider.tile(9, 1, 1)[0], 5, 5) == (255, 0, 0)
    asked = len(tiles.asked)
    assert provider.tile(9, 1, 1)[1]
    assert len(tiles.asked) == asked


def test_labels_that_there_are_not_leave_the_map() -> None:
    tiles = Painted(lambda at: Missing.NONE if at[0] else RED, has_overlay=True)
    assert TileProvider(_source(), tiles, Look()).tile(9, 1, 1)[0] == RED


def test_beyond_the_last_level_it_is_enlarged() -> None:
    tiles = Painted(lambda at: RED if at[2] % 2 else BLUE)
    provider = TileProvider(_source(max_level=15), tiles, Look())
    assert _at(provider.tile(18, 8 * 5 + 3, 9)[0]) == (255, 0, 0)
    assert _at(provider.tile(18, 8 * 4 + 3, 9)[0]) == (0, 0, 255)
    assert {place[1] for place in tiles.asked} == {15}


def test_where_a_level_has_no_tile_the_one_above_is_taken() -> None:
    tiles = Painted(lambda at: RED if at[1] <= 12 else Missing.NONE)
    provider = TileProvider(_source(), tiles, Look())
    assert _at(provider.tile(14, 100, 100)[0]) == (255, 0, 0)
    assert TileProvider(_source(), Painted(lambda _at: Missing.NONE), Look()).tile(14, 1, 1)[0] is (
        Missing.NONE
    )


def test_all_levels_share_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes its time to say that it has nothing does so on every level."""
    now = [0.0]
    monkeypatch.setattr("services.basemaps.provider.time.monotonic", lambda: now[0])

    def slow(_at: Place) -> Missing:
        now[0] += 0.75
        return Missing.NONE

    tiles = Painted(slow)
    TileProvider(_source(), tiles, Look()).tile(14, 1, 1)
    assert tiles.within[:3] == [WAIT_S, WAIT_S - 0.75, WAIT_S - 1.5]
    assert max(tiles.within[3:]) <= 0.0


def test_before_the_first_level_it_is_too_far() -> None:
    tiles = Painted(lambda _at: RED)
    assert TileProvider(_source(min_level=4), tiles, Look()).tile(3, 1, 1)[0] is Missing.TOO_FAR
    assert tiles.asked == []


def test_a_tile_that_is_on_its_way_is_not_kept() -> None:
    answer: list[bytes | Missing] = [Missing.LATER]
    provider = TileProvider(_source(), Painted(lambda _at: answer[0]), Look())
    assert provider.tile(9, 1, 1) == (Missing.LATER, False)
    answer[0] = RED
    assert provider.tile(9, 1, 1)[0] == RED


@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_until_a_tile_comes_what_is_kept_above_is_enlarged(datum: str) -> None:
    tiles = Painted(lambda _at: Missing.LATER)
    provider = TileProvider(_source(datum=datum), tiles, Look())
    tiles.at_hand = {(0, 10, x, y): BLUE for x in range(820) for y in range(380, 420)}
    made, whole = provider.tile(13, 6415, 3199)
    assert (_at(made), whole) == ((0, 0, 255), False)
    assert not any(place[1] < 13 for place in tiles.asked)  # nothing else is asked for
    tiles.at_hand = {}
    assert provider.tile(13, 6415, 3199) == (Missing.LATER, False)


def test_pictures_go_through_as_they_are_unless_they_are_toned() -> None:
    photo = picture((200, 100, 0), kind="JPEG")
    tiles = Painted(lambda _at: photo)
    assert TileProvider(_source(), tiles, Look()).tile(9, 1, 1)[0] == photo
    dim = TileProvider(_source(), tiles, Look(light=0.5)).tile(9, 1, 1)[0]
    assert isinstance(dim, bytes)
    assert kind_of(dim) == "jpeg"
    assert _at(dim) == pytest.approx((100, 50, 0), abs=4)
    mixed = TileProvider(_source(), tiles, Look(opacity=0.5, ground=(0, 0, 0))).tile(9, 1, 1)[0]
    assert _at(mixed) == pytest.approx((100, 50, 0), abs=4)


def test_garbage_of_a_source_is_no_picture() -> None:
    broken = RED[:60]
    for source in (_source(), _source(datum="gcj02")):
        provider = TileProvider(source, Painted(lambda _at: broken), Look())
        assert provider.tile(9, 1, 1)[0] is Missing.NONE


def test_fine_tiles_of_512_pixels() -> None:
    tiles = Painted(lambda at: picture("red" if at[2] == 3 else "blue", 512))
    data = TileProvider(_source(tile_px=512, datum="gcj02"), tiles, Look()).tile(9, 3, 3)[0]
    assert isinstance(data, bytes)
    assert shown(data).size == (512, 512)


def test_files_are_read(tmp_path: Path) -> None:
    made = {
        "mbtiles": mbtiles(tmp_path / "a.mbtiles", {(9, 1, 1): RED}, minzoom="9", maxzoom="9"),
        "pmtiles": pmtiles(tmp_path / "a.pmtiles", {(9, 1, 1): RED}),
    }
    for kind, path in made.items():
        tiles = FileTiles(_source(type=kind, address=str(path), min_level=9, max_level=9))
        provider = TileProvider(_source(min_level=9, max_level=9), tiles, Look())
        assert provider.tile(9, 1, 1)[0] == RED
        assert provider.tile(9, 2, 1)[0] is Missing.NONE
        assert _at(provider.tile(11, 4, 4)[0]) == (255, 0, 0)
        assert tiles.status() == Status()
        tiles.close()
    with pytest.raises(KnownError):
        FileTiles(_source(type="pmtiles", address=str(tmp_path / "none")))


def test_a_file_that_breaks_says_so(tmp_path: Path) -> None:
    path = pmtiles(tmp_path / "a.pmtiles", {(9, 1, 1): RED})
    tiles = FileTiles(_source(type="pmtiles", address=str(path)))
    path.write_bytes(path.read_bytes()[:127])
    assert tiles.get([(0, 9, 1, 1)]) == {(0, 9, 1, 1): Missing.NONE}
    assert tiles.status().trouble == "file"
    tiles.close()
