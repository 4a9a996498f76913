"""Keeps a cluster index up with a store: at once for small stores, in a thread for large ones."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from layers.model.cluster import ClusterIndex, build_index
from layers.model.features import Columns, FeatureStore
from layers.model.order import SpatialOrder
from layers.model.style import KindStyle

log = logging.getLogger(__name__)
INLINE_ROWS = 60_000
"""Up to so many rows an index takes less than half a frame, so a thread would only add delay."""
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Masks:
    """What is drawn: three masks by kind (see ``build_index``), and one by row or None for all."""

    shown: Mask
    in_alarm: Mask
    prominent: Mask
    wanted: Mask | None

    def same(self, other: _Masks) -> bool:
        if (self.wanted is None) != (other.wanted is None):
            return False
        pairs = [
            (self.shown, other.shown),
            (self.in_alarm, other.in_alarm),
            (self.prominent, other.prominent),
        ]
        if self.wanted is not None and other.wanted is not None:
            pairs.append((self.wanted, other.wanted))
        return all(a is b or np.array_equal(a, b) for a, b in pairs)


@dataclass(frozen=True, slots=True)
class _Job:
    columns: Columns
    order: SpatialOrder | None
    masks: _Masks


@dataclass(frozen=True, slots=True)
class _Done:
    order: SpatialOrder
    index: ClusterIndex


def _make(job: _Job) -> _Done:
    fresh = job.order is None
    order = SpatialOrder.of(job.columns) if job.order is None else job.order
    if not fresh:
        order = order.updated(job.columns)
    masks = job.masks
    index = build_index(
        job.columns, order, masks.shown, masks.in_alarm, masks.prominent, masks.wanted
    )
    return _Done(order, index)


class IndexKeeper(QObject):
    """``ready()`` says that ``index`` is a newer one. One per map window; GUI thread.

    While one is made no second is begun: the newest wish is kept and made after it, so a late
    answer never replaces a newer one.
    """

    ready = Signal()
    _made = Signal(object)

    def __init__(self, store: FeatureStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.index: ClusterIndex | None = None
        self._store = store
        self._order: SpatialOrder | None = None
        self._version = -1
        self._made_with: _Masks | None = None
        self._wish: tuple[frozenset[str] | None, int, Mask | None] | None = None
        self._busy = False
        self._pool: ThreadPoolExecutor | None = None
        self._made.connect(self._take)

    def refresh(
        self, visible: frozenset[str] | None, level: int, wanted: Mask | None = None
    ) -> None:
        """Ask for an index of the visible kinds (None: all) as they are drawn at a zoom level.

        ``wanted``, by row, leaves out single features (None: none); it must not be written to
        after. Rows beyond its end are drawn.
        """
        if self._busy:
            self._wish = (visible, level, wanted)
            return
        job = self._job(self._masks(visible, level, wanted))
        if job is None:
            self.ready.emit()  # the index is right as it is; another view of it may be wanted
            return
        if len(self._store) <= INLINE_ROWS:
            self._take(_make(job))
            return
        self._busy = True
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="clusters")
        self._pool.submit(_make, job).add_done_callback(self._hand_over)

    def close(self) -> None:
        """End the thread; nothing is handed over after."""
        self._made.disconnect(self._take)
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None

    def _job(self, masks: _Masks) -> _Job | None:
        """What is to be made; None when neither the store nor what is drawn of it has changed."""
        fresh = self._store.version == self._version and self.index is not None
        if fresh and self._made_with is not None and masks.same(self._made_with):
            return None
        columns = self._store.columns(self._version)
        self._version, self._made_with = columns.version, masks
        return _Job(columns, self._order, masks)

    def _masks(self, visible: frozenset[str] | None, level: int, wanted: Mask | None) -> _Masks:
        styles = [
            self._store.styles.get(kind) or KindStyle(kind=kind) for kind in self._store.kinds
        ]
        on = np.array([visible is None or s.kind in visible for s in styles], np.bool_)
        drawn = np.array([not s.area and s.min_zoom < level + 1 for s in styles], np.bool_)
        prominent = np.array([s.prominent for s in styles], np.bool_)
        return _Masks(on & drawn, on, prominent, wanted)

    def _hand_over(self, future: Future[_Done]) -> None:
        """In the worker's thread: the signal is queued to the GUI thread."""
        error = future.exception()
        if error is not None:
            log.error("clusters could not be made: %s", error, exc_info=error)
        self._made.emit(None if error is not None else future.result())

    def _take(self, done: _Done | None) -> None:
        self._busy = False
        if done is None:
            self._order, self._version = None, -1
        else:
            self._order, self.index = done.order, done.index
            self.ready.emit()
        if self._wish is not None:
            wish, self._wish = self._wish, None
            self.refresh(*wish)
