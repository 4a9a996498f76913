"""A replay on its way to another moment: from the order until everything shows it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.readmodel import ReadModel
from services.feed.frames import ReplayState

NEAR_S = 0.5
"""A replay that stands so near to where it was sent, times its speed, has come there."""


class Loading(QObject):
    """``moment`` is where a replay was sent, None once clock, tables and marks are all of it.

    ``changed(moment or None)`` with each order to go somewhere, and with the end of the last one.
    """

    changed = Signal(object)

    def __init__(self, model: ReadModel) -> None:
        super().__init__(model)
        self.moment: float | None = None
        self._arrived = False
        self._model = model
        model.settled.connect(self._settled)

    def sent(self, at: float | None, state: ReplayState | None) -> None:
        """The replay, which stood as ``state`` says, was sent to a moment inside its span."""
        if at is not None and state is not None:
            self.moment, self._arrived = min(max(at, state.start), state.end), False
            self.changed.emit(self.moment)

    def stands(self, state: ReplayState) -> None:
        """The replay says where it stands; its records were taken in before."""
        near = NEAR_S * max(1.0, state.speed)
        if self.moment is not None and abs(state.at - self.moment) <= near:
            self.give_up()

    def give_up(self) -> None:
        """It goes no further, as it has come there, was refused or was cut off: what has come is
        shown as soon as it is whole."""
        self._arrived = self.moment is not None
        if self._model.is_settled:
            self._settled()

    def _settled(self) -> None:
        if self._arrived:
            self.moment, self._arrived = None, False
            self.changed.emit(None)
