"""Names of the fields that a file can fill, and what a row becomes, in the user's language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.messages import person_text
from services.domain.clock import BEIJING
from services.domain.errors import KnownError
from services.ingest.mapping import fields_of
from services.ingest.rows import shorten
from services.packs.model import Kind

TIMES = ("reported_at", "deadline_at", "closed_at", "observed_at")
_SPLIT = re.compile(r"split into (\d+) parts")
_MENDED = re.compile(r"mended: ([^\[]+)(?:\[([^\]]*)\])?")
LEFT_OUT = ("type", "kind", "geometry", "source")


def field_labels(kind: Kind | None, lang: str) -> dict[str, str]:
    """Field to its name; ``kind`` None: of cases."""
    plain = _plain()
    found = {name: plain.get(name, name) for name in fields_of(kind)}
    if kind is not None:
        found |= {f"attrs.{a.name}": a.label.text(lang) for a in kind.attribute}
    return found


def _plain() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "id": translate("Imports", "Number"),
        "name": translate("Imports", "Name"),
        "lon": translate("Imports", "Longitude or east"),
        "lat": translate("Imports", "Latitude or north"),
        "state": translate("Imports", "State"),
        "category": translate("Imports", "Category code"),
        "title": translate("Imports", "Title"),
        "severity": translate("Imports", "Severity"),
        "address": translate("Imports", "Address"),
        "department": translate("Imports", "Department"),
        "source": translate("Imports", "Source"),
        "reported_at": translate("Imports", "Reported at"),
        "deadline_at": translate("Imports", "Deadline"),
        "closed_at": translate("Imports", "Closed at"),
    }


def item_words(item: Mapping[str, object], labels: Mapping[str, str]) -> str:
    """What a row becomes, by the names of its fields."""
    number = item.get("id")
    rest = {name: value for name, value in item.items() if name != "id"}
    return "; ".join([*_parts(rest, "", labels), *_parts({"id": number}, "", labels)])


def _parts(told: Mapping[str, object], before: str, labels: Mapping[str, str]) -> Iterator[str]:
    for name, value in told.items():
        if name in LEFT_OUT:
            continue
        full = before + name
        if isinstance(value, dict):
            yield from _parts(value, f"{full}.", labels)
            continue
        if name in TIMES and isinstance(value, float | int):
            text = datetime.fromtimestamp(value, BEIJING).isoformat(" ", "seconds")
        else:
            text = shorten(str(value), 80)
        yield f"{labels.get(full, full)} {text}"


def reason_words(error: KnownError, labels: Mapping[str, str], lang: str) -> str:
    """Why a row is refused. In English the reader's own words, which say most."""
    if not lang.startswith("zh"):
        return str(error)
    field = error.field or ""
    label = next((labels[n] for n in (field, f"attrs.{field}") if n in labels), "")
    if error.code == "missing_field":
        text = QCoreApplication.translate("Imports", "It is empty.")
        return f"{label or field}: {text}"
    text = _row_words().get(error.code) or person_text(error)
    return f"{label}: {text}" if label else text


def note_words(note: str, lang: str) -> str:
    """What was changed in a row on its way. In English the reader's own words."""
    if not lang.startswith("zh"):
        return note
    found = _SPLIT.fullmatch(note)
    if found is not None:
        return QCoreApplication.translate("Imports", "split into {0} things").format(found[1])
    found = _MENDED.fullmatch(note)
    if found is None:
        return note
    fault, place = found[1].strip(), found[2] or ""
    words = _faults().get(fault.lower(), fault)
    at = QCoreApplication.translate("Imports", "shape mended: {0}").format(words)
    return f"{at} ({place})" if place else at


def _faults() -> dict[str, str]:
    """Faults of shapes as GEOS names them, in lower case."""
    translate = QCoreApplication.translate
    return {
        "self-intersection": translate("Imports", "it crossed itself"),
        "ring self-intersection": translate("Imports", "its border touched itself"),
        "hole lies outside shell": translate("Imports", "a hole lay outside of it"),
        "holes are nested": translate("Imports", "a hole lay in another hole"),
        "nested holes": translate("Imports", "a hole lay in another hole"),
        "nested shells": translate("Imports", "a part lay in another part"),
        "duplicate rings": translate("Imports", "a border was there twice"),
        "interior is disconnected": translate("Imports", "its inside fell apart"),
        "too few points in geometry component": translate("Imports", "a border had too few points"),
    }


def _row_words() -> dict[str, str]:
    """What is said otherwise of a row of a file than of an order."""
    translate = QCoreApplication.translate
    return {
        "swapped": translate("Imports", "Longitude and latitude are exchanged."),
        "not_finite": translate("Imports", "It is no finite number."),
        "out_of_range": translate("Imports", "The value is outside what is allowed."),
        "too_long": translate("Imports", "It is too long."),
        "bad_character": translate("Imports", "It holds a sign that cannot be shown."),
        "bad_id": translate("Imports", "The number holds signs that numbers cannot have."),
        "unknown_state": translate("Imports", "The kind has no such state."),
        "unknown_category": translate("Imports", "There is no such category code."),
        "bad_type": translate("Imports", "The value is not of the type that the field has."),
        "too_large": translate("Imports", "It is too large."),
    }
