"""The bar on top of a window: product, seat, feed, counts, alarm load, search, clock, user."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from services.domain.clock import Clock
from widgets.feed_words import FEED_LOOK, FeedState, feed_words
from widgets.format import date_time, number, span_ms, weekday
from widgets.load_bars import TARGET_MEAN, TARGET_PEAK, LoadBars, load_token
from widgets.panel import Panel, button, line
from widgets.search_box import SearchBox, SearchResult
from widgets.symbols import Mark, MarkView
from widgets.text import ElidedLabel, button_text, plain_label, set_role, set_tooltip
from widgets.theme import Theme

TICK_MS = 1_000
NOT_KNOWN = "–"
WORDS_FROM_PX = 1_500
DOWN = ("stale", "offline", "refused")


class TopBar(Panel):
    """One line that says whether to trust the screen.

    ``search_changed(text)``, ``search_chosen(id)``, ``mute_requested()``. The clock is the one
    that is passed in: the log's in a replay.
    """

    search_changed = Signal(str)
    search_chosen = Signal(str)
    mute_requested = Signal()

    def __init__(
        self, theme: Theme, clock: Clock, *, replay: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._clock = clock
        self._replay = replay
        self._feed: tuple[FeedState, float, str, float | None] = ("connecting", 0.0, "", None)
        self._mark = MarkView(12)
        self._feed_text = plain_label(role="bold")
        self._read_only = plain_label(self.tr("READ-ONLY"), "critical")
        self._read_only.hide()
        nothing = self.tr("Online {0} / {1} · unknown {2}").format(*NOT_KNOWN * 3)
        self._counts = ElidedLabel(nothing, "muted")
        self._load_words = plain_label(self.tr("Alarm load"), "muted")
        self._load = LoadBars(theme)
        self._load_text = plain_label(role="bold")
        self._seat = ElidedLabel(role="muted")
        self._user = ElidedLabel(role="muted")
        self._time = plain_label()
        self.mute_button = button(self.tr("Sound on"), "link")
        self.mute_button.setVisible(not replay)
        self.search = SearchBox(theme)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._load_known = False
        self._build()
        self._show_load_words()
        self.set_link("replay" if replay else "connecting", 0.0)
        self.tick()

    # -- setters --------------------------------------------------------------
    def set_seat(self, text: str) -> None:
        """Seat and scene."""
        self._seat.setText(text)

    def set_user(self, text: str) -> None:
        """Who sits here."""
        self._user.setText(text)

    def set_link(
        self,
        state: FeedState,
        since: float,
        detail: str = "",
        latency_s: float | None = None,
    ) -> None:
        """State of the feed, since when (UNIX seconds, wall clock), why, and how late it is. A
        replay's is told where it is down; its clock does not say for how long."""
        if self._replay:
            state, since = state if state in DOWN else "replay", 0.0
        self._feed = (state, since, detail, latency_s)
        shape, token, _role, filled = FEED_LOOK[self._feed[0]]
        self._mark.set_mark(Mark(shape, self.theme.color(token), filled))
        set_role(self._feed_text, FEED_LOOK[self._feed[0]][2] or "bold")
        set_tooltip(self._feed_text, detail)
        self._show_feed()

    def set_read_only(self, why: str) -> None:
        """A lasting mark while the hub takes nothing, with the reason as its tip; "" ends it."""
        set_tooltip(self._read_only, why)
        self._read_only.setVisible(bool(why))

    def set_totals(self, online: int, total: int, unknown: int) -> None:
        """Things that answer, all that could, and those of which nothing is known."""
        self._counts.setText(
            self.tr("Online {0} / {1} · unknown {2}").format(
                number(online), number(total), number(unknown)
            )
        )

    def set_alarm_load(self, per_hour: Sequence[int]) -> None:
        """Alarms of each hour, oldest first; the last is the hour that runs."""
        self._load.set_counts(per_hour)
        self._load_known = True
        self._show_load_words()
        newest = per_hour[-1] if per_hour else 0
        words = self.tr("{0} / hour, high") if newest > TARGET_MEAN else self.tr("{0} / hour")
        self._load_text.setText(words.format(newest))
        set_role(self._load_text, load_token(newest, "bold"))
        tip = self.tr("Target: {0} an hour on average, {1} at most").format(
            TARGET_MEAN, TARGET_PEAK
        )
        set_tooltip(self._load, tip)

    def set_sound(self, muted_s: float | None, audible: bool = True) -> None:
        """Whether sounds are on, silent for how many more seconds, or cannot be heard here."""
        if muted_s is not None:
            words = self.tr("Muted {0}").format(span_ms(muted_s))
            tip = self.tr(
                "The sounds come back by themselves. Press to have them back now (Ctrl+M)"
            )
        elif audible:
            words = self.tr("Sound on")
            tip = self.tr("Press to silence the sounds for 15 minutes (Ctrl+M)")
        else:
            words = self.tr("No sound device")
            tip = self.tr("Alarms cannot be heard here: this machine has no sound output")
        self.mute_button.setText(button_text(words))
        set_tooltip(self.mute_button, tip)
        set_role(self.mute_button, "link" if muted_s is None and audible else "link-minor")

    def set_results(self, results: Sequence[SearchResult]) -> None:
        """What was found for the last ``search_changed``."""
        self.search.set_results(results)

    def tick(self) -> None:
        """Show the clock; runs by itself each second while the bar is seen."""
        now = self._clock()
        self._time.setText(f"{date_time(now)} {weekday(now)}" if now else NOT_KNOWN)
        self._show_feed()

    # -- inside ---------------------------------------------------------------
    def _build(self) -> None:
        self.setFixedHeight(48)
        layout = line(gap=10, margin=16)
        self.setLayout(layout)
        layout.addWidget(plain_label(self.tr("OneMap Console"), "title"))
        layout.addWidget(self._seat, 2)
        layout.addStretch(1)
        layout.addWidget(self._mark)
        layout.addWidget(self._feed_text)
        layout.addWidget(self._read_only)
        layout.addSpacing(18)
        layout.addWidget(self._counts)
        layout.addStretch(1)
        for widget in (self._load_words, self._load, self._load_text):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(300)
        layout.addWidget(self.search, 4)
        layout.addStretch(1)
        layout.addWidget(self.mute_button)
        layout.addSpacing(8)
        layout.addWidget(self._time)
        layout.addSpacing(18)
        layout.addWidget(self._user, 2)
        self.mute_button.clicked.connect(self.mute_requested)
        self.search.search_changed.connect(self.search_changed)
        self.search.search_chosen.connect(self.search_chosen)
        shortcut = QShortcut(QKeySequence("/"), self)
        shortcut.activated.connect(self.search.setFocus)

    def _show_load_words(self) -> None:
        """The bars and the rate speak alone where the words would push the user's name out."""
        self._load_words.setVisible(self._load_known and self.width() >= WORDS_FROM_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop or take the words that can be spared."""
        super().resizeEvent(event)
        self._show_load_words()

    def _show_feed(self) -> None:
        state, since, _detail, latency = self._feed
        self._feed_text.setText(feed_words(state, since, latency, self._clock()))

    def showEvent(self, event: QShowEvent) -> None:
        """Let the clock go."""
        super().showEvent(event)
        self.tick()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: rest."""
        super().hideEvent(event)
        self._timer.stop()
