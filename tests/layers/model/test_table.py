"""Filtering and sorting a table's rows, against plain sorts; keeping up with a changing store."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from layers.model.attributes import column_of
from layers.model.collate import order_of, ranks, text_key
from layers.model.expression import parse
from layers.model.features import Feature, FeatureStore
from layers.model.fields import BUILT_IN, field_table, value_at
from layers.model.table import Asked, Order, arrange, box_of, rows_of_kinds, still_there
from services.domain.model import Scalar, Severity

NOW = 1_784_088_000.0
texts = st.one_of(
    st.text("aB1 02-康乐看路", max_size=6),
    st.sampled_from(["康乐" * 20 + tail for tail in ("1", "2", "10", "路", "")]),  # long and alike
)
scalars: st.SearchStrategy[Scalar] = st.one_of(
    st.none(), st.booleans(), st.sampled_from([-1.5, 0.0, 3.0, 7]), texts
)


def oracle_key(text: str) -> list[tuple[Any, ...]]:
    parts = re.findall(r"[0-9]+|[^0-9]", text.casefold())
    return [_part(part) for part in parts]


def _part(part: str) -> tuple[Any, ...]:
    if part.isdecimal():
        return (ord("0"), "", int(part))
    if "\u3400" <= part <= "\u9fff":
        return (0x7F, lazy_pinyin(part, style=Style.TONE3)[0], ord(part))
    return (ord(part), "", 0)


@given(st.lists(texts, max_size=8))
@settings(max_examples=100, deadline=None)
def test_texts_stand_as_people_expect_them(words: list[str]) -> None:
    placed = list(zip(ranks(words).tolist(), map(oracle_key, words), strict=True))
    for a, x in placed:
        for b, y in placed:
            assert (a < b) == (x < y), (x, y)
            assert (a == b) == (x == y), (x, y)


def test_numbers_in_names_go_by_value_and_chinese_by_sound() -> None:
    names = ["康乐路 10", "康乐路 2", "Bowen 3", "八一路", "bowen 20", "祁连路"]
    wanted = ["Bowen 3", "bowen 20", "八一路", "康乐路 2", "康乐路 10", "祁连路"]
    assert sorted(names, key=text_key) == wanted


@given(st.lists(scalars, max_size=20), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_column_is_sorted_as_a_list_is(values: list[Scalar], descending: bool) -> None:
    order = order_of(column_of(values), len(values), descending=descending).tolist()

    def group(i: int) -> int:
        return 1 if isinstance(values[i], str) else 0

    def key(i: int) -> Any:
        value = values[i]
        return oracle_key(value) if isinstance(value, str) else float(value or 0.0)

    filled = [i for i, v in enumerate(values) if v is not None]
    halves = [sorted((i for i in filled if group(i) == g), key=key) for g in (0, 1)]
    if descending:
        halves = [
            sorted((i for i in filled if group(i) == g), key=lambda i: (key(i), -i), reverse=True)
            for g in (1, 0)
        ]
    assert order == [*halves[0], *halves[1], *(i for i, v in enumerate(values) if v is None)]


def thing(i: int, **more: Any) -> Feature:
    return Feature(**{"id": f"f{i}", "kind": "s", "name": f"thing {i}", "lon": 101.8, "lat": 36.6,
                      **more})  # fmt: skip


def some_store() -> FeatureStore:
    store = FeatureStore()
    store.upsert(
        [
            thing(0, readings={"level": 0.4}, attrs={"road": "B"}),
            thing(1, readings={"level": 0.9}, attrs={"road": "A"}),
            thing(2, kind="camera"),
            thing(3, readings={"level": 0.1}),
        ]
    )
    return store


def shown(store: FeatureStore, asked: Asked, kinds: frozenset[str] = frozenset({"s"})) -> list[str]:
    arranged = arrange(field_table(store, rows_of_kinds(store, kinds), NOW), asked)
    return [store.ids[row] for row in arranged.rows]


def test_the_layer_s_filter_narrows_and_the_reader_s_is_counted() -> None:
    store = some_store()
    asked = Asked(layer=parse("level > 0.2"), filter=parse("road = 'A'"))
    arranged = arrange(field_table(store, rows_of_kinds(store, frozenset({"s"})), NOW), asked)
    assert [store.ids[row] for row in arranged.rows] == ["f1"]
    assert arranged.total == 2


def test_sorts_by_any_field_with_what_has_none_at_the_end() -> None:
    store = some_store()
    assert shown(store, Asked(order=Order("level"))) == ["f3", "f0", "f1"]
    assert shown(store, Asked(order=Order("level", descending=True))) == ["f1", "f0", "f3"]
    assert shown(store, Asked(order=Order("road"))) == ["f1", "f0", "f3"]
    assert shown(store, Asked(order=Order("name", descending=True))) == ["f3", "f1", "f0"]
    both = frozenset({"s", "camera"})
    assert shown(store, Asked(order=Order("kind")), both) == ["f2", "f0", "f1", "f3"]


def test_what_has_gone_leaves_at_once_also_when_its_row_is_another_s() -> None:
    store = some_store()
    kinds = frozenset({"s"})
    arranged = arrange(field_table(store, rows_of_kinds(store, kinds), NOW), Asked())
    rows, changed = still_there(store, arranged, kinds)
    assert not changed
    store.upsert([thing(1, readings={"level": 0.2})])
    rows, changed = still_there(store, arranged, kinds)
    assert changed
    assert rows.tolist() == arranged.rows.tolist()
    freed = store.row_of("f1")
    store.remove(["f1"])
    rows, _ = still_there(store, arranged, kinds)
    assert [store.ids[row] for row in rows] == ["f0", "f3"]
    store.upsert([thing(9)])
    assert store.row_of("f9") == freed
    rows, _ = still_there(store, arranged, kinds)
    assert [store.ids[row] for row in rows] == ["f0", "f3"]
    store.upsert([thing(0, kind="camera")])
    rows, _ = still_there(store, arranged, kinds)
    assert [store.ids[row] for row in rows] == ["f3"]
    store.clear()
    rows, changed = still_there(store, arranged, kinds)
    assert (len(rows), changed) == (0, True)


@pytest.mark.parametrize(
    ("text", "by_time"), [("level > 1", False), ("age_s > 60", True), ("level < now()", True)]
)
def test_an_answer_that_changes_by_itself_is_known(text: str, by_time: bool) -> None:
    assert Asked(filter=parse(text)).by_time == by_time
    assert Asked(order=Order("age_s")).by_time


def test_a_glance_says_what_the_column_says() -> None:
    store = some_store()
    store.upsert([thing(3, severity=Severity.MAJOR, observed_at=NOW - 60, state="x", stale=True)])
    rows = store.rows()
    table = field_table(store, rows, NOW)
    for name in (*BUILT_IN, "level", "road", "absent"):
        column = table.column(name)
        texts = column.texts.strings() if column.texts is not None else [None] * len(rows)
        for at, row in enumerate(rows.tolist()):
            number = np.nan if column.numbers is None else column.numbers[at]
            wanted = texts[at] if np.isnan(number) else number
            assert value_at(store, row, name, NOW) == wanted, (name, row)


def test_a_box_holds_areas_whole() -> None:
    store = some_store()
    ring = ((101.9, 36.5), (102.1, 36.5), (102.1, 36.7), (101.9, 36.5))
    store.upsert([thing(1, lon=102.0, rings=(ring,)), thing(3, lon=101.0, rings=(ring,))])
    first, second = store.row_of("f0"), store.row_of("f1")
    assert box_of(store, np.array([first])) == (101.8, 36.6, 101.8, 36.6)
    assert box_of(store, np.array([first, second])) == (101.8, 36.5, 102.1, 36.7)
