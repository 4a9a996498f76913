"""A console from its first window to its last: somebody logs in, works, and hands over.

GUI thread.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.bridge import ThreadBridge
from app.console import Console
from app.controllers.login import LoginController
from app.language import change_language
from app.logged_in import LoggedIn
from app.operations import Operations
from app.options import ConsoleOptions
from app.pictures import PictureTaker
from app.remembered import RememberedDesk
from app.settings import Settings
from app.windows.login import LoginWindow
from services.access.roles import ACCOUNTS, AUDIT, TRAITS
from widgets.theme import Theme


class Start(QObject):
    """Shows the login window where a login is needed, and then the console; again at its end."""

    def __init__(
        self, options: ConsoleOptions, application: QApplication, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._application = application
        self._lang = options.lang
        self._bridge = ThreadBridge(self)
        self._operations = Operations(self._bridge, workers=1)
        self._remembered = RememberedDesk(options.data_dir)
        self.console: Console | None = None
        self.login: LoginWindow | None = None
        self._controller: LoginController | None = None
        self._pictures: PictureTaker | None = None

    def start(self) -> None:
        """Open the first window."""
        if self._options.token or self._options.logged_in is not None:
            self._open(self._options)
        else:
            self._ask_who()

    def close(self) -> None:
        """Take everything apart."""
        if self._pictures is not None:
            self._pictures.stop()
            self._pictures.take()
            self._pictures = None
        self._drop_login()
        if self.console is not None:
            self.console.close()
        self._operations.close()
        self._bridge.close()

    # -- the console --------------------------------------------------------------
    def _open(self, options: ConsoleOptions) -> None:
        theme = self._theme()
        self.console = Console(options, self._application, theme, self)
        self.console.left.connect(self._leave)
        self.console.start()

    def _leave(self, notice: str) -> None:
        """Not from within a window that goes: at the next turn of the loop."""
        if not notice:
            self._remembered.forget()
        QTimer.singleShot(0, self, lambda: self._hand_over(notice))

    def _hand_over(self, notice: str) -> None:
        old, self.console = self.console, None
        self._ask_who(notice)  # first, so that there is always a window
        if old is not None:
            old.leave()
            old.deleteLater()

    # -- the login ------------------------------------------------------------------
    def _ask_who(self, notice: str = "") -> None:
        options = self._options
        window = LoginWindow(self._theme())
        controller = LoginController(
            window,
            self._operations,
            hub_url=options.hub_url,
            user=options.user,
            seat=options.seat,
            ca=options.ca,
            remembered=self._remembered,
            notice=notice,
        )
        controller.done.connect(self._logged_in)
        window.panel.language_requested.connect(self._change_language)
        self.login, self._controller = window, controller
        if options.pictures_dir is not None and self._pictures is None:
            self._pictures = PictureTaker(
                self._shown, options.pictures_dir, options.picture_interval_s, self
            )
            self._pictures.start()
        window.show()
        window.activateWindow()

    def _shown(self) -> dict[str, QWidget]:
        return {} if self.login is None else {"login": self.login}

    def _change_language(self) -> None:
        self._lang = "en" if self._lang.startswith("zh") else "zh"
        QTimer.singleShot(0, self, self._rebuild_login)

    def _rebuild_login(self) -> None:
        old = self.login
        if old is None:
            return
        change_language(self._application, self._lang)
        fields = old.panel.hub.text(), old.panel.user.text()
        old_controller = self._controller
        self._ask_who()
        if self.login is not None:
            self.login.setGeometry(old.geometry())
            self.login.panel.set_fields(*fields)
        _take_down(old, old_controller)

    def _logged_in(self, who: LoggedIn) -> None:
        options = replace(
            self._options,
            hub_url=who.hub_url,
            user=who.login.tokens.user,
            lang=self._lang,
            token="",
            logged_in=who,
        )
        if sees_nothing(who):
            own = {ACCOUNTS: "accounts", AUDIT: "audit"}
            windows = tuple(window for right, window in own.items() if who.may(right))
            options = replace(options, windows=windows or ("desk",))
        old, controller = self.login, self._controller
        self.login = self._controller = None
        self._open(options)
        if old is not None:
            _take_down(old, controller)

    def _drop_login(self) -> None:
        if self.login is not None:
            _take_down(self.login, self._controller)
        self.login = self._controller = None

    def _theme(self) -> Theme:
        theme = Theme.load(variant=Settings(self._options.data_dir).variant)
        theme.apply(self._application)
        return theme


def sees_nothing(who: LoggedIn) -> bool:
    """Whether every role of a login looks after the hub and not after the city."""
    return all(TRAITS.get(role) == frozenset() for role in who.login.tokens.roles)


def _take_down(window: LoginWindow, controller: LoginController | None) -> None:
    if controller is not None:
        controller.drop()
    window.close()
    window.deleteLater()
