"""Marks in the order of the layer tree: what lies higher in it is drawn later. Pure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from layers.model.cluster import ClusterResponse
from layers.model.features import FeatureStore
from layers.model.painting import Painted


def in_tree_order(
    response: ClusterResponse, store: FeatureStore, painted: Painted
) -> ClusterResponse:
    """The worst still lies on top, and among equals single marks over clusters; only between
    single marks of one severity the tree decides."""
    if not len(response.row):
        return response
    rank = ranks(response.row, store, painted)
    if not rank.any():
        return response
    order = np.lexsort((rank, response.count == 1, response.severity))
    if (np.diff(order) == 1).all():
        return response
    return replace(
        response,
        xy=response.xy[order],
        count=response.count[order],
        row=response.row[order],
        severity=response.severity[order],
        unacked=response.unacked[order],
        spans=response.spans[order],
    )


def ranks(
    rows: npt.NDArray[np.int64], store: FeatureStore, painted: Painted
) -> npt.NDArray[np.int64]:
    """How high the layers of some rows lie; 0 for the row -1 and for what no layer knows."""
    known = rows >= 0
    found = np.zeros(len(rows), np.int64)
    if painted.number is None:
        table = np.array([painted.ranks.get(kind, 0) for kind in store.kinds], np.int64)
        found[known] = table[store.kind[rows[known]]]
    else:
        known &= rows < len(painted.number)
        table = np.array([paint.rank for paint in painted.paints], np.int64)
        found[known] = table[painted.number[rows[known]]]
    return found
