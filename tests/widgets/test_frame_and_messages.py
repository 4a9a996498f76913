"""The mode frame and the message bar as a person sees them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from services.domain.clock import ManualClock
from services.domain.model import Severity
from widgets.frame import EDGE_PX, STRIP_PX, ModeFrame
from widgets.theme import Theme
from widgets.toast import KEPT, MessageBar


def test_the_frame_is_coloured_on_all_four_sides_and_says_its_word(qtbot):
    theme = Theme.load()
    inner = QWidget()
    inner.setStyleSheet("background: #000000")
    frame = ModeFrame(theme, inner, "回放", "命令不会发出")
    qtbot.addWidget(frame)
    frame.resize(400, 300)
    frame.show()
    frame.set_clock("2026-07-15 14:05:12")
    image = frame.grab().toImage()
    color = theme.color("exercise")
    for x, y in ((2, 150), (397, 150), (200, 298), (200, 2)):
        assert image.pixelColor(x, y) == color
    assert inner.geometry().getRect() == (EDGE_PX, STRIP_PX, 388, 300 - STRIP_PX - EDGE_PX)
    assert frame.word == "回放"


def test_a_message_is_shown_letter_by_letter_and_kept_when_closed(qtbot):
    bar = MessageBar(Theme.load(), ManualClock())
    qtbot.addWidget(bar)
    parent = QWidget()
    qtbot.addWidget(parent)
    assert not bar.isVisible()
    bar.show_message(Severity.MAJOR, "<b>库存不足</b>")
    assert bar.isVisible()
    assert bar._text.text() == "<b>库存不足</b>"
    qtbot.mouseClick(bar._close, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert [m.text for m in bar.messages()] == ["<b>库存不足</b>"]


def test_a_mild_message_leaves_by_itself_and_a_bad_one_stays(qtbot):
    bar = MessageBar(Theme.load(), ManualClock())
    qtbot.addWidget(bar)
    bar.show_message(Severity.MINOR, "mild")
    assert bar._timer.isActive()
    bar.show_message(Severity.CRITICAL, "bad")
    assert not bar._timer.isActive()
    bar.show_message(Severity.INFO, "mild again")
    bar._timer.timeout.emit()
    assert not bar.isVisible()


def test_the_list_of_messages_is_bounded(qtbot):
    bar = MessageBar(Theme.load(), ManualClock())
    qtbot.addWidget(bar)
    for n in range(KEPT + 20):
        bar.show_message(Severity.INFO, f"message {n}")
    assert len(bar.messages()) == KEPT
    assert bar.messages()[0].text == f"message {KEPT + 19}"
