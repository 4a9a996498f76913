"""Figures are reported in one shape, for people and for machines."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bench.command import FAMILIES, family_rows
from app.bench.rows import Row, percentile, to_json, to_table

ROW = Row(figure="P1", name="frame", size=48_000, value=12.5, unit="ms", target="≤ 20 ms", ok=True)


def test_json_has_every_field_even_where_there_is_no_peer() -> None:
    (row,) = json.loads(to_json([ROW]))
    assert row == {
        "figure": "P1",
        "name": "frame",
        "size": 48_000,
        "value": 12.5,
        "unit": "ms",
        "peer": None,
        "peer_value": None,
        "target": "≤ 20 ms",
        "ok": True,
    }


def test_the_table_says_what_was_missed() -> None:
    missed = Row(figure="P7", name="fan-out", size=50, value=1.0, unit="events/s", ok=False)
    _, first, second = to_table([ROW, missed]).splitlines()
    assert first.split()[:3] == ["ok", "P1", "frame"]
    assert second.split()[:3] == ["MISS", "P7", "fan-out"]


@pytest.mark.parametrize(("value", "ok"), [(250.0, True), (250.1, False)])
def test_a_figure_with_a_limit_says_it_and_whether_it_was_kept(value: float, ok: bool) -> None:
    row = Row.at_most("P8", "painted", 35_000, value, "ms", 250.0)
    assert (row.target, row.ok, row.value, row.unit) == ("≤ 250 ms", ok, value, "ms")


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_smallest_sample_that_covers_so_many(
    samples: list[float], q: int
) -> None:
    value = percentile(samples, q)
    assert sum(s <= value for s in samples) * 100 >= q * len(samples)
    assert sum(s < value for s in samples) * 100 < q * len(samples)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_can_be_measured(family: str) -> None:
    assert callable(family_rows(family))
