"""What a worker reads of a store while that goes on, and what the store keeps of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.model import column_jobs
from layers.model.features import Feature, FeatureStore
from layers.model.things import Things, ThingTable
from layers.model.values import Column, column_of
from layers.model.work import StoppedError, Work
from tests.layers.model.layer_values import stores

VALUES = [None, True, 3, 2.5, "road", "river", 10**400, "", float("nan")]


def same(one: Column, two: Column) -> bool:
    """Whether two columns hold the same values."""
    numbers = [[] if c.numbers is None else c.numbers.tolist() for c in (one, two)]
    words = [[] if c.texts is None else c.texts.strings().tolist() for c in (one, two)]
    rows = range(max(map(len, (*numbers, *words))))

    def at(values: list[object], row: int) -> object:
        value = values[row] if values else None
        return None if value != value else value

    return all(
        at(numbers[0], row) == at(numbers[1], row) and at(words[0], row) == at(words[1], row)
        for row in rows
    )


def thing(n: int, **attrs: object) -> Feature:
    """One thing; ``attrs`` are its facts."""
    return Feature(f"f{n}", "camera", f"n{n}", 101.8, 36.6, attrs=attrs, state="in_use")  # type: ignore[arg-type]  # any scalar


@given(st.lists(st.sampled_from(VALUES), max_size=40), st.integers(1, 9))
def test_a_column_in_parts_is_the_column_at_once(values: list[object], part: int) -> None:
    source = column_jobs.ListSource(values)  # type: ignore[arg-type]  # any scalar
    job = column_jobs.ColumnJob(source, 1, len(values))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_jobs, "PART", part)
        assert same(job.make(Work()), column_of(values))  # type: ignore[arg-type]  # any scalar


@settings(max_examples=40)
@given(stores(), st.data())
def test_columns_of_a_frozen_store_are_kept_up_with_what_changed_meanwhile(
    store: FeatureStore, data: st.DataObject
) -> None:
    for _round in range(3):
        things = Things.frozen(store, Work())
        ids = sorted(i for i in store.ids if i)
        if ids and data.draw(st.booleans()):
            store.remove([data.draw(st.sampled_from(ids))])
        store.upsert([thing(data.draw(st.integers(0, 99)), f=data.draw(st.sampled_from(VALUES)))])
        if data.draw(st.booleans()) and data.draw(st.booleans()):
            store.clear()
        things.fact("f"), things.own("state"), things.own("name"), things.own("id")
        things.adopt(store)
        live = Things.live(store)
        fresh = column_of([store.attributes.value(row, "f") for row in range(len(store.ids))])
        assert same(live.fact("f"), fresh)
        assert same(live.own("name"), column_of(store.names))
        assert same(live.own("id"), column_of(store.ids))
        states = [state or None for state in store.attributes.states]
        assert same(live.own("state"), column_of(states))


def test_a_frozen_store_is_as_it_was() -> None:
    store = FeatureStore()
    store.upsert([thing(1, f=1)])
    things = Things.frozen(store)
    store.upsert([Feature("f1", "camera", "", 10.0, 20.0), thing(2, f=2)])
    assert (things.count, things.lon.tolist()) == (1, [101.8])
    table = ThingTable(things, 0.0)
    assert table.column("lat").numbers is not None
    assert len(things.own("id").texts.strings()) == 1  # type: ignore[union-attr]  # there are ids


def test_work_that_nobody_wants_any_more_ends() -> None:
    store = FeatureStore()
    store.upsert([thing(1, f=1)])
    work = Work()
    things = Things.frozen(store, work)
    work.stop()
    with pytest.raises(StoppedError):
        things.fact("f")


def test_what_is_asked_twice_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    store = FeatureStore()
    store.upsert([thing(1, f=1)])
    whole: list[int] = []
    read: Callable[[column_jobs.FactSource, int, int], list[object]] = column_jobs.FactSource.span  # type: ignore[assignment]  # counted

    def counted(source: column_jobs.FactSource, first: int, last: int) -> list[object]:
        whole.append(last - first)
        return read(source, first, last)

    monkeypatch.setattr(column_jobs.FactSource, "span", counted)
    things = Things.frozen(store, Work())
    things.fact("f"), things.fact("f")
    things.adopt(store)
    store.upsert([thing(2, f=2)])
    again = Things.frozen(store, Work())
    assert again.fact("f").numbers is not None
    assert whole == [1]
