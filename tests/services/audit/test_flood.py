"""A flood of refusals becomes a few records that still say how many there were."""

from __future__ import annotations

from services.audit.flood import MAX_TRACKED, OTHERS, WINDOW_S, Flood
from services.audit.record import Entry, entry

NOW = 1_750_000_000.0


def refused(address: str = "10.0.0.7", actor: str = "") -> Entry:
    return entry("token.refused", address=address, actor=actor, reason="wrong_token")


def test_the_first_passes_and_the_rest_is_counted() -> None:
    flood = Flood()
    assert flood.take(refused(), NOW) is not None
    assert [flood.take(refused(), NOW + n * 0.001) for n in range(9_999)] == [None] * 9_999
    assert flood.due(NOW + WINDOW_S - 1) == []
    (told,) = flood.due(NOW + WINDOW_S)
    assert (told.detail["more"], told.address, told.reason) == (9_999, "10.0.0.7", "wrong_token")
    assert flood.due(NOW + 10 * WINDOW_S) == []
    assert flood.take(refused(), NOW + 10 * WINDOW_S) is not None


def test_what_happened_once_needs_no_summary() -> None:
    flood = Flood()
    flood.take(refused(), NOW)
    assert flood.due(NOW + WINDOW_S) == []


def test_ever_new_addresses_and_names_are_bounded_too() -> None:
    flood = Flood()
    passed = [
        flood.take(refused(f"10.0.{n // 250}.{n % 250}", f"user{n}"), NOW) for n in range(20_000)
    ]
    written = [p for p in passed if p is not None]
    assert len(written) == MAX_TRACKED + 1
    assert written[-1].address == OTHERS
    told = flood.due(NOW + WINDOW_S)
    assert [t.address for t in told] == [OTHERS]
    assert told[0].detail["more"] == 20_000 - MAX_TRACKED - 1


def test_a_clock_set_back_ends_windows() -> None:
    flood = Flood()
    flood.take(refused(), NOW)
    flood.take(refused(), NOW)
    assert len(flood.due(NOW - 86_400)) == 1


def test_at_the_end_everything_is_told() -> None:
    flood = Flood()
    flood.take(refused(), NOW)
    flood.take(refused(), NOW)
    assert len(flood.due(NOW, everything=True)) == 1
