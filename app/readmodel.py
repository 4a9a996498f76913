"""What the windows of one session read: the newest records, the map's features, one clock.

GUI thread only. Fed with immutable deltas by the session; tells its readers at most thirty times a
second what changed, however many events came in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.projection import CASE_PREFIX, case_feature, entity_feature, is_stale
from layers.model.features import Feature, FeatureStore
from services.domain.model import Alarm, Case, Dispatch, Entity, StockLine
from services.domain.world import Delta
from services.packs.model import Catalogue

T = TypeVar("T")
FRAME_MS = 33
SWEEP_MS = 5_000


class ReadModel(QObject):
    """Tables and features of one session, live or replay.

    ``changed(Delta)`` carries the newest record per id since the last signal, None where gone.
    ``now`` is the session's clock: the wall's in a live session, the log's in a replay.
    """

    changed = Signal(object)
    swept = Signal()

    def __init__(
        self,
        catalogue: Catalogue,
        store: FeatureStore,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
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
        self._stale: set[str] = set()
        self._pending = Delta()
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
        """Take a delta in: tables and features at once, readers with the next frame."""
        if delta.reset:
            self._forget()
        self.offset = delta.offset
        _merge(self.alarms, delta.alarms)
        for key, alarm in delta.alarms.items():
            self._index_alarm(key, alarm)
        _merge(self.entities, delta.entities)
        _merge(self.cases, delta.cases)
        _merge(self.dispatches, delta.dispatches)
        _merge(self.stock, delta.stock)
        self._update_entities(delta.entities)
        self._update_cases(delta.cases)
        self._pending.absorb(delta)
        if not self._frame.isActive():
            self._frame.start()

    def sweep(self) -> None:
        """Find what has gone silent or come back, and cases whose light has turned."""
        now = self.now()
        kinds = self.catalogue.kinds
        stale = {
            e.id
            for e in self.entities.values()
            if e.observed_at is not None and is_stale(kinds.get(e.kind), e.observed_at, now)
        }
        turned = stale ^ self._stale
        self._stale = stale
        if turned:
            self._update_entities({i: self.entities.get(i) for i in turned})
        self._update_cases(list(self.cases))
        self.swept.emit()

    def close(self) -> None:
        """Stop the timers."""
        self._frame.stop()
        self._sweeper.stop()

    def _forget(self) -> None:
        for table in (self.entities, self.alarms, self.cases, self.dispatches, self.stock):
            table.clear()
        self._alarms_of.clear()
        self._stale.clear()
        self.store.clear()

    def _index_alarm(self, key: str, alarm: Alarm | None) -> None:
        if alarm is not None:
            self._alarms_of.setdefault(alarm.object_id, {})[key] = alarm
            return
        for object_id, standing in list(self._alarms_of.items()):
            if standing.pop(key, None) is not None and not standing:
                del self._alarms_of[object_id]

    def _update_entities(self, changed: dict[str, Entity | None]) -> None:
        now = self.now()
        features: list[Feature] = []
        gone: list[str] = []
        for entity_id, entity in changed.items():
            feature = None
            if entity is not None:
                feature = entity_feature(entity, self.catalogue, self.alarms_of(entity_id), now)
            if feature is None:
                gone.append(entity_id)
                continue
            features.append(feature)
            if feature.stale:
                self._stale.add(entity_id)
            else:
                self._stale.discard(entity_id)
        self._store(features, gone)

    def _update_cases(self, changed: Iterable[str]) -> None:
        now = self.now()
        features: list[Feature] = []
        gone: list[str] = []
        for case_id in changed:
            case = self.cases.get(case_id)
            feature = case_feature(case, now) if case is not None else None
            if feature is None:
                gone.append(CASE_PREFIX + case_id)
            else:
                features.append(feature)
        self._store(features, gone)

    def _store(self, features: list[Feature], gone: list[str]) -> None:
        if gone:
            self.store.remove(gone)
        if features:
            self.store.upsert(features)

    def _tell(self) -> None:
        delta, self._pending = self._pending, Delta()
        self.changed.emit(delta)


def _merge(table: dict[str, T], changed: dict[str, T | None]) -> None:
    for key, record in changed.items():
        if record is None:
            table.pop(key, None)
        else:
            table[key] = record
