"""Leads a person through a login: account, then what the hub asks for first. GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import segno
from PySide6.QtCore import QObject, Signal

from app.hubs import find_hub
from app.logged_in import LoggedIn
from app.messages import person_text
from app.operations import Operations
from app.remembered import RememberedDesk
from app.windows.login import LoginWindow
from services.access import passwords
from services.domain.errors import KnownError
from services.feed.login import Login, log_in, resume
from services.tls.contexts import trust
from widgets.login import LoginFields

log = logging.getLogger(__name__)
T = TypeVar("T")
FIELD_OF = {"wrong_otp": "otp", "otp_required": "otp"}


class LoginController(QObject):
    """``done(LoggedIn)``: everything that the hub asked for is done."""

    done = Signal(object)

    def __init__(
        self,
        window: LoginWindow,
        operations: Operations,
        *,
        hub_url: str,
        user: str,
        seat: str,
        ca: Path | None,
        remembered: RememberedDesk,
        notice: str = "",
    ) -> None:
        super().__init__(window)
        self._panel, self._operations = window.panel, operations
        self._seat, self._ca, self._remembered = seat, ca, remembered
        self._hub_url = hub_url
        self._login: Login | None = None
        self._password = ""
        panel = self._panel
        panel.login_requested.connect(self._enter)
        panel.password_requested.connect(self._change)
        panel.code_requested.connect(self._confirm)
        panel.cancel_requested.connect(self._start_over)
        known = remembered.load(hub_url)
        panel.show_login(notice)
        panel.set_fields(hub_url, known[0] if known else user)
        if known and not notice:
            self._resume(known[1])

    def drop(self) -> None:
        """Let go of a login that was begun and is not used."""
        if self._login is not None:
            self._login.close()
            self._login = None
        self._password = ""

    # -- steps ------------------------------------------------------------------
    def _resume(self, refresh: str) -> None:
        url, ca = self._hub_url, self._ca
        self._panel.set_busy(True)
        self._ask(
            lambda: resume(url, refresh, trust=trust(url, ca), kept=self._keeper(url)),
            self._entered,
            self._not_remembered,
        )

    def _not_remembered(self, error: Exception) -> None:
        if isinstance(error, KnownError) and error.code == "login_ended":
            self._remembered.forget()
            self._panel.show_login()
        else:
            self._show(error)

    def _enter(self, fields: LoginFields) -> None:
        try:
            self._hub_url = url = find_hub(Path(), fields.hub)
        except KnownError as error:
            self._panel.show_error(person_text(error))
            return
        self._password = fields.password
        kept = self._keeper(url) if fields.remember else _forget
        if not fields.remember:
            self._remembered.forget()
        self._panel.set_busy(True)
        self._ask(
            lambda: log_in(
                url,
                fields.user,
                fields.password,
                fields.otp,
                self._seat,
                remember=fields.remember,
                trust=trust(url, self._ca),
                kept=kept,
            ),
            self._entered,
            self._show,
        )

    def _entered(self, login: Login) -> None:
        self._login = login
        self._go_on(login.tokens.pending)

    def _go_on(self, pending: tuple[str, ...]) -> None:
        login = self._login
        if login is None:
            return
        if "password" in pending:
            self._panel.show_password_page()
        elif "totp" in pending:
            self._panel.set_busy(True)
            self._ask(lambda: login.begin_factor(self._password), self._show_factor, self._show)
        else:
            self._finish(login)

    def _change(self, new: str) -> None:
        login, old = self._login, self._password
        if login is None:
            return

        def changed(pending: tuple[str, ...]) -> None:
            self._password = new
            self._go_on(pending)

        self._panel.set_busy(True)
        self._ask(lambda: login.change_password(old, new), changed, self._show)

    def _show_factor(self, uri: str) -> None:
        secret = parse_qs(urlsplit(uri).query).get("secret", [""])[0]
        matrix = segno.make(uri, error="m", micro=False).matrix
        self._panel.show_factor_page([[bool(cell) for cell in row] for row in matrix], secret)

    def _confirm(self, code: str) -> None:
        login = self._login
        if login is None:
            return
        self._panel.set_busy(True)
        self._ask(lambda: login.confirm_factor(code), self._go_on, self._show)

    def _finish(self, login: Login) -> None:
        password, self._password = self._password, ""
        url = self._hub_url

        def finished(proof: str) -> None:
            self._login = None
            self.done.emit(LoggedIn(login, url, proof))

        self._ask(lambda: passwords.hashed(password) if password else "", finished, self._show)

    def _start_over(self) -> None:
        self.drop()
        self._remembered.forget()
        self._panel.show_login()

    # -- inside -----------------------------------------------------------------
    def _show(self, error: Exception) -> None:
        if not isinstance(error, KnownError):
            log.error("the login failed: %s", error, exc_info=error)
            self._panel.show_error(self.tr("Something went wrong in this program; see its log."))
            return
        if error.code == "locked":
            self._panel.show_lock(int(error.params.get("wait_s", 0)) or 1)
        elif error.code == "login_ended":
            self.drop()
            self._panel.show_login(person_text(error))
        elif self._login is not None and error.code == "wrong_login":
            self.drop()  # the password that began this login is not it any more
            self._panel.show_login(person_text(error))
        else:
            self._panel.show_error(person_text(error), FIELD_OF.get(error.code, ""))

    def _ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._operations.run(work, done, failed, owner=self)

    def _keeper(self, url: str) -> Callable[[str, str], None]:
        """Keeps each refresh token on this desk; on whatever thread it comes."""
        remembered = self._remembered

        def keep(user: str, refresh: str) -> None:
            if not refresh:
                remembered.forget()
                return
            try:
                remembered.keep(url, user, refresh)
            except OSError as error:
                log.warning("this desk's login cannot be remembered: %s", error)

        return keep


def _forget(_user: str, _refresh: str) -> None:
    return None
