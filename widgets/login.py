"""Logging in: account, password, one-time code; then what a first login asks for. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from widgets.check_box import CheckBox
from widgets.panel import Panel, button, column, line, rule
from widgets.text import PlainLabel, button_text, plain_label, set_role
from widgets.theme import Theme

WIDTH = 400
QUIET = 4
"""Modules of white round a QR picture, as its standard wants."""
QR_SIDE = 220
MAX_TEXT = 200
CODE_DIGITS = 6


@dataclass(frozen=True)
class LoginFields:
    """What was typed; the secrets never show in a representation."""

    hub: str
    user: str
    password: str = field(repr=False)
    otp: str = field(repr=False)
    remember: bool = False


class QrView(QWidget):
    """A QR picture: black on white whatever the theme, because cameras read it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self.setAccessibleName(self.tr("Picture for the authenticator"))

    def set_rows(self, rows: Sequence[Sequence[bool]]) -> None:
        """Show these modules, true for black; no rows for nothing."""
        self._rows = tuple(tuple(row) for row in rows)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """A whole number of pixels a module, so that none is blurred."""
        if not self._rows:
            return QSize(QR_SIDE, QR_SIDE)
        side = len(self._rows) + 2 * QUIET
        return QSize(side, side) * max(2, QR_SIDE // side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the modules."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        if self._rows:
            side = self.width() // (len(self._rows) + 2 * QUIET)
            for y, row in enumerate(self._rows):
                for x, black in enumerate(row):
                    if black:
                        left, top = (x + QUIET) * side, (y + QUIET) * side
                        painter.fillRect(left, top, side, side, QColor("black"))
        painter.end()


def wrapped(text: str, role: str = "") -> PlainLabel:
    """A text of several lines in a form of ``WIDTH``, as high as it needs."""
    label = plain_label(text, role)
    label.setWordWrap(True)
    label.ensurePolished()
    label.setMinimumHeight(label.heightForWidth(WIDTH))
    return label


class SecretEdit(QLineEdit):
    """A line for a password: hidden, and not kept by undo, drag or the input method."""

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setMaxLength(MAX_TEXT)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )


class Answer(QWidget):
    """The line under a form that says what is wrong; counts a lock down by itself.

    ``freed``: the lock that was counted is over.
    """

    freed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.label = plain_label(role="critical")
        self.label.setWordWrap(True)
        layout = column(self)
        layout.addWidget(self.label)
        self._template, self._left = "", 0
        self._tick = QTimer(self)
        self._tick.setInterval(1_000)
        self._tick.timeout.connect(self._count)

    @property
    def counting(self) -> bool:
        """Whether a lock still lasts."""
        return self._left > 0

    def say(self, text: str, role: str = "critical") -> None:
        """Show a text; "" for none."""
        self._stop()
        set_role(self.label, role)
        self.label.setText(text)

    def count_down(self, template: str, seconds: int) -> None:
        """Show ``template`` with the time left, every second, until it is over."""
        self._template, self._left = template, seconds
        set_role(self.label, "critical")
        self._tick.start()
        self._show()

    def _count(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._show()
            return
        self._stop()
        self.label.setText("")
        self.freed.emit()

    def _show(self) -> None:
        self.label.setText(self._template.format(f"{self._left // 60}:{self._left % 60:02d}"))

    def _stop(self) -> None:
        self._tick.stop()
        self._left = 0


class LoginPanel(Panel):
    """Pages: log in, choose a password, set up an authenticator. Setters in, signals out.

    ``login_requested(LoginFields)``, ``password_requested(new)``, ``code_requested(code)``,
    ``language_requested()``: the other language, ``cancel_requested``: back to the first page.
    """

    login_requested = Signal(object)
    password_requested = Signal(str)
    code_requested = Signal(str)
    language_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._busy = False
        self.answer = Answer()
        self.answer.freed.connect(self._show_ready)
        self.language = button(self.tr("中文"), "link", self.tr("Change the language"))
        self.language.clicked.connect(self.language_requested)
        self.hub, self.user = QLineEdit(), QLineEdit()
        self.password = SecretEdit(self.tr("Password"))
        self.otp = QLineEdit()
        self.remember = CheckBox(theme, self.tr("Remember this desk for a week"))
        self.enter = button(self.tr("Log in"), "primary")
        self.first, self.second = (
            SecretEdit(self.tr("New password")),
            SecretEdit(self.tr("The new password once more")),
        )
        self.change = button(self.tr("Change the password"), "primary")
        self.qr = QrView()
        self.secret = plain_label(role="strong")
        self.code = QLineEdit()
        self.confirm = button(self.tr("Confirm"), "primary")
        self.pages = QStackedWidget()
        for page in (self._login_page(), self._password_page(), self._factor_page()):
            self.pages.addWidget(page)
        middle = QWidget()
        middle.setFixedWidth(WIDTH)
        inside = column(middle, margin=0, gap=12)
        inside.addLayout(line(plain_label("OneMap 城运一图", "title"), None, self.language))
        inside.addWidget(rule())
        inside.addWidget(self.answer)  # on top: pages differ in height
        inside.addWidget(self.pages)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(32, 28, 32, 28)
        outer.addStretch(1)
        outer.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        self._show_ready()

    # -- setters ----------------------------------------------------------------
    def set_fields(self, hub: str, user: str) -> None:
        """Fill in what is known, and go where something is missing."""
        self.hub.setText(hub)
        self.user.setText(user)
        (self.password if user else self.user).setFocus()

    def set_busy(self, busy: bool) -> None:
        """Whether the hub is being asked."""
        self._busy = busy
        if busy:
            self.answer.say(self.tr("Asking the hub …"), "muted")
        self._show_ready()

    def show_error(self, text: str, field_name: str = "") -> None:
        """Say why not; the field that it is about is emptied and gets the keyboard."""
        self.set_busy(False)
        self.answer.say(text)
        if field_name == "otp":
            self._again(self.otp if self.pages.currentIndex() == 0 else self.code)
        elif self.pages.currentIndex() == 0:
            self._again(self.password)

    def show_lock(self, seconds: int) -> None:
        """Say that the account is locked, and for how long still."""
        self.set_busy(False)
        self.answer.count_down(self.tr("Too many failed attempts. Try again in {0}."), seconds)
        self._show_ready()

    def show_login(self, notice: str = "") -> None:
        """The first page; ``notice``: why one has to log in again."""
        self.pages.setCurrentIndex(0)
        self._forget()
        self.set_busy(False)
        self.answer.say(notice, "minor")

    def show_password_page(self) -> None:
        """Ask for a password of one's own."""
        self.pages.setCurrentIndex(1)
        self.set_busy(False)
        self.answer.say("")
        self.first.setFocus()

    def show_factor_page(self, rows: Sequence[Sequence[bool]], secret: str) -> None:
        """Show what the authenticator reads: as a picture, and to type in."""
        self.pages.setCurrentIndex(2)
        self.set_busy(False)
        self.answer.say("")
        self.qr.set_rows(rows)
        self.secret.setText(" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)))
        self.code.clear()
        self.code.setFocus()

    # -- pages --------------------------------------------------------------------
    def _login_page(self) -> QWidget:
        for edit, hint in (
            (self.hub, self.tr("Address of the hub")),
            (self.user, self.tr("Account")),
            (self.otp, self.tr("One-time code, if you have set one up")),
        ):
            edit.setPlaceholderText(hint)
            edit.setAccessibleName(hint)
            edit.setMaxLength(MAX_TEXT)
        self.otp.setMaxLength(CODE_DIGITS + 2)
        fields = (
            (self.tr("Hub"), self.hub),
            (self.tr("Account"), self.user),
            (self.tr("Password"), self.password),
            (self.tr("One-time code"), self.otp),
        )
        for _, edit in fields:
            edit.textChanged.connect(self._show_ready)
            edit.returnPressed.connect(self._enter)
        self.enter.clicked.connect(self._enter)
        page = self._page(*fields)
        self._layout_of(page).addWidget(self.remember)
        self._layout_of(page).addWidget(self.enter)
        self._layout_of(page).addStretch(1)
        return page

    def _password_page(self) -> QWidget:
        text = self.tr(
            "Choose a password of your own: at least 12 characters, of three sorts (small and "
            "capital letters, digits, signs), without the account's name."
        )
        for edit in (self.first, self.second):
            edit.textChanged.connect(self._show_ready)
            edit.returnPressed.connect(self._change)
        self.change.clicked.connect(self._change)
        page = self._page(
            (self.tr("New password"), self.first), (self.tr("Once more"), self.second), text=text
        )
        self._layout_of(page).addWidget(self.change)
        self._layout_of(page).addLayout(line(self._back(), None))
        self._layout_of(page).addStretch(1)
        return page

    def _factor_page(self) -> QWidget:
        text = self.tr(
            "This account needs a second factor. Scan the picture with the authenticator on your "
            "telephone, or type the letters in, then enter the six digits that it shows."
        )
        self.code.setPlaceholderText(self.tr("Six digits"))
        self.code.setAccessibleName(self.tr("Six digits"))
        self.code.setMaxLength(CODE_DIGITS + 2)
        self.code.textChanged.connect(self._show_ready)
        self.code.returnPressed.connect(self._confirm)
        self.confirm.clicked.connect(self._confirm)
        self.secret.setWordWrap(True)
        self.secret.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        page = self._page(text=text)
        layout = self._layout_of(page)
        layout.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.secret)
        layout.addWidget(self.code)
        layout.addWidget(self.confirm)
        layout.addLayout(line(self._back(), None))
        return page

    def _page(self, *fields: tuple[str, QLineEdit], text: str = "") -> QWidget:
        page = QWidget()
        layout = column(page, gap=6)
        if text:
            layout.addWidget(wrapped(text, "muted"))
        for name, edit in fields:
            layout.addWidget(plain_label(name, "small"))
            layout.addWidget(edit)
            layout.addSpacing(6)
        return page

    @staticmethod
    def _layout_of(page: QWidget) -> QVBoxLayout:
        layout = page.layout()
        assert isinstance(layout, QVBoxLayout)
        return layout

    def _back(self) -> QWidget:
        back = button(self.tr("Log in as somebody else"), "link")
        back.clicked.connect(self.cancel_requested)
        return back

    # -- what is typed --------------------------------------------------------------
    def _enter(self) -> None:
        if not self.enter.isEnabled():
            return
        self.login_requested.emit(
            LoginFields(
                self.hub.text().strip(),
                self.user.text().strip(),
                self.password.text(),
                "".join(self.otp.text().split()),
                self.remember.isChecked(),
            )
        )

    def _change(self) -> None:
        if self.change.isEnabled():
            self.password_requested.emit(self.first.text())

    def _confirm(self) -> None:
        if self.confirm.isEnabled():
            self.code_requested.emit("".join(self.code.text().split()))

    def _show_ready(self) -> None:
        free = not self._busy and not self.answer.counting
        self.enter.setEnabled(
            free and all(edit.text().strip() for edit in (self.hub, self.user, self.password))
        )
        same = self.first.text() == self.second.text()
        self.change.setEnabled(free and bool(self.first.text()) and same)
        wrong = bool(self.second.text()) and not same
        self.change.setText(
            button_text(
                self.tr("The two are not the same") if wrong else self.tr("Change the password")
            )
        )
        digits = "".join(self.code.text().split())
        self.confirm.setEnabled(free and len(digits) == CODE_DIGITS and digits.isdecimal())

    def _again(self, edit: QLineEdit) -> None:
        edit.clear()
        edit.setFocus()

    def _forget(self) -> None:
        clear: tuple[Callable[[], None], ...] = (
            self.password.clear,
            self.otp.clear,
            self.first.clear,
            self.second.clear,
            self.code.clear,
        )
        for each in clear:
            each()
        self.qr.set_rows(())
        self.secret.setText("")
