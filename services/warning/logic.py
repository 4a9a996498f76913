"""Early warning 预警: declared rules over readings. Pure; the hub turns findings into alarms."""

from __future__ import annotations

from services.domain.model import Alarm, Entity, Record, Severity
from services.packs.model import Rule

SOURCE = "rule"
"""The ``source`` of alarms that rules raise; their ``rule`` is the rule's id."""


class Finding(Record, frozen=True, kw_only=True):
    """A rule's judgement changed: ``severity`` NORMAL clears; ``limit`` is the step reached."""

    rule: str
    object_id: str
    severity: Severity
    value: float
    limit: float | None = None


def evaluate(rule: Rule, entity: Entity, standing: Alarm | None) -> Finding | None:
    """Threshold with hysteresis: None while the judgement is what the standing alarm says.

    A step is reached at its limit; once reached it holds until the value is back by more than
    ``hysteresis``. Readings that are absent judge nothing.
    """
    value = entity.values.get(rule.measure)
    if value is None or entity.kind != rule.kind:
        return None
    before = standing.judged if standing is not None else Severity.NORMAL
    reached, limit = level(rule, value, before)
    if reached == before:
        return None
    return Finding(rule=rule.id, object_id=entity.id, severity=reached, value=value, limit=limit)


def level(rule: Rule, value: float, before: Severity) -> tuple[Severity, float | None]:
    """The worst step that holds for ``value``, coming from severity ``before``; and its limit."""
    sign = 1.0 if rule.direction == "above" else -1.0
    worst: tuple[Severity, float | None] = (Severity.NORMAL, None)
    for step in rule.limits:
        slack = rule.hysteresis if step.severity <= before else 0.0
        if sign * value >= sign * step.at - slack and step.severity > worst[0]:
            worst = (step.severity, step.at)
    return worst
