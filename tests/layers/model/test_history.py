"""Back and forward through views, as sentences and as a property."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from layers.model.history import Place, ViewHistory

A, B, C, D = (Place(101.8 + n / 100, 36.6, 14.0) for n in range(4))


def walked(*places: Place) -> ViewHistory:
    history = ViewHistory()
    for place in places:
        history.rest(place)
    return history


def test_back_and_forward_lead_over_the_same_views() -> None:
    history = walked(A, B, C)
    assert [history.back(), history.back(), history.back()] == [B, A, None]
    assert [history.forward(), history.forward(), history.forward()] == [B, C, None]


def test_a_new_way_forgets_what_was_ahead() -> None:
    history = walked(A, B, C)
    history.back()
    history.rest(D)
    assert history.forward() is None
    assert [history.back(), history.back(), history.back()] == [B, A, None]


def test_resting_where_it_is_changes_nothing() -> None:
    history = walked(A, B)
    history.back()
    history.rest(A)  # what going back does when the map has come to rest
    history.rest(Place(A.lon + 1e-6, A.lat, A.zoom))
    assert history.forward() == B


def test_another_window_size_is_no_step() -> None:
    history = walked(A, B)
    wider = Place(B.lon, B.lat, 13.2)
    history.reshape(wider)
    assert history.back() == A
    assert history.forward() == wider
    assert walked().back() is None


places = st.builds(Place, st.floats(100, 103), st.floats(36, 37), st.floats(3, 19))


@given(st.lists(places, max_size=80), st.integers(2, 20))
def test_it_never_grows_and_the_newest_views_stay(ways: list[Place], most: int) -> None:
    history = ViewHistory(most)
    for place in ways:
        history.rest(place)
    seen = []
    while (place := history.back()) is not None:
        seen.append(place)
    assert len(seen) < most
    apart = [p for n, p in enumerate(ways) if n == 0 or not ways[n - 1].is_at(p)]
    if len(apart) == len(ways):  # no two rests in a row look alike
        assert seen == ways[-most:-1][::-1]
