"""Asks the hub for accounts and carries out what its administrator orders. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

from app.console_parts import Parts
from app.messages import person_text
from app.windows.accounts import AccountsWindow
from services.domain.errors import KnownError
from services.feed.accounts import AccountInfo, AccountList, AccountsClient
from widgets.accounts import AccountView

T = TypeVar("T")
LOOK_MS = 15_000


class AccountsController(QObject):
    """One accounts window; what others change shows within seconds."""

    def __init__(self, parts: Parts, window: AccountsWindow) -> None:
        super().__init__(window)
        self._panel, self._operations = window.panel, parts.operations
        self._client = AccountsClient(parts.api.http)
        self._panel.save_requested.connect(self._save)
        self._panel.order_requested.connect(self._order)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._ask_all)
        self._timer.start()
        self._ask_all()

    def close(self) -> None:
        """Ask no more."""
        self._timer.stop()

    # -- orders -----------------------------------------------------------------
    def _save(self, account: AccountView) -> None:
        fields: dict[str, object] = {
            "name": account.name,
            "roles": account.roles,
            "areas": account.areas,
            "kinds": account.kinds,
            "departments": account.departments,
        }
        client, user = self._client, account.user
        if account.version:
            work = lambda: client.change(user, account.version, fields)  # noqa: E731
            self._do(work, lambda _: self._done(self.tr("Saved.")))
        else:
            self._do(lambda: client.create(user, fields), lambda p: self._secret(user, p))

    def _order(self, order: str, user: str) -> None:
        client = self._client
        if order == "password":
            self._do(lambda: client.reset_password(user), lambda p: self._secret(user, p))
        elif order in ("disable", "enable"):
            known = self._panel.model.rows().get(user)
            version = known.version if known is not None else 0
            fields: dict[str, object] = {"disabled": order == "disable"}
            self._do(
                lambda: client.change(user, version, fields),
                lambda _: self._done(self.tr("Saved.")),
            )
        else:
            self._do(lambda: client.order(user, order), lambda _: self._done(self.tr("Done.")))

    def _secret(self, user: str, password: str) -> None:
        self._panel.show_secret(user, password)
        self._done("")

    def _done(self, text: str) -> None:
        self._ask_all(text)

    # -- asking -----------------------------------------------------------------
    def _ask_all(self, then: str = "") -> None:
        def shown(found: AccountList) -> None:
            self._panel.set_roles(found.roles)
            self._panel.set_accounts({a.user: _view(a) for a in found.accounts})
            if then:
                self._panel.show_done(then)

        self._do(self._client.all, shown)

    def _do(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._operations.run(work, done, self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        text = person_text(error) if isinstance(error, KnownError) else str(error)
        self._panel.show_error(text)


def _view(account: AccountInfo) -> AccountView:
    return AccountView(
        user=account.user,
        name=account.name,
        roles=account.roles,
        areas=account.areas,
        kinds=account.kinds,
        departments=account.departments,
        disabled=account.disabled,
        locked_until=account.locked_until,
        factor=account.factor,
        must_change=account.must_change,
        last_login=account.last_login,
        version=account.version,
        logins=tuple(f"{login.seat or '–'} ({login.address})" for login in account.logins),
    )
