"""Many features as columns: what a store takes in at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from layers.model.attributes import NO_READINGS, NOTHING, Facts
from layers.model.columns import STALE, UNACKED
from services.domain.model import Link, Ring, Severity

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Feature:
    """One mark or shape of the map. Degrees; ``fov_deg`` is the opening of a camera's view.

    ``label`` stands beside the mark, "" for the name; ``keys`` are further texts to find it by.
    ``attrs`` and ``readings`` are the record's own mappings, never copied, never changed;
    ``observed_at`` is UNIX seconds.
    """

    id: str
    kind: str
    name: str
    lon: float
    lat: float
    severity: Severity = Severity.NORMAL
    link: Link = Link.UNKNOWN
    unacked: bool = False
    stale: bool = False
    heading_deg: float | None = None
    fov_deg: float | None = None
    rings: tuple[Ring, ...] | None = None
    label: str = ""
    keys: tuple[str, ...] = ()
    attrs: Facts = field(default_factory=lambda: NOTHING, hash=False)
    readings: Mapping[str, float] = field(default_factory=lambda: NO_READINGS, hash=False)
    state: str = ""
    observed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Features as columns, one entry each, ids unique; fields as in ``Feature``.

    ``flags`` has the bits UNACKED and STALE; ``heading`` and ``fov`` are NaN for none; ``labels``
    are never empty unless the name is. ``rings`` are by position, only of those that have some.
    """

    ids: list[str]
    kinds: list[str]
    names: list[str]
    lon: Floats
    lat: Floats
    severity: npt.NDArray[np.uint8]
    link: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]
    heading: npt.NDArray[np.float32]
    fov: npt.NDArray[np.float32]
    labels: list[str]
    keys: Sequence[tuple[str, ...]]
    attrs: Sequence[Facts]
    readings: Sequence[Mapping[str, float]]
    states: Sequence[str]
    observed_at: Sequence[float | None]
    rings: dict[int, tuple[Ring, ...]]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, features: Iterable[Feature]) -> Batch:
        """From features; of several with one id the last counts."""
        batch = list({f.id: f for f in features}.values())
        flags = [(UNACKED if f.unacked else 0) | (STALE if f.stale else 0) for f in batch]
        return cls(
            ids=[f.id for f in batch],
            kinds=[f.kind for f in batch],
            names=[f.name for f in batch],
            lon=np.array([f.lon for f in batch], np.float64),
            lat=np.array([f.lat for f in batch], np.float64),
            severity=np.array([f.severity for f in batch], np.uint8),
            link=np.array([f.link for f in batch], np.uint8),
            flags=np.array(flags, np.uint8),
            heading=or_nan([f.heading_deg for f in batch]),
            fov=or_nan([f.fov_deg for f in batch]),
            labels=[f.label or f.name for f in batch],
            keys=[f.keys for f in batch],
            attrs=[f.attrs for f in batch],
            readings=[f.readings for f in batch],
            states=[f.state for f in batch],
            observed_at=[f.observed_at for f in batch],
            rings={n: f.rings for n, f in enumerate(batch) if f.rings},
        )


def or_nan(values: Sequence[float | None]) -> npt.NDArray[np.float32]:
    """Numbers with NaN for None."""
    if values.count(None) == len(values):  # numpy takes long to learn it
        return np.full(len(values), np.nan, np.float32)
    return np.array(values, np.float32)
