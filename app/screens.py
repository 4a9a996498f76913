"""Which window stands on which monitor, also when a monitor goes and comes back. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QSize
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

CASCADE = 48


class ScreenKeeper(QObject):
    """Gives every window a monitor of its own while there are enough, else shares the first.

    A window whose monitor disappears moves to the primary one and returns when it is back.
    """

    def __init__(self, application: QGuiApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._homes: dict[QWidget, str] = {}
        application.screenRemoved.connect(self._screen_removed)
        application.screenAdded.connect(self._screen_added)

    def place(self, window: QWidget, *, fill: bool) -> bool:
        """Put a new window on the next free monitor; ``fill`` covers it (a wall, a big screen).

        Whether it has the monitor to itself.
        """
        screens = self._ordered()
        taken = set(self._homes.values())
        free = [s for s in screens if s.name() not in taken]
        screen = free[0] if free else screens[0]
        self._homes[window] = screen.name()
        self._put(window, screen, fill=fill and bool(free), shared=not free)
        return bool(free)

    def release(self, window: QWidget) -> None:
        """Forget a window that closes."""
        self._homes.pop(window, None)

    def close(self) -> None:
        """Stop listening to monitors."""
        self._application.screenRemoved.disconnect(self._screen_removed)
        self._application.screenAdded.disconnect(self._screen_added)

    def _ordered(self) -> list[QScreen]:
        primary = self._application.primaryScreen()
        rest = [s for s in self._application.screens() if s is not primary]
        return [primary, *sorted(rest, key=lambda s: (s.geometry().y(), s.geometry().x()))]

    def _put(self, window: QWidget, screen: QScreen, *, fill: bool, shared: bool) -> None:
        area = screen.availableGeometry()
        if fill or not shared:
            window.setGeometry(area)
            return
        step = CASCADE * (len(self._homes) - 1)
        least = window.minimumSizeHint()
        size = window.size().boundedTo(area.size() - QSize(step, step)).expandedTo(least)
        room = (area.size() - size).expandedTo(QSize(0, 0))  # rather on each other than off it
        across, down = min(step, room.width()), min(step, room.height())
        window.setGeometry(QRect(area.topLeft(), size).translated(across, down))

    def _screen_removed(self, screen: QScreen) -> None:
        if not self._application.screens():  # the last one went: wait for one to come back
            return
        primary = self._application.primaryScreen()
        for window, home in self._homes.items():
            if home == screen.name():
                self._put(window, primary, fill=False, shared=True)

    def _screen_added(self, screen: QScreen) -> None:
        for window, home in self._homes.items():
            if home == screen.name():
                self._put(window, screen, fill=True, shared=False)
