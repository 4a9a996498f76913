"""Putting an alarm aside: for how long, or out of service, and why. GUI thread; nothing blocks."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QLineEdit, QRadioButton, QWidget

from widgets.panel import button, column, line
from widgets.text import button_text, plain, plain_label

MINUTE_S = 60.0
PRESETS_MIN = (15, 60, 240, 480, 1_440)
REASON_CHARS = 500


class _AsideDialog(QDialog):
    """A choice, a reason that is needed, what will happen. ``decided(reason)``: it is wanted."""

    decided = Signal(str)

    def __init__(self, title: str, about: str, consequence: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain(title))
        self.setMinimumWidth(460)
        self._choices = QButtonGroup(self)
        self.reason = QLineEdit()
        self.reason.setMaxLength(REASON_CHARS)
        self.reason.setPlaceholderText(self.tr("Why? The other seats read it."))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.yes = button(title, "primary")
        self.yes.setDefault(True)
        self.back = button(self.tr("Back"))
        what = plain_label(about, "bold")
        what.setWordWrap(True)
        told = plain_label(consequence, "muted")
        told.setWordWrap(True)
        self._layout = column(self, margin=16, gap=10)
        self._layout.addWidget(what)
        self._options = column(gap=4)
        self._layout.addLayout(self._options)
        self._layout.addWidget(self.reason)
        self._layout.addWidget(told)
        self._layout.addLayout(line(None, self.back, self.yes))
        self.reason.textChanged.connect(self._show_ready)
        self.yes.clicked.connect(self._confirm)
        self.back.clicked.connect(self.reject)
        self._show_ready()

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its words are at its width."""
        super().showEvent(event)
        self.resize(self.width(), self._layout.heightForWidth(self.width()))

    def add_choice(self, text: str, number: int) -> QRadioButton:
        """One more way to do it; the first is chosen at the start."""
        choice = QRadioButton(button_text(text))
        choice.setChecked(not self._choices.buttons())
        self._choices.addButton(choice, number)
        self._options.addWidget(choice)
        return choice

    @property
    def chosen(self) -> int:
        """The number of the choice."""
        return self._choices.checkedId()

    def _show_ready(self) -> None:
        self.yes.setEnabled(bool(self.reason.text().strip()))

    def _confirm(self) -> None:
        if self.yes.isEnabled():
            self.decided.emit(self.reason.text().strip())
            self.accept()


class ShelveDialog(_AsideDialog):
    """Shelve alarms for a time, or until they are normal again.

    ``shelved(mode, for_s, reason)``: mode ``timed`` with seconds, or ``one_shot`` with 0. No time
    is offered that is longer than ``longest_s``, what the rules allow.
    """

    shelved = Signal(str, float, str)

    def __init__(self, about: str, longest_s: float, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Shelve"),
            about,
            self.tr(
                "It leaves the list and is counted as shelved; everyone sees who, why and until "
                "when. It comes back by itself, unacknowledged if it still stands; at once if it "
                "gets worse."
            ),
            parent,
        )
        for minutes in PRESETS_MIN:
            if minutes * MINUTE_S < longest_s:
                self.add_choice(self.tr("For {0}").format(span_words(minutes)), minutes)
        longest = int(longest_s // MINUTE_S)
        self.add_choice(self.tr("For {0}, the longest").format(span_words(longest)), longest)
        self._once = self.add_choice(
            self.tr("Until it is normal again, at most {0}").format(span_words(longest)), 0
        )
        self.decided.connect(self._shelve)

    def _shelve(self, reason: str) -> None:
        minutes = self.chosen
        self.shelved.emit("timed" if minutes else "one_shot", minutes * MINUTE_S, reason)


class OutDialog(_AsideDialog):
    """Take an alarm, or its whole thing, out of service.

    ``taken_out(kind, reason)``: kind ``alarm`` or ``object``.
    """

    taken_out = Signal(str, str)

    def __init__(self, about: str, place: str, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Take out of service"),
            about,
            self.tr(
                "It asks for nobody until somebody puts it back, however long that takes; what "
                "happens meanwhile is recorded, and everyone sees who took it out and why."
            ),
            parent,
        )
        self.add_choice(self.tr("Only this alarm"), 0)
        self.add_choice(self.tr("{0} with all its alarms").format(place), 1)
        self.decided.connect(self._take_out)

    def _take_out(self, reason: str) -> None:
        self.taken_out.emit("object" if self.chosen == 1 else "alarm", reason)


def span_words(minutes: int) -> str:
    """15 min, 4 h, 1 h 30 min."""
    translate = QCoreApplication.translate
    hours, rest = divmod(minutes, 60)
    parts = [translate("ShelveDialog", "{0} h").format(hours)] if hours else []
    if rest or not hours:
        parts.append(translate("ShelveDialog", "{0} min").format(rest))
    return " ".join(parts)
