"""Names of the base map and of administrative units, as they are bundled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layers.model import measure
from layers.model.basemap import load_basemap
from layers.model.places import NamedPlace, Places, read_units
from services.domain.errors import KnownError

ROOT = Path(__file__).resolve().parents[3] / "resources"
BASE = ROOT / "basemap"


@pytest.fixture(scope="module")
def places() -> Places:
    files = (BASE / "basemap_schematic.geojson", BASE / "district_outline.geojson")
    return Places.of(load_basemap(files), read_units(ROOT / "admin" / "admin_units.csv"))


def test_every_unit_has_a_place_and_none_is_at_sea(places: Places) -> None:
    units = read_units(ROOT / "admin" / "admin_units.csv")
    placed = {p.code: p for p in places.places if p.code}
    assert set(placed) == {u.code for u in units}
    assert all(101 < p.lon < 103 and 36 < p.lat < 37 for p in placed.values())


def test_a_unit_without_a_place_of_its_own_has_its_township_s(places: Places) -> None:
    (community,) = (p for p in places.places if p.code == "630102001001")
    (township,) = (p for p in places.places if p.code == "630102001000")
    assert (community.lon, community.lat) == (township.lon, township.lat)
    assert not community.exact
    assert township.exact


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("湟水河", "湟水河"),
        ("630102101000", "韵家口镇"),
        ("630102001001", "北关社区居民委员会"),
        ("dgdjjd", "东关大街街道"),
        ("630102001000", "东关大街街道"),
        ("火车站街", "火车站街道"),
    ],
)
def test_places_are_found_by_name_code_and_initials(places: Places, typed: str, found: str) -> None:
    assert places.search(typed)[0].name == found


def test_nothing_is_found_by_nothing(places: Places) -> None:
    assert places.search("  ") == []
    assert places.search("no such place") == []


def test_a_river_is_near_where_it_is_drawn_and_not_far_from_it(places: Places) -> None:
    (river,) = places.search("湟水河", 1)
    here = places.at(river.lon, river.lat, 20.0)
    assert "湟水河" in [place.name for place, _ in here]
    assert all(metres <= 20.0 for _, metres in here)
    assert places.at(100.0, 30.0, 50.0) == []


def test_the_distance_to_a_run_is_that_to_its_nearest_point() -> None:
    run = np.array([[101.0, 36.0], [101.2, 36.0]])
    places = Places([(NamedPlace("road", "road", 101.1, 36.0), run)])
    ((_, metres),) = places.at(101.13, 36.001, 500.0)
    assert metres == pytest.approx(measure.distance((101.13, 36.001), (101.13, 36.0)))


@pytest.mark.parametrize("text", ["name\nx\n", "code12,name\n\xff\n"])
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(KnownError, match=r"units\.csv"):
        read_units(path)


def test_a_township_that_is_on_the_base_map_and_in_the_list_is_found_once(places: Places) -> None:
    found = [p for p in places.search("东关大街街道") if p.name == "东关大街街道"]
    assert [p.code for p in found] == ["630102001000"]
