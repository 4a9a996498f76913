"""What a source says is held against its pack, and the field that is wrong is named."""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.domain.events import Observed
from services.domain.model import Entity, Link
from services.packs.loader import default_directory, load
from services.packs.validate import MAX_VERTICES, check_entity, check_observed

CATALOGUE = load(default_directory())
SQUARE = ((101.8, 36.6), (101.81, 36.6), (101.81, 36.61), (101.8, 36.6))
LEVEL = Entity(
    id="level_sensor:1", kind="level_sensor", name="康乐十字", lon=101.813, lat=36.607,
    attrs={"setting": "road"}, values={"level": 0.1}, link=Link.ONLINE,
)  # fmt: skip
GRID = Entity(id="63010200100101", kind="unit_grid", name="格", geometry=(SQUARE,))
TEAM = Entity(id="team:1", kind="team", name="排涝一队", attrs={"speciality": "drainage"})


@dataclass(frozen=True)
class Wrong:
    code: str
    field: str
    change: dict[str, object]
    base: Entity = LEVEL


WRONG = [
    Wrong("unknown_kind", "kind", {"kind": "ufo"}),
    Wrong("bad_id", "id", {"id": ""}),
    Wrong("missing_field", "name", {"name": " "}),
    Wrong("missing_field", "lon", {"lon": None, "lat": None}),
    Wrong("missing_field", "lat", {"lat": None}),
    Wrong("swapped", "lat", {"lon": 36.607, "lat": 101.813}),
    Wrong("out_of_range", "lon", {"lon": 500.0}),
    Wrong("not_finite", "lat", {"lat": math.nan}),
    Wrong("unknown_attribute", "attrs.colour", {"attrs": {"colour": "red"}}),
    Wrong("out_of_range", "attrs.setting", {"attrs": {"setting": "moon"}}),
    Wrong("bad_type", "attrs.setting", {"attrs": {"setting": 3}}),
    Wrong("unknown_measure", "values.depth", {"values": {"depth": 0.1}}),
    Wrong("out_of_range", "values.level", {"values": {"level": 11.0}}),
    Wrong("not_finite", "values.level", {"values": {"level": math.inf}}),
    Wrong("unknown_state", "state", {"state": "idle"}),
    Wrong("out_of_range", "heading_deg", {"heading_deg": 361.0}),
    Wrong("not_finite", "observed_at", {"observed_at": math.nan}),
    Wrong("bad_geometry", "geometry", {"geometry": (SQUARE,)}),
    Wrong("missing_field", "geometry", {"geometry": None}, GRID),
    Wrong("bad_geometry", "geometry", {"geometry": ()}, GRID),
    Wrong("bad_geometry", "geometry[0]", {"geometry": (SQUARE[:3],)}, GRID),
    Wrong("bad_geometry", "geometry[0]", {"geometry": ((SQUARE[0],) * 4,)}, GRID),
    Wrong("bad_geometry", "geometry", {"geometry": (SQUARE * MAX_VERTICES,)}, GRID),
    Wrong("swapped", "geometry[0][1].lat", {"geometry": (((1.0, 2.0), (36.0, 101.0)),)}, GRID),
    Wrong("missing_field", "attrs.speciality", {"attrs": {}}, TEAM),
    Wrong("bad_type", "attrs.members", {"attrs": {**TEAM.attrs, "members": True}}, TEAM),
    Wrong("out_of_range", "attrs.members", {"attrs": {**TEAM.attrs, "members": -1}}, TEAM),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: f"{w.code} {w.field}")
def test_what_is_wrong_is_named(wrong: Wrong) -> None:
    with pytest.raises(KnownError) as caught:
        check_entity(CATALOGUE, msgspec.structs.replace(wrong.base, **wrong.change))
    assert (caught.value.code, caught.value.field) == (wrong.code, wrong.field)
    assert caught.value.text


def test_what_is_right_passes() -> None:
    for entity in (LEVEL, GRID, TEAM, msgspec.structs.replace(TEAM, state="busy")):
        assert check_entity(CATALOGUE, entity).id == entity.kind


@pytest.mark.parametrize(
    ("news", "code", "field"),
    [
        (Observed(id="x", values={"ph": 7.0}), "unknown_measure", "values.ph"),
        (Observed(id="x", values={"level": -3.0}), "out_of_range", "values.level"),
        (Observed(id="x", state="asleep"), "unknown_state", "state"),
        (Observed(id="x", lon=101.8), "missing_field", "lat"),
        (Observed(id="x", lon=36.6, lat=101.8), "swapped", "lat"),
        (Observed(id="x", heading_deg=-1.0), "out_of_range", "heading_deg"),
    ],
)
def test_wrong_news_is_named(news: Observed, code: str, field: str) -> None:
    with pytest.raises(KnownError) as caught:
        check_observed(CATALOGUE, LEVEL, news)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_news_of_a_kind_that_is_gone_is_refused() -> None:
    with pytest.raises(KnownError, match="no pack declares"):
        check_observed(CATALOGUE, msgspec.structs.replace(LEVEL, kind="gone"), Observed(id="x"))


numbers = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-200, 200)
texts = st.text(max_size=20)
scalars = st.none() | st.booleans() | st.integers(-10, 10_000) | numbers | texts


@given(
    kind=st.sampled_from(sorted(CATALOGUE.kinds)) | texts,
    name=texts,
    lon=st.none() | numbers,
    lat=st.none() | numbers,
    attrs=st.dictionaries(st.sampled_from(["category", "members", "ptz", "fov_deg", "x"]), scalars),
    values=st.dictionaries(st.sampled_from(["level", "ch4", "pressure", "x"]), numbers),
    state=st.sampled_from(["", "idle", "busy", "asleep"]),
    rings=st.none() | st.lists(st.lists(st.tuples(numbers, numbers), max_size=6), max_size=3),
)
def test_any_input_passes_or_gets_an_error_with_a_field(
    kind: str,
    name: str,
    lon: float | None,
    lat: float | None,
    attrs: dict[str, str | int | float | bool | None],
    values: dict[str, float],
    state: str,
    rings: list[list[tuple[float, float]]] | None,
) -> None:
    geometry = None if rings is None else tuple(tuple(r) for r in rings)
    entity = Entity(
        id="a:1", kind=kind, name=name, lon=lon, lat=lat, attrs=attrs, values=values,
        state=state, geometry=geometry,
    )  # fmt: skip
    error, passed = judged(entity)
    if error is not None:
        assert error.field
        assert 0 < len(error.text) < 500
        return
    assert passed == kind
    described = CATALOGUE.kinds[kind]
    assert lon is None or (abs(lon) <= 180 and lat is not None and abs(lat) <= 90)
    assert all(math.isfinite(v) for v in values.values())
    assert set(values) <= {m.name for m in described.measure}
    assert set(attrs) <= {a.name for a in described.attribute}


def judged(entity: Entity) -> tuple[KnownError | None, str]:
    try:
        return None, check_entity(CATALOGUE, entity).id
    except KnownError as error:
        return error, ""


@given(level=st.floats(-0.5, 10.0))
def test_every_reading_inside_the_range_passes(level: float) -> None:
    assert check_observed(CATALOGUE, LEVEL, Observed(id=LEVEL.id, values={"level": level}))


@given(
    level=st.floats(max_value=-0.5, exclude_max=True) | st.floats(min_value=10, exclude_min=True)
)
def test_no_reading_outside_the_range_passes(level: float) -> None:
    with pytest.raises(KnownError) as caught:
        check_observed(CATALOGUE, LEVEL, Observed(id=LEVEL.id, values={"level": level}))
    assert caught.value.field == "values.level"
