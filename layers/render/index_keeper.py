"""Keeps a cluster index, and the marks of a view that come from it, up with a store: at once for
small stores, in a thread for large ones."""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal

from layers.model.cluster import ClusterRequest, ClusterResponse, cluster
from layers.model.cluster_index import ClusterIndex, Mask, Masks, build_index, updated_index
from layers.model.columns import Changes, Columns
from layers.model.features import FeatureStore
from layers.model.order import SpatialOrder
from layers.model.shares import Groups
from layers.model.style import KindStyle

log = logging.getLogger(__name__)
INLINE_ROWS = 20_000
"""Up to so many rows an index and its marks take a few milliseconds, so a thread would only add
delay."""
ANY_LEVEL = 99
"""A zoom at which every kind is drawn: what layers show has been decided already."""
LARGE_ROWS = 60_000
KEPT, KEPT_LARGE = 5, 2
"""Indexes of other masks that are kept; a large one takes 60 bytes a row."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A view to be made. ``drawn``: what of the store is drawn, or None: as it is in the index."""

    request: ClusterRequest
    drawn: tuple[frozenset[str] | None, int, Mask | None, Groups | None] | None


@dataclass(frozen=True, slots=True)
class _Job:
    """All columns, or an index and what has changed since, or an index that is right as it is."""

    request: ClusterRequest
    masks: Masks
    columns: Columns | None = None
    index: ClusterIndex | None = None
    changes: Changes | None = None
    groups: Groups | None = None
    older: ClusterIndex | None = None


def _make(job: _Job) -> ClusterResponse:
    if job.columns is not None:
        index = build_index(job.columns, SpatialOrder.of(job.columns), job.masks)
    else:
        assert job.index is not None
        index = job.index
        if job.changes is not None:
            index = updated_index(index, job.changes, job.masks)
    if job.columns is not None or job.changes is not None:
        index = index.with_shares(job.groups, job.older)
    return cluster(index, job.request)


class IndexKeeper(QObject):
    """``ready()`` says that ``response`` is a newer one, of ``index``. One per map window; GUI
    thread.

    While one is made no second is begun: the newest wish is kept and made after it, so a late
    answer never replaces a newer one.
    """

    ready = Signal()
    _made = Signal(object)

    def __init__(self, store: FeatureStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.index: ClusterIndex | None = None
        self.response: ClusterResponse | None = None
        self._store = store
        self._wish: _Wish | None = None
        self._making: ClusterRequest | None = None
        self._failed = False
        self._kept: OrderedDict[bytes, ClusterIndex] = OrderedDict()
        self._pool: ThreadPoolExecutor | None = None
        queued = Qt.ConnectionType.QueuedConnection  # a future may be done before it is handed over
        self._made.connect(self._take, queued)

    @property
    def is_busy(self) -> bool:
        """Whether an index is being made in the thread."""
        return self._making is not None

    def refresh(
        self,
        request: ClusterRequest,
        visible: frozenset[str] | None,
        level: int,
        wanted: Mask | None = None,
        groups: Groups | None = None,
    ) -> None:
        """Ask for a view of the visible kinds (None: all) as they are drawn at a zoom level, from
        the store as it is now.

        ``wanted``, by row, leaves out single features (None: none); it must not be written to
        after. Rows beyond its end are drawn. ``groups``: what clusters are to tell of.
        """
        self._ask(_Wish(request, (visible, level, wanted, groups)))

    def look(self, request: ClusterRequest) -> None:
        """Ask for another view of the newest index; nothing before there is one."""
        self._ask(_Wish(request, None))

    def awaits(self, zoom: float, rect: tuple[float, float, float, float]) -> bool:
        """Whether marks that fill a view are on their way."""
        asked = self._wish.request if self._wish is not None else self._making
        return asked is not None and asked.covers(zoom, rect)

    def close(self) -> None:
        """End the thread; nothing is handed over after."""
        self._made.disconnect(self._take)
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None

    def _ask(self, wish: _Wish) -> None:
        if self._making is not None:
            if wish.drawn is None and self._wish is not None:
                wish = _Wish(wish.request, self._wish.drawn)
            self._wish = wish
            return
        job = self._job(wish)
        if job is None:
            return
        self._making = job.request
        if len(self._store) <= INLINE_ROWS:
            self._take(_make(job))
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="clusters")
        self._pool.submit(_make, job).add_done_callback(self._hand_over)

    def _job(self, wish: _Wish) -> _Job | None:
        """What is to be made; None where there is no index to look at yet."""
        index, request = self.index, wish.request
        if wish.drawn is None:
            return None if index is None else _Job(request, index.masks, index=index)
        visible, level, wanted, groups = wish.drawn
        masks = self._masks(visible, level, wanted)
        if index is None or self._failed:
            return _Job(request, masks, columns=self._store.columns(), groups=groups)
        told = None if index.shares is None else index.shares.groups
        same = groups is told
        if same and index.version == self._store.version and masks.same(index.masks):
            return _Job(request, masks, index=index)
        for nearest in (self._kept.get(masks.key()), index):
            changes = None if nearest is None else self._store.changes(nearest.version)
            if nearest is not None and changes is not None:
                return _Job(request, masks, None, nearest, changes, groups, index)
        return _Job(request, masks, columns=self._store.columns(), groups=groups)

    def _masks(self, visible: frozenset[str] | None, level: int, wanted: Mask | None) -> Masks:
        styles = [
            self._store.styles.get(kind) or KindStyle(kind=kind) for kind in self._store.kinds
        ]
        on = np.array([visible is None or s.kind in visible for s in styles], np.bool_)
        drawn = np.array([not s.area and s.min_zoom < level + 1 for s in styles], np.bool_)
        prominent = np.array([s.prominent for s in styles], np.bool_)
        return Masks(on & drawn, on, prominent, wanted)

    def _hand_over(self, future: Future[ClusterResponse]) -> None:
        """In the worker's thread: the signal is queued to the GUI thread."""
        error = future.exception()
        if error is not None:
            log.error("clusters could not be made: %s", error, exc_info=error)
        self._made.emit(None if error is not None else future.result())

    def _take(self, response: ClusterResponse | None) -> None:
        self._making = None
        self._failed = response is None
        if response is not None:
            self.response = response
            self._adopt(response.index)
            self.ready.emit()
        if self._wish is not None:
            wish, self._wish = self._wish, None
            self._ask(wish)

    def _adopt(self, index: ClusterIndex) -> None:
        older, self.index = self.index, index
        self._keep(index)
        if older is None or older.sorted is not index.sorted:
            self._store.adopt(index.sorted.order, index.sorted.columns.version)

    def _keep(self, index: ClusterIndex) -> None:
        """Zooming back and forth asks for the same kinds again and again."""
        key = index.masks.key()
        self._kept[key] = index
        self._kept.move_to_end(key)
        many = len(self._store) > LARGE_ROWS
        while len(self._kept) > (KEPT_LARGE if many else KEPT):
            self._kept.popitem(last=False)
