"""The conflation rule: what may be merged, what must not be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.domain.events import EntityDeleted, EntityUpserted, Event, Observed
from services.domain.model import Entity, Link
from services.domain.world import World
from services.feed.ranges import build_range, conflate
from tests.services.storage.histories import HISTORIES, fold, number


def upserted(id_: str, **values: float) -> EntityUpserted:
    return EntityUpserted(entity=Entity(id=id_, kind="level", name="n", values=values))


def test_observations_of_one_thing_are_merged_newest_first() -> None:
    events = number(
        [
            Observed(id="a", values={"level": 1.0, "flow": 7.0}, link=Link.ONLINE),
            Observed(id="b", lon=101.0, lat=36.0),
            Observed(id="a", values={"level": 2.0}, state="busy"),
        ]
    )
    lossless, state = build_range(events)
    assert lossless == ()
    assert [e.offset for e in state] == [2, 3]
    merged = state[1].body
    assert merged == Observed(
        id="a", values={"level": 2.0, "flow": 7.0}, link=Link.ONLINE, state="busy"
    )


def test_what_is_described_anew_in_the_range_keeps_its_observations() -> None:
    events = number(
        [
            Observed(id="a", values={"level": 1.0}),
            upserted("a"),
            Observed(id="a", values={"level": 2.0}),
            EntityDeleted(id="b"),
            Observed(id="b", values={"level": 3.0}),
            Observed(id="c", values={"level": 4.0}),
        ]
    )
    lossless, state = build_range(events)
    assert [e.offset for e in lossless] == [1, 2, 3, 4, 5]
    assert [e.offset for e in state] == [6]


def test_a_frame_names_its_range() -> None:
    events = number([Observed(id="a"), EntityDeleted(id="b")])
    frame = conflate(1, 2, events)
    assert (frame.first, frame.last) == (1, 2)
    assert frame.events + frame.state == (events[1], events[0])


@given(HISTORIES)
def test_nothing_lossless_is_lost_and_nothing_is_invented(history: list[Event]) -> None:
    lossless, state = build_range(history)
    assert list(lossless) == sorted(lossless, key=lambda e: e.offset)
    assert list(state) == sorted(state, key=lambda e: e.offset)
    by_offset = {e.offset: e for e in history}
    assert all(by_offset[e.offset] == e for e in lossless)
    plain = [e for e in history if not isinstance(e.body, Observed)]
    assert [e for e in lossless if not isinstance(e.body, Observed)] == plain
    ids = [e.body.id for e in state if isinstance(e.body, Observed)]
    assert len(ids) == len(set(ids)) == len(state)
    seen = {e.body.id for e in history if isinstance(e.body, Observed)}
    kept = {e.body.id for e in (*lossless, *state) if isinstance(e.body, Observed)}
    assert kept == seen


@given(HISTORIES, st.data())
def test_ranges_that_overlap_what_is_known_change_nothing_wrongly(
    history: list[Event], data: st.DataObject
) -> None:
    """A range may begin before the reader's position: the sum is still the naive fold."""
    world = World("e")
    while world.offset < len(history):
        first = data.draw(st.integers(1, world.offset + 1), label="first")
        last = data.draw(st.integers(first, len(history)), label="last")
        frame = conflate(first, last, history[first - 1 : last])
        world.apply_range(frame.events, frame.state, last)
    assert world.digest() == fold(history).digest()
