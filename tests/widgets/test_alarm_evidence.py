"""What a case keeps of its alarm reads as words and times, never as names of fields."""

from __future__ import annotations

import pytest

from services.packs.model import Catalogue
from widgets.alarm_evidence import evidence_line


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("alarm_rule", "level_high", ("Alarm", "Water level high")),
        ("alarm_rule", "of no pack", ("Alarm", "of no pack")),
        ("alarm_object", "level_sensor:1", ("Alarm on", "level_sensor:1")),
        ("alarm_text", "smoke", ("Alarm says", "smoke")),
        ("alarm_value", 0.62, ("Value then", "0.62")),
        ("alarm_peak", 0.7, ("Worst value", "0.7")),
        ("alarm_limit", 0.6, ("Limit reached", "0.6")),
        ("alarm_first_time", 1_784_095_532.0, ("First raised", "2026-07-15 14:05:32")),
        ("alarm_count", 3, ("Times told", "3")),
        ("alarm_value", None, None),
        ("caller", "甲", None),
    ],
)
def test_lines(
    catalogue: Catalogue, name: str, value: object, line: tuple[str, str] | None
) -> None:
    assert evidence_line(name, value, catalogue, "en") == line
