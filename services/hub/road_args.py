"""The arguments of orders about roads, typed and bounded."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from services.hub.command_args import Args, Id, Note

MOST_POINTS = 200
MOST_SPARED = 60
Degrees = tuple[float, float]
HundredThousandths = Annotated[int, Meta(ge=-18_000_000, le=18_000_000)]
Level = Annotated[int, Meta(ge=-99, le=99)]
Mark = tuple[HundredThousandths, HundredThousandths, Level]


class CloseArgs(Args, frozen=True, kw_only=True):
    """road.close: a place (``lon``, ``lat``) or, with ``points``, a line beside it in degrees, and
    so many metres round it. ``spared``: marks of stretches there that stay open, see
    ``services.roads.closing``. ``for_min``: it opens by itself after so many minutes."""

    lon: float
    lat: float
    radius_m: Annotated[float, Meta(ge=1.0, le=2_000.0)] = 40.0
    points: Annotated[tuple[Degrees, ...], Meta(max_length=MOST_POINTS)] = ()
    spared: Annotated[tuple[Mark, ...], Meta(max_length=MOST_SPARED)] = ()
    reason: Annotated[str, Meta(min_length=1, max_length=40)]
    road: Annotated[str, Meta(max_length=100)] = ""
    note: Note = ""
    for_min: Annotated[float, Meta(gt=0.0, le=43_200.0)] | None = None


class OpenArgs(Args, frozen=True, kw_only=True):
    """road.open: the closure that ends."""

    object: Id
    note: Note = ""
