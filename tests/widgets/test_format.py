"""Spans and ages as people read them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from widgets.format import clock_ends, span_hms


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (6_849, "1:54:09"),
        (-64, "0:01:04"),
        (3 * 86_400 + 4 * 3_600 + 720, "3 d 04:12"),
        (10 * 86_400 + 1, "10 d"),
        (1_784 * 86_400, "1,784 d"),
    ],
)
def test_a_long_span_leaves_out_what_says_nothing(
    qapp: QApplication, seconds: float, shown: str
) -> None:
    assert span_hms(seconds) == shown


def test_a_short_span_of_time_shows_its_seconds() -> None:
    assert clock_ends(1_784_095_532.0, 1_784_099_132.0) == ("14:05", "15:05")
    assert clock_ends(1_784_095_532.0, 1_784_095_560.0) == ("14:05:32", "14:06:00")
