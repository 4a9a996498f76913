"""Small mishaps of the rhythm: a lift stops, a fire panel trips, a street jams, a site is dusty.

Pure: whether something happens to a thing at a moment depends on the seed, the thing and the moment
alone. Times are UNIX seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.domain.model import Entity
from services.ingest.chance import between, unit

LIFT = "lift"
TRAPPED_SHARE, TRAPPED_S = 0.25, 1_500.0
"""Share of the stopped lifts with people inside, and how long it takes to free them."""

Effect = Callable[[float, float, float], float]
"""(value at rest, seconds since it began, a draw in [0, 1)) → what is added to the value."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """In every window of time it happens once to this share of the things that have the measure.

    ``cause`` names the draw: two measures with one cause go wrong together.
    """

    cause: str
    window_s: float
    share: float
    length_s: tuple[float, float]
    effect: Effect


def _trapped(_rest: float, since: float, draw: float) -> float:
    inside = draw < TRAPPED_SHARE and since < TRAPPED_S
    return 1.0 + math.floor(draw * 12.0) if inside else 0.0


_LIFT_S, _LIFT_SHARE, _LIFT_LENGTH_S = 21_600.0, 0.004, (1_200.0, 7_200.0)

MISHAPS: Mapping[str, Mishap] = {
    "stopped_min": Mishap(
        LIFT, _LIFT_S, _LIFT_SHARE, _LIFT_LENGTH_S, lambda _rest, since, _draw: since / 60.0
    ),
    "trapped": Mishap(LIFT, _LIFT_S, _LIFT_SHARE, _LIFT_LENGTH_S, _trapped),
    "fire_points": Mishap(
        "panel", 21_600.0, 0.004, (300.0, 900.0), lambda _rest, _since, _draw: 1.0
    ),
    "speed": Mishap(
        "jam", 3_600.0, 0.04, (600.0, 1_500.0), lambda rest, _since, draw: -rest * (0.5 + draw / 4)
    ),
    "site_pm10": Mishap(
        "dust", 10_800.0, 0.02, (1_200.0, 3_000.0), lambda _rest, _since, draw: 90.0 + 60.0 * draw
    ),
    "delay_min": Mishap(
        "late", 43_200.0, 0.1, (2_400.0, 6_000.0), lambda _rest, since, _draw: since / 60.0
    ),
}
"""By measure. Rates are such that a district has a few an hour, as a real one has."""


def mishap(entity: Entity, measure: str, time: float, seed: int) -> float:
    """What a mishap adds to a measured value at a moment; 0 where nothing is wrong."""
    kind = MISHAPS.get(measure)
    if kind is None:
        return 0.0
    window = math.floor(time / kind.window_s)
    for number in (window - 1, window):
        names = (seed, kind.cause, number, entity.id)
        if unit(*names) >= kind.share:
            continue
        begin = (number + unit(*names, "begin")) * kind.window_s
        length = between(*kind.length_s, *names, "length")
        if begin <= time < begin + length:
            rest = entity.values.get(measure, 0.0)
            return kind.effect(rest, time - begin, unit(*names, "draw"))
    return 0.0
