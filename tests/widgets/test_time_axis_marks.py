"""Bookmarks and spans of the time axis, its scale and its ticks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from tests.widgets.axis_on_screen import (
    END,
    LEFT,
    START,
    Seen,
    press,
    shown_axis,
    state,
)
from widgets.theme import Theme
from widgets.time_axis import TimeAxis
from widgets.time_axis_marks import MAX_BOOKMARKS, Bookmark, Bookmarks
from widgets.time_axis_paint import flag_rect, run_of
from widgets.time_axis_scale import AxisScale


@pytest.fixture
def axis(qtbot: QtBot, theme: Theme) -> TimeAxis:
    return shown_axis(qtbot, theme)


@pytest.fixture
def seen(axis: TimeAxis) -> Seen:
    return Seen(axis)


# -- bookmarks ----------------------------------------------------------------------------------
def test_b_sets_a_bookmark_at_the_playhead_and_a_click_goes_there_exactly(
    qtbot: QtBot, axis: TimeAxis, seen: Seen
) -> None:
    there = START + 1_234.567
    axis.set_state(state(there))
    qtbot.keyClick(axis.strip, Qt.Key.Key_B)
    qtbot.keyClick(axis.strip, Qt.Key.Key_B)
    assert [mark.time for mark in axis.bookmarks()] == [there], "one moment, one bookmark"
    axis.set_state(state(START + 9))
    run = run_of(axis.strip.width(), axis.strip.height())
    flag = flag_rect(run, axis.strip.scale().x_of(there)).center().toPoint()
    qtbot.mouseClick(axis.strip, LEFT, pos=flag)
    assert seen.take() == [("seek", there)]


def test_page_keys_go_from_bookmark_to_bookmark(qtbot: QtBot, axis: TimeAxis, seen: Seen) -> None:
    outside = Bookmark(END + 5, "after the span")
    axis.set_bookmarks([Bookmark(START + 900, "b"), Bookmark(START + 300, "a"), outside])
    assert [mark.label for mark in axis.bookmarks()] == ["a", "b", "after the span"]
    for key in [Qt.Key.Key_PageDown] * 3 + [Qt.Key.Key_PageUp] * 2:
        qtbot.keyClick(axis.strip, key)
    assert seen.take() == [("seek", START + n) for n in (300, 900, 300)]


def test_bookmarks_are_renamed_and_removed_by_their_menu(qtbot: QtBot, axis: TimeAxis) -> None:
    axis.set_bookmarks([Bookmark(START + 300, "old"), Bookmark(START + 900, "b")])
    with qtbot.waitSignal(axis.bookmarks_changed):
        menu = axis.build_flag_menu(0)
        menu.actions()[1].trigger()
        dialog = axis.findChild(QInputDialog)
        assert dialog is not None
        assert dialog.textValue() == "old"
        dialog.setTextValue("  <b>积水</b>\u202e ")
        dialog.accept()
    assert axis.bookmarks()[0] == Bookmark(START + 300, "<b>积水</b>")
    with qtbot.waitSignal(axis.bookmarks_changed):
        menu.actions()[2].trigger()
    assert [mark.label for mark in axis.bookmarks()] == ["b"]
    menu.deleteLater()


def test_the_list_of_bookmarks_goes_there(axis: TimeAxis, seen: Seen) -> None:
    axis.set_bookmarks([Bookmark(START + 300, "R&D"), Bookmark(END + 900, "outside")])
    menu = axis.build_marks_menu()
    inside, outside = menu.actions()
    assert inside.text().endswith("R&&D"), "shown as it was written, not as a mnemonic"
    assert not outside.isEnabled()
    inside.trigger()
    assert seen.take() == [("seek", START + 300)]
    menu.deleteLater()


def test_bookmarks_are_bounded() -> None:
    marks = Bookmarks()
    marks.replace_all(Bookmark(float(n), "x" * 500) for n in range(MAX_BOOKMARKS + 10))
    assert len(marks.all()) == MAX_BOOKMARKS
    assert not marks.add(1e9, "one more")
    assert max(len(mark.label) for mark in marks.all()) == 80


# -- the span -----------------------------------------------------------------------------------
def test_the_usual_spans_count_from_the_end_of_the_log(
    qtbot: QtBot, axis: TimeAxis, seen: Seen
) -> None:
    last = END + 3.25
    axis.set_log_bounds(START - 100.5, last)
    span = axis.span
    for button in (span.ten_button, span.hour_button, span.all_button):
        qtbot.mouseClick(button, LEFT)
    assert seen.take() == [
        ("span", last - 600, last),
        ("span", last - 3_600, last),
        ("span", START - 100.5, last),
    ]
    axis.set_log_bounds(last - 30, last)
    qtbot.mouseClick(span.hour_button, LEFT)
    assert seen.take() == [("span", last - 30, last)], "no more than there is"


def test_the_fields_show_the_span_in_the_districts_time_and_ask_for_it(
    qtbot: QtBot, axis: TimeAxis, seen: Seen
) -> None:
    axis.set_log_bounds(START, END)
    assert axis.span.start_edit.text() == "2026-07-15 12:00:00"
    assert axis.span.end_edit.text() == "2026-07-15 14:00:00"
    edit = axis.span.start_edit
    edit.setDateTime(edit.dateTime().addSecs(61))
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.mouseClick(axis.span.show_button, LEFT)
    assert seen.take() == [("span", START + 61, END)] * 2


def test_a_span_that_cannot_be_is_explained(qtbot: QtBot, axis: TimeAxis, seen: Seen) -> None:
    axis.set_log_bounds(START, END)
    span = axis.span
    span.start_edit.setDateTime(span.end_edit.dateTime().addSecs(1))
    qtbot.mouseClick(span.show_button, LEFT)
    assert span.problem.isVisible()
    assert "before" in span.problem.text()
    span.set_span(END + 1_000, END + 2_000)
    assert not span.problem.isVisible(), "said until something is changed"
    qtbot.mouseClick(span.show_button, LEFT)
    assert "14:00:00" in span.problem.text()
    assert seen.take() == []


def test_a_new_span_ends_a_drag_and_shows_the_new_state(axis: TimeAxis) -> None:
    axis.set_state(state(density=((1, 0, 0, 2),)))
    press(axis, START + 600)
    axis.set_state(state(END + 5, start=END, end=END + 60))
    assert not axis.strip.dragging
    assert axis.strip.shown_at == END + 5
    assert axis.strip.slice_text(END + 5) == "", "the density was of another span"


# -- pure ---------------------------------------------------------------------------------------
times = st.floats(0, 4e9)


@given(start=times, span=st.floats(0.001, 1e8), share=st.floats(0, 1), width=st.floats(50, 8_000))
def test_pixel_and_time_are_inverse(start: float, span: float, share: float, width: float) -> None:
    scale = AxisScale(start, start + span, 14, width)
    time = start + share * span
    slack = span / width * 1e-6 + 1e-6
    assert scale.time_of(scale.x_of(time)) == pytest.approx(time, abs=slack)


@given(start=times, span=st.floats(1, 1e8), width=st.floats(50, 8_000))
def test_named_ticks_have_room_and_lie_in_the_span(start: float, span: float, width: float) -> None:
    scale = AxisScale(start, start + span, 0, width)
    ticks = scale.ticks(84)
    assert all(start - 1e-3 <= tick.time <= start + span for tick in ticks)
    named = [scale.x_of(tick.time) for tick in ticks if tick.label]
    assert all(right - left >= 83 for left, right in pairwise(named))
    assert len(ticks) <= width


def test_ticks_stand_at_round_local_times() -> None:
    hours = AxisScale(START, START + 3 * 86_400, 0, 1_000).ticks(84)
    named = [tick.label for tick in hours if tick.label]
    assert named[:4] == ["12:00", "07-16", "12:00", "07-17"]
    seconds = AxisScale(START + 0.5, START + 60, 0, 1_000).ticks(84)
    assert seconds[0].time == START + 1
    assert [tick.label for tick in seconds if tick.label][:2] == ["12:00:05", "12:00:10"]
