"""Batches leave the same list as a fresh sort would, and the selection with its rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from widgets.keyed_model import KEY_ROLE, MANY_RUNS, Column, KeyedModel
from widgets.row_view import LEAST_MAIN, RowTable, columns_that_fit, shared_room
from widgets.theme import Theme

COLUMNS: list[Column[int]] = [Column("n", str, 50), Column("twice", lambda n: str(2 * n), 0, 1.0)]


def _model() -> KeyedModel[int]:
    return KeyedModel(COLUMNS, lambda n: -n)


def _shown(model: KeyedModel[int]) -> list[Any]:
    return [model.index(i, 0).data(KEY_ROLE) for i in range(model.rowCount())]


keys = st.sampled_from([f"k{i}" for i in range(12)])
batches = st.lists(st.tuples(st.dictionaries(keys, st.integers(0, 5)), st.sets(keys)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(batches, st.booleans())
def test_batches_equal_a_fresh_sort(
    steps: list[tuple[dict[str, int], set[str]]], only_even: bool
) -> None:
    model = _model()
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    if only_even:
        model.set_filter(lambda n: n % 2 == 0)
    truth: dict[str, int] = {}
    for changed, removed in steps:
        model.update_rows(changed, removed)
        truth = {k: v for k, v in truth.items() if k not in removed} | changed
        seen = {k: v for k, v in truth.items() if not only_even or v % 2 == 0}
        assert _shown(model) == sorted(seen, key=lambda k: (-truth[k], k))
        assert dict(model.rows()) == truth
        assert model.hidden_count() == len(truth) - len(seen)
    assert tester.model() is model


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(keys, st.integers(0, 5), min_size=1), batches)
def test_a_held_row_is_followed(
    start: dict[str, int], steps: list[tuple[dict[str, int], set[str]]]
) -> None:
    model = _model()
    model.set_rows(start)
    key = next(iter(start))
    held = QPersistentModelIndex(model.index(model.place_of(key), 1))
    for changed, removed in steps:
        model.update_rows(changed, removed - {key})
        assert held.isValid()
        assert held.data(KEY_ROLE) == key


@pytest.mark.parametrize("many", [3, MANY_RUNS * 3])
def test_selection_and_current_row_survive(qtbot: QtBot, theme: Theme, many: int) -> None:
    model = _model()
    model.set_rows({f"a{i}": 2 * i for i in range(300)})
    table = RowTable(theme, model)
    qtbot.addWidget(table)
    table.selectRow(model.place_of("a100"))
    model.update_rows({f"b{i}": 2 * i + 1 for i in range(many)}, [f"a{i}" for i in range(50)])
    assert table.selected_keys() == ["a100"]
    assert table.current_key() == "a100"
    assert model.place_of("a10") == -1


def test_columns_fill_the_width(qtbot: QtBot, theme: Theme) -> None:
    table = RowTable(theme, _model())
    qtbot.addWidget(table)
    table.resize(400, 200)
    table.show()
    assert table.columnWidth(0) == 50
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()


def test_a_snug_column_is_as_wide_as_its_words(qtbot: QtBot, theme: Theme) -> None:
    columns: list[Column[str]] = [
        Column("main", str, 0, 1.0),
        Column("who", str, 200, snug=True),
    ]
    model = KeyedModel(columns, lambda text: text)
    table = RowTable(theme, model)
    qtbot.addWidget(table)
    table.resize(500, 200)
    table.show()
    model.set_rows({"a": "short"})
    qtbot.waitUntil(lambda: table.columnWidth(1) < 100, timeout=5_000)
    assert table.columnWidth(1) > table.fontMetrics().horizontalAdvance("short")
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()
    model.update_rows({"b": "much longer " * 20})
    qtbot.waitUntil(lambda: table.columnWidth(1) == 200, timeout=5_000)


def test_lesser_columns_leave_where_it_is_narrow() -> None:
    columns: list[Column[int]] = [
        Column("mark", str, 30),
        Column("main", str, 0, 3.0),
        Column("place", str, 0, 3.0, leaves=2),
        Column("who", str, 0, 3.0, leaves=1),
    ]
    assert columns_that_fit(columns, 900) == [0, 1, 2, 3]
    assert columns_that_fit(columns, 30 + 3 * LEAST_MAIN) == [0, 1, 2, 3]
    assert columns_that_fit(columns, 30 + 3 * LEAST_MAIN - 3) == [0, 1, 2]
    assert columns_that_fit(columns, 30 + 2 * LEAST_MAIN - 2) == [0, 1]
    assert columns_that_fit(columns, 10) == [0, 1]


def test_recheck_takes_out_what_no_longer_passes() -> None:
    model = _model()
    limit = [3]
    model.set_rows({"a": 1, "b": 5})
    model.set_filter(lambda n: n > limit[0])
    assert _shown(model) == ["b"]
    limit[0] = 0
    model.recheck()
    assert _shown(model) == ["b", "a"]


@pytest.mark.parametrize(
    ("wants", "shares"),
    [
        ([100, 50], [250, 150]),
        ([400, 400], [250, 150]),
        ([300, 60], [340, 60]),
        ([100, 300], [100, 300]),
        ([100, 900], [100, 300]),
    ],
    ids=["room for both", "room for none", "the second has some left", "the first has", "not all"],
)
def test_room_that_words_do_not_need_goes_to_words_that_are_cut(
    wants: list[int], shares: list[int]
) -> None:
    assert shared_room(400, [5.0, 3.0], wants) == shares
    assert shared_room(400, [5.0, 0.0, 3.0], [wants[0], 0, wants[1]]) == [shares[0], 0, shares[1]]
