"""The cloudburst 暴雨内涝: rain, rising street water, cameras without power, calls, a whiff of gas.

Pure functions of time and seed. An hour of weather is told in some minutes, so that an exercise
can wait for it. All its sources are named ``sim:…``.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.domain.clock import beijing_day
from services.domain.geodesy import distance_m
from services.domain.model import Entity, Link
from services.ingest.chance import between
from services.ingest.hotline import Call, happening
from services.ingest.rhythm import Timed, status

SITE = "康乐十字"
POWER_SITE = "博文路口"
FLOODING = "E05-06"
GAS_SOURCE = "sim:gas"

Curve = Sequence[tuple[float, float]]
LEVEL_M: Curve = (
    (0, 0.0), (4, 0.15), (8, 0.31), (14, 0.46), (22, 0.61), (40, 0.72), (150, 0.70), (260, 0.38),
    (330, 0.15), (420, 0.0),
)  # fmt: skip
"""Water over the street at the junction, seconds since the start: minor, major, critical, down."""
RAIN_MM: Curve = (
    (0, 0.0), (6, 7.0), (12, 15.0), (20, 24.0), (40, 36.0), (120, 38.0), (240, 20.0), (420, 4.0),
    (540, 0.0),
)  # fmt: skip
PUMPS_ON, PUMPS_FROM_MM = 2.0, 10.0
"""How many pumps every station runs, from this rain on."""
LENGTH_S = 540.0
CLOSE_UP_S = 2.0
FLOOD_REACH_M, RAIN_REACH_M = 2_500.0, 2_200.0
NEIGHBOUR_SHARE = 0.58
"""Of the water at the junction, beside a sensor that is not there; less with distance."""
DARK_CAMERAS = 36
DARK_S = ((16.0, 26.0), (200.0, 260.0))
"""When the cameras go, and when they are back."""
GAS_S = (35.0, 300.0)
GAS_TEXT = "检出微量燃气，疑雨水浸泡"
CALLS: Sequence[tuple[float, str]] = (
    (9, "康乐十字积水没过路沿，公交绕行"),
    (15, "康乐十字地下车库进水，请派泵"),
    (21, "八一路康乐十字东侧车辆熄火"),
    (30, "康乐十字人行道积水，老人无法通过"),
    (43, "湟中路北口雨水井返水"),
    (58, "康乐十字北侧商铺进水，求沙袋"),
    (75, "康乐十字有人推车涉水，请设警戒"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in the scene: ids, each with its share of what happens at the centre."""

    lon: float
    lat: float
    levels: Mapping[str, float]
    gauges: Mapping[str, float]
    dark: Mapping[str, None]
    regulator: str


class Cloudburst:
    """Comes ``first`` (UNIX seconds) and every ``period_s`` after; a Scene."""

    def __init__(
        self,
        entities: Iterable[Entity],
        categories: Collection[str],
        seed: int,
        first: float,
        period_s: float,
    ) -> None:
        self._seed = seed
        self._first = first
        self._period = max(period_s, LENGTH_S)
        self._cast = cast(list(entities))
        self._calls_known = FLOODING in categories

    @property
    def close_up(self) -> Mapping[str, float]:
        """The level sensors and rain gauges that it touches."""
        if self._cast is None:
            return {}
        return dict.fromkeys([*self._cast.levels, *self._cast.gauges], CLOSE_UP_S)

    def lasts(self, time: float) -> bool:
        """Whether it rains, or water stands."""
        return self._since(time) is not None

    def extra(self, entity: Entity, measure: str, time: float) -> float:
        """Water, rain or running pumps on top of what the thing measures otherwise."""
        since = self._since(time)
        if since is None or self._cast is None:
            return 0.0
        if measure == "level":
            return self._cast.levels.get(entity.id, 0.0) * along(LEVEL_M, since)
        if measure == "rain_1h":
            return self._cast.gauges.get(entity.id, 0.0) * along(RAIN_MM, since)
        if measure == "pumps_on":
            return PUMPS_ON if along(RAIN_MM, since) >= PUMPS_FROM_MM else 0.0
        return 0.0

    def silenced(self, entity_id: str, time: float) -> bool:
        """Whether a camera has lost its power."""
        since = self._since(time)
        if since is None or self._cast is None or entity_id not in self._cast.dark:
            return False
        gone, back = self._dark_s(entity_id)
        return gone <= since < back

    def items(self, start: float, end: float) -> Iterator[Timed]:
        """Cameras that go and come back, the gas alarm and its end, calls."""
        if self._cast is None:
            return
        last = math.floor((end - self._first) / self._period)
        for number in range(max(0, last - 2), last + 1):
            begin = self._first + number * self._period
            for timed in self._of(self._cast, begin):
                if start < timed.at <= end:
                    yield timed
            yield from happening(self._calls(self._cast, begin), start, end)

    def _of(self, who: Cast, begin: float) -> Iterator[Timed]:
        for id_ in who.dark:
            for since, link in zip(self._dark_s(id_), ("offline", "online"), strict=True):
                yield Timed(begin + since, id_, status(id_, begin + since, link))
        for since, active in zip(GAS_S, (True, False), strict=True):
            if who.regulator:
                yield Timed(
                    begin + since, who.regulator, _gas(who.regulator, begin + since, active)
                )

    def _calls(self, who: Cast, begin: float) -> Iterator[Call]:
        if not self._calls_known:
            return
        for number, (since, title) in enumerate(CALLS):
            at = round(begin + since, 1)
            names = (self._seed, "cloudburst", number)
            yield Call(
                id=f"hotline:{beijing_day(at)}-9{int(begin) % 86_400:05d}{number}",
                category=FLOODING,
                title=title,
                lon=round(who.lon + between(-2.5e-3, 2.5e-3, *names, "lon"), 6),
                lat=round(who.lat + between(-1.8e-3, 1.8e-3, *names, "lat"), 6),
                address=f"{SITE}附近",
                at=at,
                closed_at=round(at + between(360.0, 500.0, *names, "open"), 1),
            )

    def _dark_s(self, entity_id: str) -> tuple[float, float]:
        (a, b), (c, d) = DARK_S
        return (
            between(a, b, self._seed, "dark", entity_id),
            between(c, d, self._seed, "back", entity_id),
        )

    def _since(self, time: float) -> float | None:
        """Seconds since the start of the cloudburst that plays at a moment."""
        if time < self._first:
            return None
        since = (time - self._first) % self._period
        return since if since <= LENGTH_S else None


def cast(entities: Sequence[Entity]) -> Cast | None:
    """Who plays, found by name and distance; None where there is no such junction."""
    centre = _sensor(entities, SITE)
    if centre is None or centre.lon is None or centre.lat is None:
        return None

    def metres(entity: Entity) -> float:
        return _metres(centre, entity)

    levels = {
        e.id: 1.0 if e is centre else NEIGHBOUR_SHARE * math.exp(-metres(e) / FLOOD_REACH_M)
        for e in entities
        if "level" in e.values and e.attrs.get("setting") != "river"
    }
    gauges = {
        e.id: math.exp(-((metres(e) / RAIN_REACH_M) ** 2))
        for e in entities
        if "rain_1h" in e.values
    }
    regulators = [e for e in entities if "pressure" in e.values and e.link is Link.ONLINE]
    power = _sensor(entities, POWER_SITE) or centre
    cameras = [e for e in entities if "fov_deg" in e.attrs and e.link is Link.ONLINE]
    cameras.sort(key=lambda e: (_metres(power, e), e.id))
    return Cast(
        lon=centre.lon,
        lat=centre.lat,
        levels=levels,
        gauges=gauges,
        dark=dict.fromkeys(e.id for e in cameras[:DARK_CAMERAS]),
        regulator=min(regulators, key=metres).id if regulators else "",
    )


def along(curve: Curve, at: float) -> float:
    """The value of a curve of straight stretches; its ends hold on outside."""
    if at <= curve[0][0]:
        return curve[0][1]
    for (a, low), (b, high) in itertools.pairwise(curve):
        if at <= b:
            return low + (high - low) * (at - a) / (b - a)
    return curve[-1][1]


def _gas(regulator: str, at: float, active: bool) -> dict[str, object]:
    return {
        "type": "alarm",
        "source": GAS_SOURCE,
        "object_id": regulator,
        "severity": "minor",
        "active": active,
        "text": GAS_TEXT,
        "time": at,
    }


def _sensor(entities: Sequence[Entity], site: str) -> Entity | None:
    return next((e for e in entities if e.attrs.get("site") == site and "level" in e.values), None)


def _metres(a: Entity, b: Entity) -> float:
    if None in (a.lon, a.lat, b.lon, b.lat):
        return math.inf
    return distance_m(a.lon or 0.0, a.lat or 0.0, b.lon or 0.0, b.lat or 0.0)
