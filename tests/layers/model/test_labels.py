"""Names on the map: none on another, none on a mark, none given up for one that matters less."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.model import labels
from layers.model.labels import NOWHERE, Placed, Wishes, place, shortened

Box = tuple[float, float, float, float]
numbers = st.floats(0, 400, allow_nan=False).map(lambda v: round(v, 1))
wish = st.tuples(
    numbers, numbers, st.floats(4, 20), st.integers(10, 120), st.integers(0, 3), st.booleans()
)
crowds = st.lists(wish, max_size=40)


def _wishes(crowd: list, must: tuple[int, ...] = ()) -> tuple[Wishes, np.ndarray]:
    """A crowd whose marks block their own places."""
    n = len(crowd)
    at = np.array([c[:2] for c in crowd]).reshape(n, 2)
    gap = np.array([c[2] for c in crowd])
    wishes = Wishes(
        at=at,
        gap=gap,
        size=np.array([(c[3], 16.0) for c in crowd]).reshape(n, 2),
        rank=np.array([c[4] for c in crowd], np.int64),
        key=np.arange(n, dtype=np.int64),
        within=np.array([c[5] for c in crowd], np.bool_),
        own=np.array([NOWHERE if c[5] else i for i, c in enumerate(crowd)], np.int64),
        must=np.isin(np.arange(n), must),
    )
    reach = np.where(wishes.within, -1e6, gap * 0.7)[:, None]  # areas block nothing
    marks = np.hstack([at - reach, at + reach])
    marks[wishes.within] = (-1e6, -1e6, -1e6, -1e6)
    return wishes, marks


def _touch(a: Box, b: Box) -> bool:
    return a[0] + 0.02 < b[2] and a[2] > b[0] + 0.02 and a[1] + 0.02 < b[3] and a[3] > b[1] + 0.02


def _meets(a: Box, b: Box) -> bool:
    """Whether two boxes share as much as their borders."""
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]


def _got(placed: Placed) -> list[int]:
    return np.flatnonzero(placed.side != NOWHERE).tolist()


@given(crowds)
def test_no_two_names_and_no_name_and_mark_overlap(crowd: list) -> None:
    wishes, marks = _wishes(crowd)
    placed = place(wishes, marks, {})
    got = _got(placed)
    for i in got:
        for j in got:
            assert i == j or not _touch(placed.box[i], placed.box[j])
        for m, mark in enumerate(marks.tolist()):
            assert m == i or not _touch(placed.box[i], mark)


@given(crowds)
def test_a_name_is_left_out_only_for_others_that_matter_as_much(crowd: list) -> None:
    wishes, marks = _wishes(crowd)
    placed = place(wishes, marks, {})
    better = {
        i: [j for j in _got(placed) if (-wishes.rank[j], j) < (-wishes.rank[i], i)]
        for i in range(len(crowd))
    }
    for i in set(range(len(crowd))) - set(_got(placed)):
        alone = replace(wishes, rank=np.where(wishes.key == i, 99, wishes.rank))
        first = place(alone, marks, {})
        if first.side[i] == NOWHERE:
            continue  # marks leave it no place at all
        for box in _candidate_boxes(wishes, i):
            hidden = [m for k, m in enumerate(marks.tolist()) if k != i and _meets(box, m)]
            taken = [j for j in better[i] if _meets(box, placed.box[j])]
            assert hidden or taken


def _candidate_boxes(wishes: Wishes, i: int) -> list[Box]:
    """Every place that a name may have, worked out by itself."""
    (x, y), (w, h), gap = wishes.at[i], wishes.size[i], wishes.gap[i]
    if wishes.within[i]:
        middles = [(x, y + dy * h) for _, dy in labels.SHIFTS]
    else:
        middles = [
            (x + dx * gap + np.sign(dx) * w / 2, y + dy * gap + np.sign(dy) * h / 2)
            for dx, dy in labels.SIDES
        ]
    return [(a - w / 2, b - h / 2, a + w / 2, b + h / 2) for a, b in middles]


@given(crowds, numbers, numbers)
def test_names_stay_where_they_are_while_the_map_moves(crowd: list, dx: float, dy: float) -> None:
    wishes, marks = _wishes(crowd)
    first = place(wishes, marks, {})
    before = {i: int(first.side[i]) for i in _got(first)}
    moved = replace(wishes, at=wishes.at + np.array([dx, dy]))
    again = place(moved, marks + np.array([dx, dy, dx, dy]), before)
    assert again.side.tolist() == first.side.tolist()


def test_what_stood_keeps_its_side_when_the_first_one_becomes_free() -> None:
    wishes, marks = _wishes([(100, 100, 10, 60, 0, False), (150, 100, 10, 60, 1, False)])
    crowded = place(wishes, marks, {})
    assert crowded.side.tolist() == [1, 0]
    lonely = np.delete(marks, 1, 0)
    alone = Wishes(
        at=wishes.at[:1],
        gap=wishes.gap[:1],
        size=wishes.size[:1],
        rank=wishes.rank[:1],
        key=wishes.key[:1],
        within=wishes.within[:1],
        own=wishes.own[:1],
        must=wishes.must[:1],
    )
    assert place(alone, lonely, {0: 1}).side.tolist() == [1]
    assert place(alone, lonely, {}).side.tolist() == [0]


def test_what_must_be_named_is_even_where_no_place_is_free() -> None:
    crowd = [(100 + x, 100 + y, 8, 20, 0, False) for x in (-40, 0, 40) for y in (-20, 0, 20)]
    wishes, marks = _wishes(crowd, must=(4,))
    packed = np.concatenate([marks, [[0.0, 0.0, 300.0, 300.0]]])
    placed = place(wishes, packed, {})
    assert _got(placed) == [4]
    assert placed.side[4] == 0


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"hovered": True, "severity": 4, "unacked": True}, {"selected": True}),
        ({"unacked": True, "severity": 4}, {"hovered": True}),
        ({"severity": 4}, {"unacked": True, "severity": 1}),
        ({"severity": 2, "prominent": True}, {"severity": 3}),
        ({"shown": True}, {"prominent": True}),
        ({"distance": 0.0}, {"shown": True, "distance": 900.0}),
        ({"distance": 300.0}, {"distance": 200.0}),
        ({"unacked": True, "distance": 0.0, "severity": 0}, {"severity": 1, "distance": 9.0}),
    ],
)
def test_ranks_follow_what_matters(worse: dict, better: dict) -> None:
    def rank(**given: float) -> int:
        flags = {k: np.array([bool(given.get(k))]) for k in ("selected", "hovered", "unacked")}
        more = {k: np.array([bool(given.get(k))]) for k in ("prominent", "shown")}
        severity = np.array([given.get("severity", 0)], np.uint8)
        distance = np.array([given.get("distance", 500.0)])
        return int(labels.rank(**flags, **more, severity=severity, distance=distance)[0])

    assert rank(**better) > rank(**worse)


def test_placing_is_bounded_and_takes_the_highest_ranks() -> None:
    n = labels.MOST_WISHES + 50
    crowd = [(i * 1_000.0, 0.0, 5.0, 40, i % 4, False) for i in range(n)]
    wishes, marks = _wishes(crowd)
    placed = place(wishes, marks, {})
    got = _got(placed)
    assert len(got) == labels.MOST_WISHES
    left = sorted(set(range(n)) - set(got))
    assert {int(wishes.rank[i]) for i in left} == {0}


@given(st.text(max_size=60))
def test_short_names_fit_and_keep_begin_and_end(text: str) -> None:
    def width(some: str) -> int:
        return sum(
            2 if unicodedata.east_asian_width(c) in "WF" else 1
            for c in some
            if not unicodedata.combining(c) and c not in "\u200d\ufe0e\ufe0f"
        )

    flat = " ".join(text.split())
    short = shortened(text)
    if short == flat:
        return
    head, _, tail = short.partition("…")
    assert "…" in flat or flat.startswith(head)
    assert "…" in flat or flat.endswith(tail)
    assert width(short) <= labels.MAX_WIDTH or width(flat) <= labels.MAX_WIDTH


def test_neighbours_with_long_names_are_told_apart_by_their_ends() -> None:
    one = shortened("西宁市城东区互助中路与八一路交叉口东北角球型摄像机03号")
    two = shortened("西宁市城东区互助中路与八一路交叉口东北角球型摄像机04号")
    assert one != two
    assert one == "西宁市城东区…像机03号"
    assert shortened("No. 3 pumping station (north bank)") == "No. 3 pumping…th bank)"
