"""Orders that close a road and open it again, and the clock that opens it. Pure.

A closure is a thing of the kind that carries the trait ``road-closing``: so it is seen by every
seat, replayed, and masked like any other thing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from services.domain.clock import BEIJING
from services.domain.errors import KnownError
from services.domain.events import Body, EntityDeleted, EntityUpserted, OperatorActed
from services.domain.geodesy import check_position
from services.domain.model import Entity, Link, Scalar
from services.domain.shape import convert, finite
from services.domain.text import plain
from services.domain.world import World
from services.hub.road_args import CloseArgs, OpenArgs
from services.hub.scene import Decision, Scene
from services.packs.model import Catalogue, Kind
from services.roads.spared import spared_text

TRAIT = "road-closing"
TIME = "%Y-%m-%d %H:%M"
"""How a closure says until when, in Beijing: people read it on its card."""
MINUTE_S = 60.0


def close(scene: Scene, args: dict[str, object]) -> Decision:
    """road.close: nobody is sent through here any more."""
    order = convert(args, CloseArgs)
    kind = _kind(scene.catalogue)
    permission = scene.actor.permission
    if permission is not None and not permission.may("road.close", kind.id):
        raise KnownError(
            "not_allowed", "this is outside what your account looks after", field="name"
        )
    check_position(order.lon, order.lat)
    for i, (lon, lat) in enumerate(order.points):
        check_position(lon, lat, f"points[{i}]")
        if scene.actor.sight is not None and not scene.actor.sight.sees_place(lon, lat):
            raise KnownError(
                "not_allowed", "this place is outside what your account looks after", field="points"
            )
    if len(order.points) == 1:
        raise KnownError("out_of_range", "A line has at least two points.", field="points")
    _check_reason(kind, order.reason)
    attrs: dict[str, Scalar] = {
        "road": plain(order.road, "road", 100),
        "reason": order.reason,
        "radius_m": finite(order.radius_m, "radius_m"),
        "ordered_by": scene.actor.name,
        "note": plain(order.note, "note", 500),
    }
    if order.spared:
        attrs["spared"] = spared_text(order.spared)
    if order.for_min is not None:
        attrs["until"] = _told(scene.now + order.for_min * MINUTE_S)
    entity = Entity(
        id=_unused(scene, kind),
        kind=kind.id,
        name=str(attrs["road"]) or kind.label.zh,
        lon=order.lon,
        lat=order.lat,
        geometry=(order.points,) if order.points else None,
        attrs={name: value for name, value in attrs.items() if value != ""},
        link=Link.ONLINE,
    )
    acted = OperatorActed(
        name="road.close", actor=scene.actor.name, seat=scene.actor.seat, subject=entity.id
    )
    return Decision((EntityUpserted(entity=entity), acted), {"object": entity.id})


def open_(scene: Scene, args: dict[str, object]) -> Decision:
    """road.open: the closure is over."""
    order = convert(args, OpenArgs)
    entity = scene.world.entities.get(order.object)
    kind = scene.catalogue.kinds.get(entity.kind) if entity is not None else None
    if entity is None or kind is None or TRAIT not in kind.traits:
        raise KnownError(
            "unknown_object", f"There is no road closure {order.object}.", field="object"
        )
    acted = OperatorActed(
        name="road.open",
        actor=scene.actor.name,
        seat=scene.actor.seat,
        subject=entity.id,
        detail={"note": note} if (note := plain(order.note, "note", 500)) else {},
    )
    return Decision((EntityDeleted(id=entity.id), acted), {"object": entity.id})


class ClosureEnds:
    """Closures that were ordered for a time open by themselves."""

    name = "road_closures"

    def __init__(self, catalogue: Catalogue) -> None:
        self._kinds = frozenset(k.id for k in catalogue.with_trait(TRAIT))

    def standing(self, world: World) -> Iterable[str]:
        """Every closure."""
        return [e.id for e in world.entities.values() if e.kind in self._kinds]

    def subject(self, body: Body) -> str | None:
        """The closure that changed."""
        if isinstance(body, EntityUpserted) and body.entity.kind in self._kinds:
            return body.entity.id
        return None

    def due(self, world: World, id_: str) -> float | None:
        """When it ends; None for one without an end, or with one that nobody can read."""
        entity = world.entities.get(id_)
        if entity is None or entity.kind not in self._kinds:
            return None
        return _end(entity.attrs.get("until"))

    def fire(self, world: World, id_: str, now: float) -> Iterable[Body]:
        """It is gone, if its time has come."""
        at = self.due(world, id_)
        if at is not None and at <= now:
            yield EntityDeleted(id=id_)


def _kind(catalogue: Catalogue) -> Kind:
    kind = next(iter(catalogue.with_trait(TRAIT)), None)
    if kind is None:
        raise KnownError("unknown_kind", "No pack has a kind that closes roads.", field="name")
    return kind


def _check_reason(kind: Kind, reason: str) -> None:
    known = next((a.choices for a in kind.attribute if a.name == "reason"), ())
    if known and reason not in known:
        raise KnownError(
            "unknown_value", f"The reason is one of {', '.join(known)}.", field="reason"
        )


def _unused(scene: Scene, kind: Kind) -> str:
    """An id by the moment, in milliseconds: a serial would begin again after a restart, though
    closures that were opened are gone from the World."""
    at = int(scene.now * 1_000)
    while (id_ := f"{kind.id}:{at}") in scene.world.entities:
        at += 1
    return id_


def _told(until: float) -> str:
    """The end, to the full minute after it."""
    whole = math.ceil(until / MINUTE_S) * MINUTE_S
    return datetime.fromtimestamp(whole, BEIJING).strftime(TIME)


def _end(until: Scalar) -> float | None:
    try:
        return datetime.strptime(str(until), TIME).replace(tzinfo=BEIJING).timestamp()
    except ValueError:
        return None


ORDERS: Mapping[str, Callable[[Scene, dict[str, object]], Decision]] = {
    "road.close": close,
    "road.open": open_,
}
"""Orders about roads by command."""
