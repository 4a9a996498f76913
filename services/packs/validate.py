"""Holds what a source says against its pack, before anything is stored. Pure; any thread."""

from __future__ import annotations

import math

import shapely
from shapely.validation import explain_validity

from services.domain import geodesy
from services.domain.errors import KnownError
from services.domain.events import Observed
from services.domain.ids import check_id, is_part_id
from services.domain.model import Entity, Ring, Scalar
from services.domain.text import plain
from services.packs.model import Attribute, Catalogue, Kind

MAX_NAME = 200
MAX_TEXT = 4_000
MAX_VERTICES = 20_000
MAX_QUOTED = 60
"""Of a name that came from outside and is wrong, errors quote this much."""


def check_entity(catalogue: Catalogue, entity: Entity) -> Kind:
    """The kind of ``entity`` if all of it is right; else KnownError naming the field."""
    kind = _kind(catalogue, entity.kind)
    check_id(entity.id)
    _part(kind, entity.id)
    if not plain(entity.name, "name", MAX_NAME):
        raise KnownError("missing_field", "name is missing or empty", field="name")
    _position(entity.lon, entity.lat)
    _place(kind, entity)
    _attrs(kind, entity.attrs)
    _values(kind, entity.values)
    _state(kind, entity.state)
    _heading(entity.heading_deg)
    if entity.observed_at is not None:
        _finite("observed_at", entity.observed_at)
    return kind


def check_observed(catalogue: Catalogue, entity: Entity, observed: Observed) -> Kind:
    """The kind of ``entity`` if the news of it is right; else KnownError naming the field."""
    kind = _kind(catalogue, entity.kind)
    _position(observed.lon, observed.lat)
    _values(kind, observed.values)
    if observed.state is not None:
        _state(kind, observed.state)
    _heading(observed.heading_deg)
    return kind


def _part(kind: Kind, identifier: str) -> None:
    """The id of a part 部件: 6 administrative code, 2 major, 2 minor, 6 serial."""
    if kind.part_codes and not (is_part_id(identifier) and identifier[6:10] in kind.part_codes):
        classes = " or ".join(kind.part_codes)
        raise KnownError(
            "bad_id",
            f"a {kind.id} has an id of 16 digits with {classes} as digits 7 to 10, "
            f"not {_quoted(identifier)}",
            field="id",
        )


def _kind(catalogue: Catalogue, identifier: str) -> Kind:
    kind = catalogue.kinds.get(identifier)
    if kind is None:
        raise KnownError(
            "unknown_kind",
            f"no pack declares a kind {_quoted(identifier)}",
            field="kind",
            params={"kind": identifier[:MAX_QUOTED]},
        )
    return kind


def _position(lon: float | None, lat: float | None) -> None:
    if lon is None and lat is None:
        return
    if lon is None or lat is None:
        field = "lon" if lon is None else "lat"
        raise KnownError("missing_field", f"{field} is missing", field=field)
    geodesy.check_position(lon, lat)


def _place(kind: Kind, entity: Entity) -> None:
    """A located kind has what its geometry asks for; a moving one may not have reported yet."""
    if entity.geometry is not None:
        _geometry(kind, entity.geometry)
    if "located" not in kind.traits and "area" not in kind.traits:
        return
    if kind.geometry == "point":
        if entity.lon is None and "mobile" not in kind.traits:
            raise KnownError("missing_field", f"{kind.id} needs a position", field="lon")
    elif not entity.geometry:
        raise KnownError("missing_field", f"{kind.id} needs a {kind.geometry}", field="geometry")


def _geometry(kind: Kind, rings: tuple[Ring, ...]) -> None:
    if kind.geometry == "point":
        raise _bad_geometry("geometry", f"{kind.id} is a point and takes no geometry")
    if not rings or (kind.geometry == "line" and len(rings) != 1):
        raise _bad_geometry("geometry", "a line is one run of points, an area one ring or more")
    if sum(len(ring) for ring in rings) > MAX_VERTICES:
        raise _bad_geometry("geometry", f"more than {MAX_VERTICES} points")
    for i, ring in enumerate(rings):
        for j, (lon, lat) in enumerate(ring):
            field = f"geometry[{i}][{j}]"
            geodesy.check_position(lon, lat, field)
        if kind.geometry == "line":
            if len(set(ring)) < 2:
                raise _bad_geometry(f"geometry[{i}]", "a line needs two different points")
        elif len(set(ring)) < 3 or ring[0] != ring[-1]:
            raise _bad_geometry(
                f"geometry[{i}]", "a ring needs three different points and ends where it began"
            )
    if kind.geometry != "line":
        area = shapely.Polygon(rings[0], rings[1:])
        if not area.is_valid:  # the reason names the fault and its place
            raise _bad_geometry("geometry", f"this is no area: {explain_validity(area)}")


def _attrs(kind: Kind, attrs: dict[str, Scalar]) -> None:
    known = {a.name: a for a in kind.attribute}
    for name, value in attrs.items():
        attribute = known.get(name)
        if attribute is None:
            raise KnownError(
                "unknown_attribute",
                f"{kind.id} has no attribute {_quoted(name)}",
                field=f"attrs.{name[:MAX_QUOTED]}",
            )
        if value is not None:
            _attribute(attribute, value)
    for name, attribute in known.items():
        if attribute.required and attrs.get(name) in (None, ""):
            raise KnownError("missing_field", f"{name} is missing", field=f"attrs.{name}")


def _attribute(attribute: Attribute, value: str | int | float | bool) -> None:
    field = f"attrs.{attribute.name}"
    match attribute.type:
        case "text":
            fits = isinstance(value, str)
        case "boolean":
            fits = isinstance(value, bool)
        case "integer":
            fits = isinstance(value, int) and not isinstance(value, bool)
        case "number":
            fits = isinstance(value, int | float) and not isinstance(value, bool)
    if not fits:
        raise KnownError(
            "bad_type", f"{field} must be {attribute.type}, not {type(value).__name__}", field=field
        )
    if isinstance(value, str):
        plain(value, field, MAX_TEXT)
        if attribute.choices and value not in attribute.choices:
            raise _out_of_range(
                field, f"{_quoted(value)} is not one of {', '.join(attribute.choices)}"
            )
        return
    if not isinstance(value, bool):
        _range(field, float(value), attribute.min, attribute.max, attribute.unit)


def _values(kind: Kind, values: dict[str, float]) -> None:
    known = {m.name: m for m in kind.measure}
    for name, value in values.items():
        measure = known.get(name)
        if measure is None:
            raise KnownError(
                "unknown_measure",
                f"{kind.id} does not measure {_quoted(name)}",
                field=f"values.{name[:MAX_QUOTED]}",
            )
        _range(f"values.{name}", value, measure.min, measure.max, measure.unit)


def _range(field: str, value: float, low: float | None, high: float | None, unit: str) -> None:
    _finite(field, value)
    if (low is not None and value < low) or (high is not None and value > high):
        limits = f"{'' if low is None else f'{low:g}'} … {'' if high is None else f'{high:g}'}"
        raise _out_of_range(field, f"{value:g} is outside {limits.strip()} {unit}".rstrip())


def _state(kind: Kind, state: str) -> None:
    if state and state not in {s.id for s in kind.state}:
        known = ", ".join(s.id for s in kind.state) or "none"
        raise KnownError(
            "unknown_state",
            f"{kind.id} has no state {_quoted(state)}; known: {known}",
            field="state",
        )


def _heading(heading_deg: float | None) -> None:
    if heading_deg is not None:
        _range("heading_deg", heading_deg, 0, 360, "°")


def _finite(field: str, value: float) -> None:
    if not math.isfinite(value):
        raise KnownError("not_finite", f"{field} is not a finite number", field=field)


def _bad_geometry(field: str, text: str) -> KnownError:
    return KnownError("bad_geometry", text, field=field)


def _out_of_range(field: str, text: str) -> KnownError:
    return KnownError("out_of_range", text, field=field)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + "…")
