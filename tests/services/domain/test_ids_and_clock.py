from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain import ids
from services.domain.clock import ManualClock, beijing_day, iso, parse_time
from services.domain.errors import KnownError

NOON = 1_749_960_000.0  # 2025-06-15 12:00 in Beijing


@pytest.mark.parametrize(
    ("given_", "seconds"),
    [
        (0.0, 0.0),
        (1_750_000_000, 1_750_000_000.0),
        ("2025-06-15T12:00:00+08:00", NOON),
        ("2025-06-15T04:00:00Z", NOON),
        (" 2025-06-15T04:00:00.5Z ", NOON + 0.5),
    ],
)
def test_times_as_people_and_machines_write_them(given_: float | str, seconds: float) -> None:
    assert parse_time(given_) == seconds


@pytest.mark.parametrize(
    ("given_", "code", "words"),
    [
        ("yesterday", "bad_time", "not an ISO 8601 time"),
        ("2025-06-15T12:00:00", "bad_time", "no offset from UTC"),
        ("2025-13-45T12:00:00Z", "bad_time", "not an ISO 8601 time"),
        (-1.0, "bad_time", "1970 to 2100"),
        (1.75e12, "bad_time", "milliseconds"),
        (1e30, "bad_time", "1970 to 2100"),
        (float("nan"), "not_finite", "not a time"),
        (float("inf"), "not_finite", "not a time"),
        ("1900-01-01T00:00:00Z", "bad_time", "1970 to 2100"),
    ],
)
def test_what_is_no_time_is_said(given_: float | str, code: str, words: str) -> None:
    with pytest.raises(KnownError, match=words) as caught:
        parse_time(given_, "items[1].time")
    assert (caught.value.code, caught.value.field) == (code, "items[1].time")


def test_a_day_begins_in_beijing() -> None:
    midnight = NOON - 12 * 3_600
    assert (beijing_day(midnight - 1), beijing_day(midnight)) == ("20250614", "20250615")
    assert iso(NOON) == "2025-06-15T04:00:00+00:00"


def test_case_numbers_have_19_digits_and_count_within_the_day() -> None:
    clock = ManualClock(NOON)
    new_id = ids.IdFactory(clock)
    assert [new_id("case"), new_id("case")] == ["6301022025061500001", "6301022025061500002"]
    assert new_id("dispatch") == "dispatch:20250615-00001"
    clock.advance(24 * 3_600)
    assert new_id("case") == "6301022025061600001"
    assert new_id("dispatch") == "dispatch:20250616-00001"
    clock.advance(-24 * 3_600)
    assert ids.is_case_id(new_id("case"))


@given(st.lists(st.sampled_from(["case", "dispatch"]), max_size=30), st.integers(0, 30))
def test_a_restarted_factory_goes_on_where_the_first_one_stopped(
    kinds: list[str], cut: int
) -> None:
    clock = ManualClock(NOON)
    first = ids.IdFactory(clock)
    made = [first(kind) for kind in kinds]
    again = ids.IdFactory(clock, known=[*reversed(made), "101000", "camera:1", "9" * 19, "x" * 19])
    assert len({*made, *(again(kind) for kind in kinds[:cut])}) == len(made) + len(kinds[:cut])


def test_a_clock_set_back_by_a_day_makes_no_id_twice_within_it() -> None:
    clock = ManualClock(NOON)
    new_id = ids.IdFactory(clock)
    made = [new_id("case")]
    clock.advance(-24 * 3_600)
    made += [new_id("case"), new_id("case")]
    clock.advance(24 * 3_600)
    made.append(new_id("case"))
    assert len(set(made)) == 4


def test_a_day_has_99999_case_numbers() -> None:
    last = f"63010220250615{ids.LAST_SERIAL}"
    new_id = ids.IdFactory(ManualClock(NOON), known=[last])
    with pytest.raises(KnownError) as caught:
        new_id("case")
    assert caught.value.code == "no_more_ids"
    assert new_id("dispatch") == "dispatch:20250615-00001"


def test_a_district_has_six_digits() -> None:
    with pytest.raises(ValueError, match="six digits"):
        ids.IdFactory(ManualClock(), district="63")


def test_forms_of_ids() -> None:
    assert ids.is_gb28181("63010200081326000001")
    assert not ids.is_gb28181("6301020008132600000")
    assert not ids.is_gb28181("６３０１０２０００８１３２６００００００１")
    assert not ids.is_case_id("case:1")


@pytest.mark.parametrize("good", ["camera:1", "63010200081326000001", "莫家街-3", "a" * 100])
def test_ids_that_serve(good: str) -> None:
    assert ids.check_id(good) == good


@pytest.mark.parametrize(
    "bad",
    ["", "a" * 101, "a b", "a\tb", "a\x00", "a|b", "\u202eevil", "zero\u200bwidth", "\ufeffx"],
)
def test_ids_that_do_not(bad: str) -> None:
    with pytest.raises(KnownError) as caught:
        ids.check_id(bad, "items[0].id")
    assert (caught.value.code, caught.value.field) == ("bad_id", "items[0].id")
