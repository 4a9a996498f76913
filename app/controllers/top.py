"""The top bar: feed state, totals, alarm load, search."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.console_parts import Parts
from app.finder import Finder
from app.messages import order_word, person_text
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from layers.model.features import KindCount
from services.domain.model import Severity
from services.domain.world import Delta
from services.feed.frames import ErrorInfo, ReplayState, Result
from services.feed.source import LinkUpdate, NoticeUpdate

LOAD_HOURS = 12
LOAD_EVERY_MS = 60_000
LOAD_MOVED_S = 300.0
"""A replay's clock that has gone or jumped so far needs the load of another moment."""
PATIENCE_MS = 3_000
"""How long a desk may be without a hub at its start before it says for whom it waits."""
NOTICE_SEVERITY = {
    "disk_full": Severity.CRITICAL,
    "storage_failed": Severity.CRITICAL,
    "audit_failed": Severity.CRITICAL,
    "audit_broken": Severity.CRITICAL,
    "certificate_ends": Severity.MAJOR,
    "feed_failed": Severity.MAJOR,
    "clock_back": Severity.MINOR,
    "clock_ahead": Severity.MINOR,
}


class TopController(QObject):
    """``chosen(result id)``: a search result of the finder was taken."""

    chosen = Signal(str)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        window: DeskWindow,
        finder: Finder,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._finder = finder
        self._parts = parts
        self._session = session
        self._top = window.top
        self._messages = window.messages
        self._watched = [
            k.id for k in parts.catalogue.kinds.values() if k.stale_after_s is not None
        ]
        self._top.set_seat(self.tr("Seat {0}").format(parts.seat) if parts.seat else "")
        self._top.set_user(session.link.user or parts.user)
        session.named.connect(self._top.set_user)
        self._known = False
        self._waiting_for = ""
        self._top.search_changed.connect(self._search)
        self._top.search_chosen.connect(self.chosen)
        session.link_changed.connect(self._link_changed)
        session.model.changed.connect(self._changed)
        session.model.marks_changed.connect(self._show_totals)
        session.replay_changed.connect(self._replay_moved)
        session.notice.connect(self._noticed)
        session.settled.connect(self._settled)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._say_whom)
        if not session.is_replay:
            self._patience.start(PATIENCE_MS)
        self._load_at = 0.0
        self._load = QTimer(self)
        self._load.setInterval(LOAD_EVERY_MS)
        self._load.timeout.connect(self._ask_load)
        self._load.start()

    def _link_changed(self, link: LinkUpdate) -> None:
        why = _why(link)
        self._top.set_link(link.state, link.since, why, link.latency_s)
        if link.state == "refused":  # it does not come back by itself: a tip is not enough
            self._messages.show_message(Severity.CRITICAL, why)
        elif self._waiting_for and link.old:
            self._say_whom()
        self._show_refusing()
        if link.user:
            self._top.set_user(link.user)
        if link.state == "live":
            self._ask_load()

    def _say_whom(self) -> None:
        """A desk that has never heard of its hub says which one it waits for, and why."""
        link = self._session.link
        if self._known or link.state in ("live", "refused"):
            return
        text = self.tr("Waiting for the hub at {0}.").format(self._parts.hub_url)
        text = f"{text} {_why(link)}".rstrip()
        if text != self._waiting_for:
            self._waiting_for = text
            self._messages.show_message(Severity.MAJOR, text)

    def _show_refusing(self) -> None:
        refusing = self._session.refusing
        self._top.set_read_only("" if refusing is None else _text_of(refusing))

    def _changed(self, delta: Delta) -> None:
        if delta.reset and not self._known:
            self._known = True
            self._messages.take_back(self._waiting_for)
        self._show_totals()

    def _show_totals(self) -> None:
        if not self._known:  # nothing is known yet, and nothing is not none
            return
        counts = self._session.model.store.counts()
        online, total, unknown = totals(counts, self._watched)
        self._top.set_totals(online, total, unknown)

    def _replay_moved(self, state: ReplayState) -> None:
        self._top.tick()
        if abs(state.at - self._load_at) >= LOAD_MOVED_S:
            self._ask_load()

    def _noticed(self, notice: NoticeUpdate) -> None:
        severity = NOTICE_SEVERITY.get(notice.code, Severity.INFO)
        self._messages.show_message(severity, _text_of(notice))
        self._show_refusing()

    def _settled(self, name: str, result: Result) -> None:
        """What became of an order that was said to have no answer."""
        order = order_word(name)
        if result.error is None:
            text = self.tr("The order without an answer was carried out: {0}.").format(order)
            self._messages.show_message(Severity.INFO, text)
            return
        text = self.tr("The order without an answer was not carried out: {0}. {1}")
        self._messages.show_message(Severity.MAJOR, text.format(order, person_text(result.error)))

    def _ask_load(self) -> None:
        end = self._session.model.now()
        if not end:  # a replay that is not open yet: the present's load is not its own
            return
        self._load_at = end
        start = end - LOAD_HOURS * 3_600
        api = self._parts.api
        self._parts.operations.run(
            lambda: api.alarm_counts(start, end, 3_600),
            lambda buckets: self._got_load(buckets, end),
            lambda _error: self._got_load([], end),
            owner=self,
        )

    def _got_load(self, buckets: list[tuple[float, int, int, int, int]], end: float) -> None:
        if end == self._load_at:  # else another moment has been asked for since
            self._top.set_alarm_load([sum(row[1:]) for row in buckets][-LOAD_HOURS:])

    def _search(self, text: str) -> None:
        self._finder.ask(text, "wgs84", self._top.set_results, self)


def _why(link: LinkUpdate) -> str:
    """Why a line is down, in the user's words."""
    told = ErrorInfo(code=link.code, text=link.detail)
    return person_text(told) if link.code else link.detail


def _text_of(notice: NoticeUpdate) -> str:
    told = ErrorInfo(code=notice.code, text=notice.text, params=dict(notice.params))
    return person_text(told)


def totals(counts: dict[str, KindCount], kinds: list[str]) -> tuple[int, int, int]:
    """Online, all and unknown over kinds that can answer at all."""
    rows = [counts[k] for k in kinds if k in counts]
    return sum(r.online for r in rows), sum(r.total for r in rows), sum(r.unknown for r in rows)
