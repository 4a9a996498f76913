"""Ids rise within a day, go on after a restart, and never hold what could deceive a reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.clock import ManualClock, beijing_day
from services.domain.errors import KnownError
from services.domain.ids import IdFactory, check_id, is_case_id, is_gb28181

DAY_S = 86_400.0


def test_case_numbers_have_19_digits_with_place_day_and_serial() -> None:
    clock = ManualClock(1_782_885_900.0)  # 2026-07-01 14:05 in Beijing
    new = IdFactory(clock)
    assert [new("case"), new("case")] == ["6301022026070100001", "6301022026070100002"]
    assert new("dispatch") == "dispatch:20260701-00001"
    clock.advance(10 * 3_600.0)  # past midnight in Beijing, not yet in UTC
    assert new("case") == "6301022026070200001"
    assert is_case_id(new("case"))
    assert not is_case_id("case-1")


@given(st.lists(st.sampled_from(["case", "dispatch", "next day"]), max_size=30))
def test_a_restarted_hub_goes_on_where_it_stopped(steps: list[str]) -> None:
    clock = ManualClock()
    through, made = IdFactory(clock), list[str]()
    for step in steps:
        if step == "next day":
            clock.advance(DAY_S)
            continue
        restarted = IdFactory(clock, made)
        made.append(through(step))
        assert restarted(step) == made[-1]
    assert len(set(made)) == len(made)


def test_numbers_of_another_district_do_not_count() -> None:
    clock = ManualClock()
    foreign = "110101" + beijing_day(clock()) + "00007"
    assert IdFactory(clock, [foreign, "camera-3"])("case").endswith("00001")
    with pytest.raises(ValueError, match="six digits"):
        IdFactory(clock, district="63010")


def test_a_day_has_no_more_than_99999_case_numbers() -> None:
    clock = ManualClock()
    last = "630102" + beijing_day(clock()) + "99999"
    with pytest.raises(KnownError) as caught:
        IdFactory(clock, [last])("case")
    assert caught.value.code == "no_more_ids"


@pytest.mark.parametrize(
    "value", ["", "x" * 101, "a b", "a|b", "a\u202eb", "a\x00", "\ufeffa", "a\n"]
)
def test_ids_that_are_refused(value: str) -> None:
    with pytest.raises(KnownError) as caught:
        check_id(value, "items[3].id")
    assert (caught.value.code, caught.value.field) == ("bad_id", "items[3].id")


@pytest.mark.parametrize("value", ["c-1", "水位:康乐十字", "x" * 100, "63010200001320000001"])
def test_ids_that_serve(value: str) -> None:
    assert check_id(value) == value


def test_the_form_of_a_gb28181_id() -> None:
    assert is_gb28181("63010200001320000001")
    assert not is_gb28181("6301020000132000000")
    assert not is_gb28181("٦" * 20)  # digits, but not ASCII
