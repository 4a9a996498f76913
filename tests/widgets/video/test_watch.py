"""The pure part: when a stream is live, silent or failed, and when it is tried again."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from widgets.video.watch import ATTEMPT_S, BACK_OFF_S, SILENT_AFTER_S, StreamWatch

TICK = 0.2


def _live(now: float = 0.0) -> StreamWatch:
    watch = StreamWatch()
    watch.opened(now)
    assert watch.step(now) == "start"
    watch.picture(now)
    assert watch.state == "live"
    return watch


def test_a_stream_without_pictures_is_silent_after_three_seconds_and_not_before() -> None:
    watch = _live()
    watch.step(SILENT_AFTER_S - 0.01)
    assert watch.state == "live"
    watch.step(SILENT_AFTER_S)
    assert watch.state == "silent"


def test_the_picture_a_dying_decoder_lets_go_is_not_life() -> None:
    watch = _live()
    watch.step(4.0)
    watch.picture(5.0)
    assert (watch.state, watch.since) == ("silent", 0.0)
    watch.broke(5.0, "unreachable")
    assert (watch.state, watch.since) == ("silent", 0.0)


def test_a_stream_that_resumes_is_live_again() -> None:
    watch = _live()
    watch.step(4.0)
    watch.picture(5.0)
    watch.picture(5.1)
    assert (watch.state, watch.since) == ("live", 5.1)


def test_a_later_silence_again_needs_two_pictures() -> None:
    watch = _live()
    watch.step(4.0)
    watch.picture(5.0)
    watch.picture(5.1)
    watch.step(9.0)
    watch.picture(9.5)
    assert watch.state == "silent"


def test_an_attempt_without_an_answer_is_given_up_and_made_again() -> None:
    watch = StreamWatch()
    watch.opened(0.0)
    assert watch.step(0.0) == "start"
    assert watch.step(ATTEMPT_S - 0.01) == "wait"
    assert watch.step(ATTEMPT_S) == "drop"
    assert (watch.state, watch.reason) == ("failed", "no_answer")
    assert watch.step(ATTEMPT_S + BACK_OFF_S[0] - 0.01) == "wait"
    assert watch.step(ATTEMPT_S + BACK_OFF_S[0]) == "start"


def test_refusals_are_tried_again_more_and_more_slowly_but_always() -> None:
    watch = StreamWatch()
    watch.opened(0.0)
    now, starts = 0.0, []
    for _ in range(600):
        if watch.step(now) == "start":
            starts.append(now)
            watch.broke(now, "unreachable")
        now += TICK
    pauses = [b - a for a, b in itertools.pairwise(starts)]
    expected = [*BACK_OFF_S, *[BACK_OFF_S[-1]] * (len(pauses) - len(BACK_OFF_S))]
    assert all(abs(a - b) <= TICK for a, b in zip(pauses, expected, strict=True))
    assert len(starts) > 20
    assert watch.state == "failed"


def test_the_first_attempt_waits_for_its_turn() -> None:
    watch = StreamWatch()
    watch.opened(10.0, delay_s=0.6)
    assert watch.step(10.5) == "wait"
    assert watch.step(10.6) == "start"


def test_a_closed_stream_wants_nothing() -> None:
    watch = _live()
    watch.closed()
    watch.picture(1.0)
    assert [watch.step(now) for now in (1.0, 9.0, 100.0)] == ["wait"] * 3
    assert watch.state == "idle"


@given(
    st.lists(
        st.tuples(st.floats(0.05, 20.0), st.sampled_from(["step", "picture", "broke", "ended"])),
        max_size=60,
    )
)
def test_whatever_happens_it_is_never_live_on_an_old_picture_nor_at_rest(
    story: list[tuple[float, str]],
) -> None:
    watch = StreamWatch()
    watch.opened(0.0)
    now, newest = 0.0, None
    for pause, what in story:
        now += pause
        if what == "picture":
            newest = now if watch.playing else newest
            watch.picture(now)
        elif what != "step":
            watch.broke(now, "unreachable" if what == "broke" else "ended")
        watch.step(now)
        if watch.state == "live":
            assert newest is not None
            assert now - newest < SILENT_AFTER_S
    # However it stands now, a new start comes within one attempt and the longest pause.
    end = now + ATTEMPT_S + SILENT_AFTER_S + BACK_OFF_S[-1] + 2 * TICK
    steps = []
    while now < end:
        steps.append(watch.step(now))
        now += TICK
    assert "start" in steps
