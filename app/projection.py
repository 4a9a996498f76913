"""From domain records to map features: pure, no Qt. What a mark looks like follows from this."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from layers.model.batch import Batch, Feature, or_nan
from layers.model.columns import STALE, UNACKED
from layers.model.style import LIGHT_SEVERITY
from services.cases.logic import lights
from services.domain.model import Alarm, Case, Entity, Link, Scalar, Severity
from services.domain.suppression import stands
from services.domain.world import CLOSED_STATES
from services.packs.model import Catalogue, Kind

Floats = npt.NDArray[np.float64]
CASE_PREFIX = "case:"
CASE_KIND = "case"
CASE_FACTS = (
    "category", "department", "handler", "address", "grid_id", "source", "radius_m", "reported_at",
    "yellow_at", "deadline_at", "overdue_at", "handed_back_at", "late", "rework", "supervision",
    "alarm_key",
)  # fmt: skip
"""Fields of a case that a table shows and an expression may ask for."""


def silent_from(entities: Sequence[Entity], catalogue: Catalogue) -> Floats:
    """The UNIX time after which each thing has been silent for longer than its kind allows.

    Infinite where the kind allows it, and for what was never heard of: that is not stale but
    unknown, ``link`` says so already.
    """
    allowed = {
        i: k.stale_after_s for i, k in catalogue.kinds.items() if k.stale_after_s is not None
    }
    after = [allowed.get(e.kind, math.inf) for e in entities]
    heard = [math.inf if e.observed_at is None else e.observed_at for e in entities]
    return np.array(heard, np.float64) + np.array(after, np.float64)


def entity_batch(
    entities: Sequence[Entity],
    catalogue: Catalogue,
    standing: Mapping[str, Mapping[str, Alarm]],
    now: float,
) -> Batch:
    """The marks of things, each id once; those without a place are left out.

    ``standing`` has the alarms of things by id and key. Those that are shelved, suppressed or wait
    for their delay do not colour a mark; the list says how many they are.
    """
    marks = [e for e in entities if e.lon is not None and e.lat is not None]
    severity = np.zeros(len(marks), np.uint8)
    silent = now > silent_from(marks, catalogue)
    flags = np.where(silent, STALE, 0).astype(np.uint8)
    for n, entity in enumerate(marks):
        if entity.id in standing:
            alarms = [a for a in standing[entity.id].values() if stands(a, now)]
            severity[n] = max((a.severity for a in alarms if a.active), default=Severity.NORMAL)
            if any(not a.acknowledged for a in alarms):
                flags[n] |= UNACKED
    kinds = [e.kind for e in marks]
    own = {i: k for i in set(kinds) if (k := catalogue.kinds.get(i)) is not None}
    names = [e.name for e in marks]
    return Batch(
        ids=[e.id for e in marks],
        kinds=kinds,
        names=names,
        lon=np.array([e.lon for e in marks], np.float64),
        lat=np.array([e.lat for e in marks], np.float64),
        severity=severity,
        link=np.frombuffer(bytes([e.link for e in marks]), np.uint8),
        flags=flags,
        heading=_headings(marks),
        fov=or_nan(_numbers([e.attrs.get("fov_deg") for e in marks])),
        labels=_labels(marks, own) if any(k.map_label for k in own.values()) else names,
        keys=_keys(marks, own) if any(k.search for k in own.values()) else [()] * len(marks),
        attrs=[e.attrs for e in marks],
        readings=[e.values for e in marks],
        states=[e.state for e in marks],
        observed_at=[e.observed_at for e in marks],
        rings={n: e.geometry for n, e in enumerate(marks) if e.geometry},
    )


def _headings(marks: Sequence[Entity]) -> npt.NDArray[np.float32]:
    """Where things look or go; a camera that does not say looks as it was mounted."""
    mounted = _numbers([e.attrs.get("bearing_deg") for e in marks])
    own = [e.heading_deg for e in marks]
    return or_nan([m if o is None else o for o, m in zip(own, mounted, strict=True)])


def _numbers(values: list[Scalar]) -> list[float | None]:
    """What is no number is none."""
    if values.count(None) == len(values):
        return [None] * len(values)
    return [float(v) if isinstance(v, int | float) else None for v in values]


def _labels(marks: Sequence[Entity], own: Mapping[str, Kind]) -> list[str]:
    """What stands beside each mark."""
    found = [
        (k.label_of(e.name, e.values), e.name)
        if (k := own.get(e.kind)) and k.map_label
        else ("", e.name)
        for e in marks
    ]
    return [label or name for label, name in found]


def _keys(marks: Sequence[Entity], own: Mapping[str, Kind]) -> list[tuple[str, ...]]:
    """Values of the attributes by which each kind is searched."""
    names = {i: k.search for i, k in own.items()}
    found: list[tuple[str, ...]] = []
    for e in marks:  # for every update of a feed: no generators
        keys: tuple[str, ...] = ()
        for name in names.get(e.kind, ()):
            if (value := e.attrs.get(name)) is not None and value != "":
                keys += (str(value),)
        found.append(keys)
    return found


def case_feature(case: Case, now: float) -> Feature | None:
    """The mark of an open case: its severity is its light, so overdue ones stand out."""
    if case.lon is None or case.lat is None or case.state in CLOSED_STATES:
        return None
    return Feature(
        id=CASE_PREFIX + case.id,
        kind=CASE_KIND,
        name=case.title,
        lon=case.lon,
        lat=case.lat,
        severity=LIGHT_SEVERITY[lights(case, now) or "green"],
        link=Link.ONLINE,
        unacked=False,
        stale=False,
        heading_deg=None,
        fov_deg=None,
        rings=None,
        attrs=case_facts(case),
        state=case.state,
        observed_at=case.flow[-1].time if case.flow else case.reported_at,
    )


def case_facts(case: Case) -> dict[str, Scalar]:
    """What a case's table row holds beside its own attributes; what is empty is left out."""
    own = {name: getattr(case, name) for name in CASE_FACTS}
    return case.attrs | {name: value for name, value in own.items() if value not in (None, "")}
