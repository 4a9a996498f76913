"""The load of this seat against the targets, and what makes it. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from widgets.load_bars import TARGET_MEAN, TARGET_PEAK, LoadBars, load_token
from widgets.panel import RowButton, clear_layout, column, line
from widgets.text import ElidedLabel, plain_label, set_role
from widgets.theme import Theme

TARGETS = (5, 15, 80)


@dataclass(frozen=True)
class LoadLine:
    """One line of a list: what, how much, and the alarm that it is about."""

    key: str
    text: str
    number: str


@dataclass(frozen=True)
class LoadShown:
    """What is said: alarms per hour, oldest first; shares of critical, major and lesser in per
    cent (none: no alarm); the three lists."""

    hours: tuple[int, ...] = ()
    shares: tuple[float, ...] = ()
    bad_actors: tuple[LoadLine, ...] = ()
    chattering: tuple[LoadLine, ...] = ()
    stale: tuple[LoadLine, ...] = ()
    complete: bool = True


class AlarmLoadView(QWidget):
    """``alarm_chosen(key)``: a line was clicked."""

    alarm_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: LoadShown | None = None
        self._bars = LoadBars(theme)
        self._now = ElidedLabel(role="bold")
        self._mean = ElidedLabel(role="bold")
        self._peak = ElidedLabel(role="bold")
        self._shares = ElidedLabel(role="muted")
        self._missing = ElidedLabel(role="minor")
        self._lists = QHBoxLayout()
        self._lists.setSpacing(16)
        layout = column(self, margin=6, gap=6)
        layout.addLayout(line(self._bars, self._now, self._mean, self._peak, None, gap=16))
        layout.addLayout(line(self._shares, self._missing, None, gap=16))
        layout.addLayout(self._lists, 1)
        self._columns = [
            self._list(self.tr("Bad actors, last 24 h")),
            self._list(self.tr("Chattering, last 24 h")),
            self._list(self.tr("Standing for over 24 h")),
        ]
        self.set_load(LoadShown())

    def set_load(self, shown: LoadShown) -> None:
        """Show it; what has not changed keeps its buttons and the keyboard."""
        before, self._shown = self._shown, shown
        hours = shown.hours or (0,)
        mean, peak = sum(hours) / len(hours), max(hours)
        self._bars.set_counts(hours)
        set_role(self._now, load_token(hours[-1], "bold"))
        self._now.setText(self.tr("{0} in the last hour").format(hours[-1]))
        words = self.tr("mean {0} an hour (target {1})").format(f"{mean:.1f}", TARGET_MEAN)
        set_role(self._mean, "major" if mean > TARGET_MEAN else "bold")
        self._mean.setText(words)
        words = self.tr("peak {0} (target {1})").format(peak, TARGET_PEAK)
        set_role(self._peak, "critical" if peak > TARGET_PEAK else "bold")
        self._peak.setText(words)
        self._shares.setText(self._share_words(shown.shares))
        self._missing.setText(
            "" if shown.complete else self.tr("Only what came since this console was opened.")
        )
        for place, name in enumerate(("bad_actors", "chattering", "stale")):
            lines = getattr(shown, name)
            if before is None or getattr(before, name) != lines:
                self._fill(self._columns[place], lines)

    def _share_words(self, shares: Sequence[float]) -> str:
        if not shares:
            return self.tr("No alarm in these hours.")
        words = self.tr("critical {0} % (target {3}) · major {1} % ({4}) · lesser {2} % ({5})")
        return words.format(*(f"{s:.0f}" for s in shares), *TARGETS)

    def _list(self, title: str) -> QVBoxLayout:
        holder = column(gap=4)
        holder.addWidget(ElidedLabel(title, "bold"))
        inner = QWidget()
        set_role(inner, "scrolled")
        rows = column(inner, gap=2)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        holder.addWidget(area, 1)
        self._lists.addLayout(holder, 1)
        return rows

    def _fill(self, rows: QVBoxLayout, lines: Sequence[LoadLine]) -> None:
        clear_layout(rows)
        for each in lines:
            push = RowButton(f"{each.number}  {each.text}", self.tr("Show where it is"))
            push.clicked.connect(lambda _=False, key=each.key: self.alarm_chosen.emit(key))
            rows.addWidget(push)
        if not lines:
            rows.addWidget(plain_label(self.tr("none"), "faint"))
        rows.addStretch(1)
