"""The order that is kept up by merging equals the one that is sorted from scratch."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from layers.model.features import Feature
from layers.model.order import SpatialOrder
from tests.layers.model.scatter import features, places, store_of

changes = st.lists(st.tuples(st.integers(0, 140), st.one_of(st.none(), places)), max_size=12)


@given(features, st.lists(changes, max_size=4))
def test_merging_equals_sorting(rows: list, rounds: list) -> None:
    store = store_of(rows)
    columns = store.columns()
    order = SpatialOrder.of(columns)
    for round_ in rounds:
        for number, place in round_:
            if place is None:
                store.remove([f"f{number}"])
            else:
                store.upsert([Feature(f"f{number}", "camera", "n", *place)])
        changes = store.changes(columns.version)
        assert changes is not None
        columns = store.columns()
        order = order.merged(columns.code, columns.flags, changes.rows)
        fresh = SpatialOrder.of(columns)
        assert order.codes.tolist() == fresh.codes.tolist()
        assert sorted(order.rows.tolist()) == sorted(fresh.rows.tolist())
        assert (columns.code[order.rows] == order.codes).all()
