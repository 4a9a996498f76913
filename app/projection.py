"""From domain records to map features: pure, no Qt. What a mark looks like follows from this."""

from __future__ import annotations

from layers.model.features import Feature
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


def entity_feature(
    entity: Entity, catalogue: Catalogue, alarms: list[Alarm], now: float
) -> Feature | None:
    """The mark of a thing, or None where it has no place. Alarms that are shelved, suppressed or
    wait for their delay do not colour it; the list says how many they are."""
    if entity.lon is None or entity.lat is None:
        return None
    alarms = [a for a in alarms if stands(a, now)]
    kind = catalogue.kinds.get(entity.kind)
    fov = entity.attrs.get("fov_deg")
    bearing = entity.attrs.get("bearing_deg")
    heading = entity.heading_deg
    if heading is None and isinstance(bearing, int | float):
        heading = float(bearing)
    return Feature(
        id=entity.id,
        kind=entity.kind,
        name=entity.name,
        lon=entity.lon,
        lat=entity.lat,
        severity=max((a.severity for a in alarms if a.active), default=Severity.NORMAL),
        link=entity.link,
        unacked=any(not a.acknowledged for a in alarms),
        stale=is_stale(kind, entity.observed_at, now),
        heading_deg=heading,
        fov_deg=float(fov) if isinstance(fov, int | float) else None,
        rings=entity.geometry,
        label=kind.label_of(entity.name, entity.values) if kind and kind.map_label else "",
        keys=_keys(kind, entity),
        attrs=entity.attrs,
        readings=entity.values,
        state=entity.state,
        observed_at=entity.observed_at,
    )


def _keys(kind: Kind | None, entity: Entity) -> tuple[str, ...]:
    """Values of the attributes by which its kind is searched."""
    names = kind.search if kind is not None else ()
    values = (entity.attrs.get(name) for name in names)
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
