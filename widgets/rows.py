"""What one line of a list shows: the record, and the words that were looked up for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from services.domain.model import Alarm, Case, Entity
from services.packs.model import Catalogue
from widgets.format import number


@dataclass(frozen=True)
class AlarmRow:
    """One line of the alarm list."""

    alarm: Alarm
    text: str
    place: str


@dataclass(frozen=True)
class CaseRow:
    """One line of the case queue; ``place`` is the address or what stands for it."""

    case: Case
    category: str
    place: str


def alarm_row(alarm: Alarm, catalogue: Catalogue, entity: Entity | None, lang: str) -> AlarmRow:
    """The line of an alarm on ``entity`` (None when the thing is not known or gone)."""
    return AlarmRow(
        alarm=alarm,
        text=alarm_text(alarm, catalogue, lang),
        place=entity.name if entity is not None else alarm.object_id,
    )


def alarm_text(alarm: Alarm, catalogue: Catalogue, lang: str) -> str:
    """What is wrong: the source's own words, or the rule's label with value and limit."""
    rule = catalogue.rules.get(alarm.rule)
    if rule is None:
        return alarm.text or alarm.rule
    label = rule.label.text(lang)
    if alarm.value is None:
        return label
    kind = catalogue.kinds.get(rule.kind)
    measures = {m.name: m for m in kind.measure} if kind is not None else {}
    measure = measures.get(rule.measure)
    if measure is None:
        return f"{label} {alarm.value:g}"
    value = f"{label} {number(alarm.value, measure.decimals)} {measure.unit}".rstrip()
    if alarm.limit is None:
        return value
    return f"{value} / {number(alarm.limit, measure.decimals)}"


def case_row(case: Case, catalogue: Catalogue, lang: str) -> CaseRow:
    """The line of a case."""
    category = catalogue.categories.get(case.category)
    place = case.address
    if not place and case.lon is not None and case.lat is not None:
        place = f"{case.lon:.4f}, {case.lat:.4f}"
    return CaseRow(
        case=case,
        category=category.label.text(lang) if category is not None else case.category,
        place=place,
    )
