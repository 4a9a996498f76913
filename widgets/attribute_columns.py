"""The columns of an attribute table, as the packs describe them: titles, units, words. GUI thread.

A column's ``text`` turns a value as it is kept into what a person reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

from layers.model.style import LIGHT_OF, LIT_TRAIT
from services.domain.model import Link, Scalar, Severity
from services.packs.model import Attribute, Catalogue, Kind, Measure
from widgets.format import age, date_time, number
from widgets.words import (
    case_state_word,
    light_word,
    link_word,
    severity_word,
    source_word,
)

Words = Callable[[Scalar], str]
Content = Literal["words", "number", "time", "flag"]
WIDE, MIDDLE, NARROW = 200, 140, 92
DEGREES = 6
CASE_PREFIX = "case:"
"""Of a case's id on the map, where ids of things stand as well."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column. ``name`` is the field's; ``unit`` stands in the title; ``width`` pixels at first.

    ``shown``: whether it is there before a person chooses. ``severe``: its value is a severity.
    ``content``: what it is in a file for programs; in one for people a number and a time are as
    they are, all else is in its words.
    """

    name: str
    title: str
    text: Words
    unit: str = ""
    right: bool = False
    width: int = MIDDLE
    shown: bool = True
    severe: bool = False
    content: Content = "words"

    @property
    def heading(self) -> str:
        """Title and unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


def columns_of(
    kinds: Sequence[Kind], catalogue: Catalogue, lang: str, found: Iterable[str] = ()
) -> tuple[TableColumn, ...]:
    """Columns of some kinds: what every feature has, measures, attributes, and ``found``: names of
    the data that no pack describes."""
    lit = any(LIT_TRAIT in kind.traits for kind in kinds)
    made: dict[str, TableColumn] = {c.name: c for c in _first(kinds, lang)}
    if lit:
        made |= {c.name: c for c in _of_cases(catalogue, lang)}
    for kind in kinds:
        for measure in kind.measure:
            made.setdefault(measure.name, _of_measure(measure, lang))
    for kind in kinds:
        for attribute in kind.attribute:
            made.setdefault(attribute.name, _of_attribute(attribute, lang))
    for name in found:
        made.setdefault(name, TableColumn(name, name, plain_words, shown=False))
    made |= {c.name: c for c in _last() if c.name not in made}
    return tuple(made.values())


def plain_words(value: Scalar) -> str:
    """A value that no pack describes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes_no(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _first(kinds: Sequence[Kind], lang: str) -> Iterable[TableColumn]:
    translate = QCoreApplication.translate
    labels = {kind.id: kind.label.text(lang) for kind in kinds}
    states = {s.id: s.label.text(lang) for kind in kinds for s in kind.state}
    lit = any(LIT_TRAIT in kind.traits for kind in kinds)
    number_of = _case_number if lit else plain_words
    yield TableColumn("id", translate("AttributeColumns", "Number"), number_of, width=MIDDLE)
    yield TableColumn("name", translate("AttributeColumns", "Name"), plain_words, width=WIDE)
    if len(kinds) != 1:
        yield TableColumn(
            "kind",
            translate("AttributeColumns", "Kind"),
            lambda value: labels.get(str(value), str(value)),
        )
    yield TableColumn(
        "severity",
        translate("AttributeColumns", "Deadline light")
        if lit
        else translate("AttributeColumns", "Severity"),
        _light if lit else _severity,
        width=NARROW,
        severe=True,
    )
    if lit or states:
        yield TableColumn(
            "state",
            translate("AttributeColumns", "State"),
            lambda value: states.get(str(value)) or case_state_word(_text(value)),
        )
    if not lit:
        yield TableColumn("link", translate("AttributeColumns", "Link"), _link, width=NARROW)


def _last() -> Iterable[TableColumn]:
    translate = QCoreApplication.translate
    yield TableColumn("age_s", translate("AttributeColumns", "Last heard"), _age, width=NARROW)
    yield _flag("stale", translate("AttributeColumns", "Silent"))
    yield _flag("unacked", translate("AttributeColumns", "Unacknowledged"))
    for name, title in (
        ("lon", translate("AttributeColumns", "Longitude")),
        ("lat", translate("AttributeColumns", "Latitude")),
    ):
        yield TableColumn(name, title, _decimals(DEGREES), "°", right=True, content="number")


def _flag(name: str, title: str) -> TableColumn:
    return TableColumn(name, title, yes_no, width=NARROW, shown=False, content="flag")


def _of_cases(catalogue: Catalogue, lang: str) -> Iterable[TableColumn]:
    translate = QCoreApplication.translate
    categories = {code: c.label.text(lang) for code, c in catalogue.categories.items()}
    words: tuple[tuple[str, str, Words], ...] = (
        ("category", translate("AttributeColumns", "Category"),
         lambda v: categories.get(str(v), _text(v))),
        ("department", translate("AttributeColumns", "Department"), plain_words),
        ("handler", translate("AttributeColumns", "Handler"), plain_words),
        ("address", translate("AttributeColumns", "Address"), plain_words),
        ("grid_id", translate("AttributeColumns", "Grid"), plain_words),
        ("source", translate("AttributeColumns", "Source"), lambda v: source_word(_text(v))),
        ("reported_at", translate("AttributeColumns", "Reported"), _time),
        ("yellow_at", translate("AttributeColumns", "Yellow from"), _time),
        ("deadline_at", translate("AttributeColumns", "Deadline"), _time),
        ("overdue_at", translate("AttributeColumns", "Overdue since"), _time),
        ("handed_back_at", translate("AttributeColumns", "Handed back"), _time),
        ("late", translate("AttributeColumns", "Late"), yes_no),
        ("rework", translate("AttributeColumns", "Sent back"), whole),
        ("supervision", translate("AttributeColumns", "Urged"), whole),
        ("radius_m", translate("AttributeColumns", "Radius"), whole),
        ("alarm_key", translate("AttributeColumns", "Alarm"), plain_words),
    )  # fmt: skip
    hidden = ("yellow_at", "overdue_at", "handed_back_at", "late", "rework", "supervision",
              "radius_m", "alarm_key", "grid_id")  # fmt: skip
    for name, title, text in words:
        unit = "m" if name == "radius_m" else ""
        contents: dict[Words, Content] = {_time: "time", whole: "number", yes_no: "flag"}
        content = contents.get(text, "words")
        yield TableColumn(
            name, title, text, unit, right=bool(unit), shown=name not in hidden, content=content
        )


def _of_measure(measure: Measure, lang: str) -> TableColumn:
    title = measure.label.text(lang)
    words = _decimals(measure.decimals)
    return TableColumn(
        measure.name, title, words, measure.unit, right=True, width=NARROW, content="number"
    )


def _of_attribute(attribute: Attribute, lang: str) -> TableColumn:
    numeric = attribute.type in ("number", "integer")

    def words(value: Scalar) -> str:
        if numeric and isinstance(value, int | float) and not isinstance(value, bool):
            return f"{value:,.10g}"
        if attribute.type == "boolean" and isinstance(value, int | float):
            return yes_no(value)
        return attribute.value_text(value, lang)

    return TableColumn(
        attribute.name,
        attribute.label.text(lang),
        words,
        attribute.unit,
        right=numeric,
        width=NARROW if numeric or attribute.type == "boolean" else MIDDLE,
        content="number" if numeric else "flag" if attribute.type == "boolean" else "words",
    )


def _decimals(places: int) -> Words:
    def words(value: Scalar) -> str:
        if isinstance(value, int | float):
            return number(value, places)
        return _text(value)

    return words


def whole(value: Scalar) -> str:
    """A number without decimals."""
    return number(value) if isinstance(value, int | float) else _text(value)


def yes_no(value: Scalar) -> str:
    """A flag; nothing where it is not known."""
    translate = QCoreApplication.translate
    if value is None:
        return ""
    return translate("AttributeColumns", "yes") if value else translate("AttributeColumns", "no")


def _case_number(value: Scalar) -> str:
    return _text(value).removeprefix(CASE_PREFIX)


def _text(value: Scalar) -> str:
    return "" if value is None else str(value)


def _time(value: Scalar) -> str:
    return date_time(float(value)) if isinstance(value, int | float) else ""


def _age(value: Scalar) -> str:
    return age(float(value)) if isinstance(value, int | float) else ""


def _severity(value: Scalar) -> str:
    return severity_word(Severity(int(value))) if isinstance(value, int | float) else ""


def _light(value: Scalar) -> str:
    if not isinstance(value, int | float):
        return ""
    severity = Severity(int(value))
    return light_word(LIGHT_OF.get(severity, "green"))


def _link(value: Scalar) -> str:
    return link_word(Link(int(value))) if isinstance(value, int | float) else ""
