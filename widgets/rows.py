"""What one line of a list shows: the record, and the words that were looked up for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from services.alarms.logic import MAX_SHELVE_S
from services.alarms.surroundings import policy_of
from services.domain.model import Alarm, Case, Entity, Severity, Suppression
from services.domain.suppression import BY_DESIGN
from services.packs.model import Catalogue, Rule
from widgets.format import number


@dataclass(frozen=True)
class AlarmRow:
    """One line of the alarm list; ``longest_shelf_s``: how long its rule lets it be shelved."""

    alarm: Alarm
    text: str
    place: str
    longest_shelf_s: float = MAX_SHELVE_S


@dataclass(frozen=True)
class GroupRow:
    """One line for many alarms of a flood: ``keys`` of the alarms, what and where they are."""

    id: str
    text: str
    place: str
    keys: tuple[str, ...]
    worst: Severity
    active: bool
    waiting: int
    last_time: float


@dataclass(frozen=True)
class SuppressedRow:
    """One alarm that is put aside, or a thing that is (``alarm`` None: no alarm of it stands)."""

    key: str
    text: str
    place: str
    object_id: str
    suppression: Suppression
    reason: str
    alarm: Alarm | None = None


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
        text=alarm_text(alarm, catalogue, lang, entity),
        place=entity.name if entity is not None else alarm.object_id,
        longest_shelf_s=policy_of(catalogue, alarm.rule).max_shelve_s,
    )


def suppressed_row(
    alarm: Alarm,
    suppression: Suppression,
    catalogue: Catalogue,
    entity: Entity | None,
    lang: str,
) -> SuppressedRow:
    """The line of an alarm that is put aside, with the reason in words."""
    row = alarm_row(alarm, catalogue, entity, lang)
    reason = suppression.reason
    if suppression.kind == BY_DESIGN and entity is not None:
        kind = catalogue.kinds.get(entity.kind)
        labels = {s.id: s.label.text(lang) for s in kind.state} if kind is not None else {}
        reason = labels.get(reason, reason)
    return SuppressedRow(
        key=alarm.key,
        text=row.text,
        place=row.place,
        object_id=alarm.object_id,
        suppression=suppression,
        reason=reason,
        alarm=alarm,
    )


def alarm_text(alarm: Alarm, catalogue: Catalogue, lang: str, entity: Entity | None = None) -> str:
    """What is wrong: the source's own words, or the rule's label with value and limit. The same
    in every place that names an alarm.

    While it stands, the value is the newest reading of its thing (``entity``; without one what the
    alarm itself says), with the worst one beside it where that is another. Of a condition that is
    over: the worst value, and with which value it is normal again."""
    rule = catalogue.rules.get(alarm.rule)
    label = rule.label.text(lang) if rule is not None else alarm.text or alarm.rule
    limit = _in_words(alarm.limit, rule, catalogue, with_unit=False)
    if rule is not None and alarm.active:
        read = entity.values.get(rule.measure, alarm.value) if entity is not None else alarm.value
        return _standing(label, read, limit, alarm, rule, catalogue)
    value = _in_words(alarm.value if alarm.active else alarm.peak, rule, catalogue)
    if rule is None or not value:
        words = label
    elif not limit:
        words = f"{label} {value}"
    else:
        words = f"{label} {value} / {limit}"
    return words if alarm.active else f"{words} · {_over(alarm, rule, catalogue)}"


def _standing(
    label: str, read: float | None, limit: str, alarm: Alarm, rule: Rule, catalogue: Catalogue
) -> str:
    value = _in_words(read, rule, catalogue)
    if not value or read is None:
        return label
    worse = max if rule.direction == "above" else min
    peak = read if alarm.peak is None else worse(read, alarm.peak)
    worst = _in_words(peak, rule, catalogue, with_unit=False)
    held = f"{value} / {limit}" if limit else value
    if worst == _in_words(read, rule, catalogue, with_unit=False):
        return f"{label} {held}"
    return QCoreApplication.translate("Rows", "{0} now {1}, worst {2}").format(label, held, worst)


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
