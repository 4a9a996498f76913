"""Last page: what will be loaded, loading it, and what became of it. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from widgets.confirm import ConfirmBar
from widgets.import_wizard.mini_map import MiniMap, Outline
from widgets.import_wizard.views import LoadView, TrialView
from widgets.import_wizard.words import trial_words
from widgets.panel import button, column, line
from widgets.text import plain_label
from widgets.theme import Theme

STEPS = 1_000


class LoadPage(QWidget):
    """``load_requested()``, ``pause_requested(bool)``, ``stop_requested()``,
    ``undo_requested(batch)``, ``resume_requested(batch)``, ``show_requested()``,
    ``open_requested(path)``, ``again_requested()``."""

    load_requested = Signal()
    pause_requested = Signal(bool)
    stop_requested = Signal()
    undo_requested = Signal(str)
    resume_requested = Signal(str)
    show_requested = Signal()
    open_requested = Signal(str)
    again_requested = Signal()

    def __init__(self, theme: Theme, outline: Outline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = LoadView()
        self.summary, self.counts = plain_label(), plain_label(role="strong")
        self.reasons, self.details = plain_label(role="muted"), plain_label()
        self.headline = plain_label(role="title")
        self.problem = plain_label(role="critical")
        for label in (self.summary, self.counts, self.reasons, self.headline, self.details):
            label.setWordWrap(True)
        self.problem.setWordWrap(True)
        self.map = MiniMap(theme, outline)
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.load = button(self.tr("Load"), "primary")
        self.pause, self.stop = button(self.tr("Pause")), button(self.tr("Stop"))
        self.file = button(self.tr("Refused rows with reasons…"), "link")
        self.show_map = button(self.tr("Show on the map"))
        self.undo = button(self.tr("Undo this load…"), "danger")
        self.resume = button(self.tr("Go on with this load"))
        self.again = button(self.tr("Load another file"))
        self.confirm = ConfirmBar()
        self.load.clicked.connect(self.load_requested)
        self.pause.clicked.connect(self._pause)
        self.stop.clicked.connect(self.stop_requested)
        self.file.clicked.connect(lambda: self.open_requested.emit(self._view.bad_file))
        self.show_map.clicked.connect(self.show_requested)
        self.undo.clicked.connect(self._ask_undo)
        self.resume.clicked.connect(lambda: self.resume_requested.emit(self._view.batch))
        self.again.clicked.connect(self.again_requested)
        self._lay_out()
        self.set_load(LoadView())

    def _lay_out(self) -> None:
        layout = column(self, margin=4, gap=10)
        words = column(gap=8)
        for part in (self.summary, self.counts, self.reasons, self.headline, self.problem):
            words.addWidget(part)
        words.addWidget(self.details)
        words.addLayout(line(self.file, None))
        words.addStretch(1)
        top = line(gap=12)
        top.addLayout(words, 3)
        top.addWidget(self.map, 2)
        layout.addLayout(top, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.confirm)
        doing = (self.load, self.pause, self.stop, self.resume)
        layout.addLayout(line(*doing, self.show_map, self.again, None, self.undo))

    # -- setters --------------------------------------------------------------
    def set_summary(self, lines: Sequence[str]) -> None:
        """What will be loaded, and how."""
        self.summary.setText("\n".join(lines))

    def set_trial(self, trial: TrialView) -> None:
        """How the rows fare that were tried; all of them, when it is over."""
        self.counts.setText(trial_words(trial))
        words = [f"{n} × {text}" for text, n in (*trial.reasons, *trial.notes)]
        self.reasons.setText("\n".join([trial.problem, *words[:10]]).strip())
        self.map.set_points(trial.points)
        self._can_load = bool(trial.good) and not trial.problem
        self._show_buttons()

    def set_load(self, view: LoadView) -> None:
        """How the load goes, or what became of it."""
        self._view = view
        self.headline.setText(view.headline)
        self.problem.setText(view.problem)
        self.details.setText("\n".join(view.details))
        for label in (self.headline, self.problem, self.details):
            label.setVisible(bool(label.text()))
        self.bar.setVisible(view.running or view.undoing)
        if view.total > 0:
            self.bar.setRange(0, STEPS)
            self.bar.setValue(round(STEPS * min(1.0, view.read / view.total)))
        else:
            self.bar.setRange(0, 0)
        self._show_buttons()

    _can_load = False

    def _show_buttons(self) -> None:
        view = self._view
        busy = view.running or view.undoing
        self.load.setVisible(not busy and not view.done)
        self.load.setEnabled(self._can_load)
        self.pause.setVisible(view.running)
        self.pause.setText(self.tr("Go on") if view.paused else self.tr("Pause"))
        self.stop.setVisible(busy)
        self.file.setVisible(bool(view.bad_file))
        self.show_map.setVisible(view.done and view.can_show)
        self.again.setVisible(view.done)
        self.undo.setVisible(view.done and bool(view.batch))
        self.resume.setVisible(view.done and view.can_resume)
        for part in (self.summary, self.counts, self.reasons):
            part.setVisible(not view.done)

    # -- inside ---------------------------------------------------------------
    def _pause(self) -> None:
        self.pause_requested.emit(not self._view.paused)

    def _ask_undo(self) -> None:
        batch = self._view.batch
        text = self.tr(
            "Undo this load? What it made is deleted, what it replaced comes back. What others have"
            " changed since stays, and is named."
        )
        self.confirm.ask(text, self.tr("Undo"), lambda _note: self.undo_requested.emit(batch))
