"""Growth is told from samples of memory; what grows only at the start does not count."""

from __future__ import annotations

import pytest

from app.bench.soak import growth_mb_per_hour


def test_the_start_does_not_count() -> None:
    warming = [400.0 + 10 * i for i in range(120)]
    assert growth_mb_per_hour([*warming, *[1_600.0] * 240], 10) == pytest.approx(0.0, abs=1e-6)


def test_a_megabyte_an_hour_is_told_as_such() -> None:
    samples = [500.0 + i / 360 + (0.5 if i % 2 else -0.5) for i in range(360)]
    assert growth_mb_per_hour(samples, 10) == pytest.approx(1.0, abs=0.1)


def test_five_samples_say_nothing() -> None:
    with pytest.raises(ValueError, match="too short"):
        growth_mb_per_hour([1.0] * 5, 10)
