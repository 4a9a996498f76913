"""All accounts as a list, and one of them as a form, for the security administrator. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QLineEdit, QScrollArea, QSplitter, QVBoxLayout, QWidget

from services.domain.clock import Clock
from widgets.check_box import CheckBox
from widgets.confirm import ConfirmBar
from widgets.format import date_time
from widgets.keyed_model import Column, KeyedModel
from widgets.panel import Panel, block, button, column, line, rule
from widgets.row_view import RowTable
from widgets.text import plain_label, set_role
from widgets.theme import Theme
from widgets.words import listing

MAX_TEXT = 4_000
COLUMNS_OF_ROLES = 2


@dataclass(frozen=True)
class AccountView:
    """One account as it is shown; ``version`` 0 for one that is still to be made."""

    user: str = ""
    name: str = ""
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    disabled: bool = False
    locked_until: float = 0.0
    factor: bool = False
    must_change: bool = False
    last_login: float | None = None
    version: int = 0
    logins: tuple[str, ...] = ()


def role_word(role: str) -> str:
    """The name of a role; one that is not known stays as it is."""
    translate = QCoreApplication.translate
    return {
        "observer": translate("Roles", "observer"),
        "leader": translate("Roles", "leader"),
        "duty_officer": translate("Roles", "duty officer"),
        "dispatcher": translate("Roles", "dispatcher"),
        "subcentre": translate("Roles", "sub-centre"),
        "department": translate("Roles", "department"),
        "trainer": translate("Roles", "trainer"),
        "system_admin": translate("Roles", "system administrator"),
        "security_admin": translate("Roles", "security administrator"),
        "audit_admin": translate("Roles", "audit administrator"),
    }.get(role, role)


class AccountsPanel(Panel):
    """Setters in, signals out.

    ``save_requested(AccountView)``: as it stands in the form. ``order_requested(order, user)``:
    ``password``, ``totp-reset``, ``unlock``, ``revoke``, ``disable`` or ``enable``.
    """

    save_requested = Signal(object)
    order_requested = Signal(str, str)

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._clock = clock
        self._shown = AccountView()
        self._saved_user = ""
        self.model = KeyedModel(self._columns(), lambda row: row.user, self)
        self.table = RowTable(theme, self.model)
        self.table.setAccessibleName(self.tr("Accounts"))
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.fresh = button(self.tr("New account"), "primary")
        self.fresh.clicked.connect(lambda: self.show_account(AccountView()))
        self.title = plain_label(role="title")
        self.state = plain_label(role="muted")
        self.state.setWordWrap(True)
        self.user, self.name = QLineEdit(), QLineEdit()
        self.areas, self.kinds, self.departments = QLineEdit(), QLineEdit(), QLineEdit()
        self.no_department = plain_label(role="critical")
        self.no_department.setWordWrap(True)
        self.no_department.setText(
            self.tr("Without a department this role sees and handles nothing. Name one or more.")
        )
        self.departments.textChanged.connect(self._warn)
        self.roles: dict[str, CheckBox] = {}
        self._roles_grid = QGridLayout()
        self.save = button(self.tr("Save"), "primary")
        self.save.clicked.connect(self._save)
        self.orders = {
            "password": button(self.tr("New one-time password")),
            "totp-reset": button(self.tr("Reset the second factor")),
            "unlock": button(self.tr("Unlock")),
            "revoke": button(self.tr("End all logins")),
            "disable": button(self.tr("Switch off"), "danger"),
            "enable": button(self.tr("Switch on")),
        }
        for name, push in self.orders.items():
            push.clicked.connect(lambda _on=False, name=name: self._order(name))
        self.confirm = ConfirmBar()
        self.secret = self._secret_block()
        self.message = plain_label(role="critical")
        self.message.setWordWrap(True)
        self._lay_out()
        self._warn()
        self.show_account(AccountView())

    # -- setters ------------------------------------------------------------------
    def set_roles(self, roles: Sequence[str]) -> None:
        """The roles that an account may hold."""
        for role in roles:
            if role not in self.roles:
                box = CheckBox(self.theme, role_word(role))
                box.toggled.connect(self._warn)
                place = len(self.roles)
                self._roles_grid.addWidget(box, place // COLUMNS_OF_ROLES, place % COLUMNS_OF_ROLES)
                self.roles[role] = box
        for role, box in self.roles.items():
            box.setChecked(role in self._shown.roles)

    def set_accounts(self, accounts: Mapping[str, AccountView]) -> None:
        """Show these; the one in the form follows, unless it is being typed."""
        self.model.set_rows(accounts)
        news = accounts.get(self._shown.user or self._saved_user)
        if news is not None and news != self._shown and not self._dirty():
            self.show_account(news)

    def show_account(self, account: AccountView) -> None:
        """One account in the form; an empty one to make another."""
        self._shown = account
        self._saved_user = ""
        known = account.version > 0
        self.title.setText(account.name if known else self.tr("New account"))
        ask = self.tr("Who is it, and what may they do?")
        self.state.setText(self._state(account) if known else ask)
        self.user.setText(account.user)
        self.user.setEnabled(not known)
        self.name.setText(account.name)
        for edit, values in (
            (self.areas, account.areas),
            (self.kinds, account.kinds),
            (self.departments, account.departments),
        ):
            edit.setText(", ".join(values))
        for role, box in self.roles.items():
            box.setChecked(role in account.roles)
        for name, push in self.orders.items():
            push.setVisible(known and self._fits(name, account))
        self.message.setText("")
        self.confirm.dismiss()

    def show_secret(self, user: str, password: str) -> None:
        """A one-time password, shown once: it is gone with the next click on Done."""
        words = self.tr("One-time password of {0}. It is shown only now; hand it over in person.")
        self._secret_of.setText(words.format(user))
        self.secret_text.setText(password)
        self.secret.show()

    def show_error(self, text: str) -> None:
        """Say why something was not done."""
        set_role(self.message, "critical")
        self.message.setText(text)

    def show_done(self, text: str) -> None:
        """Say what was done."""
        set_role(self.message, "good")
        self.message.setText(text)

    # -- building -------------------------------------------------------------------
    def _columns(self) -> list[Column[AccountView]]:
        return [
            Column(self.tr("Account"), lambda a: a.user, 120, bold=lambda a: not a.disabled),
            Column(self.tr("Name"), lambda a: a.name, 90, 1.0),
            Column(
                self.tr("Roles"),
                lambda a: listing(map(role_word, a.roles)),
                120,
                2.0,
                color=lambda _a: self.theme.color("muted"),
            ),
            Column(self.tr("State"), self._short_state, 110, color=self._state_color, right=True),
        ]

    def _secret_block(self) -> QWidget:
        frame = block()
        self._secret_of = plain_label(role="bold")
        self._secret_of.setWordWrap(True)
        self.secret_text = plain_label(role="title")
        self.secret_text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.secret_done = button(self.tr("Done"))
        self.secret_done.clicked.connect(self._forget_secret)
        layout = column(frame, margin=10, gap=8)
        layout.addWidget(self._secret_of)
        layout.addWidget(self.secret_text)
        layout.addLayout(line(self.secret_done, None))
        frame.hide()
        return frame

    def _lay_out(self) -> None:
        left = QWidget()
        under = column(left, margin=12, gap=8)
        under.addLayout(line(plain_label(self.tr("Accounts"), "strong"), None, self.fresh))
        under.addWidget(self.table, 1)
        form = QWidget()
        set_role(form, "scrolled")
        inside = column(form, margin=16, gap=6)
        for part in (self.title, self.state, self.secret, self.confirm, self.message, rule()):
            inside.addWidget(part)
        for name, hint, edit in self._fields():
            inside.addWidget(plain_label(name, "small"))
            edit.setPlaceholderText(hint)
            edit.setAccessibleName(name)
            edit.setMaxLength(MAX_TEXT)
            inside.addWidget(edit)
            if edit is self.name:
                inside.addWidget(plain_label(self.tr("Roles"), "small"))
                inside.addLayout(self._roles_grid)
            if edit is self.departments:
                inside.addWidget(self.no_department)
        inside.addSpacing(6)
        inside.addLayout(line(self.save, None))
        inside.addWidget(rule())
        names = list(self.orders.values())
        inside.addLayout(line(*names[:2], None))
        inside.addLayout(line(*names[2:], None))
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(form)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(left)
        halves.addWidget(scroll)
        halves.setSizes([520, 480])
        halves.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(halves)

    def _fields(self) -> tuple[tuple[str, str, QLineEdit], ...]:
        all_ = self.tr("empty: no limit; several with commas")
        return (
            (self.tr("Account"), self.tr("small letters, digits, . _ -"), self.user),
            (self.tr("Name of the person"), "", self.name),
            (self.tr("Areas: ids of grids, or a township's code"), all_, self.areas),
            (self.tr("Kinds of things"), all_, self.kinds),
            (
                self.tr("Departments, for cases"),
                self.tr("several with commas; the role department needs one"),
                self.departments,
            ),
        )

    # -- inside -----------------------------------------------------------------------
    def _choose(self) -> None:
        keys = self.table.selected_keys()
        found = self.model.rows().get(keys[0]) if keys else None
        if found is not None and found.user != self._shown.user:
            self.show_account(found)

    def _warn(self) -> None:
        """Say it while it is typed: the hub takes such an account, and it opens nothing."""
        box = self.roles.get("department")
        held = box is not None and box.isChecked()
        self.no_department.setVisible(held and not _parts(self.departments))

    def _typed(self) -> AccountView:
        """The account as it stands in the form."""
        return replace(
            self._shown,
            user=self.user.text().strip(),
            name=self.name.text().strip(),
            roles=tuple(role for role, box in self.roles.items() if box.isChecked()),
            areas=_parts(self.areas),
            kinds=_parts(self.kinds),
            departments=_parts(self.departments),
        )

    def _save(self) -> None:
        typed = self._typed()
        self._saved_user = typed.user
        self.save_requested.emit(typed)

    def _dirty(self) -> bool:
        """Whether something was typed that the hub has not got."""
        typed, shown = self._typed(), self._shown
        if typed.user and typed.user == self._saved_user:
            return False  # it was saved; what comes back is what it is now
        return typed != replace(shown, roles=_in_order(shown.roles, self.roles))

    def _order(self, name: str) -> None:
        user = self._shown.user
        text, yes = {
            "password": (
                self.tr(
                    "{0} gets a one-time password instead of the present one, and is logged out."
                ),
                self.tr("Make it"),
            ),
            "totp-reset": (
                self.tr("{0} sets up the second factor anew, and is logged out."),
                self.tr("Reset it"),
            ),
            "revoke": (
                self.tr("All desks of {0} close within seconds."),
                self.tr("End them"),
            ),
            "disable": (
                self.tr("{0} cannot log in any more, and is logged out."),
                self.tr("Switch off"),
            ),
        }.get(name, ("", ""))
        if not text:
            self.order_requested.emit(name, user)
            return
        self.confirm.ask(
            text.format(user), yes, lambda _note: self.order_requested.emit(name, user)
        )

    def _forget_secret(self) -> None:
        self.secret_text.setText("")
        self.secret.hide()

    def _fits(self, order: str, account: AccountView) -> bool:
        return {
            "totp-reset": account.factor,
            "unlock": account.locked_until > self._clock(),
            "revoke": bool(account.logins),
            "disable": not account.disabled,
            "enable": account.disabled,
        }.get(order, True)

    def _short_state(self, account: AccountView) -> str:
        if account.disabled:
            return self.tr("off")
        if account.locked_until > self._clock():
            return self.tr("locked")
        if account.logins:
            return self.tr("logged in")
        return self.tr("new") if account.last_login is None else ""

    def _state_color(self, account: AccountView) -> QColor:
        if account.disabled:
            return self.theme.color("faint")
        locked = account.locked_until > self._clock()
        return self.theme.color("critical_text" if locked else "muted")

    def _state(self, account: AccountView) -> str:
        seen = (
            self.tr("Last login {0}.").format(date_time(account.last_login))
            if account.last_login is not None
            else self.tr("Has never logged in.")
        )
        parts = [seen]
        if account.locked_until > self._clock():
            parts.append(self.tr("Locked until {0}.").format(date_time(account.locked_until)))
        if account.must_change:
            parts.append(self.tr("Must choose a new password."))
        if not account.factor:
            parts.append(self.tr("No second factor yet."))
        if account.logins:
            parts.append(self.tr("Open: {0}.").format("; ".join(account.logins)))
        return " ".join(parts)


def _in_order(roles: tuple[str, ...], order: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(role for role in order if role in roles)


def _parts(edit: QLineEdit) -> tuple[str, ...]:
    text = edit.text().replace("，", ",").replace("、", ",")
    return tuple(part.strip() for part in text.split(",") if part.strip())
