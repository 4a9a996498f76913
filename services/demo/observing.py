"""A thing of the demo that measures, with its newest readings and a last sign of life."""

from __future__ import annotations

from services.demo.draw import Draw
from services.demo.ground import Ground
from services.demo.plane import Point
from services.domain.model import Entity, Link, Scalar


def observing(
    ground: Ground,
    draw: Draw,
    identifier: str,
    kind: str,
    name: str,
    point: Point,
    values: dict[str, float],
    attrs: dict[str, Scalar],
    link: Link = Link.ONLINE,
) -> Entity:
    """One thing; what is not known to answer has neither readings nor a time."""
    return ground.thing(
        identifier,
        kind,
        name,
        point,
        attrs,
        link=link,
        values=values if link is Link.ONLINE else {},
        observed_at=draw.seen(link, 60.0),
    )
