"""What one line of a list shows: the record, and the words that were looked up for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from services.domain.model import Alarm, Case, Entity
from services.packs.model import Catalogue, Rule
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
    """What is wrong: the source's own words, or the rule's label with value and limit. Of a
    condition that is over: the worst value, and with which value it is normal again."""
    rule = catalogue.rules.get(alarm.rule)
    label = rule.label.text(lang) if rule is not None else alarm.text or alarm.rule
    worst = alarm.value if alarm.active else alarm.peak
    value = _in_words(worst, rule, catalogue)
    limit = _in_words(alarm.limit, rule, catalogue, with_unit=False)
    if rule is None or not value:
        words = label
    elif not limit:
        words = f"{label} {value}"
    else:
        words = f"{label} {value} / {limit}"
    return words if alarm.active else f"{words} · {_over(alarm, rule, catalogue)}"


def _over(alarm: Alarm, rule: Rule | None, catalogue: Catalogue) -> str:
    now = _in_words(alarm.value, rule, catalogue) if rule is not None else ""
    if not now:
        return QCoreApplication.translate("Rows", "back to normal")
    return QCoreApplication.translate("Rows", "back to normal at {0}").format(now)


def _in_words(
    value: float | None, rule: Rule | None, catalogue: Catalogue, *, with_unit: bool = True
) -> str:
    """A value of the rule's measure with its unit, "" without a value."""
    if value is None:
        return ""
    kind = catalogue.kinds.get(rule.kind) if rule is not None else None
    if rule is not None and kind is not None:
        for measure in kind.measure:
            if measure.name == rule.measure:
                unit = measure.unit if with_unit else ""
                return f"{number(value, measure.decimals)} {unit}".rstrip()
    return f"{value:g}"


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
