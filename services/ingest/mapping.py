"""Which column fills which field: given by the user, else guessed from the column's name.

Pure; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from services.domain.errors import KnownError
from services.ingest.rows import shorten
from services.packs.model import Kind

CASE = "case"
CASE_FIELDS = (
    "id",
    "category",
    "title",
    "severity",
    "lon",
    "lat",
    "address",
    "department",
    "source",
    "state",
    "reported_at",
    "deadline_at",
    "closed_at",
)
ENTITY_FIELDS = ("id", "name", "lon", "lat")
LIVE_FIELDS = ("state", "link", "values", "heading_deg", "observed_at")
"""Of a thing what its source tells as it happens; no file says it."""
_GUESSES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "code", "编号", "编码", "@id", "objectid", "caseenquiryid", "stationreference"),
    "name": ("name", "title", "名称", "stationname"),
    "title": ("title", "casetitle", "name", "标题", "案件标题", "名称"),
    "lon": ("lon", "longitude", "lng", "long", "x", "经度"),
    "lat": ("lat", "latitude", "y", "纬度"),
    "address": ("address", "location", "地址", "位置"),
    "category": ("categorycode", "案件类别", "类别编码"),
    "department": ("department", "部门", "处置部门"),
    "reported_at": ("reportedat", "opendt", "上报时间", "受理时间"),
    "deadline_at": ("deadlineat", "deadline", "targetdt", "截止时间", "处置时限"),
    "closed_at": ("closedat", "closeddt", "结案时间"),
    "state": (),  # too many tables mean a part of a country by it
}
"""Column names taken for a field, without case, blanks, ``_`` and ``-``."""
_COLUMN = re.compile(r"\{([^{}]+)\}")


class Template:
    """A column's name, or a text with ``{column}`` in it, that gives the text of a field."""

    def __init__(self, text: str, columns: Sequence[str]) -> None:
        names = [text] if text in columns else _COLUMN.findall(text)
        missing = [name for name in names if name not in columns]
        if missing or not names:
            known = ", ".join(columns[:30])
            raise KnownError(
                "unknown_column",
                f"there is no column “{shorten(missing[0] if missing else text)}”; "
                f"there are {shorten(known, 300)}",
                field="map",
            )
        self.columns = tuple(names)
        self.text = text
        self._whole = text in columns

    def of(self, cells: Mapping[str, str]) -> str:
        """The field's text; empty where the column is, or where all columns are."""
        if self._whole:
            return cells.get(self.text, "").strip()
        if not any(cells.get(name, "").strip() for name in self.columns):
            return ""
        return _COLUMN.sub(lambda m: cells.get(m[1], "").strip(), self.text).strip()


def pairs(words: Iterable[str], option: str) -> dict[str, str]:
    """``["lon=x", …]`` of a repeated option as a dictionary; KnownError for what is not a pair."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise KnownError(
                "bad_option", f"“{shorten(word)}” is not of the form field=value", field=option
            )
        if name.strip() in found:
            raise KnownError("bad_option", f"“{name.strip()}” is given twice", field=option)
        found[name.strip()] = value.strip()
    return found


def fields_of(kind: Kind | None) -> tuple[str, ...]:
    """What can be filled for a kind, or for cases where it is None."""
    if kind is None:
        return CASE_FIELDS
    attributes = (f"attrs.{a.name}" for a in kind.attribute)
    return (*ENTITY_FIELDS, *attributes)


def _is_live(field: str, kind: Kind) -> bool:
    measured = field.removeprefix("values.") in {m.name for m in kind.measure}
    return measured or field in LIVE_FIELDS


def unit_of(field: str, kind: Kind) -> str:
    """The unit in which a pack declares a field; "" for none."""
    short = field.partition(".")[2]
    declared = kind.attribute if field.startswith("attrs.") else ()
    return next((d.unit for d in declared if d.name == short), "")


def full_name(field: str, kind: Kind | None) -> str:
    """The field meant by a short name (``members`` for ``attrs.members``); KnownError if none, and
    ``live_field`` for what no file says."""
    fields = fields_of(kind)
    for name in (field, f"attrs.{field}"):
        if name in fields or (kind is None and name == field and field.startswith("attrs.")):
            return name
    if kind is not None and _is_live(field, kind):
        raise KnownError(
            "live_field",
            f"“{shorten(field)}” is told by its source as it happens; a file cannot say it",
            field=field,
        )
    raise KnownError(
        "unknown_field",
        f"there is no field “{shorten(field)}”; there are {', '.join(fields)}",
        field="map",
    )


def resolve(
    given: Mapping[str, str],
    constants: Iterable[str],
    columns: Sequence[str],
    kind: Kind | None,
    *,
    places: bool = True,
    guess: bool = True,
) -> dict[str, Template]:
    """Field to template: what was given, and guesses for fields that were not mentioned.

    ``places`` False: no column is taken for a position, because rows have shapes of their own.
    ``guess`` False: nothing is guessed.
    """
    mapping = {full_name(f, kind): Template(text, columns) for f, text in given.items()}
    taken = {full_name(f, kind) for f in constants} | mapping.keys()
    if not guess:
        return mapping
    plain = {_plain(column): column for column in reversed(columns)}
    for field in fields_of(kind):
        if field in taken or (not places and field in ("lon", "lat")):
            continue
        short = field.partition(".")[2] or field
        for name in _GUESSES.get(field, (_plain(short),)):
            if name in plain:
                mapping[field] = Template(plain[name], columns)
                break
    return mapping


def _plain(column: str) -> str:
    return re.sub(r"[\s_-]", "", column).lower()
