"""What people type is read exactly or refused with an example."""

from __future__ import annotations

import pytest

from app.arguments import parse_duration, parse_moment, parse_windows
from services.domain.errors import KnownError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90.0),
        ("60s", 60.0),
        ("5m", 300.0),
        ("1h30m", 5_400.0),
        ("0.5s", 0.5),
        ("2D", 172_800),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-5s", "five", "5 minutes", "1h-3m", "nan", "inf"])
def test_no_durations(text: str) -> None:
    with pytest.raises(KnownError, match="duration") as caught:
        parse_duration(text)
    assert caught.value.code == "bad_duration"


def test_moments() -> None:
    assert parse_moment("1782885900") == 1_782_885_900.0
    assert parse_moment("2026-07-01T14:05:00+08:00") == 1_782_885_900.0
    assert parse_moment("2026-07-01T06:05:00Z") == 1_782_885_900.0


@pytest.mark.parametrize(
    "text", ["2026-07-01T14:05:00", "yesterday", "2026-13-01T00:00:00Z", "nan"]
)
def test_a_moment_without_offset_is_refused(text: str) -> None:
    with pytest.raises(KnownError) as caught:
        parse_moment(text)
    assert caught.value.code == "bad_time"


def test_windows() -> None:
    assert parse_windows("wall, desk,wall") == ("wall", "desk")
    for text in ("", "desk,cinema"):
        with pytest.raises(KnownError) as caught:
            parse_windows(text)
        assert caught.value.code == "unknown_window"
