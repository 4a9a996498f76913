"""Who waits for a hub says so, after two seconds and then now and then."""

from __future__ import annotations

from services.ingest.patience import Patience


def test_a_wait_is_said_after_two_seconds_and_every_thirty_and_anew_for_the_next() -> None:
    now = [100.0]
    said: list[float] = []

    def pause(seconds: float) -> bool:
        now[0] += seconds
        return False

    def say(text: str) -> None:
        assert text == "waiting for the hub at http://h:1"
        said.append(now[0])

    patience = Patience("http://h:1", pause, say=say, steady=lambda: now[0])
    while now[0] < 165.0:
        patience.wait(0.5)
    assert said == [102.0, 132.0, 162.0]
    now[0] = 1_000.0  # it was there in between
    del said[:]
    for _ in range(6):
        patience.wait(0.5)
    assert said == [1_002.0]


def test_waiting_ends_when_it_is_told_to() -> None:
    patience = Patience("http://h:1", lambda _: True, say=lambda _: None)
    assert patience.wait(5.0)
