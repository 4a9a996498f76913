"""The wall overview: numbers left, the map, time, the worst in words and curves right. GUI thread.

Read from metres away. Everything is placed by one scale (see wall_scale); nothing is made or
deleted while it runs, and it never opens a dialog.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from services.domain.clock import Clock
from widgets.feed_words import FEED_LOOK, FeedState, feed_words
from widgets.format import clock_hm, local, weekday
from widgets.panel import Panel
from widgets.symbols import Mark, MarkView
from widgets.theme import Theme
from widgets.wall_curves import FOOT, HEAD, LEAST_WELL, CurveView
from widgets.wall_items import MAX_CURVES, MAX_KPIS, MAX_WORST, Curve, KpiTile, WorstItem
from widgets.wall_scale import LEFT, RIGHT, Needs, Screen, WallScale, wall_scale
from widgets.wall_tiles import (
    ALIGN_RIGHT,
    DETAIL,
    FIGURE_LEADING,
    LABEL,
    LEADING,
    KpiView,
    WallText,
    WorstCard,
)

__all__ = ["Curve", "KpiTile", "WallPanel", "WorstItem"]
TICK_MS = 1_000
PAD = 34.0
TITLES, FEED, TIME, HEADING, CARD, GAP, BELOW = 122.0, 60.0, 118.0, 46.0, 100.0, 6.0, 36.0
"""Heights of the parts at the design."""
LEAST_VALUE = 44.0
CURVE_GAP, MOST_CURVE = 12.0, 190.0
CALM, NO_CURVES = 150.0, 70.0
BAD_FEED = 34.0
"""A feed that cannot be trusted is said as large as the title."""


class WallPanel(Panel):
    """The overview of one scene; read-only.

    ``kpi_activated(id)`` and ``worst_activated(place from 0)`` ask for the list behind.
    """

    kpi_activated = Signal(str)
    worst_activated = Signal(int)

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._clock = clock
        self._distance: float | None = None
        self._feed: tuple[FeedState, float, float | None] = ("connecting", 0.0, None)
        self._counts = (0, 0, 0)
        self._scale = WallScale(1.0, False)
        self._map: QWidget | None = None
        self._title = WallText(theme, self, 38, bold=True)
        self._subtitle = WallText(theme, self, 24, "muted")
        self._no_kpis = WallText(theme, self, LABEL, "muted", lines=4)
        self._feed_mark = MarkView(parent=self)
        self._feed_text = WallText(theme, self, LABEL, "muted", bold=True)
        self._date = WallText(theme, self, 24, "muted")
        self._weekday = WallText(theme, self, DETAIL, "faint")
        self._time = WallText(theme, self, 58, bold=True, align=ALIGN_RIGHT)
        self._heading = WallText(theme, self, 25, bold=True)
        self._calm = WallText(theme, self, LABEL, "muted", lines=4)
        self._no_curves = WallText(theme, self, LABEL, "muted", lines=4)
        self.kpis = tuple(KpiView(theme, self) for _ in range(MAX_KPIS))
        self.cards = tuple(WorstCard(theme, n + 1, self) for n in range(MAX_WORST))
        self.curves = tuple(CurveView(theme, self) for _ in range(MAX_CURVES))
        for place, card in enumerate(self.cards):
            card.activated.connect(lambda p=place: self.worst_activated.emit(p))
        for tile in self.kpis:
            tile.activated.connect(lambda t=tile: self.kpi_activated.emit(t.tile.id))
        self._heading.set_text(self.tr("Most urgent now"))
        self._no_kpis.set_text(self.tr("No number is set for this scene."))
        self._no_curves.set_text(self.tr("No curve is known for this scene yet."))
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._lay_out()
        self.set_link("connecting", 0.0)
        self.tick()

    # -- setters --------------------------------------------------------------
    def set_titles(self, title: str, subtitle: str) -> None:
        """The product or district, and the scene."""
        self._title.set_text(title)
        self._subtitle.set_text(subtitle)

    def set_map(self, widget: QWidget) -> None:
        """Put a map in the middle; an earlier one is given back, hidden and without parent."""
        if self._map is not None and self._map is not widget:
            self._map.hide()
            self._map.setParent(None)
        self._map = widget
        widget.setParent(self)
        widget.setGeometry(self.map_rect())
        widget.show()

    def set_kpis(self, tiles: Sequence[KpiTile]) -> None:
        """The numbers from top to bottom; the first seven are shown."""
        for view, tile in zip(self.kpis, tiles, strict=False):
            view.set_tile(tile)
        self._set_counts(min(len(tiles), MAX_KPIS), *self._counts[1:])

    def set_worst(self, items: Sequence[WorstItem]) -> None:
        """The worst things, the worst first; the first three are shown."""
        for card, item in zip(self.cards, items, strict=False):
            card.set_item(item)
        self._set_counts(self._counts[0], min(len(items), MAX_WORST), self._counts[2])

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """The curves from top to bottom; the first four are shown."""
        for view, curve in zip(self.curves, curves, strict=False):
            view.set_curve(curve)
        self._set_counts(*self._counts[:2], min(len(curves), MAX_CURVES))

    def set_link(self, state: FeedState, since: float, latency_s: float | None = None) -> None:
        """State of the feed, since when (UNIX seconds), and how late it is."""
        self._feed = (state, since, latency_s)
        shape, token, _role, filled = FEED_LOOK[state]
        self._feed_mark.set_mark(Mark(shape, self.theme.color(token), filled))
        self._show_feed()

    def set_viewing_distance(self, metres: float | None) -> None:
        """From where the wall is read; None: only in proportion to the window."""
        self._distance = metres
        self._lay_out()

    def tick(self) -> None:
        """Show the clock; runs by itself each second while the wall is seen."""
        now = self._clock()
        self._date.set_text(local(now).strftime("%Y-%m-%d"))
        self._weekday.set_text(weekday(now))
        self._time.set_text(clock_hm(now))
        self._show_feed()

    # -- facts ----------------------------------------------------------------
    def scale(self) -> WallScale:
        """The sizes that are in use."""
        return self._scale

    def readable_from(self) -> float | None:
        """Metres from which the smallest words can be read; None on an unknown screen.

        Less than the viewing distance means that the window is too small for what it shows.
        """
        return self._scale.readable_from(self._screen())

    def map_rect(self) -> QRect:
        """Where the map lies."""
        left, right = self._scale.px(LEFT), self._scale.px(RIGHT)
        return QRect(left, 0, max(1, self.width() - left - right), self.height())

    # -- layout ---------------------------------------------------------------
    def _set_counts(self, kpis: int, worst: int, curves: int) -> None:
        if (kpis, worst, curves) != self._counts:
            self._counts = (kpis, worst, curves)
            self._lay_out()

    def _screen(self) -> Screen:
        screen = self.screen()
        size, physical = screen.size(), screen.physicalSize()
        return Screen(size.width(), size.height(), physical.width(), physical.height())

    def _needs(self) -> Needs:
        kpis, _worst, curves = self._counts
        kpi = LABEL * LEADING + LEAST_VALUE * FIGURE_LEADING + 10
        left = PAD + TITLES + FEED + kpis * kpi
        right = TIME + HEADING + MAX_WORST * (CARD + GAP) + BELOW
        right += max(NO_CURVES, curves * (HEAD + LEAST_WELL + CURVE_GAP))
        full = max(left + kpis * DETAIL * LEADING, right + curves * FOOT)
        return Needs(full, max(left, right))

    def _lay_out(self) -> None:
        self._scale = wall_scale(
            self.width(), self.height(), self._needs(), self._distance, self._screen()
        )
        texts = (self._title, self._subtitle, self._feed_text, self._no_kpis)
        more = (self._date, self._weekday, self._time, self._heading, self._calm, self._no_curves)
        for part in (*texts, *more, *self.kpis, *self.cards, *self.curves):
            part.set_scale(self._scale)
        self._lay_out_left()
        self._lay_out_right()
        if self._map is not None:
            self._map.setGeometry(self.map_rect())

    def _lay_out_left(self) -> None:
        px, height = self._scale.px, self.height()
        pad, wide = px(PAD), px(LEFT) - 2 * px(PAD)
        self._put(self._title, pad, wide, 30, 54)
        self._put(self._subtitle, pad, wide, 84, 38)
        top, bottom = px(TITLES) + px(PAD), height - px(FEED)
        count = self._counts[0]
        each = min(px(172), (bottom - top) // max(1, count))
        for place, view in enumerate(self.kpis):
            view.setGeometry(pad, top + place * each, wide, each)
            view.setVisible(place < count)
        self._no_kpis.setGeometry(pad, top, wide, px(CALM))
        self._no_kpis.setVisible(not count)
        side = px(20)
        self._feed_mark.setGeometry(pad, bottom + (px(FEED) - side) // 2, side, side)
        words_left = pad + side + px(12)
        self._feed_text.setGeometry(words_left, bottom, px(LEFT) - words_left - px(8), px(FEED))

    def _put(self, part: QWidget, left: int, wide: int, top: float, height: float) -> None:
        """Place a part whose top and height are given at the design."""
        y, high = self._scale.run(top, height)
        part.setGeometry(left, y, wide, high)

    def _lay_out_right(self) -> None:
        px, height = self._scale.px, self.height()
        left, wide = self.width() - px(RIGHT) + px(28), px(RIGHT) - 2 * px(28)
        self._put(self._date, left, wide // 2, 32, 36)
        self._put(self._weekday, left, wide // 2, 68, 32)
        self._put(self._time, left + wide // 2, wide - wide // 2, 22, 78)
        self._put(self._heading, left, wide, TIME, HEADING)
        top = sum(self._scale.run(TIME, HEADING))
        self._calm.setGeometry(left, top, wide, px(CALM))
        self._calm.setVisible(not self._counts[1])
        for place, card in enumerate(self.cards):
            card.setGeometry(left, top, wide, px(CARD))
            card.setVisible(place < self._counts[1])
            top += px(CARD) + px(GAP)
        top += px(CURVE_GAP) - px(GAP)
        bottom = height - px(BELOW)
        count = self._counts[2]
        each = min(px(MOST_CURVE), (bottom - top) // max(1, count))
        for place, view in enumerate(self.curves):
            view.setGeometry(left, top + place * each, wide, each - px(CURVE_GAP))
            view.setVisible(place < count)
        self._no_curves.setGeometry(left, top, wide, px(NO_CURVES))
        self._no_curves.setVisible(not count)

    # -- showing --------------------------------------------------------------
    def _show_feed(self) -> None:
        state, since, latency = self._feed
        token = FEED_LOOK[state][1]
        bad = state in ("stale", "offline", "refused")
        self._feed_text.set_text(
            feed_words(state, since, latency, self._clock()),
            self._word_token(token) if bad else "muted",
            BAD_FEED if bad else LABEL,
        )

        calm = self.tr("Nothing is urgent now. What turns bad shows up here by itself.")
        unknown = self.tr("Without data nobody knows what is urgent now.")
        self._calm.set_text(calm if state in ("live", "replay") else unknown)

    def _word_token(self, token: str) -> str:
        words = f"{token}_text"
        return words if words in self.theme.tokens else token

    # -- events ---------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything scales with the window."""
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The middle is dark until the map is there."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.map_rect(), self.theme.color("ground"))
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the clock go; the screen is known only now."""
        super().showEvent(event)
        self._lay_out()
        self.tick()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: rest."""
        super().hideEvent(event)
        self._timer.stop()
