from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.domain.errors import KnownError
from services.domain.shape import convert, finite, join, known
from services.domain.text import plain


@pytest.mark.parametrize("good", ["莫家街积水", "a\nb\tc", "<b>plain</b>", "👨‍👩‍👧"])
def test_plain_text_passes(good: str) -> None:
    assert plain(f" {good} ", "title") == good


@pytest.mark.parametrize(
    "bad", ["\x00", "a\x1b[31m", "\u202ecod", "a\u2066b", "\u200e", "\ufeff", "a\r\nb", "\x85"]
)
def test_characters_that_deceive_are_refused(bad: str) -> None:
    with pytest.raises(KnownError, match=r"U\+[0-9A-F]{4}") as caught:
        plain(bad, "title")
    assert (caught.value.code, caught.value.field) == ("bad_character", "title")


def test_long_text_is_refused() -> None:
    assert plain("x" * 5, "t", 5) == "xxxxx"
    with pytest.raises(KnownError) as caught:
        plain("x" * 6, "t", 5)
    assert caught.value.code == "too_long"


def test_numbers_that_are_none_are_refused() -> None:
    assert finite(1.5, "f") == 1.5
    for bad in (float("nan"), float("-inf")):
        with pytest.raises(KnownError) as caught:
            finite(bad, "f")
        assert (caught.value.code, caught.value.field) == ("not_finite", "f")


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    number: int


class Outer(msgspec.Struct):
    items: list[Inner]


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        ({"items": [{"number": 1}, {"number": "x"}]}, "wrong_type", "args.items[1].number"),
        ({"items": [{}]}, "missing_field", "args.items[0].number"),
        ({"items": [{"number": 1, "colour": 2}]}, "unknown_field", "args.items[0].colour"),
        ({}, "missing_field", "args.items"),
        (7, "wrong_type", "args"),
    ],
)
def test_the_place_of_an_error_is_named(value: Any, code: str, field: str) -> None:
    with pytest.raises(KnownError) as caught:
        convert(value, Outer, "args")
    assert (caught.value.code, caught.value.field) == (code, field)


def test_good_data_is_converted() -> None:
    assert convert({"items": [{"number": 1}]}, Outer) == Outer(items=[Inner(number=1)])


def test_malformed_data_is_told_from_wrong_data() -> None:
    with pytest.raises(msgspec.DecodeError) as caught:
        msgspec.json.decode(b"{")
    error = known(caught.value, "body")
    assert (error.code, error.field) == ("malformed", "body")


def test_places_are_joined() -> None:
    assert join("items[3]", ".lon") == "items[3].lon"
    assert join("items[3]", "lon") == "items[3].lon"
    assert join("items", "[3]") == "items[3]"
    assert join("", ".lon") == "lon"
    assert join("items[3]", "") == "items[3]"
    assert join("", "") is None
