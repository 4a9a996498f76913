"""Growth is told from samples of memory; what grows only at the start does not count, nor what an
open window needs."""

from __future__ import annotations

import pytest

from app.bench.soak import Sample, growth_mb_per_hour, warm_up

WALL = frozenset({"wall"})


def _series(megabytes: list[float]) -> list[Sample]:
    return [Sample(each) for each in megabytes]


def test_the_first_hour_does_not_count() -> None:
    warming = [400.0 + 10 * i for i in range(360)]
    samples = _series([*warming, *[4_000.0] * 360])
    assert growth_mb_per_hour(samples, 10) == pytest.approx(0.0, abs=1e-6)
    assert (warm_up(720, 10), warm_up(1_440, 10), warm_up(12, 10)) == (360, 360, 6)


def test_a_megabyte_an_hour_is_told_as_such() -> None:
    samples = _series([500.0 + i / 360 + (0.5 if i % 2 else -0.5) for i in range(720)])
    assert growth_mb_per_hour(samples, 10) == pytest.approx(1.0, abs=0.1)


def test_an_open_wall_is_no_growth_and_hides_none() -> None:
    """The wall is open in the second half of what counts: its 100 MB are a level, not a slope."""
    level = [600.0 + 2.0 * i / 360 for i in range(720)]
    samples = [
        Sample(each + 100.0, WALL) if i >= 540 else Sample(each) for i, each in enumerate(level)
    ]
    assert growth_mb_per_hour(samples, 10) == pytest.approx(2.0, abs=0.01)


def test_too_few_samples_say_nothing() -> None:
    with pytest.raises(ValueError, match="too short"):
        growth_mb_per_hour(_series([1.0] * 10), 10)
    changing = [Sample(1.0, frozenset({str(i)})) for i in range(40)]
    with pytest.raises(ValueError, match="too short"):
        growth_mb_per_hour(changing, 10)
