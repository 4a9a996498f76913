"""What an alarm said when a case was made of it, as lines of the case's card. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from services.packs.model import Catalogue
from widgets.format import date_time


def evidence_line(
    name: str, value: object, catalogue: Catalogue, lang: str
) -> tuple[str, str] | None:
    """Label and words of one fact of ``alarm.to_case``; None where the fact is none of those."""
    translate = QCoreApplication.translate
    label = {
        "alarm_rule": translate("AlarmEvidence", "Alarm"),
        "alarm_object": translate("AlarmEvidence", "Alarm on"),
        "alarm_text": translate("AlarmEvidence", "Alarm says"),
        "alarm_value": translate("AlarmEvidence", "Value then"),
        "alarm_peak": translate("AlarmEvidence", "Worst value"),
        "alarm_limit": translate("AlarmEvidence", "Limit reached"),
        "alarm_first_time": translate("AlarmEvidence", "First raised"),
        "alarm_count": translate("AlarmEvidence", "Times told"),
    }.get(name)
    if label is None or value is None:
        return None
    if name == "alarm_rule":
        rule = catalogue.rules.get(str(value))
        return label, rule.label.text(lang) if rule is not None else str(value)
    if isinstance(value, int | float):
        return label, date_time(value) if name == "alarm_first_time" else f"{value:g}"
    return label, str(value)
