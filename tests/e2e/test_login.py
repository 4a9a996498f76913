"""A person logs in at a real console with real keys: first login, factor, desk, lock, another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtWidgets import QApplication

from app.options import ConsoleOptions
from app.start import Start
from app.windows.accounts import AccountsWindow
from app.windows.desk import DeskWindow
from services.access import totp
from services.hub.recovery import recover
from tests.e2e.hands import Hands, reads
from tests.e2e.town import level, town
from tests.harness import LIMIT_S, HubProcess
from widgets.lock import LockPanel
from widgets.login import LoginPanel
from widgets.theme import Theme

PASSWORD = "Correct-Horse-7"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[HubProcess, str]]:
    """A hub, and the one-time password of its security administrator."""
    (tmp_path / "hub").mkdir()
    _, one_time = recover(tmp_path / "hub")
    hub = HubProcess(tmp_path / "hub")
    hub.start()
    yield hub, one_time
    hub.close()


@pytest.fixture
def start(
    qapp: QApplication, look: Theme, tmp_path: Path, site: tuple[HubProcess, str]
) -> Iterator[Start]:
    """A desk at which nobody has logged in yet."""
    options = ConsoleOptions(
        hub_url=site[0].url, token="", user="", seat="7", lang="en", data_dir=tmp_path / "desk"
    )
    (tmp_path / "desk").mkdir()
    made = Start(options, qapp)
    made.start()
    yield made
    made.close()
    made.deleteLater()


class Person:
    """Somebody with an account and an authenticator."""

    def __init__(self, hands: Hands, start: Start, user: str) -> None:
        self.hands, self.start, self.user = hands, start, user
        self.secret = ""
        self._step = 0

    @property
    def panel(self) -> LoginPanel:
        """The login panel, which the console builds anew now and then."""
        window = self.hands.until(lambda: self.start.login, "the login window")
        return window.panel

    def code(self) -> str:
        """What the authenticator shows; waits for the next one where it was used already."""
        self.hands.until(
            lambda: int(time.time() // totp.STEP_S) > self._step, "the next code", 2 * totp.STEP_S
        )
        self._step = int(time.time() // totp.STEP_S)
        return totp.code_at(self.secret, self._step)

    def enter(self, password: str, otp: str = "") -> None:
        """Type account, password and code, and press Enter."""
        panel, hands = self.panel, self.hands
        self.front()
        hands.click(panel.user)
        hands.key("ctrl+a")
        hands.type(self.user)
        hands.key("Tab")
        hands.type(password)
        if otp:
            hands.click(panel.otp)
            hands.type(otp)
        hands.key("Return")

    def front(self) -> None:
        """Give the login window the keyboard."""
        self.hands.to_front(self.panel.window())

    def begin(self, one_time: str) -> None:
        """The first login: a password of one's own, and the authenticator."""
        panel, hands = self.panel, self.hands
        self.enter(one_time)
        hands.until(lambda: panel.first.isVisible(), "the page for the password")
        hands.click(panel.first)
        hands.type(PASSWORD)
        hands.key("Tab")
        hands.type(PASSWORD + "x")
        assert not panel.change.isEnabled()
        hands.key("BackSpace")
        hands.click(panel.change)
        hands.until(lambda: panel.code.isVisible(), "the page for the authenticator")
        self.secret = panel.secret.text().replace(" ", "")
        assert panel.qr.width() > 100
        hands.click(panel.code)
        hands.type(self.code())
        hands.key("Return")


def test_from_the_first_login_to_a_locked_desk(
    hands: Hands, start: Start, site: tuple[HubProcess, str]
) -> None:
    hub, one_time = site
    admin = Person(hands, start, "security")
    panel = admin.panel
    assert panel.hub.text() == hub.url
    admin.enter("Wrong-Password-1")
    hands.until(lambda: reads(panel, "account or the password is wrong"), "the refusal")
    assert panel.password.text() == ""
    admin.begin(one_time)

    # the security administrator gets the accounts and nothing of the city
    accounts = window(hands, start, "accounts", AccountsWindow).panel
    hands.until(lambda: "security" in accounts.model.rows(), "the list of accounts")
    hands.to_front(accounts.window())
    hands.click(accounts.user)
    hands.type("anna")
    hands.click(accounts.name)
    hands.type("Anna Duty")
    hands.click(accounts.roles["duty_officer"])
    hands.click(accounts.roles["audit_admin"])
    hands.click(accounts.save)
    hands.until(lambda: reads(accounts, "stands alone"), "the refusal of both roles")
    hands.click(accounts.roles["audit_admin"])
    hands.click(accounts.save)
    hands.until(lambda: accounts.secret_text.isVisible(), "the one-time password")
    anna = Person(hands, start, "anna")
    one_time = accounts.secret_text.text()
    hands.until(lambda: "anna" in accounts.model.rows(), "the new account in the list")
    hands.click(accounts.secret_done)
    assert accounts.secret_text.text() == ""
    hands.click(button_named(accounts.window(), "action_log_out"))

    # the officer comes to the desk
    hub.ingest(*town())
    anna.begin(one_time)
    desk = window(hands, start, "desk", DeskWindow)
    console = start.console
    assert console is not None
    hands.until(lambda: console.live.link.state == "live", "a live feed")
    hands.until(lambda: len(console.live.model.entities) == 6, "the town on the desk")
    assert not desk.findChildren(AccountsWindow)
    assert desk.findChild(object, "action_accounts") is None

    # nobody is there: the desk is covered, and what happens still shows above
    hands.to_front(desk)
    hands.key("ctrl+l")
    cover: LockPanel = hands.until(lambda: desk.findChild(LockPanel), "the lock")
    assert not desk.columns.isVisible()
    assert desk.top.isVisible()
    hub.ingest(level(1.2))
    hands.until(lambda: console.live.model.alarms, "the alarm behind the lock")
    hands.key("ctrl+k")
    assert not desk.palette_box.isVisible()
    hands.click(cover.password)
    hands.type("Wrong-Password-1")
    hands.key("Return")
    hands.until(lambda: reads(cover, "password is wrong"), "the refusal")
    hands.type(PASSWORD)
    hands.key("Return")
    hands.until(lambda: desk.columns.isVisible(), "the desk again")
    hands.key("ctrl+k")
    hands.until(lambda: desk.palette_box.isVisible(), "keys that work again")
    hands.key("Escape")

    # the hub takes the right away: the desk is shut, and says why
    with httpx.Client(base_url=hub.url, trust_env=False, timeout=LIMIT_S) as http:
        body: dict[str, Any] = {"user": "security", "password": PASSWORD, "otp": admin.code()}
        answer = http.post("/api/v1/auth/login", json=body)
        assert answer.status_code == 200, answer.text
        headers = {"Authorization": f"Bearer {answer.json()['access']}"}
        answer = http.post("/api/v1/accounts/anna/revoke", headers=headers)
        assert answer.status_code == 200, answer.text
    panel = hands.until(lambda: start.login, "the login window").panel
    assert reads(panel, "has ended")
    assert start.console is None


def window(hands: Hands, start: Start, name: str, kind: type[Any]) -> Any:
    """A window of the console that has been opened after the login."""

    def found() -> Any:
        console = start.console
        return None if console is None else console.windows.get(name)

    opened = hands.until(found, f"the {name} window")
    assert isinstance(opened, kind)
    return opened


def button_named(parent: Any, name: str) -> Any:
    """A button by its object's name."""
    from PySide6.QtWidgets import QPushButton

    found = parent.findChild(QPushButton, name)
    assert found is not None, name
    return found
