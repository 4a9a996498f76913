"""One session of the console: a source, its read model, its commands. GUI thread only,
but for ``_sink``, which the source calls on its own thread.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import ThreadBridge
from app.journal import Journal
from app.loading import Loading
from app.operations import Operations
from app.orders import MAX_ORDERS, Kept, OnResult, Order, OrderBook, Told
from app.readmodel import ReadModel
from layers.model.features import FeatureStore
from services.domain.world import Delta
from services.feed.frames import ErrorInfo, ReplayState, Result
from services.feed.source import (
    LinkUpdate,
    NoticeUpdate,
    ReplayAction,
    ReplayRequest,
    ReplayUpdate,
    ResultUpdate,
    Source,
    StateUpdate,
    Update,
)
from services.packs.model import Catalogue

JUMP_S = 60.0
"""A replay that moves on by less is playing; what grows old meanwhile is found by and by."""
SEND_AT_ONCE = 10
"""Orders sent together when the line is back, and each second after."""
REFUSING = frozenset({"disk_full", "storage_failed", "audit_failed"})
"""Notices after which the hub takes nothing, until it says ``storage_recovered``."""
log = logging.getLogger(__name__)
SourceFactory = Callable[[Callable[[Update], None], ReplayRequest | None], Source]


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where orders wait that were given without a line, and who writes them there."""

    journal: Journal
    operations: Operations


class ConsoleSession(QObject):
    """A live or a replay session.

    Commands get a fresh idempotency key each; when the line breaks before the answer, they are
    sent again with the same key, so an order is carried out once or answered with why not. Given
    again by a person while nobody knows what became of it, an order keeps its key too.

    ``named(name)``: what people call who sits here. ``refusing``: why the hub takes nothing now.
    ``settled(name, Result)``: an answer has come to an order that was said to have none.

    ``loading``: whether a replay is on its way to a moment, with parts that may show another.

    With a ``keeper`` (a live session of a desk) an order given without a line is written to the
    journal and waits; ``kept_changed(tuple[Kept, ...])`` says which orders wait or were refused
    after waiting.
    """

    link_changed = Signal(object)
    replay_changed = Signal(object)
    notice = Signal(object)
    settled = Signal(str, object)
    named = Signal(str)
    kept_changed = Signal(object)

    def __init__(
        self,
        catalogue: Catalogue,
        bridge: ThreadBridge,
        make_source: SourceFactory,
        *,
        replay: bool = False,
        keeper: Keeper | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.is_replay = replay
        self._keeper = keeper
        self.replay_state: ReplayState | None = None
        self.refusing: NoticeUpdate | None = None
        self.link = LinkUpdate(state="connecting", since=time.time(), detail="", latency_s=None)
        store = FeatureStore(tuple(catalogue.kinds.values()))
        self.model = ReadModel(catalogue, store, self._clock, parent=self)
        self.loading = Loading(self.model)
        self._bridge = bridge
        self._lock = threading.Lock()
        self._waiting: Delta | None = None
        self._orders = OrderBook(keeps=keeper is not None)
        self.kept: tuple[Kept, ...] = ()
        self._to_send: deque[Order] = deque()
        self._closed = False
        self._make_source = make_source
        self._source: Source | None = None
        self._watch = QTimer(self)
        self._watch.setInterval(1_000)
        self._watch.timeout.connect(self._expire)

    @property
    def can_command(self) -> bool:
        """Whether orders of this session reach the hub's log."""
        return not self.is_replay

    def start(self, request: ReplayRequest | None = None) -> None:
        """Connect, a replay with the span it wants; everything further comes by signal."""
        if self._source is None and not self._closed:
            if self._keeper is not None:
                self._orders.take_up(self._keeper.journal.load(), time.monotonic())
                self._show_kept()
            self._source = self._make_source(self._sink, request)
            self._source.start()
            self._watch.start()

    def tell_all(self) -> None:
        """Tell windows that came later how things stand."""
        if self.model.offset:
            self.model.tell_all()
        self.link_changed.emit(self.link)

    def take_name(self, link: LinkUpdate) -> None:
        """Who sits here, as another session of this console was told."""
        if link.user:
            self.named.emit(link.user)

    def leave(self) -> None:
        """Begin to end the source and forget what comes late; never waits."""
        self._closed = True
        self._watch.stop()
        if self._source is not None:
            self._source.leave()
        self.model.close()

    @property
    def ended(self) -> bool:
        """Whether nothing of the source runs (any more)."""
        return self._source is None or self._source.ended

    def close(self, timeout_s: float = 3.0) -> None:
        """End the source, wait for its end, and forget what comes late."""
        self.leave()
        if self._source is not None:
            self._source.close(timeout_s)
        if self._keeper is not None:  # what was asked of the workers may not have been done
            try:
                self._keeper.journal.save(self._orders.kept(), self._keeper.journal.turn())
            except OSError as error:
                _log_failure(error)

    def command(
        self,
        name: str,
        args: dict[str, object],
        on_result: OnResult,
        expect_version: int | None = None,
        on_late: OnResult | None = None,
    ) -> None:
        """Give an order; ``on_result`` is called exactly once, with the error ``no_answer`` when
        none comes in time. ``on_late`` is called if one comes after that."""
        if self._source is None or self.link.state == "refused":
            on_result(_refused("offline", "not connected to the hub; nothing was sent"))
            return
        order, send = self._orders.give(
            name,
            args,
            on_result,
            time.monotonic(),
            lambda: uuid.uuid4().hex,
            expect_version=expect_version,
            on_late=on_late,
            given_at=time.time(),
        )
        if order is None:
            text = f"{MAX_ORDERS} orders are without an answer; nothing more is sent before one has"
            on_result(_refused("too_many_open", text))
        elif send:
            self._send(order)
            self._keep()

    def release(self, key: str) -> bool:
        """Send an order that was held for its age; whether that could be done."""
        order = self._orders.release(key, time.time())
        if order is not None:
            self._to_send.append(order)
            self._send_some()
            self._keep()
        return order is not None

    def withdraw(self, key: str) -> None:
        """Be done with an order that waits or was refused."""
        self._orders.withdraw(key)
        self._to_send = deque(o for o in self._to_send if o.key != key)
        self._keep()

    def replay(
        self,
        action: ReplayAction,
        *,
        start: float | None = None,
        end: float | None = None,
        at: float | None = None,
        speed: float | None = None,
        steps: int | None = None,
    ) -> None:
        """Steer the replay; does nothing in a live session."""
        if self.is_replay and self._source is not None:
            self.loading.sent(at if action == "seek" else None, self.replay_state)
            self._source.replay(action, start=start, end=end, at=at, speed=speed, steps=steps)

    # -- from the source's thread ---------------------------------------------
    def _sink(self, update: Update) -> None:
        if isinstance(update, StateUpdate):
            with self._lock:
                first = self._waiting is None
                if self._waiting is None:
                    self._waiting = Delta()
                self._waiting.absorb(update.delta)
            if first:
                self._bridge.post(self._take_state)
        else:
            self._bridge.post(lambda: self._take(update))

    # -- on the GUI thread ------------------------------------------------------
    def _take_state(self) -> None:
        with self._lock:
            delta, self._waiting = self._waiting, None
        if delta is not None and not self._closed:
            self.model.absorb(delta)

    def _take(self, update: Update) -> None:
        if self._closed:
            return
        match update:
            case LinkUpdate():
                back = update.state == "live" and self.link.state != "live"
                self.link = update
                if update.old:  # it will say so again, if it is still so
                    self.refusing = None
                    self.loading.give_up()
                self.link_changed.emit(update)
                if back:
                    self._send_again()
            case ResultUpdate():
                self._answered(update.result)
            case ReplayUpdate():
                old = self.replay_state
                state = update.state
                if (
                    old is not None
                    and not state.density
                    and (old.start, old.end)
                    == (
                        state.start,
                        state.end,
                    )
                ):
                    # The density comes once per span; keep it for the axis.
                    state = _with_density(state, old)
                self.replay_state = state
                if old is None or not 0.0 <= state.at - old.at < JUMP_S:
                    # The state of the new moment was taken in under the old moment's clock.
                    self.model.sweep()
                self.replay_changed.emit(state)
                self.loading.stands(state)
            case NoticeUpdate():
                if update.code in REFUSING:
                    self.refusing = update
                elif update.code == "storage_recovered":
                    self.refusing = None
                self.notice.emit(update)
                self.loading.give_up()  # it may have been refused
            case StateUpdate():
                pass  # taken by _take_state

    def _answered(self, result: Result) -> None:
        told = self._orders.answered(result)
        if result.error is not None and result.error.code == "too_fast":
            self._slow_down(result.key)
        if told is None:
            self._keep()
        elif told.result.error is not None and told.result.error.code == "queued":
            self._keep(lambda error: self._tell_queued(told, error))
        else:
            self._tell(told)
            self._keep()

    def _tell(self, told: Told) -> None:
        for listener in told.listeners:
            listener(told.result)
        if told.settled:
            self.settled.emit(told.order.name, told.result)

    def _tell_queued(self, told: Told, error: Exception | None) -> None:
        """Only now is it on the disk; or it is not, and the person must know."""
        if error is None:
            self._tell(told)
            return
        text = f"the order waits, but only in memory: the journal cannot be written ({error})"
        told = replace(told, result=_refused("queued_in_memory", text, told.order.key))
        self._tell(told)

    # -- orders that wait -----------------------------------------------------------
    def _keep(self, then: Callable[[Exception | None], None] | None = None) -> None:
        """Have the journal say what waits now; ``then`` is told when it does, or why not."""
        kept = self._orders.kept()
        if kept != self.kept:
            self._show_kept()
        elif then is None:
            return
        if self._keeper is None:
            return
        journal, turn = self._keeper.journal, self._keeper.journal.turn()
        tell = then or _log_failure
        self._keeper.operations.run(
            lambda: journal.save(kept, turn), lambda _none: tell(None), tell, owner=self
        )

    def _show_kept(self) -> None:
        self.kept = self._orders.kept()
        self.kept_changed.emit(self.kept)

    def _send_again(self) -> None:
        self._to_send = deque(self._orders.to_send_again(time.time()))
        self._send_some()
        self._keep()

    def _send_some(self) -> None:
        """A few a second: a hub takes no more from one desk, and others want to be heard too."""
        for _ in range(min(SEND_AT_ONCE, len(self._to_send))):
            self._send(self._to_send.popleft())

    def _slow_down(self, key: str) -> None:
        order = self._orders.open_order(key)
        if order is not None and order.again and not order.held and order not in self._to_send:
            self._to_send.append(order)

    def _send(self, order: Order) -> None:
        if self._source is not None:
            self._source.command(order.key, order.name, order.args, order.expect_version)

    def _expire(self) -> None:
        if self.link.state == "live":
            self._send_some()
        for told in self._orders.overdue(time.monotonic()):
            self._tell(told)
        self._keep()

    def _clock(self) -> float:
        if self.is_replay:
            return self.replay_state.at if self.replay_state is not None else 0.0
        return time.time()


def _with_density(state: ReplayState, old: ReplayState) -> ReplayState:
    return ReplayState(
        at=state.at,
        offset=state.offset,
        start=state.start,
        end=state.end,
        playing=state.playing,
        speed=state.speed,
        density=old.density,
    )


def _refused(code: str, text: str, key: str = "") -> Result:
    return Result(key=key, level="memory", error=ErrorInfo(code=code, text=text))


def _log_failure(error: Exception | None) -> None:
    if error is not None:
        log.error("the journal of orders that wait cannot be written: %s", error)
