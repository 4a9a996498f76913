"""The layers that the packs give. Pure."""

from __future__ import annotations

from layers.model.layer_set import LayerSet, default_set, reconciled
from services.packs.model import Catalogue


def from_packs(catalogue: Catalogue) -> LayerSet:
    """One layer for each kind, grouped by pack, on as its pack says."""
    return default_set(_groups(catalogue), _shown(catalogue))


def made_true(layers: LayerSet, catalogue: Catalogue) -> tuple[LayerSet, tuple[str, ...]]:
    """A stored set for the packs of today, and the kinds that it names and no pack has."""
    return reconciled(layers, _groups(catalogue), _shown(catalogue))


def _groups(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    return {pack.id: tuple(kind.id for kind in pack.kind) for pack in catalogue.packs if pack.kind}


def _shown(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(k.id for k in catalogue.kinds.values() if k.default_visible)
