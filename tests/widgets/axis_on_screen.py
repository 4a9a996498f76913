"""A time axis on a screen, what it asked for, and a mouse that holds its button."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from services.feed.frames import ReplayState
from widgets.theme import Theme
from widgets.time_axis import TimeAxis
from widgets.time_axis_paint import run_of

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


def shown_axis(qtbot: QtBot, theme: Theme) -> TimeAxis:
    """An axis of 1920 pixels with two hours loaded and the keyboard."""
    axis = TimeAxis(theme)
    qtbot.addWidget(axis)
    axis.resize(1_920, axis.sizeHint().height())
    axis.show()
    qtbot.waitExposed(axis)
    axis.set_state(state())
    axis.strip.setFocus()
    return axis


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
