"""The seat of somebody who logged in: locks it when nobody is there, and ends it with the login.

GUI thread. Alarms go on sounding and the top bar goes on counting; a wall is never locked. While
the hub does not answer, the desk opens by a hash of the password that was typed at the login.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.logged_in import LoggedIn
from app.messages import person_text
from app.operations import Operations
from services.access import passwords
from services.domain.clock import Clock
from services.domain.errors import KnownError
from services.domain.model import Alarm, Severity
from services.feed.source import LinkUpdate
from widgets.lock import LockPanel
from widgets.theme import Theme

LOOK_MS = 2_000
FRESH_MS = 60_000
ACTIVE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
LOCAL_TRIES = 5
"""Wrong passwords while the hub is away; then only the hub can open the desk."""


@runtime_checkable
class Lockable(Protocol):
    """A window that can be covered."""

    def set_cover(self, cover: QWidget | None) -> None:
        """Show this instead of what the window is for; None: the window again."""
        ...


def lockable(windows: Mapping[str, QWidget]) -> dict[str, Lockable]:
    """The windows that are covered when nobody is there: not the wall, not the manual."""
    return {name: window for name, window in windows.items() if isinstance(window, Lockable)}


class SeatKeeper(QObject):
    """``left(notice)``: this login is over here; ``notice`` says why, "" where it was asked for."""

    left = Signal(str)

    def __init__(
        self,
        seat: LoggedIn,
        operations: Operations,
        theme: Callable[[], Theme],
        windows: Callable[[], Mapping[str, Lockable]],
        alarms: Callable[[], Iterable[Alarm]],
        idle_s: float | None,
        *,
        clock: Clock = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._seat, self._operations = seat, operations
        self._theme, self._windows, self._alarms = theme, windows, alarms
        self._idle_s, self._clock = idle_s, clock
        self._seen = clock()
        self._covers: dict[str, LockPanel] = {}
        self._local_tries = 0
        self._over = False
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self.look)
        self._look.start()
        self._fresh = QTimer(self)
        self._fresh.setInterval(FRESH_MS)
        self._fresh.timeout.connect(self._keep_fresh)
        self._fresh.start()
        self._watch()

    @property
    def locked(self) -> bool:
        """Whether the desk is covered."""
        return bool(self._covers)

    def close(self) -> None:
        """Listen no more, and give the login's connections back."""
        self._look.stop()
        self._fresh.stop()
        for window in QGuiApplication.allWindows():
            window.removeEventFilter(self)
        self._seat.login.close()

    def look(self) -> None:
        """Lock the desk when it is time."""
        self._watch()
        self._show_alarms()
        idle = self._clock() - self._seen
        if self._idle_s is not None and not self.locked and idle >= self._idle_s:
            self.lock()

    def act(self, name: str) -> bool:
        """Carry out an action of ``app.actions`` that is about the login; whether it is one."""
        if name not in ("lock", "log_out"):
            return False
        self.lock() if name == "lock" else self.log_out()
        return True

    def lock(self) -> None:
        """Cover the desk now."""
        for name, window in self._windows().items():
            if name not in self._covers:
                cover = LockPanel(self._theme(), self._seat.login.tokens.name)
                cover.unlock_requested.connect(self._unlock)
                cover.switch_requested.connect(self.log_out)
                self._covers[name] = cover
                window.set_cover(cover)
        self._show_alarms()

    def log_out(self) -> None:
        """End the login here; the hub is told if it can be."""
        login = self._seat.login
        self._operations.run(login.logout, lambda _: None, lambda _: None, owner=self)
        self._leave("")

    def link_changed(self, link: LinkUpdate) -> None:
        """The hub sends this login away: the desk has to be opened anew."""
        if link.state == "refused":
            self._leave(self.tr("Your login at the hub has ended. Log in again."))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Remember that somebody is there."""
        if event.type() in ACTIVE:
            self._seen = self._clock()
        return False

    def _show_alarms(self) -> None:
        if self._covers:
            waiting = [a.severity for a in self._alarms() if not a.acknowledged]
            for cover in self._covers.values():
                cover.set_alarms(len(waiting), max(waiting, default=Severity.NORMAL))

    # -- inside -----------------------------------------------------------------
    def _watch(self) -> None:
        for window in QGuiApplication.allWindows():  # installed twice it still hears once
            window.installEventFilter(self)

    def _keep_fresh(self) -> None:
        """Renew in time also while nobody asks anything, so that the feed stays open."""
        self._operations.run(self._seat.login.token, lambda _: None, self._not_fresh, owner=self)

    def _not_fresh(self, error: Exception) -> None:
        if isinstance(error, KnownError) and error.code == "login_ended":
            self._leave(self.tr("Your login at the hub has ended. Log in again."))

    def _leave(self, notice: str) -> None:
        if not self._over:
            self._over = True
            self.left.emit(notice)

    def _unlock(self, password: str) -> None:
        login, proof = self._seat.login, self._seat.proof
        local = bool(proof) and self._local_tries < LOCAL_TRIES

        def prove() -> None:
            try:
                login.unlock(password)
            except KnownError as error:
                if error.code != "hub_unreachable" or not local:
                    raise
                if not passwords.verify(proof, password):
                    raise KnownError("wrong_password", "the password is wrong") from None

        for cover in self._covers.values():
            cover.set_busy(True)
        self._operations.run(prove, lambda _: self._open(), self._stays, owner=self)

    def _open(self) -> None:
        self._local_tries = 0
        self._seen = self._clock()
        windows = self._windows()
        for name, cover in self._covers.items():
            if name in windows:
                windows[name].set_cover(None)
            cover.deleteLater()
        self._covers.clear()

    def _stays(self, error: Exception) -> None:
        if isinstance(error, KnownError) and error.code == "login_ended":
            self._leave(person_text(error))
            return
        if isinstance(error, KnownError) and error.code == "wrong_password":
            self._local_tries += 1
        for cover in self._covers.values():
            if isinstance(error, KnownError) and error.code == "locked":
                cover.show_lock(int(error.params.get("wait_s", 0)) or 1)
            else:
                text = person_text(error) if isinstance(error, KnownError) else str(error)
                cover.show_error(text)
