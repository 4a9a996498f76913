"""From domain records to map features: pure, no Qt. What a mark looks like follows from this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from layers.model.batch import Batch, Feature, or_nan
from layers.model.columns import STALE, UNACKED
from layers.model.style import LIGHT_SEVERITY
from services.cases.logic import lights
from services.domain.model import Alarm, Case, Entity, Link, Scalar, Severity
from services.domain.suppression import stands
from services.domain.world import CLOSED_STATES
from services.packs.model import Catalogue, Kind

CASE_PREFIX = "case:"
CASE_KIND = "case"
CASE_FACTS = (
    "category", "department", "handler", "address", "grid_id", "source", "radius_m", "reported_at",
    "yellow_at", "deadline_at", "overdue_at", "handed_back_at", "late", "rework", "supervision",
    "alarm_key",
)  # fmt: skip
"""Fields of a case that a table shows and an expression may ask for."""


def is_stale(kind: Kind | None, observed_at: float | None, now: float) -> bool:
    """Whether a thing has been silent for longer than its kind allows.

    Never heard of is not stale but unknown: ``link`` says so already.
    """
    if kind is None or kind.stale_after_s is None or observed_at is None:
        return False
    return now - observed_at > kind.stale_after_s


def entity_batch(
    entities: Iterable[Entity],
    catalogue: Catalogue,
    standing: Mapping[str, Mapping[str, Alarm]],
    now: float,
) -> Batch:
    """The marks of things, each id once; those without a place are left out.

    ``standing`` has the alarms of things by id and key. Those that are shelved, suppressed or wait
    for their delay do not colour a mark; the list says how many they are.
    """
    marks = [e for e in entities if e.lon is not None and e.lat is not None]
    kinds = [catalogue.kinds.get(e.kind) for e in marks]
    pairs = list(zip(marks, kinds, strict=True))
    severity = np.zeros(len(marks), np.uint8)
    flags = np.array([STALE if is_stale(k, e.observed_at, now) else 0 for e, k in pairs], np.uint8)
    for n, entity in enumerate(marks):
        if entity.id in standing:
            alarms = [a for a in standing[entity.id].values() if stands(a, now)]
            severity[n] = max((a.severity for a in alarms if a.active), default=Severity.NORMAL)
            if any(not a.acknowledged for a in alarms):
                flags[n] |= UNACKED
    return Batch(
        ids=[e.id for e in marks],
        kinds=[e.kind for e in marks],
        names=[e.name for e in marks],
        lon=np.array([e.lon for e in marks], np.float64),
        lat=np.array([e.lat for e in marks], np.float64),
        severity=severity,
        link=np.array([e.link for e in marks], np.uint8),
        flags=flags,
        heading=or_nan([_heading(e) for e in marks]),
        fov=or_nan([_number(e.attrs.get("fov_deg")) for e in marks]),
        labels=[
            (k.label_of(e.name, e.values) or e.name) if k and k.map_label else e.name
            for e, k in pairs
        ],
        keys=[_keys(k, e) if k and k.search else () for e, k in pairs],
        attrs=[e.attrs for e in marks],
        readings=[e.values for e in marks],
        states=[e.state for e in marks],
        observed_at=[e.observed_at for e in marks],
        rings={n: e.geometry for n, e in enumerate(marks) if e.geometry},
    )


def _heading(entity: Entity) -> float | None:
    """Where a thing looks or goes; a camera that does not say looks as it was mounted."""
    if entity.heading_deg is not None:
        return entity.heading_deg
    return _number(entity.attrs.get("bearing_deg"))


def _number(value: Scalar) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _keys(kind: Kind, entity: Entity) -> tuple[str, ...]:
    """Values of the attributes by which its kind is searched."""
    values = (entity.attrs.get(name) for name in kind.search)
    return tuple(str(value) for value in values if value not in (None, ""))


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
