"""What the windows of one session read: the newest records, the map's features, one clock.

GUI thread only. Fed with immutable deltas by the session; tells its readers at most thirty times a
second what changed, however many events came in.

Records are taken in at once, so tables, lists and offset always agree. Marks cost twenty times as
much: ids whose marks are old wait in a backlog that is worked off in slices of a few milliseconds,
each from the record as it is then. So a snapshot never stalls a window, and a mark is never drawn
from an older record after a newer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import chain
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from app.backlog import Backlog
from app.projection import CASE_PREFIX, case_feature, entity_batch, silent_from
from layers.model.batch import Feature
from layers.model.columns import ALIVE, STALE
from layers.model.features import FeatureStore
from layers.model.style import MOBILE_TRAIT
from services.domain.model import Alarm, Case, Dispatch, Entity, StockLine
from services.domain.world import CLOSED_STATES, Delta
from services.packs.model import Catalogue

T = TypeVar("T")
Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
FRAME_MS = 33
SWEEP_MS = 5_000
SLICE_S = 0.008
"""How long marks may be worked on before the windows get their turn."""
CHUNK = 512
"""Marks between two looks at the clock: two to three milliseconds. Every batch costs a third of one
beside what is in it."""


class ReadModel(QObject):
    """Tables and features of one session, live or replay.

    ``changed(Delta)`` carries the newest record per id since the last signal, None where gone.
    ``marks_changed``: features look different though no record has changed since. ``settled``: the
    readers know everything and all marks are of the newest records. ``now`` is the
    session's clock: the wall's in a live session, the log's in a replay.
    """

    changed = Signal(object)
    marks_changed = Signal()
    settled = Signal()

    def __init__(
        self,
        catalogue: Catalogue,
        store: FeatureStore,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
        *,
        steady: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self.catalogue = catalogue
        self.store = store
        self.now = clock
        self.offset = 0
        self.entities: dict[str, Entity] = {}
        self.alarms: dict[str, Alarm] = {}
        self.cases: dict[str, Case] = {}
        self.dispatches: dict[str, Dispatch] = {}
        self.stock: dict[str, StockLine] = {}
        self._alarms_of: dict[str, dict[str, Alarm]] = {}
        self._mobile = {i for i, k in catalogue.kinds.items() if MOBILE_TRAIT in k.traits}
        self._silent_from = np.zeros(0)  # by row: when its thing counts as silent, inf for never
        self._old: list[dict[str, Entity]] = []  # tables to be let go
        self._pending = Delta()
        self._news = False
        self._backlog = Backlog()  # feature ids
        self._steady = steady
        self._slice = QTimer(self)
        self._slice.setSingleShot(True)
        self._slice.setInterval(0)
        self._slice.timeout.connect(self._work)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._tell)
        self._sweeper = QTimer(self)
        self._sweeper.setInterval(SWEEP_MS)
        self._sweeper.timeout.connect(self.sweep)
        self._sweeper.start()

    def alarms_of(self, object_id: str) -> list[Alarm]:
        """Alarms that stand on one thing, worst first."""
        standing = self._alarms_of.get(object_id, {})
        return sorted(standing.values(), key=lambda a: (-a.severity, a.key))

    def absorb(self, delta: Delta) -> None:
        """Take a delta in: tables at once, marks in slices, readers with the next frame. It is the
        model's own from then on."""
        urgent: list[str] = []
        if delta.reset:
            urgent = self._forget(delta)
            self.store.reserve(len(delta.entities))
            self.entities = _there(delta.entities)
        self.offset = delta.offset
        for key, alarm in delta.alarms.items():
            self._index_alarm(key, alarm)
        _merge(self.alarms, delta.alarms)
        if not delta.reset:
            _merge(self.entities, delta.entities)
        self._track(delta)
        _merge(self.cases, delta.cases)
        _merge(self.dispatches, delta.dispatches)
        _merge(self.stock, delta.stock)
        if delta.reset:
            self._pending = Delta(reset=True)
        elif not self._pending.reset:  # else everything is told, as it is then
            self._pending.absorb(delta)
        self._news = True
        if delta.reset:  # what is gone, and what is in alarm, before the thousands that are well
            urgent += [a.object_id for a in self.alarms.values() if a.object_id in self.entities]
        self._touch(chain(urgent, (CASE_PREFIX + i for i in delta.cases), delta.entities))

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits to be told or drawn anew."""
        return not (self._news or self._backlog or self._frame.isActive())

    def sweep(self) -> None:
        """Find what has gone silent or come back, and cases whose light has turned."""
        now, store = self.now(), self.store
        store.trails.tick(now)
        n = min(len(store.ids), len(self._silent_from))
        flags = store.flags[:n]
        # whole columns: picking the living rows out first takes five times as long
        turned = (now > self._silent_from[:n]) != (flags & STALE > 0)
        turned &= flags & ALIVE > 0
        open_cases = (c.id for c in self.cases.values() if c.state not in CLOSED_STATES)
        again = [store.ids[row] for row in np.flatnonzero(turned).tolist()]
        self._touch([*again, *(CASE_PREFIX + i for i in open_cases)])
        self.marks_changed.emit()

    def tell_all(self) -> None:
        """Tell everything there is, for readers that came later."""
        self._tell()  # what is pending belongs to the readers that were there
        self.changed.emit(self._everything())

    def close(self) -> None:
        """Stop the timers."""
        self._frame.stop()
        self._sweeper.stop()
        self._slice.stop()

    # -- inside -----------------------------------------------------------------
    def _everything(self) -> Delta:
        """All there is. The things are the table itself, a million may be in it: readers keep none
        of it."""
        return Delta(
            reset=True,
            offset=self.offset,
            entities=cast("dict[str, Entity | None]", self.entities),
            alarms=dict(self.alarms),
            cases=dict(self.cases),
            dispatches=dict(self.dispatches),
            stock=dict(self.stock),
        )

    def _forget(self, newer: Delta) -> list[str]:
        """Drop all records for a snapshot; the features that it does not have any more. Marks of
        what stays are replaced one by one, so that the map is never empty in between."""
        gone = [i for i in self.entities if i not in newer.entities]
        gone += [CASE_PREFIX + i for i in self.cases if i not in newer.cases]
        if len(gone) == len(self.entities) + len(self.cases):  # another city: nothing to go on from
            self.store.clear()
            self._backlog.clear()
            gone = []
        if self.entities is not newer.entities:
            self._old.append(self.entities)
        for table in (self.alarms, self.cases, self.dispatches, self.stock):
            table.clear()
        self._alarms_of.clear()
        return gone

    def _track(self, delta: Delta) -> None:
        """Note where moving units are; a snapshot of an earlier moment takes later points away."""
        trails = self.store.trails
        if delta.reset:  # the thousands are noted as their marks are made
            trails.keep_only(delta.entities)
            trails.tick(self.now())
            return
        for entity_id, entity in delta.entities.items():
            if entity is None:
                trails.forget(entity_id)
            else:
                self._track_one(entity)

    def _track_one(self, entity: Entity) -> None:
        if (
            entity.kind in self._mobile
            and entity.lon is not None
            and entity.lat is not None
            and entity.observed_at is not None
        ):
            self.store.trails.add(entity.id, entity.observed_at, entity.lon, entity.lat)

    def _index_alarm(self, key: str, alarm: Alarm | None) -> None:
        """Before the table of alarms is changed: it knows what an alarm that ends stood on."""
        old = self.alarms.get(key)
        if old is not None and (standing := self._alarms_of.get(old.object_id)) is not None:
            standing.pop(key, None)
            if not standing:
                del self._alarms_of[old.object_id]
        if alarm is not None:
            self._alarms_of.setdefault(alarm.object_id, {})[key] = alarm

    def _touch(self, feature_ids: Iterable[str]) -> None:
        """These marks are old. A few are made anew at once, many in the turns that follow."""
        busy = bool(self._backlog)
        self._backlog.add(feature_ids)
        if not busy and len(self._backlog) <= CHUNK:
            self._work()
        else:
            self._slice.start()
        self._frame_soon()

    def _work(self) -> None:
        until = self._steady() + SLICE_S
        while self._backlog:
            self._make_marks(self._backlog.take(CHUNK))
            if self._steady() >= until:
                break
        else:
            self._let_go(until)
        if self._backlog or self._old:
            self._slice.start()
        self._frame_soon()

    def _let_go(self, until: float) -> None:
        """Free what no mark is of any more; a million records at once would be a stall."""
        while self._old:
            old = self._old[-1]
            for _ in range(min(CHUNK, len(old))):
                old.popitem()
            if not old:
                self._old.pop()
            if self._steady() >= until:
                break

    def _make_marks(self, feature_ids: list[str]) -> None:
        now = self.now()
        entities: list[Entity] = []
        cases: list[Feature] = []
        gone: list[str] = []
        for feature_id in feature_ids:
            entity = self.entities.get(feature_id)
            if entity is not None:
                entities.append(entity)
            elif (feature := self._case_feature(feature_id, now)) is not None:
                cases.append(feature)
            else:
                gone.append(feature_id)
        marks = [e for e in entities if e.lon is not None and e.lat is not None]
        if len(marks) < len(entities):
            shown = {e.id for e in marks}
            gone += [e.id for e in entities if e.id not in shown]
        if gone:
            self.store.remove(gone)
            for feature_id in gone:
                self.store.trails.forget(feature_id)
        for entity in marks:
            if entity.kind in self._mobile:
                self._track_one(entity)
        if marks:
            silence = silent_from(marks, self.catalogue)
            batch = entity_batch(marks, self.catalogue, self._alarms_of, now)
            self._note_silence(self.store.put(batch), silence)
        if cases:
            self._note_silence(self.store.upsert(cases), np.full(len(cases), np.inf))

    def _note_silence(self, rows: Rows, silent_from: Floats) -> None:
        if len(self._silent_from) < len(self.store.ids):
            grown = np.full(max(len(self.store.lon), len(self.store.ids)), np.inf)
            grown[: len(self._silent_from)] = self._silent_from
            self._silent_from = grown
        self._silent_from[rows] = silent_from

    def _case_feature(self, feature_id: str, now: float) -> Feature | None:
        if not feature_id.startswith(CASE_PREFIX):
            return None
        case = self.cases.get(feature_id.removeprefix(CASE_PREFIX))
        return case_feature(case, now) if case is not None else None

    def _frame_soon(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    def _tell(self) -> None:
        if self._news:
            delta, self._pending, self._news = self._pending, Delta(), False
            self.changed.emit(self._everything() if delta.reset else delta)
        else:
            self.marks_changed.emit()
        if self.is_settled:
            self.settled.emit()


def _there(things: dict[str, T | None]) -> dict[str, T]:
    """The same table without what is gone."""
    if None in things.values():
        for key in [key for key, thing in things.items() if thing is None]:
            del things[key]
    return cast("dict[str, T]", things)


def _merge(table: dict[str, T], changed: dict[str, T | None]) -> None:
    for key, record in changed.items():
        if record is None:
            table.pop(key, None)
        else:
            table[key] = record
