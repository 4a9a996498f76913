"""How long teams and goods take to a place: asked of a road graph, or not known. Pure.

What this package knows of roads is this one question; who asks it brings the answer along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.domain.model import Entity


@dataclass(frozen=True, slots=True)
class Trip:
    """A way by road as it is now, closed roads left out: seconds and metres."""

    seconds: float
    metres: float


Travel = Callable[[float, float, Sequence[Entity]], Mapping[str, Trip]]
"""Trips to a place (longitude, latitude) by id of the thing that travels; those without a known way
are left out. All things given have a place; one search answers for all of them."""


def no_roads(_lon: float, _lat: float, _things: Sequence[Entity]) -> Mapping[str, Trip]:
    """Nothing is known of roads: only straight distances count."""
    return {}


def order_of(entity: Entity, metres: float, trip: Trip | None) -> tuple[bool, float, float, str]:
    """The rank of somebody at a straight distance: by road and soonest first, then those without a
    known way, nearest first."""
    if trip is None:
        return (True, metres, metres, entity.id)
    return (False, trip.seconds, metres, entity.id)
