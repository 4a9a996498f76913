"""The time axis of a replay window: what a trainer asks of it, what the hub answers."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from services.feed.frames import ReplayState
from widgets.format import date_time


class ReplayController(QObject):
    """Connects the axis of a replay window with its session."""

    def __init__(self, session: ConsoleSession, window: DeskWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._axis = window.axis
        self._frame = window.frame
        axis = window.axis
        if axis is None:
            return
        axis.seek_requested.connect(self._seek)
        axis.play_requested.connect(self._play)
        axis.pause_requested.connect(self._pause)
        axis.step_requested.connect(self._step)
        axis.speed_requested.connect(self._speed)
        axis.span_requested.connect(self._span)
        session.replay_changed.connect(self._moved)

    def _seek(self, at: float) -> None:
        self._session.replay("seek", at=at)

    def _play(self) -> None:
        self._session.replay("play")

    def _pause(self) -> None:
        self._session.replay("pause")

    def _step(self, steps: int) -> None:
        self._session.replay("step", steps=steps)

    def _speed(self, speed: float) -> None:
        self._session.replay("speed", speed=speed)

    def _span(self, start: float, end: float) -> None:
        self._session.replay("open", start=start, end=end)

    def _moved(self, state: ReplayState) -> None:
        if self._axis is not None:
            self._axis.set_state(state)
        if self._frame is not None:
            self._frame.set_clock(date_time(state.at))
