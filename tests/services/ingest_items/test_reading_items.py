"""A request body into items: a bad one is named and harms no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.domain.model import Link, Severity
from services.ingest.item_types import DeleteItem, ReadingItem, link_of, severity_of
from services.ingest.items import MAX_BYTES, MAX_ITEMS, read

GOOD = {"type": "delete", "id": "camera:1"}


def test_one_object_an_array_and_lines_give_the_same_items() -> None:
    reading = {"type": "reading", "id": "s", "values": {"level": 1.5}, "time": "2025-06-15T08:00Z"}
    one = json.dumps(reading).encode()
    two = json.dumps(GOOD).encode()
    items = [
        ReadingItem(id="s", values={"level": 1.5}, time="2025-06-15T08:00Z"),
        DeleteItem(id="camera:1"),
    ]
    assert read(b"[" + one + b"," + two + b"]") == items
    assert read(b" \n" + one + b"\n\n" + two + b"\r\n", lines=True) == items
    assert read(b"\xef\xbb\xbf" + one) == items[:1]


@pytest.mark.parametrize(
    ("item", "code", "field"),
    [
        ('{"type": "teapot"}', "unknown_type", "items[1].type"),
        ('{"id": "x"}', "missing_field", "items[1].type"),
        ("7", "wrong_type", "items[1]"),
        ("null", "wrong_type", "items[1]"),
        ('{"type": "delete"}', "missing_field", "items[1].id"),
        ('{"type": "delete", "id": ""}', "out_of_range", "items[1].id"),
        ('{"type": "delete", "id": "x", "why": 1}', "unknown_field", "items[1].why"),
        ('{"type": "delete", "id": 4}', "wrong_type", "items[1].id"),
        (
            '{"type": "position", "id": "x", "lon": "101", "lat": 36}',
            "wrong_type",
            "items[1].lon",
        ),
        (
            '{"type": "position", "id": "x", "lon": 1e999, "lat": 36}',
            "out_of_range",
            "items[1].lon",
        ),
        (
            '{"type": "stock", "warehouse_id": "w", "item": "i", "on_hand": -1}',
            "out_of_range",
            "items[1].on_hand",
        ),
        (
            '{"type": "alarm", "object_id": "x", "text": "t", "severity": "awful"}',
            "unknown_value",
            "items[1].severity",
        ),
        ('{"type": "reading", "id": "x", "values": {}}', "out_of_range", "items[1].values"),
        (
            '{"type": "entity", "id": "x", "kind": "k", "name": "%s"}' % ("n" * 201),
            "too_long",
            "items[1].name",
        ),
        ('{"type": "delete", "id": "\\ud800"}', "malformed", "items[1]"),
    ],
)
def test_a_bad_item_is_named_and_the_others_are_read(item: str, code: str, field: str) -> None:
    good = json.dumps(GOOD)
    for body, lines in ((f"[{good},{item},{good}]", False), (f"{good}\n{item}\n{good}", True)):
        first, bad, last = read(body.encode(), lines=lines)
        assert isinstance(first, DeleteItem)
        assert isinstance(last, DeleteItem)
        assert isinstance(bad, KnownError)
        assert (bad.code, bad.field) == (code, field)
        assert bad.text.endswith(".")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_read_so_that_they_can_be_named(number: str) -> None:
    body = f'[{json.dumps(GOOD)},{{"type":"reading","id":"s","values":{{"level":{number}}}}}]'
    good, odd = read(body.encode())
    assert isinstance(good, DeleteItem)
    assert isinstance(odd, ReadingItem)
    assert not abs(odd.values["level"]) < 1e308


def test_broken_lines_harm_no_other() -> None:
    good = json.dumps(GOOD).encode()
    broken, fine, bytes_, deep = read(
        b'{"type": "delete", "id"\n'
        + good
        + b'\n{"type": "delete", "id": "\xff"}\n'
        + b'{"type": "delete", "id": '
        + b"[" * 50_000
        + b"]" * 50_000
        + b"}",
        lines=True,
    )
    assert isinstance(fine, DeleteItem)
    for bad, code, field in (
        (broken, "malformed", "items[0]"),
        (bytes_, "malformed", "items[2]"),
        (deep, "wrong_type", "items[3].id"),
    ):
        assert isinstance(bad, KnownError)
        assert (bad.code, bad.field) == (code, field)


@pytest.mark.parametrize(
    ("body", "lines", "code"),
    [
        (b"", False, "empty"),
        (b" \n ", True, "empty"),
        (b"[{]", False, "malformed"),
        (b'[NaN, "\xff"]', False, "malformed"),
        (b"[" * 100_000, False, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, False, "too_deep"),
        (b"[" + b"1," * MAX_ITEMS + b"1]", False, "too_many"),
        (b"[" + b"NaN," * MAX_ITEMS + b"1]", False, "too_many"),
        (b"1\n" * (MAX_ITEMS + 1), True, "too_many"),
        (b" " * (MAX_BYTES + 1), False, "too_large"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_whole(
    body: bytes, lines: bool, code: str
) -> None:
    with pytest.raises(KnownError) as caught:
        read(body, lines=lines)
    assert caught.value.code == code


def test_one_deep_item_is_refused_without_the_stack() -> None:
    for filling in (b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000):
        (bad,) = read(b'{"id": ' + filling + b', "type": "delete"}')
        assert isinstance(bad, KnownError)
        assert bad.code in ("too_deep", "wrong_type")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(json_values, min_size=1, max_size=8))
def test_whatever_comes_each_place_has_an_item_or_an_error(values: list[Any]) -> None:
    parsed = read(json.dumps(values).encode())
    assert len(parsed) == len(values)
    for index, entry in enumerate(parsed):
        assert isinstance(entry, KnownError)  # none of these is an item
        assert entry.field is not None
        assert entry.field.startswith(f"items[{index}]")


@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_end_in_items_or_a_known_error(body: bytes, lines: bool) -> None:
    try:
        parsed = read(body, lines=lines)
    except KnownError:
        return
    assert parsed


def test_names_and_numbers_of_severities_and_links() -> None:
    assert severity_of("major") is severity_of(3) is Severity.MAJOR
    assert link_of("offline") is link_of(2) is Link.OFFLINE
    assert link_of(None) is None
