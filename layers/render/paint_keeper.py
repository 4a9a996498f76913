"""Has layer sets evaluated for one map window: at once for small stores, in a thread for large
ones, where the map shows what was worked out last until the answer comes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from layers.model.features import FeatureStore
from layers.model.layer_set import Heat, LayerSet
from layers.model.painter import Painter, asks_facts, reaches, time_step
from layers.model.painting import Painted, is_plain, paint
from layers.model.things import Things
from layers.model.work import StoppedError, Work

log = logging.getLogger(__name__)
INLINE_ROWS = 60_000
"""Up to so many rows an evaluation takes a few milliseconds, so a thread would only add delay."""
PAUSES, SLOWEST_MS = 10, 2_000
"""So many times as long as it took last nothing is worked out again, but at most so long."""
THREAD_PAUSES = 3
"""The same for the thread, which holds nobody up; what changed is drawn meanwhile."""
REST_S = 0.0003
"""After each part of a column the worker lets the GUI thread have its turn."""
TOLD_EVERY_S = 0.1
PAINT = "paint"
T = TypeVar("T")
Answer = Callable[[], None]
Question = Callable[[Painter], Answer]
"""Asked of the painter where the work is done; what it returns is carried out on the GUI thread."""


class RestingWork(Work):
    """Work in columns of so many rows; ``tell(share)`` now and then, in the worker's thread."""

    def __init__(self, tell: Callable[[float], None], rows: int, expected: int) -> None:
        super().__init__(rows * expected)
        self._tell = tell
        self._told_at = time.monotonic()
        self.told = False

    def step(self, count: int = 0) -> None:
        """So many more rows were read."""
        super().step(count)
        time.sleep(REST_S)
        if time.monotonic() > self._told_at + TOLD_EVERY_S:
            self._told_at, self.told = time.monotonic(), True
            self._tell(min(self.share, 0.99))


class PaintKeeper(QObject):
    """``ready``: ``painted`` is another one. ``working(share)``: a long evaluation has come so far,
    0..1, and 1 when it is done. GUI thread.

    While something is worked out, further wishes are kept, of each name the newest, and worked out
    together after it: answers come in the order of the questions, so none replaces a newer one. A
    stream of changes keeps no answer off, for what is under way is finished.
    """

    ready = Signal()
    working = Signal(float)
    _answered = Signal(object)
    _made = Signal(object)
    _told = Signal(float)

    def __init__(self, store: FeatureStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.painted: Painted | None = None
        self.now: Callable[[], float] = time.time
        self.pace_ms = 0
        self._store = store
        self._painter = Painter(Things.live(store))
        self._seen: tuple[object, ...] = ()
        self._turn = self._version = 0
        self._wishes: dict[str, tuple[Question, bool]] = {}
        self._work: RestingWork | None = None
        self._newest: tuple[LayerSet, int] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._rested)
        self._pool: ThreadPoolExecutor | None = None
        queued = Qt.ConnectionType.QueuedConnection  # a future may be done before it is handed over
        self._answered.connect(self._carry_out, queued)
        self._made.connect(self._take, queued)
        self._told.connect(self.working, queued)

    @property
    def is_busy(self) -> bool:
        """Whether something is being worked out in the thread."""
        return self._work is not None

    def set_known(self, names: frozenset[str]) -> None:
        """Names of fields that the packs have."""
        self._painter.known = names

    def take_over(self, other: PaintKeeper) -> None:
        """Begin with what another keeper of the same store knows."""
        self.now, self.painted, self._seen = other.now, other.painted, other._seen
        self._version = other._version
        self._painter.known = other._painter.known

    def refresh(self, layers: LayerSet, level: int) -> None:
        """Have what rows look like at a zoom level worked out, if anything of it has changed;
        ``ready`` follows, before this returns where it takes no time."""
        store = self._store
        seen = (layers, reaches(layers, store.styles, level), store.version, *self._facts(layers))
        if seen == self._seen:
            return
        data_only = seen[:2] == self._seen[:2]
        self._newest = (layers, level)
        if data_only and self._rest.isActive():
            return  # and again when it is over
        self._seen = seen
        if self._version < store.emptied_at:
            self.painted = None  # of rows that are others' by now
        if is_plain(layers):
            self._turn += 1  # what is under way would come after it
            self._wishes.pop(PAINT, None)
            self._version = store.version
            self._show(paint(layers, Things.live(store), level, self._painter.passes))
            return
        turn = self._turn

        def work(painter: Painter) -> Answer:
            began = time.perf_counter()
            painted = painter.painted(layers, level)
            cost_ms = (time.perf_counter() - began) * 1_000
            version = painter.things.version

            def show() -> None:
                self._pause(cost_ms)
                if turn == self._turn and version >= store.emptied_at:
                    self._version = version
                    self._show(painted)

            return show

        self._ask(PAINT, work, layers)

    def ask(
        self, name: str, work: Callable[[Painter], T], done: Callable[[T], None], layers: LayerSet
    ) -> None:
        """Have a question about layers answered; ``done`` is called on the GUI thread, before this
        returns where it takes no time. One that waits gives way to the next of its name."""

        def question(painter: Painter) -> Answer:
            found = work(painter)
            return lambda: done(found)

        self._ask(name, question, layers)

    def close(self) -> None:
        """End the thread; nothing is handed over after."""
        for signal in (self._answered, self._made, self._told):
            signal.disconnect()
        self._wishes = {}
        self._rest.stop()
        if self._work is not None:
            self._work.stop()
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None

    # -- inside ---------------------------------------------------------------
    def _facts(self, layers: LayerSet) -> tuple[float, ...]:
        if not asks_facts(layers):
            return ()
        return (self._store.attributes.version, time_step(self.now()))

    def _pause(self, cost_ms: float) -> None:
        if self.is_busy:
            self.pace_ms = 0
            self._rest.start(round(min(SLOWEST_MS, THREAD_PAUSES * cost_ms)))
        else:
            self.pace_ms = round(min(SLOWEST_MS, PAUSES * cost_ms))

    def _rested(self) -> None:
        if self._newest is not None:
            self.refresh(*self._newest)

    def _show(self, painted: Painted) -> None:
        if painted is not self.painted:
            self.painted = painted
            self.ready.emit()

    def _ask(self, name: str, question: Question, layers: LayerSet) -> None:
        if not self.is_busy and len(self._store) <= INLINE_ROWS:
            things = Things.live(self._store)
            self._painter.take(things, self.now())
            answer = question(self._painter)
            things.adopt(self._store)
            answer()
            return
        self._wishes[name] = (question, asks_places(layers))
        if not self.is_busy:
            self._start()

    def _start(self) -> None:
        """Work out all wishes, drawing before counting."""
        wishes, self._wishes = self._wishes, {}
        names = sorted(wishes, key=lambda name: name != PAINT)
        places = any(asks for _question, asks in wishes.values())
        expected = max(len(names), 1)
        wanted = RestingWork(self._told.emit, len(self._store), expected)
        things = Things.frozen(self._store, wanted, places=places)
        now, self._work = self.now(), wanted
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="layers")

        def work() -> Things:
            self._painter.take(things, now)
            for name in names:
                self._answered.emit(wishes[name][0](self._painter))
            return things

        self._pool.submit(work).add_done_callback(self._hand_over)

    def _hand_over(self, future: Future[Things]) -> None:
        """In the worker's thread: the signal is queued to the GUI thread."""
        error = future.exception()
        if isinstance(error, StoppedError):
            return
        if error is not None:
            log.error("layers could not be evaluated: %s", error, exc_info=error)
        self._made.emit(None if error is not None else future.result())

    def _carry_out(self, answer: Answer) -> None:
        answer()

    def _take(self, things: Things | None) -> None:
        work, self._work = self._work, None
        if things is None:
            self._seen = ()  # the next change tries again
        else:
            things.adopt(self._store)
        if work is not None and work.told:
            self.working.emit(1.0)
        if self._wishes:
            self._start()


def asks_places(layers: LayerSet) -> bool:
    """Whether a filter may ask where things are, or a heat map is drawn."""
    if any(isinstance(layer.style, Heat) for layer in layers.layers()):
        return True
    texts = [layer.filter.lower() for layer in layers.layers()]
    return any(word in text for text in texts for word in ("lon", "lat", "distance"))
