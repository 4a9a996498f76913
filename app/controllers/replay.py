"""The time axis of a replay window: what a trainer asks of it, what the hub answers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.console_parts import Parts
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from services.domain.model import Severity
from services.feed.frames import ReplayState
from services.feed.source import LinkUpdate, ReplayRequest
from widgets.format import date_time

SPAN_S = 3_600.0
BOUNDS_EVERY_MS = 10_000
ASK_AGAIN_MS = 1_000
MIN_LOG_S = 30.0
"""A log younger than this is not opened yet: there is nothing to see in it."""


class ReplayController(QObject):
    """Connects the axis of a replay window with its session.

    The window opens on the newest hour of the log with the playhead at its end, or at the moment
    that was asked for; while the log is still empty it waits.
    """

    def __init__(
        self, parts: Parts, session: ConsoleSession, window: DeskWindow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._session = session
        self._axis = window.axis
        self._frame = window.frame
        self._at: float | None = None
        self._opening = True
        self._told = False
        self._messages = window.messages
        self._window = window
        self._bounds = QTimer(self)
        self._bounds.setInterval(ASK_AGAIN_MS)
        self._bounds.timeout.connect(self._ask_bounds)
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
        session.link_changed.connect(self._link_changed)
        session.loading.changed.connect(self._loading_changed)

    def begin(self, at: float | None) -> None:
        """Open the newest hour, or the hour round ``at`` (UNIX seconds), as soon as it is there."""
        self._at = at
        self._bounds.start()
        self._ask_bounds()

    def close(self) -> None:
        """Ask no more."""
        self._bounds.stop()

    def _ask_bounds(self) -> None:
        self._parts.operations.run(
            self._parts.api.log_bounds, self._got_bounds, self._no_bounds, owner=self
        )

    def _got_bounds(self, bounds: dict[str, Any]) -> None:
        first, last = bounds.get("first_time"), bounds.get("last_time")
        if self._axis is None or not isinstance(first, float) or not isinstance(last, float):
            return
        if last - first < MIN_LOG_S:
            if not self._told:
                self._told = True
                text = self.tr("The log is still too young to replay; it opens by itself.")
                for part in (self._window.alarms, self._window.cases):
                    part.set_empty_reason(text)
                self._messages.show_message(Severity.INFO, text)
            return
        self._axis.set_log_bounds(first, last)
        self._bounds.setInterval(BOUNDS_EVERY_MS)
        if self._at is None:
            start, end = max(first, last - SPAN_S), last
        else:
            at = min(max(self._at, first), last)
            start, end = max(first, at - SPAN_S / 2), min(last, at + SPAN_S / 2)
        self._session.start(ReplayRequest(start=start, end=end))

    def _no_bounds(self, _error: Exception) -> None:
        """The hub is away; the next tick asks again."""

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

    def _link_changed(self, link: LinkUpdate) -> None:
        """After a break the hub opens the span at its begin: go back to where we stood."""
        state = self._session.replay_state
        if link.old and state is not None and not self._opening:
            self._opening, self._at = True, state.at

    def _moved(self, state: ReplayState) -> None:
        if self._axis is not None:
            self._axis.set_state(state)
        if self._frame is not None and self._session.loading.moment is None:
            self._frame.set_clock(date_time(state.at))
        if self._opening:
            self._opening = False
            self._session.replay("seek", at=state.end if self._at is None else self._at)

    def _loading_changed(self, moment: float | None) -> None:
        """Clock, lists and map are of one moment, or say together that they are not yet."""
        words = ""
        if moment is not None:
            words = self.tr("Loading {0} …").format(date_time(moment))
        link = self._session.link
        age_s = link.silent_s(self._session.model.now())
        self._window.map.set_stale(bool(words) or link.old, age_s, words)
        self._window.set_loading(words)
        state = self._session.replay_state
        if self._frame is not None and state is not None and not words:
            self._frame.set_clock(date_time(state.at))
