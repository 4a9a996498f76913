"""Keeps a cluster index up with a store: at once for small stores, in a thread for large ones."""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from layers.model.cluster_index import ClusterIndex, Mask, Masks, build_index, updated_index
from layers.model.columns import Changes, Columns
from layers.model.features import FeatureStore
from layers.model.order import SpatialOrder
from layers.model.shares import Groups
from layers.model.style import KindStyle

log = logging.getLogger(__name__)
INLINE_ROWS = 60_000
"""Up to so many rows an index takes less than half a frame, so a thread would only add delay."""
KEPT, KEPT_LARGE = 5, 2
"""Indexes of other masks that are kept; a large one takes 60 bytes a row."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Either all columns, or an index and what has changed since."""

    masks: Masks
    columns: Columns | None = None
    index: ClusterIndex | None = None
    changes: Changes | None = None
    groups: Groups | None = None
    older: ClusterIndex | None = None


def _make(job: _Job) -> ClusterIndex:
    if job.columns is not None:
        made = build_index(job.columns, SpatialOrder.of(job.columns), job.masks)
        return made.with_shares(job.groups, job.older)
    assert job.index is not None
    assert job.changes is not None
    made = updated_index(job.index, job.changes, job.masks)
    return made.with_shares(job.groups, job.older)


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
        self._wish: tuple[frozenset[str] | None, int, Mask | None, Groups | None] | None = None
        self._busy = False
        self._failed = False
        self._kept: OrderedDict[bytes, ClusterIndex] = OrderedDict()
        self._pool: ThreadPoolExecutor | None = None
        self._made.connect(self._take)

    @property
    def is_busy(self) -> bool:
        """Whether an index is being made in the thread."""
        return self._busy

    def refresh(
        self,
        visible: frozenset[str] | None,
        level: int,
        wanted: Mask | None = None,
        groups: Groups | None = None,
    ) -> None:
        """Ask for an index of the visible kinds (None: all) as they are drawn at a zoom level.

        ``wanted``, by row, leaves out single features (None: none); it must not be written to
        after. Rows beyond its end are drawn. ``groups``: what clusters are to tell of.
        """
        if self._busy:
            self._wish = (visible, level, wanted, groups)
            return
        job = self._job(self._masks(visible, level, wanted), groups)
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

    def _job(self, masks: Masks, groups: Groups | None) -> _Job | None:
        """What is to be made; None when neither the store nor what is drawn of it has changed."""
        index = self.index
        if index is None or self._failed:
            return _Job(masks, columns=self._store.columns(), groups=groups)
        told = None if index.shares is None else index.shares.groups
        same = groups is told
        if same and index.version == self._store.version and masks.same(index.masks):
            return None
        for nearest in (self._kept.get(masks.key()), index):
            changes = None if nearest is None else self._store.changes(nearest.version)
            if nearest is not None and changes is not None:
                return _Job(masks, index=nearest, changes=changes, groups=groups, older=index)
        return _Job(masks, columns=self._store.columns(), groups=groups)

    def _masks(self, visible: frozenset[str] | None, level: int, wanted: Mask | None) -> Masks:
        styles = [
            self._store.styles.get(kind) or KindStyle(kind=kind) for kind in self._store.kinds
        ]
        on = np.array([visible is None or s.kind in visible for s in styles], np.bool_)
        drawn = np.array([not s.area and s.min_zoom < level + 1 for s in styles], np.bool_)
        prominent = np.array([s.prominent for s in styles], np.bool_)
        return Masks(on & drawn, on, prominent, wanted)

    def _hand_over(self, future: Future[ClusterIndex]) -> None:
        """In the worker's thread: the signal is queued to the GUI thread."""
        error = future.exception()
        if error is not None:
            log.error("clusters could not be made: %s", error, exc_info=error)
        self._made.emit(None if error is not None else future.result())

    def _take(self, index: ClusterIndex | None) -> None:
        self._busy = False
        self._failed = index is None
        if index is not None:
            older, self.index = self.index, index
            self._keep(index)
            if older is None or older.sorted is not index.sorted:
                self._store.adopt(index.sorted.order, index.sorted.columns.version)
            self.ready.emit()
        if self._wish is not None:
            wish, self._wish = self._wish, None
            self.refresh(*wish)

    def _keep(self, index: ClusterIndex) -> None:
        """Zooming back and forth asks for the same kinds again and again."""
        key = index.masks.key()
        self._kept[key] = index
        self._kept.move_to_end(key)
        many = len(self._store) > INLINE_ROWS
        while len(self._kept) > (KEPT_LARGE if many else KEPT):
            self._kept.popitem(last=False)
