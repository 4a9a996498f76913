"""Rows into ingest items: cells read as the kind's pack asks, shapes into places. Pure.

Shapes come in WGS-84 degrees; numbers in cells are in the reference system that was chosen.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

import msgspec

from services.cases.calendar_file import load_calendar
from services.domain.errors import KnownError
from services.domain.geodesy import check_position
from services.domain.ids import check_id
from services.domain.shape import known
from services.domain.world import World
from services.ingest import rows, settle
from services.ingest.bodies import Desk, to_bodies
from services.ingest.gis.placing import Placing
from services.ingest.gis.suggest import suggest
from services.ingest.http_client import Item
from services.ingest.item_types import Item as AnyItem
from services.ingest.mapping import Template
from services.ingest.rows import Row
from services.ingest.units import Conversion
from services.packs.model import Attribute, Catalogue, Kind

TIMES = ("reported_at", "deadline_at", "closed_at")
_STANDARD_ID = re.compile(r"\d{16}|\d{19}|\d{20}", re.ASCII)
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Handling:
    """What is done to values and shapes on their way. ``place``: of numbers in cells; ``units``: by
    field; ``mend``: shapes that cross themselves; ``split``: rows of several parts."""

    place: Placing = field(default_factory=Placing)
    units: Mapping[str, Conversion] = field(default_factory=dict)
    mend: bool = False
    split: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What a row becomes. ``notes``: what was changed on the way, in words."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


class ItemMaker:
    """Makes the items of a row: one, unless it is split. ``kind`` None: cases."""

    def __init__(
        self,
        kind: Kind | None,
        mapping: Mapping[str, Template],
        constants: Mapping[str, str],
        zone: tzinfo | None,
        source: str,
        handling: Handling | None = None,
    ) -> None:
        self._kind = kind
        self._mapping = mapping
        self._constants = constants
        self._zone = zone
        self._source = source
        self._handling = handling or Handling()
        self._attributes = {a.name: a for a in kind.attribute} if kind is not None else {}

    def check_complete(self, *, has_shapes: bool) -> None:
        """Refuse a mapping that could not fill a single row, before any is read."""
        needed = ["category", "title"] if self._kind is None else ["name"]
        place = self._kind is None or self._kind.geometry == "point"
        if (
            self._kind is not None
            and place
            and not has_shapes
            and "mobile" not in self._kind.traits
        ):
            needed += ["lon", "lat"]
        for name in needed:
            if name not in self._mapping and name not in self._constants:
                raise KnownError(
                    "missing_field",
                    f"no column fills “{name}”; give --map {name}=COLUMN or --set {name}=VALUE",
                    field="map",
                )
        if self._kind is not None and not place and not has_shapes:
            raise KnownError(
                "missing_field",
                f"{self._kind.id} needs areas or lines; import GeoJSON, a shapefile, a GeoPackage"
                " or KML",
                field="kind",
            )

    def made(self, row: Row) -> Made:
        """The row's items; KnownError naming the field and what is wrong with it."""
        told = {name: template.of(row.cells) for name, template in self._mapping.items()}
        told = {**told, **self._constants}
        told = {name: text for name, text in told.items() if text}
        shapes, notes = self._shapes(row.shape)
        items = [self._item(row, told, shape) for shape in shapes]
        if len(items) > 1:
            for number, item in enumerate(items, 1):
                item["id"] = check_id(f"{item['id']}-{number}")
            notes.append(f"split into {len(items)} parts")
        return Made(tuple(items), tuple(notes))

    def _shapes(self, shape: Any) -> tuple[list[Any], list[str]]:
        if shape is None:
            return [None], []
        whole, note = settle.sound(shape, mend=self._handling.mend)
        geometry = "point" if self._kind is None else self._kind.geometry
        name = "a case" if self._kind is None else self._kind.id
        found = settle.parts(whole, geometry, name, split=self._handling.split)
        return found, [note] if note else []

    def _item(self, row: Row, told: Cells, shape: Any) -> Item:
        if self._kind is None:
            return self._case(row, told, shape)
        return self._entity(row, told, self._kind, shape)

    # -- cases ------------------------------------------------------------------
    def _case(self, row: Row, told: Cells, shape: Any) -> Item:
        item: Item = {
            "type": "case",
            "source": rows.line(told.get("source", self._source), "source"),
        }
        for name, text in told.items():
            if name in TIMES:
                item[name] = rows.moment(text, name, self._zone)
            elif name == "severity":
                item[name] = int(text) if text.isdecimal() else text.lower()
            elif name not in ("lon", "lat", "id", "source") and not name.startswith("attrs."):
                item[name] = rows.line(text, name)
        item |= self._position(shape, told)
        item["id"] = _identifier("case", told, row)
        attrs = {
            name.removeprefix("attrs."): rows.line(text, name)
            for name, text in told.items()
            if name.startswith("attrs.")
        }
        if attrs:
            item["attrs"] = attrs
        for name in ("category", "title"):
            if name not in item:
                raise KnownError("missing_field", f"{name} is empty", field=name)
        return item

    # -- things -----------------------------------------------------------------
    def _entity(self, row: Row, told: Cells, kind: Kind, shape: Any) -> Item:
        if "name" not in told:
            raise KnownError("missing_field", "name is empty", field="name")
        item: Item = {
            "type": "entity",
            "id": _identifier(kind.id, told, row),
            "kind": kind.id,
            "name": rows.line(told["name"], "name"),
        }
        item |= self._place(shape, told, kind)
        attrs = {
            name: self._attribute(name, told)
            for name in self._attributes
            if f"attrs.{name}" in told
        }
        return item | ({"attrs": attrs} if attrs else {})

    def _number(self, full: str, told: Cells) -> float:
        """A number in the unit that the pack declares."""
        value = rows.number(told[full], full.partition(".")[2])
        unit = self._handling.units.get(full)
        return value if unit is None else unit.of(value)

    def _attribute(self, name: str, told: Cells) -> str | float | int | bool:
        attribute: Attribute = self._attributes[name]
        text = told[f"attrs.{name}"]
        if attribute.type == "boolean":
            return rows.boolean(text, name)
        if attribute.type == "text":
            return rows.line(text, name)
        value = self._number(f"attrs.{name}", told)
        if attribute.type == "number":
            return value
        if value != int(value):
            raise KnownError("not_a_number", f"{text} is not a whole number", field=name)
        return int(value)

    # -- places -----------------------------------------------------------------
    def _place(self, shape: Any, told: Cells, kind: Kind) -> Item:
        """Position of a point kind; geometry of an area or a line."""
        if kind.geometry == "point":
            place = self._position(shape, told)
            if not place and "mobile" not in kind.traits:
                raise KnownError("missing_field", "the row has no position", field="lon")
            return place
        if shape is None:
            raise KnownError("missing_field", "the feature has no geometry", field="geometry")
        return {"geometry": _rings(shape)}

    def _position(self, shape: Any, told: Cells) -> Item:
        """Longitude and latitude: of the cells, else of the shape, which may be an area."""
        if "lon" in told or "lat" in told:
            for name in ("lon", "lat"):
                if name not in told:
                    raise KnownError("missing_field", f"{name} is empty", field=name)
            lon, lat = self._told(rows.number(told["lon"], "lon"), rows.number(told["lat"], "lat"))
        elif shape is not None:
            point = shape if shape.geom_type == "Point" else shape.representative_point()
            lon, lat = round(point.x, 7), round(point.y, 7)
        else:
            return {}
        check_position(lon, lat)
        return {"lon": lon, "lat": lat}

    def _told(self, x: float, y: float) -> tuple[float, float]:
        """Numbers of cells as WGS-84 degrees."""
        place = self._handling.place
        if place.is_plain:
            if looks := suggest((x, y, x, y)) if max(abs(x), abs(y)) > 180 else ():
                raise KnownError(
                    "wrong_crs",
                    f"{x:.12g}, {y:.12g} are no degrees; they look like {looks[0].words()}; name"
                    " the reference system with --crs",
                    field="lon",
                    params={"epsg": looks[0].epsg},
                )
            return x, y
        place.check(x, y)
        if place.in_degrees:
            check_position(x, y)
        lon, lat = place.move(x, y)
        return round(float(lon), 7), round(float(lat), 7)


def _identifier(kind: str, told: Cells, row: Row) -> str:
    """The thing's own id under its kind; standard ids stay; without one, from the row's content."""
    text = told.get("id", "")
    if not text:
        content = repr(sorted(row.cells.items())).encode()
        content += row.shape.wkb if row.shape is not None else b""
        return f"{kind}:{hashlib.sha256(content).hexdigest()[:16]}"
    text = rows.line(text, "id").replace(" ", "_")
    if not _STANDARD_ID.fullmatch(text) and not text.startswith(f"{kind}:"):
        text = f"{kind}:{text}"
    return check_id(text)


def _rings(part: Any) -> list[list[tuple[float, float]]]:
    """The rings of one area, outer first, or the one run of a line."""
    runs = [part] if part.geom_type == "LineString" else [part.exterior, *part.interiors]
    return [[(round(x, 7), round(y, 7)) for x, y in run.coords] for run in runs]


def check_desk(catalogue: Catalogue) -> Desk:
    """What a dry run holds items against: the packs and the calendar of this machine."""
    return Desk(World(), catalogue, load_calendar(), "import", time.time(), lambda kind: kind)


def check(item: Item, desk: Desk) -> None:
    """Hold an item against a desk just as a hub does; KnownError if it fails."""
    try:
        told: AnyItem = msgspec.convert(item, AnyItem)
    except msgspec.ValidationError as error:
        raise known(error) from None
    to_bodies(told, desk)
