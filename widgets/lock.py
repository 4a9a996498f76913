"""What covers a desk that nobody sits at: whose it is, and a password to open it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from services.domain.model import Severity
from widgets.login import WIDTH, Answer, SecretEdit, wrapped
from widgets.panel import Panel, button, column, line
from widgets.text import plain_label, set_role
from widgets.theme import Theme
from widgets.words import severity_word


class LockPanel(Panel):
    """``unlock_requested(password)``; ``switch_requested``: somebody else wants to log in."""

    unlock_requested = Signal(str)
    switch_requested = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._busy = False
        self.answer = Answer()
        self.answer.freed.connect(self._show_ready)
        self.password = SecretEdit(self.tr("Password"))
        self.open = button(self.tr("Unlock"), "primary")
        self.switch = button(self.tr("Log in as somebody else"), "link")
        text = self.tr("Nobody sits here. Alarms go on sounding, and the numbers go on counting.")
        self.alarms = plain_label(role="strong")
        middle = QWidget()
        middle.setFixedWidth(WIDTH)
        inside = column(middle, gap=10)
        inside.addWidget(plain_label(self.tr("This desk is locked"), "title"))
        inside.addWidget(plain_label(name, "strong"))
        inside.addWidget(wrapped(text, "muted"))
        inside.addWidget(self.alarms)
        inside.addWidget(self.password)
        inside.addWidget(self.open)
        inside.addWidget(self.answer)
        inside.addLayout(line(self.switch, None))
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        self.password.textChanged.connect(self._show_ready)
        self.password.returnPressed.connect(self._ask)
        self.open.clicked.connect(self._ask)
        self.switch.clicked.connect(self.switch_requested)
        self._show_ready()

    def set_alarms(self, waiting: int, worst: Severity) -> None:
        """How many alarms wait to be acknowledged, and how bad the worst of them is."""
        if waiting:
            words = self.tr("Alarms not acknowledged: {0}; the worst: {1}")
            self.alarms.setText(words.format(waiting, severity_word(worst)))
        else:
            self.alarms.setText(self.tr("No alarm waits to be acknowledged"))
        role = {Severity.CRITICAL: "critical", Severity.MAJOR: "major", Severity.MINOR: "minor"}
        set_role(self.alarms, role.get(worst, "strong") if waiting else "strong")

    def set_busy(self, busy: bool) -> None:
        """Whether the hub is being asked."""
        self._busy = busy
        if busy:
            self.answer.say(self.tr("Asking the hub …"), "muted")
        self._show_ready()

    def show_error(self, text: str) -> None:
        """Say why it does not open."""
        self.set_busy(False)
        self.answer.say(text)
        self.password.clear()
        self.password.setFocus()

    def show_lock(self, seconds: int) -> None:
        """Say that too many attempts have failed, and how long nothing is taken."""
        self.set_busy(False)
        self.password.clear()
        self.answer.count_down(self.tr("Too many failed attempts. Try again in {0}."), seconds)
        self._show_ready()

    def _ask(self) -> None:
        if self.open.isEnabled():
            self.unlock_requested.emit(self.password.text())

    def _show_ready(self) -> None:
        free = not self._busy and not self.answer.counting
        self.open.setEnabled(free and bool(self.password.text()))
