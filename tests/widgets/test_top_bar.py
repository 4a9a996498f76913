"""The bar on top: can the screen be trusted; and the search."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from services.domain.clock import ManualClock
from tests.widgets.seen import LEFT, words
from widgets.feed_words import FeedState
from widgets.load_bars import TARGET_MEAN, TARGET_PEAK, load_token
from widgets.search_box import SearchBox, SearchResult
from widgets.status_bar import TopBar
from widgets.theme import Theme

NOW = 1_784_095_532.0
FOUND = [
    SearchResult("c1", "康乐十字-东 <b>x</b>", "camera"),
    SearchResult("c2", "康乐十字-南", "camera"),
]


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme, clock: ManualClock) -> TopBar:
    made = TopBar(theme, clock)
    qtbot.addWidget(made)
    made.resize(1_920, 48)
    made.show()
    return made


def test_clock_is_the_one_passed_in(bar: TopBar, clock: ManualClock) -> None:
    assert "2026-07-15 14:05:32 Wednesday" in words(bar)
    clock.advance(60)
    bar.tick()
    assert "2026-07-15 14:06:32 Wednesday" in words(bar)


@pytest.mark.parametrize(
    ("state", "latency", "shown"),
    [
        ("live", 0.34, "LIVE 0.3 s"),
        ("stale", None, "STALE 02:05"),
        ("offline", None, "OFFLINE 02:05"),
        ("connecting", None, "Connecting 02:05"),
        ("refused", None, "Refused 02:05"),
    ],
)
def test_feed_state_is_said_in_words(
    bar: TopBar, state: str, latency: float | None, shown: str
) -> None:
    bar.set_link(state, NOW - 125, "", latency)
    assert shown in words(bar)


def test_stale_counts_on_by_itself(bar: TopBar, clock: ManualClock) -> None:
    bar.set_link("stale", NOW)
    clock.advance(61)
    bar.tick()
    assert "STALE 01:01" in words(bar)


def test_a_replay_says_so_whatever_the_link(qtbot: QtBot, theme: Theme, clock: ManualClock) -> None:
    bar = TopBar(theme, clock, replay=True)
    qtbot.addWidget(bar)
    bar.show()
    bar.set_link("live", NOW, "", 0.1)
    assert "REPLAY" in words(bar)
    assert not any(w.startswith("LIVE") for w in words(bar))


@pytest.mark.parametrize("state", ["stale", "offline", "refused"])
def test_a_replay_whose_line_is_down_says_that(
    qtbot: QtBot, theme: Theme, clock: ManualClock, state: FeedState
) -> None:
    bar = TopBar(theme, clock, replay=True)
    qtbot.addWidget(bar)
    bar.show()
    bar.set_link(state, NOW - 86_400, "why")
    assert {"stale": "STALE", "offline": "OFFLINE", "refused": "Refused"}[state] in words(bar)
    bar.set_link("live", NOW)
    assert "REPLAY" in words(bar)


def test_totals_say_unknown_too(bar: TopBar) -> None:
    bar.set_totals(3_312, 3_492, 61)
    assert "Online 3,312 / 3,492 · unknown 61" in words(bar)


def test_load_says_high_beyond_the_target(bar: TopBar) -> None:
    bar.set_alarm_load([2, TARGET_MEAN])
    assert f"{TARGET_MEAN} / hour" in words(bar)
    bar.set_alarm_load([2, TARGET_MEAN + 1])
    assert f"{TARGET_MEAN + 1} / hour, high" in words(bar)
    assert [load_token(n, "neutral") for n in (0, TARGET_MEAN + 1, TARGET_PEAK + 1)] == [
        "neutral",
        "major",
        "critical",
    ]


def test_seat_and_user_are_plain(bar: TopBar) -> None:
    bar.set_seat("<b>seat</b>")
    bar.set_user("值班员 王\u202e")
    assert "<b>seat</b>" in words(bar)
    assert "值班员 王" in words(bar)


# -- search -----------------------------------------------------------------------
@pytest.fixture
def box(qtbot: QtBot, theme: Theme) -> SearchBox:
    made = SearchBox(theme)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


def test_the_key_that_leads_to_the_search_is_not_typed_into_it(
    qtbot: QtBot, box: SearchBox
) -> None:
    qtbot.keyClicks(box, "/kl/2")
    assert box.text() == "kl/2"


def test_typing_asks_once_it_stops(qtbot: QtBot, box: SearchBox) -> None:
    with qtbot.waitSignal(box.search_changed) as got:
        qtbot.keyClicks(box, " kang ")
    assert got.args == ["kang"]


def test_results_are_chosen_by_keyboard(qtbot: QtBot, box: SearchBox) -> None:
    qtbot.keyClicks(box, "kl")
    box.set_results(FOUND)
    assert box.popup.isVisible()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    with qtbot.waitSignal(box.search_chosen) as got:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert got.args == ["c2"]
    assert not box.popup.isVisible()


def test_results_are_chosen_by_mouse_and_shown_as_letters(qtbot: QtBot, box: SearchBox) -> None:
    qtbot.keyClicks(box, "kl")
    box.set_results(FOUND)
    first = box.popup.model().index(0, 0)
    assert first.data() == "康乐十字-东 <b>x</b>"
    with qtbot.waitSignal(box.search_chosen) as got:
        qtbot.mouseClick(box.popup.viewport(), LEFT, pos=box.popup.visualRect(first).center())
    assert got.args == ["c1"]


def test_escape_closes_then_clears(qtbot: QtBot, box: SearchBox) -> None:
    qtbot.keyClicks(box, "kl")
    box.set_results(FOUND)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.popup.isVisible()
    assert box.text() == "kl"
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""


def test_nothing_found_shows_no_list(qtbot: QtBot, box: SearchBox) -> None:
    qtbot.keyClicks(box, "kl")
    box.set_results(FOUND)
    box.set_results([])
    assert not box.popup.isVisible()


def test_late_results_for_an_empty_box_stay_away(box: SearchBox) -> None:
    box.set_results(FOUND)
    assert not box.popup.isVisible()
    assert QGuiApplication.focusWindow() is not None


def test_how_the_sounds_stand_is_seen_and_a_press_asks(qtbot: QtBot, theme: Theme) -> None:
    bar = TopBar(theme, lambda: 1_784_095_532.0)
    qtbot.addWidget(bar)
    bar.resize(1_600, 48)
    bar.show()
    seen = []
    for muted_s, audible in ((None, True), (899.0, True), (None, False)):
        bar.set_sound(muted_s, audible)
        seen.append(bar.mute_button.text())
    assert seen == ["Sound on", "Muted 14:59", "No sound device"]
    with qtbot.waitSignal(bar.mute_requested):
        qtbot.mouseClick(bar.mute_button, Qt.MouseButton.LeftButton)


def test_a_replay_has_no_sounds(qtbot: QtBot, theme: Theme) -> None:
    bar = TopBar(theme, lambda: 0.0, replay=True)
    qtbot.addWidget(bar)
    bar.show()
    assert not bar.mute_button.isVisible()
