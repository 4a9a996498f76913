"""Reading coordinates: every form that is written is read back, and nothing else is a place."""

from __future__ import annotations

import math

import pyproj
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from layers.model import coordinates, measure
from layers.model.coordinates import FORMS, Form
from layers.model.goto import MIDDLE, Spot, spots
from services.domain.datum import Datum

NEAR = (101.8, 36.6)
lons = st.floats(73.6, 135.9)
lats = st.floats(18.0, 53.0)
DATUM: dict[Form, Datum] = {"gcj02": "gcj02", "bd09": "bd09"}


def _metres(spot: Spot, lon: float, lat: float) -> float:
    return measure.distance((spot.lon, spot.lat), (lon, lat))


@given(lons, lats, st.sampled_from(FORMS))
def test_what_the_map_shows_and_copies_is_read_back(lon: float, lat: float, form: Form) -> None:
    for text, slack in (
        (coordinates.written(lon, lat, form), 1.0),
        (coordinates.copied(lon, lat, form), 0.5),
    ):
        found = spots(text, DATUM.get(form, "wgs84"), NEAR)
        assert found, text
        assert _metres(found[0], lon, lat) < slack, text


@given(lons, lats, st.sampled_from([",", " ", ", ", "，", ";", " / ", "、"]), st.booleans())
def test_two_numbers_are_a_place_in_either_order(
    lon: float, lat: float, between: str, turned: bool
) -> None:
    a, b = (f"{lat:.6f}", f"{lon:.6f}") if turned else (f"{lon:.6f}", f"{lat:.6f}")
    found = spots(f"{a}{between}{b}", near=(lon, lat))
    assert _metres(found[0], lon, lat) < 0.5
    assert len(found) == (2 if lon <= 90.0 else 1)  # it may be a latitude as well: both are told


@given(lons, lats)
def test_metres_of_a_zone_are_what_pyproj_makes_of_them(lon: float, lat: float) -> None:
    zone = round(lon / 3)
    prefixed = pyproj.Transformer.from_crs(4490, 4513 + zone - 25, always_xy=True)
    east, north = prefixed.transform(lon, lat)
    for text in (
        f"{north:.3f}, {east:.3f}",
        f"Y={east:.3f} X={north:.3f}",
        f"{east:,.3f} {north:,.3f}",
    ):
        (found,) = spots(text, near=NEAR)
        assert found.meridian == zone * 3
        assert _metres(found, lon, lat) < 0.01


@given(st.floats(100.5, 103.4), lats)
def test_metres_without_a_prefix_are_first_of_the_reader_s_own_zone(lon: float, lat: float) -> None:
    plain = pyproj.Transformer.from_crs(4490, 4543, always_xy=True)  # the zone of 102°
    east, north = plain.transform(lon, lat)
    found = spots(f"{north:.3f} {east:.3f}", near=NEAR)
    assert [spot.meridian for spot in found] == [102, 99, 105]
    assert _metres(found[0], lon, lat) < 0.01


@pytest.mark.parametrize(
    "text",
    [
        "101.78, 36.62",
        "36.62N 101.78E",
        "36.62n101.78e",
        "N36.62 E101.78",
        "E 101.78° N 36.62°",
        "北纬36.62 东经101.78",
        "东经101.78°，北纬36.62°",
        "lat 36.62 lon 101.78",
        "(101.78，36.62)",
        "１０１．７８，３６．６２",
        "101°46′48″E 36°37′12″N",
        "101度46分48秒 36度37分12秒",
        "101 46 48 36 37 12",
        "36 37 12 N, 101 46 48 E",
        "101 46.8, 36 37.2",
        "101°46.8'E, 36°37.2'N",
        "x: 101.78 y: 36.62",
        "WGS-84 101.78 36.62",
        "101.78 36.62 CGCS2000",
        "101.78,36.62,",
    ],
)
def test_forms_that_people_write(text: str) -> None:
    found = spots(text, near=NEAR)
    assert [(s.lon, s.lat) for s in found] == [(pytest.approx(101.78), pytest.approx(36.62))]
    assert found[0].datum == "wgs84"


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("GCJ-02 101.78, 36.62", "gcj02"),
        ("gcj02:101.78,36.62", "gcj02"),
        ("高德 101.78,36.62", "gcj02"),
        ("101.78,36.62 BD09", "bd09"),
        ("百度坐标 101.78, 36.62", "bd09"),
        ("wgs84 101.78, 36.62", "wgs84"),
    ],
)
def test_a_datum_that_is_named_counts_before_the_chosen_one(text: str, datum: Datum) -> None:
    for chosen in ("wgs84", "gcj02", "bd09"):
        (named,) = spots(text, chosen, NEAR)
        (bare,) = spots("101.78, 36.62", datum, NEAR)
        assert named == bare
        assert named.datum == datum


@pytest.mark.parametrize(
    "text",
    [
        "",
        "101.78",
        "630102001001",
        "63010200011320000001",
        "1125-00008",
        "康乐十字",
        "101.78 36.62 5",
        "101°78'E 36°10'N",
        "101.5°30' 36°",
        "191.78, 136.62",
        "-36.62S 101.78E",
        "36.62N 101.78N",
        "4052345, 99572345",
        "9052345, 572345",
        "4052345, 52345",
        "nan, inf",
        "1e9, 2",
        "36.62.1, 101",
    ],
)
def test_what_is_no_coordinate_is_none(text: str) -> None:
    assert spots(text, near=NEAR) == []


@given(st.text(max_size=300))
@example("9" * 300)
@example("1 " * 150)
@example("n" * 200)
@example("1°1'1\"" * 40)
def test_whatever_is_typed_is_a_place_on_the_earth_or_none(text: str) -> None:
    for spot in spots(text, near=MIDDLE):
        assert math.isfinite(spot.lon)
        assert math.isfinite(spot.lat)
        assert abs(spot.lon) <= 180.1
        assert abs(spot.lat) <= 90.1


def test_sixty_seconds_are_never_written() -> None:
    assert coordinates.copied(101.99999999, 36.0, "dms") == "36°00′00.00″N 102°00′00.00″E"


def test_outside_the_zones_degrees_are_written_instead() -> None:
    assert not coordinates.can_write(10.0, "zone")
    assert coordinates.copied(10.0, 50.0, "zone") == "10.000000, 50.000000"


PASTED = (101.78, 36.62)


@pytest.mark.parametrize(
    "text",
    [
        "经度:101.78 纬度:36.62",
        "纬度 36.62，经度 101.78",
        "东经101度46分48秒，北纬36度37分12秒",
        "lat=36.62&lon=101.78",
        "POINT(101.78 36.62)",
        "SRID=4326;POINT Z (101.78 36.62 2260)",
        "geo:36.62,101.78",
        "geo:36.62,101.78;u=35",
        "https://www.openstreetmap.org/#map=15/36.62/101.78",
        "https://example.org/map?lng=101.78&lat=36.62&zoom=12",
        "https://example.org/@36.62,101.78,15z",
        "[101.78, 36.62]",
        '{"lng": 101.78, "lat": 36.62}',
        "101.78, 36.62, 2260",
        "36.62; 101.78; 2260 m",
        "EPSG:4490 101.78 36.62",
    ],
)
def test_what_is_pasted_from_elsewhere_is_read(text: str) -> None:
    found = spots(text, near=NEAR)
    assert found, text
    assert _metres(found[0], *PASTED) < 1.0, text


@pytest.mark.parametrize(
    "text",
    [
        "CGCS2000 3度带 34带 4054345.1 480345.6",
        "34带 X=4054345.1 Y=480345.6",
        "中央子午线102° 4054345.1, 480345.6",
        "L0=102 4054345.1 480345.6",
        "EPSG:4522 34480345.6 4054345.1",
        "EPSG:4543 480345.6 4054345.1",
    ],
)
def test_a_zone_that_is_named_leaves_one_reading(text: str) -> None:
    (found,) = spots(text, near=(120.0, 30.0))
    assert found.meridian == 102
    assert _metres(found, 101.78028, 36.61984) < 2.0


@pytest.mark.parametrize(
    "text",
    [
        "EPSG:4526 34480345.6 4054345.1",  # two zones
        "L0=101 4054345.1 480345.6",  # no meridian of a zone, so it is a number too many
        "https://example.org/101",
        "POINT(a b)",
        "geo:91,181",
        "geo:",
        "&",
        "{}",
        "101.78, 36.62, 2260, 5",
    ],
)
def test_what_contradicts_itself_or_is_nothing_is_no_place(text: str) -> None:
    assert spots(text, near=NEAR) == []
