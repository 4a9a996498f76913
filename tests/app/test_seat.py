"""A seat that locks itself, and a desk that is remembered: without a hub."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.arguments import parse_idle
from app.bridge import ThreadBridge
from app.hubs import find_console_token
from app.logged_in import LoggedIn
from app.operations import Operations
from app.remembered import RememberedDesk
from app.seat import LOCAL_TRIES, SeatKeeper, lockable
from services.access import passwords
from services.access.tokens import TokenFile
from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.domain.model import Alarm, Severity
from services.feed.login import Login, Tokens
from services.feed.source import LinkUpdate
from widgets.cover import Covering
from widgets.lock import LockPanel
from widgets.theme import Theme

IDLE_S = 600.0
PROOF = passwords.hashed("right")


class FakeLogin:
    """A login whose hub is told what to say."""

    def __init__(self) -> None:
        self.error: KnownError | None = None
        self.ended = False
        self.tokens = Tokens(
            access="a", refresh="r", expires_in=1.0, user="anna", name="Anna", roles=("trainer",)
        )

    def unlock(self, password: str) -> None:
        if self.error is not None:
            raise self.error
        if password != "right":
            raise KnownError("wrong_login", "wrong")

    def token(self, refused: str = "") -> str:
        return "a" + refused

    def logout(self) -> None:
        self.ended = True

    def close(self) -> None:
        """Nothing is open."""


class Desk(QWidget):
    """A window with a part that is covered and one that stays."""

    def __init__(self) -> None:
        super().__init__()
        self.top, self.part = QWidget(), QWidget()
        self.key = QShortcut("Ctrl+K", self)
        layout = QVBoxLayout(self)
        layout.addWidget(self.top)
        layout.addWidget(self.part)
        self._covering = Covering(self, self.part, self.top)

    def set_cover(self, cover: QWidget | None) -> None:
        self._covering.put(cover)


class Seat:
    """A keeper over one window, with a clock in the test's hands."""

    def __init__(self, qtbot: QtBot, operations: Operations) -> None:
        self.qtbot = qtbot
        self.login = FakeLogin()
        self.clock = ManualClock(1_000.0)
        self.desk, self.wall = Desk(), QWidget()
        self.alarms: list[Alarm] = []
        self.left: list[str] = []
        for window in (self.desk, self.wall):
            qtbot.addWidget(window)
            window.show()
        theme = Theme.load()
        self.keeper = SeatKeeper(
            LoggedIn(cast(Login, self.login), "http://h", PROOF),
            operations,
            lambda: theme,
            lambda: lockable({"desk": self.desk, "wall": self.wall}),
            lambda: self.alarms,
            IDLE_S,
            clock=self.clock,
        )
        self.keeper.left.connect(self.left.append)

    @property
    def cover(self) -> LockPanel:
        found = self.desk.findChild(LockPanel)
        assert isinstance(found, LockPanel)
        return found

    def try_(self, password: str) -> None:
        """Type a password into the lock and press the button."""
        self.cover.password.setText(password)
        self.cover.open.click()
        self.qtbot.waitUntil(lambda: not self.keeper.locked or not self.cover._busy)


@pytest.fixture
def seat(qtbot: QtBot) -> Iterator[Seat]:
    bridge = ThreadBridge()
    operations = Operations(bridge, workers=1)
    made = Seat(qtbot, operations)
    yield made
    made.keeper.close()
    operations.close()
    bridge.close()


def alarm(number: int, severity: Severity, acknowledged: bool = False) -> Alarm:
    return Alarm(
        key=f"k{number}",
        source="s",
        rule="r",
        object_id="o",
        severity=severity,
        acknowledged=acknowledged,
    )


def test_an_unused_desk_is_covered_and_opens_by_the_password(seat: Seat, qtbot: QtBot) -> None:
    seat.clock.advance(IDLE_S - 1)
    seat.keeper.look()
    assert not seat.keeper.locked
    qtbot.keyClick(seat.desk.windowHandle(), "x")  # somebody is there
    seat.clock.advance(IDLE_S - 1)
    seat.keeper.look()
    assert not seat.keeper.locked
    seat.clock.advance(1)
    seat.alarms = [
        alarm(1, Severity.MAJOR),
        alarm(2, Severity.CRITICAL, acknowledged=True),
        alarm(3, Severity.MINOR),
    ]
    seat.keeper.look()
    assert seat.keeper.locked
    assert not seat.desk.part.isVisible()
    assert seat.desk.top.isVisible()
    assert not seat.desk.top.isEnabled()
    assert not seat.desk.key.isEnabled()
    assert seat.wall.findChild(LockPanel) is None
    assert "2" in seat.cover.alarms.text()
    assert "major" in seat.cover.alarms.text()
    seat.alarms = []
    seat.keeper.look()
    assert "No alarm" in seat.cover.alarms.text()

    seat.try_("wrong")
    assert "password is wrong" in seat.cover.answer.label.text()
    assert seat.cover.password.text() == ""
    seat.try_("right")
    assert not seat.keeper.locked
    assert seat.desk.part.isVisible()
    assert seat.desk.top.isEnabled()
    assert seat.desk.key.isEnabled()
    seat.keeper.look()
    assert not seat.keeper.locked


def test_a_locked_account_is_told_how_long_it_has_to_wait(seat: Seat) -> None:
    seat.keeper.lock()
    seat.login.error = KnownError("locked", "locked", params={"wait_s": 90})
    seat.try_("right")
    assert "1:30" in seat.cover.answer.label.text()
    seat.cover.password.setText("right")
    assert not seat.cover.open.isEnabled()


def test_without_a_hub_the_desk_opens_by_the_same_password_and_not_by_many(seat: Seat) -> None:
    seat.login.error = KnownError("hub_unreachable", "no hub")
    seat.keeper.lock()
    seat.try_("right")
    assert not seat.keeper.locked
    seat.keeper.lock()
    for _ in range(LOCAL_TRIES):
        seat.try_("wrong")
        assert "password is wrong" in seat.cover.answer.label.text()
    seat.try_("right")
    assert seat.keeper.locked
    assert "does not answer" in seat.cover.answer.label.text()


@pytest.mark.parametrize(
    ("how", "notice"),
    [
        (lambda s: s.keeper.act("log_out"), ""),
        (lambda s: s.keeper.link_changed(LinkUpdate("refused", 0.0)), "has ended"),
    ],
)
def test_the_seat_is_left_once(seat: Seat, how: Callable[[Seat], object], notice: str) -> None:
    how(seat)
    how(seat)
    assert len(seat.left) == 1
    assert notice in seat.left[0]


def test_a_seat_whose_login_ended_is_left_when_somebody_unlocks_it(seat: Seat) -> None:
    seat.login.error = KnownError("login_ended", "over")
    seat.keeper.lock()
    seat.cover.password.setText("right")
    seat.cover.open.click()
    seat.qtbot.waitUntil(lambda: bool(seat.left))


# -- small things --------------------------------------------------------------------------------
def test_a_desk_is_remembered_privately_and_for_its_hub(tmp_path: Path) -> None:
    desk = RememberedDesk(tmp_path / "data")
    assert desk.load("http://a") is None
    desk.keep("http://a", "anna", "omr.1.2")
    desk.keep("http://a", "anna", "omr.1.3")
    assert desk.load("http://a") == ("anna", "omr.1.3")
    assert desk.load("http://b") is None
    assert stat.S_IMODE(desk.path.stat().st_mode) == 0o600
    desk.path.write_bytes(b"\xff{")
    assert desk.load("http://a") is None
    desk.forget()
    desk.forget()
    assert not desk.path.exists()


def test_how_long_a_desk_waits_before_it_locks() -> None:
    assert parse_idle("10m") == 600.0
    assert parse_idle("off") is None
    with pytest.raises(KnownError):
        parse_idle("soon")


def test_a_console_logs_in_by_itself_only_where_the_hub_is_this_machines(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "tokens.toml")
    assert find_console_token(tmp_path, "", "duty1", None) == ""
    file.ensure()
    mine = file.token_of("duty1")
    assert find_console_token(tmp_path, "", "duty1", None) == mine
    assert find_console_token(tmp_path, "http://127.0.0.1:8630", "duty1", None) == mine
    assert find_console_token(tmp_path, "https://hub.example:8630", "duty1", None) == ""
    other = tmp_path / "token"
    other.write_text("a-token-of-my-own")
    assert find_console_token(tmp_path, "https://h", "duty1", other) == "a-token-of-my-own"
