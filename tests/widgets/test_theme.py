"""Words keep 4.5:1 and marks 3:1 on every surface of both variants."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from services.domain.errors import KnownError
from services.domain.model import Severity
from widgets.theme import DEFAULT_PATH, Theme

SURFACES = ("ground", "panel", "raised")
WORDS = (
    "text",
    "muted",
    "faint",
    "accent",
    "info_text",
    "minor_text",
    "major_text",
    "critical_text",
    "good_text",
    "exercise_text",
)
SERIES = tuple(f"series_{i}" for i in range(1, 9))
RAMP = tuple(f"ramp_{i}" for i in range(1, 6))
MARKS = ("normal", "neutral", "info", "minor", "major", "critical", "good", "stale", "exercise")
ON = (("on_accent", "accent"), ("on_exercise", "exercise"))
VARIANTS = ("dark", "light")


def _luminance(color: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(p) for p in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: QColor, second: QColor) -> float:
    """WCAG 2 contrast ratio."""
    dark, bright = sorted((_luminance(first), _luminance(second)))
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_words_are_readable_on_every_surface(variant: str) -> None:
    theme = Theme.load(variant=variant)
    weak = {
        (word, surface): round(contrast(theme.color(word), theme.color(surface)), 2)
        for word, surface in [*product(WORDS, SURFACES), *ON]
        if contrast(theme.color(word), theme.color(surface)) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("variant", VARIANTS)
def test_marks_stand_out_on_every_surface(variant: str) -> None:
    theme = Theme.load(variant=variant)
    weak = {
        (mark, surface)
        for mark, surface in product((*MARKS, *SERIES, *RAMP), SURFACES)
        if contrast(theme.color(mark), theme.color(surface)) < 3.0
    }
    assert weak == set()


def test_every_token_is_judged_or_is_a_surface() -> None:
    judged = {*SURFACES, *WORDS, *MARKS, *SERIES, *RAMP, *(word for word, _ in ON), "line"}
    assert set(Theme.load().tokens) == judged


@pytest.mark.parametrize("variant", VARIANTS)
def test_sheet_uses_only_known_tokens_and_every_severity_has_colours(variant: str) -> None:
    theme = Theme.load(variant=variant)
    assert "$" not in theme.qss()
    for severity in Severity:
        assert theme.severity(severity).isValid()
        assert theme.severity_text(severity).isValid()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('text = "#E6EDF3"', 'text = "no colour"', "text"),
        ('stale = "#6B7C8D"', "", "stale"),
        ("small = 12", 'small = "big"', "small"),
        ("[dark]", "[dark", "theme"),
    ],
)
def test_a_broken_theme_names_the_place(tmp_path: Path, old: str, new: str, named: str) -> None:
    path = tmp_path / "theme.toml"
    path.write_text(DEFAULT_PATH.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(KnownError, match=named) as caught:
        Theme.load(path)
    assert caught.value.code == "bad_theme"


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_ramp_goes_one_way_from_the_ground(variant: str) -> None:
    theme = Theme.load(variant=variant)
    away = [contrast(theme.color(step), theme.color("ground")) for step in RAMP]
    assert away == sorted(away)
    assert all(b / a > 1.15 for a, b in pairwise(away))
