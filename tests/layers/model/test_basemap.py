"""The bundled base map and its township areas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from layers.model.basemap import load_basemap, township_areas
from services.domain.errors import KnownError

BUNDLED = Path(__file__).resolve().parents[3] / "resources" / "basemap"
FILES = (BUNDLED / "basemap_schematic.geojson", BUNDLED / "district_outline.geojson")


def test_the_bundled_map_has_its_rivers_roads_and_places() -> None:
    basemap = load_basemap(FILES)
    names = {feature.name for feature in basemap.features}
    assert {"湟水河", "东关大街", "康乐十字", "西宁站"} <= names
    kinds = {feature.kind for feature in basemap.features}
    assert {"river", "road", "rail", "hill", "outline", "township_border"} <= kinds
    assert basemap.bounds == pytest.approx((101.774, 36.525, 101.911, 36.653))
    assert basemap.home == pytest.approx((101.783, 36.5605, 101.909, 36.65))


def test_township_areas_split_the_outline_by_the_nearest_label() -> None:
    outline = shapely.Polygon([(0, 0), (10, 0), (10, 4), (0, 4)])
    labels = [shapely.Point(1, 1), shapely.Point(5, 2), shapely.Point(9, 3)]
    areas = township_areas(outline, labels)
    assert shapely.union_all(areas).symmetric_difference(outline).area == pytest.approx(0, abs=1e-9)
    assert sum(a.area for a in areas) == pytest.approx(outline.area)
    for x in range(1, 10):
        at = shapely.Point(x + 0.37, 2.1)
        nearest = min(labels, key=at.distance)
        (home,) = [a for a in areas if a.contains(at)]
        assert home.contains(nearest)
    assert [a.wkt for a in township_areas(outline, labels[::-1])] == [a.wkt for a in areas]


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        '{"features": [{"properties": {}, "geometry": {"type": "Nothing"}}]}',
        '{"features": [{"geometry": null}]}',
        '{"features": []}',
    ],
)
def test_a_broken_map_is_refused_with_its_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.geojson"
    path.write_text(content, "utf-8")
    with pytest.raises(KnownError) as caught:
        load_basemap([path])
    assert caught.value.code == "bad_basemap"


def test_a_map_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"gone\.geojson"):
        load_basemap([tmp_path / "gone.geojson"])


def test_a_map_without_an_outline_is_as_wide_as_what_is_on_it(tmp_path: Path) -> None:
    road = {"type": "LineString", "coordinates": [[10, 50], [11, 51]]}
    item = {"type": "Feature", "properties": {"kind": "road"}, "geometry": road}
    path = tmp_path / "road.geojson"
    path.write_text(json.dumps({"features": [item]}), "utf-8")
    assert load_basemap([path]).bounds == (10, 50, 11, 51)
