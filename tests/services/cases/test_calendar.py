"""Working time against an oracle that counts minute by minute."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.calendar import Calendar, CalendarFile
from services.cases.calendar_file import default_file, load_calendar
from services.domain.clock import BEIJING
from services.domain.errors import KnownError

CALENDAR = load_calendar()
OFF = {  # the announced days, written down again by hand
    2025: "0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
    2026: "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
}
ON = {
    2025: "0126 0208 0427 0928 1011",
    2026: "0104 0214 0228 0509 0920 1010",
}


def days(year: int, text: str) -> set[date]:
    found: set[date] = set()
    for part in text.split():
        ends = [date(year, int(p[:2]), int(p[2:])) for p in part.split("-")]
        found |= {ends[0] + timedelta(n) for n in range((ends[-1] - ends[0]).days + 1)}
    return found


def works(day: date) -> bool:
    if day in days(day.year, ON[day.year]):
        return True
    return day not in days(day.year, OFF[day.year]) and day.weekday() < 5


def at(text: str) -> float:
    """``2026-09-30 17:00`` in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).timestamp()


WORKING = {
    date(2025, 1, 1) + timedelta(n): works(date(2025, 1, 1) + timedelta(n)) for n in range(730)
}


def runs(minute: int) -> bool:
    """Whether the clock runs in this minute, the naive way."""
    moment = datetime.fromtimestamp(minute * 60, BEIJING)
    return WORKING[moment.date()] and (8 <= moment.hour < 12 or 14 <= moment.hour < 18)


def test_every_day_of_the_announced_years() -> None:
    for day, expected in WORKING.items():
        assert CALENDAR.is_working_day(day) == expected, day


def test_the_year_that_is_not_announced_says_so() -> None:
    assert [CALENDAR.years[y].announced for y in (2025, 2026, 2027)] == [True, True, False]
    assert not CALENDAR.is_working_day(date(2027, 2, 8))
    assert CALENDAR.is_working_day(date(2027, 2, 9))


MINUTES = st.integers(int(at("2025-01-02 00:00")) // 60, int(at("2026-11-01 00:00")) // 60)


LATER = st.integers(int(at("2025-03-01 00:00")) // 60, int(at("2026-12-01 00:00")) // 60)


@given(MINUTES, st.integers(0, 6_000))
def test_elapsed_is_what_counting_minutes_gives(start: int, span: int) -> None:
    counted = sum(runs(m) for m in range(start, start + span))
    assert CALENDAR.elapsed(start * 60, (start + span) * 60) == counted * 60


@given(MINUTES, st.integers(1, 2_000))
def test_adding_ends_where_counting_minutes_ends(start: int, amount: int) -> None:
    minute, left = start, amount
    while left:
        left -= runs(minute)
        minute += 1
    assert CALENDAR.add(start * 60, amount * 60) == minute * 60


@given(LATER, st.integers(1, 2_000))
def test_subtracting_ends_where_counting_minutes_back_ends(end: int, amount: int) -> None:
    minute, left = end, amount
    while left:
        minute -= 1
        left -= runs(minute)
    assert CALENDAR.subtract(end * 60, amount * 60) == minute * 60


@given(
    st.floats(at("2025-02-01 00:00"), at("2026-10-01 00:00")),
    st.floats(0.0, 300 * 3_600.0),
)
def test_adding_and_measuring_agree_to_the_microsecond(start: float, amount: float) -> None:
    end = CALENDAR.add(start, amount)
    assert CALENDAR.elapsed(start, end) == pytest.approx(amount, abs=1e-4)
    assert CALENDAR.elapsed(CALENDAR.subtract(start, amount), start) == pytest.approx(
        amount, abs=1e-4
    )


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-25 09:00", 2, "2026-11-25 11:00"),
        ("2026-11-25 11:00", 2, "2026-11-25 15:00"),  # over the noon rest
        ("2026-11-25 08:00", 4, "2026-11-25 12:00"),  # ends with the period, not after the rest
        ("2026-11-25 20:00", 1, "2026-11-26 09:00"),  # reported in the evening
        ("2026-11-27 17:00", 8, "2026-11-30 17:00"),  # over the weekend
        ("2026-09-30 17:00", 2, "2026-10-08 09:00"),  # over the national day
        ("2026-10-09 17:00", 2, "2026-10-10 09:00"),  # into a Saturday that is worked
    ],
)
def test_known_deadlines(start: str, hours: float, end: str) -> None:
    assert CALENDAR.add(at(start), hours * 3_600) == at(end)


def test_a_span_that_does_not_go_forward_is_nothing() -> None:
    noon = at("2026-11-25 10:00")
    assert CALENDAR.elapsed(noon, noon) == 0.0
    assert CALENDAR.elapsed(noon, noon - 3_600) == 0.0
    assert CALENDAR.add(noon, 0.0) == noon
    assert CALENDAR.subtract(noon, -1.0) == noon


def raw() -> dict[str, Any]:
    return tomllib.loads(default_file().read_text("utf-8"))


def made(**changes: object) -> Calendar:
    return Calendar(msgspec.convert({**raw(), **changes}, CalendarFile))


def test_the_version_changes_with_what_the_file_says() -> None:
    assert made().version == CALENDAR.version
    assert made(year=raw()["year"][:2]).version != CALENDAR.version
    assert made(rest_days=["sunday"], year=[]).version != CALENDAR.version


def _year(**changes: object) -> list[dict[str, object]]:
    return [{"year": 2026, "source": "s", "announced": True, **changes}]


def _holiday(first: date, last: date) -> list[dict[str, object]]:
    return [{"name": "n", "first": first, "last": last}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"periods": ["8-12"]}, "periods[0]"),
        ({"periods": ["08:00-12:00", "11:00-15:00"]}, "periods[1]"),
        ({"periods": ["12:00-12:00"]}, "periods[0]"),
        ({"periods": ["08:00-12:00"]}, "periods"),
        ({"periods": []}, "periods"),
        (
            {
                "rest_days": [
                    "monday",
                    "tuesday",
                    "wednesday",
                    "thursday",
                    "friday",
                    "saturday",
                    "sunday",
                ]
            },
            "rest_days",
        ),
        ({"year": _year(workday=[date(2026, 11, 25)])}, "year[0].workday[0]"),
        ({"year": _year(workday=[date(2025, 11, 29)])}, "year[0].workday[0]"),
        (
            {"year": _year(holiday=_holiday(date(2026, 5, 5), date(2026, 5, 1)))},
            "year[0].holiday[0]",
        ),
        (
            {"year": _year(holiday=_holiday(date(2026, 5, 1), date(2026, 9, 1)))},
            "year[0].holiday[0]",
        ),
        (
            {
                "year": _year(
                    holiday=_holiday(date(2026, 11, 28), date(2026, 11, 28)),
                    workday=[date(2026, 11, 28)],
                )
            },
            "year[0].workday[0]",
        ),
    ],
)
def test_what_cannot_be_a_calendar_is_named(changes: dict[str, object], field: str) -> None:
    with pytest.raises(KnownError) as caught:
        made(**changes)
    assert (caught.value.code, caught.value.field) == ("bad_calendar", field)


def test_the_district_own_file_replaces_the_product_one(tmp_path: Path) -> None:
    assert load_calendar(tmp_path).version == CALENDAR.version
    own = tmp_path / "calendar.toml"
    own.write_text('periods = ["09:00-17:00"]\nrest_days = ["sunday"]\n', "utf-8")
    calendar = load_calendar(tmp_path)
    assert calendar.version != CALENDAR.version
    assert calendar.add(at("2026-11-28 16:00"), 7_200) == at("2026-11-30 10:00")


@pytest.mark.parametrize(
    "text", ["periods = 3", "nonsense", 'periods = ["08:00-16:00"]\nrest_days=[]\nx = 1']
)
def test_a_bad_file_is_named(tmp_path: Path, text: str) -> None:
    own = tmp_path / "calendar.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(KnownError, match=r"calendar\.toml") as caught:
        load_calendar(tmp_path)
    assert caught.value.code == "bad_calendar"
