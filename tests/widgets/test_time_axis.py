"""The time axis: every drop lands where it was dropped, keys, bookmarks, spans, both widths."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QPushButton
from pytestqt.qtbot import QtBot

from services.feed.frames import ReplayState
from widgets.theme import Theme
from widgets.time_axis import SPEEDS, TimeAxis
from widgets.time_axis_marks import MAX_BOOKMARKS, Bookmark, Bookmarks
from widgets.time_axis_paint import flag_rect, run_of
from widgets.time_axis_scale import AxisScale

START = 1_784_088_000.0  # 2026-07-15 12:00:00 in Beijing
SPAN = 7_200.0
END = START + SPAN
LEFT = Qt.MouseButton.LeftButton


def state(at: float = START, **facts: object) -> ReplayState:
    known: dict[str, object] = {
        "at": at,
        "offset": 1,
        "start": START,
        "end": END,
        "playing": False,
        "speed": 1.0,
    }
    return ReplayState(**{**known, **facts})  # type: ignore[arg-type] # a table of its fields


class Seen:
    """What an axis asked for, in order."""

    def __init__(self, axis: TimeAxis) -> None:
        self.asked: list[tuple[object, ...]] = []
        add = self.asked.append
        axis.seek_requested.connect(lambda t: add(("seek", t)))
        axis.play_requested.connect(lambda: add(("play",)))
        axis.pause_requested.connect(lambda: add(("pause",)))
        axis.step_requested.connect(lambda n: add(("step", n)))
        axis.speed_requested.connect(lambda s: add(("speed", s)))
        axis.span_requested.connect(lambda a, b: add(("span", a, b)))

    def take(self) -> list[tuple[object, ...]]:
        taken, self.asked[:] = list(self.asked), []
        return taken


@pytest.fixture
def axis(qtbot: QtBot, theme: Theme) -> Iterator[TimeAxis]:
    axis = TimeAxis(theme)
    qtbot.addWidget(axis)
    axis.resize(1_920, axis.sizeHint().height())
    axis.show()
    qtbot.waitExposed(axis)
    axis.set_state(state())
    axis.strip.setFocus()
    return axis


@pytest.fixture
def seen(axis: TimeAxis) -> Seen:
    return Seen(axis)


def place(axis: TimeAxis, time: float) -> QPoint:
    """The whole pixel of the strip that is nearest to a time."""
    run = run_of(axis.strip.width(), axis.strip.height())
    return QPoint(round(axis.strip.scale().x_of(time)), int(run.center().y()))


def worth(axis: TimeAxis) -> float:
    """Seconds of one pixel."""
    return SPAN / axis.strip.scale().width


def drag(axis: TimeAxis, kind: QMouseEvent.Type, at: QPoint) -> None:
    """A mouse event with the button held, as the window system sends it."""
    where = QPointF(at)
    held = Qt.MouseButton.NoButton if kind == QMouseEvent.Type.MouseButtonRelease else LEFT
    button = Qt.MouseButton.NoButton if kind == QMouseEvent.Type.MouseMove else LEFT
    event = QMouseEvent(
        kind,
        where,
        QPointF(axis.strip.mapToGlobal(at)),
        button,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(axis.strip, event)


def press(axis: TimeAxis, time: float) -> None:
    drag(axis, QMouseEvent.Type.MouseButtonPress, place(axis, time))


def move(axis: TimeAxis, time: float) -> None:
    drag(axis, QMouseEvent.Type.MouseMove, place(axis, time))


def drop(axis: TimeAxis, time: float) -> None:
    drag(axis, QMouseEvent.Type.MouseButtonRelease, place(axis, time))


# -- seeking with the mouse -------------------------------------------------------------------
@pytest.mark.parametrize("width", [1_100, 1_920, 3_840])
@pytest.mark.parametrize("share", [0.0, 0.123, 0.5, 0.987, 1.0])
def test_a_click_seeks_once_to_the_time_of_its_pixel(
    qtbot: QtBot, axis: TimeAxis, seen: Seen, width: int, share: float
) -> None:
    axis.resize(width, axis.height())
    time = START + share * SPAN
    qtbot.mouseClick(axis.strip, LEFT, pos=place(axis, time))
    ((what, asked),) = seen.take()
    assert what == "seek"
    assert isinstance(asked, float)
    assert abs(asked - time) <= worth(axis)
    assert START <= asked <= END
    assert axis.strip.shown_at == asked


@pytest.mark.parametrize(("x", "time"), [(0, START), (-50, START), (5_000, END)])
def test_a_drop_outside_of_the_run_is_its_end(
    axis: TimeAxis, seen: Seen, x: int, time: float
) -> None:
    press(axis, START + 100)
    drag(axis, QMouseEvent.Type.MouseButtonRelease, QPoint(x, 60))
    assert seen.take() == [("seek", time)]


def test_a_drag_seeks_now_and_then_and_exactly_once_at_the_drop(
    qtbot: QtBot, axis: TimeAxis, seen: Seen
) -> None:
    press(axis, START + 600)
    assert seen.take() == []
    for step in range(50):
        move(axis, START + 600 + step * 60)
    during = seen.take()
    assert len(during) == 1, "the rest waits for the throttle"
    qtbot.waitUntil(lambda: len(seen.asked) == 1, timeout=5_000)
    ((_, later),) = seen.take()
    assert later == pytest.approx(START + 600 + 49 * 60, abs=worth(axis))
    move(axis, START + 4_000)
    drop(axis, START + 5_000)
    assert seen.asked[-1][1] == pytest.approx(START + 5_000, abs=worth(axis))
    assert axis.strip.shown_at == seen.asked[-1][1]
    assert not any(timer.isActive() for timer in axis.strip.findChildren(QTimer)), "none follows"


def test_the_playhead_stays_in_the_hand_while_states_come(axis: TimeAxis) -> None:
    press(axis, START + 600)
    move(axis, START + 3_000)
    held = axis.strip.shown_at
    axis.set_state(state(START + 10, playing=True))
    assert axis.strip.shown_at == held
    assert axis.play_button.text() == "Pause"
    drop(axis, START + 3_000)


def test_the_playhead_stays_at_the_drop_until_the_replay_has_followed(axis: TimeAxis) -> None:
    press(axis, START + 10)
    drop(axis, START + 3_000)
    there = axis.strip.shown_at
    axis.set_state(state(START + 11))  # was under way before the seek
    assert axis.strip.shown_at == there
    axis.set_state(state(there))
    axis.set_state(state(there + 30))
    assert axis.strip.shown_at == there + 30


def test_a_replay_that_does_not_follow_is_shown_where_it_is(qtbot: QtBot, axis: TimeAxis) -> None:
    axis.set_state(state(START + 5))
    axis.seek(START + 3_000)
    assert axis.strip.shown_at == START + 3_000
    qtbot.waitUntil(lambda: axis.strip.shown_at == START + 5, timeout=10_000)


def test_escape_gives_the_playhead_back(qtbot: QtBot, axis: TimeAxis, seen: Seen) -> None:
    axis.set_state(state(START + 50))
    press(axis, START + 600)
    qtbot.keyClick(axis.strip, Qt.Key.Key_Escape)
    assert (seen.take(), axis.strip.shown_at) == ([], START + 50)
    press(axis, START + 600)
    move(axis, START + 900)
    qtbot.keyClick(axis.strip, Qt.Key.Key_Escape)
    assert seen.take()[-1] == ("seek", START + 50)
    drop(axis, START + 900)
    assert seen.take() == [], "the drag was over"


def test_the_other_buttons_of_the_mouse_do_not_seek(
    qtbot: QtBot, axis: TimeAxis, seen: Seen
) -> None:
    qtbot.mouseClick(axis.strip, Qt.MouseButton.MiddleButton, pos=place(axis, START + 600))
    assert seen.take() == []


# -- keys and buttons ---------------------------------------------------------------------------
def test_keys(qtbot: QtBot, axis: TimeAxis, seen: Seen) -> None:
    keys = Qt.Key
    for key in (keys.Key_Space, keys.Key_Left, keys.Key_Right, keys.Key_Home, keys.Key_End):
        qtbot.keyClick(axis.strip, key)
    assert seen.take() == [
        ("play",),
        ("step", -1),
        ("step", 1),
        ("seek", START),
        ("seek", END),
    ]
    axis.set_state(state(playing=True))
    qtbot.keyClick(axis.strip, keys.Key_Space)
    assert seen.take() == [("pause",)]


def test_keys_with_control_are_left_to_the_window(qtbot: QtBot, axis: TimeAxis, seen: Seen) -> None:
    qtbot.keyClick(axis.strip, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert seen.take() == []


def test_keys_in_a_field_edit_the_field(qtbot: QtBot, axis: TimeAxis, seen: Seen) -> None:
    edit = axis.span.start_edit
    edit.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_B):
        qtbot.keyClick(edit, key)
    assert seen.take() == []
    assert axis.bookmarks() == ()


def test_buttons(qtbot: QtBot, axis: TimeAxis, seen: Seen) -> None:
    for button in (axis.play_button, axis.back_button, axis.forward_button):
        qtbot.mouseClick(button, LEFT)
    assert seen.take() == [("play",), ("step", -1), ("step", 1)]
    for speed in SPEEDS:
        qtbot.mouseClick(axis.speed_buttons[speed], LEFT)
    assert seen.take() == [("speed", float(speed)) for speed in SPEEDS]
    assert axis.focusWidget() is axis.strip, "a click on a control leaves the keys with the strip"


def test_the_speed_that_runs_is_marked(axis: TimeAxis) -> None:
    def marked() -> list[int]:
        return [speed for speed, button in axis.speed_buttons.items() if button.isChecked()]

    assert marked() == [1]
    axis.set_state(state(speed=30.0))
    assert marked() == [30]
    axis.set_state(state(speed=3.0))
    assert marked() == []


def test_without_a_span_nothing_is_asked(qtbot: QtBot, theme: Theme) -> None:
    axis = TimeAxis(theme)
    qtbot.addWidget(axis)
    axis.resize(1_920, 190)
    axis.show()
    seen = Seen(axis)
    qtbot.mouseClick(axis.strip, LEFT, pos=QPoint(500, 60))
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_B):
        qtbot.keyClick(axis.strip, key)
    assert seen.take() == []
    assert axis.bookmarks() == ()
    assert not axis.play_button.isEnabled()
    assert not axis.span.all_button.isEnabled()
    assert axis.clock_label.text() == "–"


# -- the clock ----------------------------------------------------------------------------------
def test_the_clock_is_the_logs_and_follows_the_hand(axis: TimeAxis) -> None:
    axis.set_state(state(START + 3_723))
    assert axis.clock_label.text() == "2026-07-15 13:02:03 Wednesday"
    press(axis, START)
    assert axis.clock_label.text().startswith("2026-07-15 12:00")
    drop(axis, START)


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


# -- what is drawn ------------------------------------------------------------------------------
def colors(axis: TimeAxis, low: float, high: float) -> set[str]:
    """Names of the colours of the density between two times."""
    picture = axis.strip.grab().toImage()
    run = run_of(axis.strip.width(), axis.strip.height())
    scale = axis.strip.scale()
    ratio = picture.devicePixelRatio()
    box = (int(scale.x_of(low)), int(scale.x_of(high)), int(run.top()), int(run.bottom()))
    left, right, top, bottom = (int(n * ratio) for n in box)
    return {picture.pixelColor(x, y).name() for x in range(left, right) for y in range(top, bottom)}


def test_the_density_is_drawn_by_severity_and_kept_while_states_come_without_it(
    axis: TimeAxis, theme: Theme
) -> None:
    names = {name: theme.color(name).name() for name in ("info", "minor", "major", "critical")}
    axis.set_state(state(density=((500, 1, 0, 0), (0, 0, 0, 0), (0, 0, 1, 1), (0, 0, 0, 0))))
    axis.set_state(state(END))
    quarter = SPAN / 4
    first = colors(axis, START + 9, START + quarter - 9)
    assert {names["info"], names["minor"]} <= first, "one among hundreds is seen"
    third = colors(axis, START + 2 * quarter + 9, START + 3 * quarter - 9)
    assert {names["major"], names["critical"]} <= third
    second = colors(axis, START + quarter + 9, START + 2 * quarter - 9)
    assert not second & set(names.values())


def test_a_slice_is_told_in_words(axis: TimeAxis) -> None:
    axis.set_state(state(density=((3, 0, 0, 1), (0, 0, 0, 0))))
    words = axis.strip.slice_text(START + 60).splitlines()
    assert words == ["12:00:00 – 13:00:00", "critical 1", "information 3"]
    assert "No alarm" in axis.strip.slice_text(END)


@pytest.mark.parametrize("width", [900, 1_200, 1_920, 3_840])
def test_nothing_overlaps_and_nothing_is_cut(qtbot: QtBot, axis: TimeAxis, width: int) -> None:
    width = max(width, axis.minimumSizeHint().width())
    axis.resize(width, axis.sizeHint().height())
    QApplication.sendPostedEvents()
    assert axis.width() == width
    transport = axis.play_button.parentWidget()
    boxes = [part.geometry() for part in (transport, axis.span, axis.strip)]
    assert all(axis.rect().contains(box) for box in boxes), (axis.rect(), boxes)
    for n, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[n + 1 :])
    for button in axis.findChildren(QPushButton):
        parent = button.parentWidget()
        assert button.width() >= button.minimumSizeHint().width()
        assert parent.rect().contains(button.geometry())


def test_everything_has_a_name_for_those_who_cannot_see_it(axis: TimeAxis) -> None:
    axis.set_state(state(START + 1))
    assert axis.strip.accessibleName() == "Time axis"
    assert axis.strip.accessibleDescription() == "2026-07-15 12:00:01 Wednesday"
    for widget in (axis.back_button, axis.forward_button, axis.span.start_edit):
        assert widget.accessibleName()
    assert "Space" in axis.play_button.toolTip()


def test_the_playhead_moves_in_the_picture(axis: TimeAxis) -> None:
    def picture() -> QImage:
        return axis.strip.grab().toImage()

    before = picture()
    axis.set_state(state(START + 3_000))
    assert picture() != before


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
