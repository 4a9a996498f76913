"""The time axis: every drop lands where it was dropped, keys, bookmarks, spans, both widths."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.widgets.axis_on_screen import (
    END,
    LEFT,
    SPAN,
    START,
    Seen,
    drag,
    drop,
    move,
    place,
    press,
    shown_axis,
    state,
    worth,
)
from widgets.theme import Theme
from widgets.time_axis import SPEEDS, TimeAxis
from widgets.time_axis_paint import run_of


@pytest.fixture
def axis(qtbot: QtBot, theme: Theme) -> TimeAxis:
    return shown_axis(qtbot, theme)


@pytest.fixture
def seen(axis: TimeAxis) -> Seen:
    return Seen(axis)


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
