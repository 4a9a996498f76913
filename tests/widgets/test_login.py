"""The login panel, the lock and the accounts: what can be pressed when, and what is forgotten."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from services.domain.clock import ManualClock
from widgets.accounts import AccountsPanel, AccountView
from widgets.login import LoginFields, LoginPanel, QrView
from widgets.theme import Theme

NOW = 1_750_000_000.0


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> LoginPanel:
    made = LoginPanel(theme)
    qtbot.addWidget(made)
    made.set_fields("http://127.0.0.1:8630", "")
    made.show()
    return made


def test_a_login_needs_hub_account_and_password(panel: LoginPanel, qtbot: QtBot) -> None:
    heard: list[LoginFields] = []
    panel.login_requested.connect(heard.append)
    assert not panel.enter.isEnabled()
    panel.user.setText(" anna ")
    panel.password.setText(" secret ")
    assert panel.enter.isEnabled()
    panel.hub.clear()
    assert not panel.enter.isEnabled()
    panel.hub.setText("http://h:1")
    panel.otp.setText("123 456")
    panel.enter.click()
    assert heard == [LoginFields("http://h:1", "anna", " secret ", "123456")]
    assert "secret" not in repr(heard)
    assert "123456" not in repr(heard)
    panel.set_busy(True)
    assert not panel.enter.isEnabled()
    panel.show_error("no")
    assert panel.answer.label.text() == "no"
    assert panel.password.text() == ""
    assert panel.otp.text() == "123 456"


def test_passwords_are_never_shown_nor_remembered(panel: LoginPanel) -> None:
    for edit in (panel.password, panel.first, panel.second):
        assert edit.echoMode() is QLineEdit.EchoMode.Password
        edit.setText("Secret-Word-1")
        assert "Secret" not in edit.displayText()
    panel.show_factor_page([[True]], "ABCDEFGH")
    assert panel.secret.text() == "ABCD EFGH"
    panel.show_login("again")
    assert {e.text() for e in (panel.password, panel.first, panel.second, panel.otp)} == {""}
    assert panel.secret.text() == ""
    assert panel.answer.label.text() == "again"


def test_a_lock_counts_down_and_then_lets_try_again(panel: LoginPanel, qtbot: QtBot) -> None:
    panel.user.setText("anna")
    panel.password.setText("x")
    panel.answer._tick.setInterval(1)
    panel.show_lock(61)
    assert "1:01" in panel.answer.label.text()
    assert not panel.enter.isEnabled()
    panel.password.setText("xy")
    assert not panel.enter.isEnabled()
    qtbot.waitUntil(lambda: panel.enter.isEnabled())
    assert panel.answer.label.text() == ""


def test_a_new_password_is_typed_twice(panel: LoginPanel) -> None:
    heard: list[str] = []
    panel.password_requested.connect(heard.append)
    panel.show_password_page()
    panel.first.setText("Correct-Horse-7")
    panel.second.setText("Correct-Horse-8")
    assert not panel.change.isEnabled()
    assert "not the same" in panel.change.text()
    panel.second.setText("Correct-Horse-7")
    panel.change.click()
    assert heard == ["Correct-Horse-7"]


@pytest.mark.parametrize(
    ("typed", "ready"),
    [("123456", True), ("123 456", True), ("12345", False), ("12345a", False), ("", False)],
)
def test_a_code_has_six_digits(panel: LoginPanel, typed: str, ready: bool) -> None:
    panel.show_factor_page([[True]], "ABCD")
    panel.code.setText(typed)
    assert panel.confirm.isEnabled() is ready


def test_the_picture_is_what_a_camera_can_read(qtbot: QtBot) -> None:
    view = QrView()
    qtbot.addWidget(view)
    rows = [[(x + y) % 2 == 0 for x in range(21)] for y in range(21)]
    view.set_rows(rows)
    view.show()
    image = view.grab().toImage()
    side = view.width() // (21 + 8)
    assert view.width() == side * (21 + 8)

    def black(x: int, y: int) -> bool:
        return image.pixelColor(QPoint(x * side + side // 2, y * side + side // 2)).value() < 128

    assert [[black(x + 4, y + 4) for x in range(21)] for y in range(21)] == rows
    assert not any(black(x, y) for x in range(29) for y in (0, 3, 25, 28))


# -- accounts ------------------------------------------------------------------------------------
ANNA = AccountView(
    user="anna", name="Anna", roles=("leader",), areas=("630102001",), factor=True, version=3
)


@pytest.fixture
def accounts(qtbot: QtBot, theme: Theme) -> AccountsPanel:
    made = AccountsPanel(theme, ManualClock(NOW))
    qtbot.addWidget(made)
    made.set_roles(["observer", "leader", "duty_officer", "department"])
    made.set_accounts({"anna": ANNA})
    made.show()
    return made


def test_an_account_is_changed_as_it_stands_in_the_form(accounts: AccountsPanel) -> None:
    heard: list[AccountView] = []
    accounts.save_requested.connect(heard.append)
    accounts.show_account(ANNA)
    assert not accounts.user.isEnabled()
    accounts.roles["duty_officer"].setChecked(True)
    accounts.departments.setText(" 区水务局，区城建局、 ")
    # what comes in meanwhile does not overwrite what is being typed
    accounts.set_accounts({"anna": AccountView(user="anna", name="Other", roles=(), version=4)})
    assert accounts.name.text() == "Anna"
    accounts.save.click()
    (told,) = heard
    assert (told.user, told.version, told.name) == ("anna", 3, "Anna")
    assert told.roles == ("leader", "duty_officer")
    assert told.areas == ("630102001",)
    assert told.departments == ("区水务局", "区城建局")
    # and what the hub answers to it is shown
    accounts.set_accounts({"anna": AccountView(user="anna", name="Saved", roles=(), version=5)})
    assert accounts.name.text() == "Saved"


def test_a_department_without_a_department_is_warned_of_while_it_is_typed(
    accounts: AccountsPanel,
) -> None:
    accounts.show_account(AccountView(user="d", roles=("department",), version=1))
    assert accounts.no_department.isVisibleTo(accounts)
    accounts.departments.setText("区水务局")
    assert not accounts.no_department.isVisibleTo(accounts)
    accounts.departments.setText(" , ")
    assert accounts.no_department.isVisibleTo(accounts)
    accounts.roles["department"].setChecked(False)
    assert not accounts.no_department.isVisibleTo(accounts)


def test_orders_fit_the_account_and_ask_before_they_hurt(accounts: AccountsPanel) -> None:
    heard: list[tuple[str, str]] = []
    accounts.order_requested.connect(lambda order, user: heard.append((order, user)))
    accounts.show_account(AccountView())
    assert not any(push.isVisible() for push in accounts.orders.values())
    accounts.show_account(ANNA)
    assert {n for n, push in accounts.orders.items() if push.isVisible()} == {
        "password",
        "totp-reset",
        "disable",
    }
    accounts.orders["disable"].click()
    assert heard == []
    assert "anna cannot log in" in accounts.confirm.text.text()
    accounts.confirm.yes.click()
    assert heard == [("disable", "anna")]
    locked = AccountView(
        user="bert", name="B", roles=("leader",), disabled=True, locked_until=NOW + 9, version=1,
        logins=("1 (h)",),
    )  # fmt: skip
    accounts.show_account(locked)
    assert {n for n, push in accounts.orders.items() if push.isVisible()} == {
        "password",
        "unlock",
        "revoke",
        "enable",
    }
    accounts.orders["unlock"].click()
    assert heard[-1] == ("unlock", "bert")


def test_a_one_time_password_is_gone_after_it_was_seen(accounts: AccountsPanel) -> None:
    accounts.show_secret("anna", "one-time")
    assert accounts.secret.isVisible()
    assert accounts.secret_text.text() == "one-time"
    accounts.secret_done.click()
    assert not accounts.secret.isVisible()
    assert accounts.secret_text.text() == ""
