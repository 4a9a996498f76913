"""Partial uploads: what is sent makes the GPU's copy the new table, and is not much more."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.render.dirty import MOST_RANGES, dirty_ranges
from layers.render.scene import SPRITE, Scene

values = st.sampled_from([0.0, 1.0, float("nan"), -0.0])
tables = st.lists(st.tuples(values, values), max_size=60).map(
    lambda rows: np.array(rows, np.float32).reshape(-1, 2)
)


@given(tables, tables)
def test_what_is_sent_makes_the_old_table_the_new_one(old: np.ndarray, new: np.ndarray) -> None:
    gpu = np.full((200, 2), 77.0, np.float32)
    gpu[: len(old)] = old
    ranges, dirty = dirty_ranges(old, new)
    for first, last in ranges:
        gpu[first:last] = new[first:last]
    assert gpu[: len(new)].tobytes() == new.tobytes()
    differ = sum(i >= len(old) or old[i].tobytes() != new[i].tobytes() for i in range(len(new)))
    assert dirty == differ
    sent = sum(last - first for first, last in ranges)
    assert dirty <= sent <= 2 * dirty
    assert all(a[1] < b[0] for a, b in itertools.pairwise(ranges))


@given(st.sets(st.integers(0, 9_999), max_size=400))
def test_there_are_never_too_many_ranges(changed: set[int]) -> None:
    old = np.zeros((10_000, 2), np.float32)
    new = old.copy()
    new[list(changed)] = 1.0
    ranges, dirty = dirty_ranges(old, new)
    assert dirty == len(changed)
    assert len(ranges) <= MOST_RANGES
    assert {i for first, last in ranges for i in range(first, last)} >= changed


def test_a_scene_that_looks_the_same_is_the_one_before() -> None:
    sprites = np.ones((3, SPRITE), np.float32)
    before = Scene(sprites=sprites)
    assert Scene(sprites=sprites.copy(), fills=before.fills.copy()).after(before) is before
    moved = sprites.copy()
    moved[1, 0] = 5.0
    after = replace(before, sprites=moved, labels=before.labels.copy()).after(before)
    assert after.sprites is moved
    assert after.labels is before.labels
    assert replace(before, origin=(0.25, 0.5)).after(before) is not before
