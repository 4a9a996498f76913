"""Calls to the hotline: cases that arrive through the day and that their own system closes.

Pure; the calls of a minute depend on the seed and the minute alone. Nobody who calls exists.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.domain.clock import beijing_day
from services.domain.model import Entity
from services.ingest.chance import between, pick, unit, weighted
from services.ingest.http_client import Item
from services.ingest.rhythm import Timed, share_of_day

SOURCE = "sim:hotline"
MINUTE_S = 60.0
CALLS_PER_MINUTE = 2.4
"""By day; at night fewer, see ``share_of_day``."""
MOST_PER_MINUTE = 8
OPEN_S = (180.0, 1_500.0)
"""How long a call that nobody dispatches stays open before its own system closes it."""

_TITLES: Sequence[tuple[tuple[str, str], float]] = (
    (("E01-10", "{at}有垃圾堆放未清运"), 24),
    (("E04-99", "{at}流动摊贩占道经营"), 18),
    (("E01-12", "{at}路面有污物，请清扫"), 14),
    (("E04-98", "{at}机动车占用盲道停放"), 12),
    (("E02-99", "{at}墙面新贴小广告"), 8),
    (("P01-99", "{at}路灯不亮"), 6),
    (("E04-97", "{at}夜间施工噪声扰民"), 5),
    (("E03-99", "{at}工地扬尘未覆盖"), 4),
    (("P01-01", "{at}井盖松动有响声"), 3),
    (("E05-99", "{at}电梯停运，有人被困"), 1),
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what is told, where, when, and when its own system would close it."""

    id: str
    category: str
    title: str
    lon: float
    lat: float
    address: str
    at: float
    closed_at: float

    def opened(self) -> Timed:
        """The case as it arrives."""
        return Timed(self.at, self.id, self._item())

    def closed(self) -> Timed:
        """The case as its own system closes it."""
        return Timed(self.closed_at, self.id, {**self._item(), "closed_at": self.closed_at})

    def _item(self) -> Item:
        return {
            "type": "case",
            "id": self.id,
            "category": self.category,
            "title": self.title,
            "lon": self.lon,
            "lat": self.lat,
            "address": self.address,
            "source": SOURCE,
            "reported_at": self.at,
            "attrs": {"demo": True},
        }


def happening(calls: Iterable[Call], start: float, end: float) -> Iterator[Timed]:
    """What the calls bring after ``start`` up to ``end``."""
    for call in calls:
        if start < call.at <= end:
            yield call.opened()
        if start < call.closed_at <= end:
            yield call.closed()


class Hotline:
    """Everyday calls about places of the district; ``categories``: codes that the packs know."""

    def __init__(self, entities: Iterable[Entity], categories: Collection[str], seed: int) -> None:
        self._seed = seed
        self._places = [
            (e.lon, e.lat, _address(e))
            for e in entities
            if e.attrs.get("category") == "street" and e.lon is not None and e.lat is not None
        ]
        self._titles = [entry for entry in _TITLES if entry[0][0] in categories]

    def items(self, start: float, end: float) -> Iterator[Timed]:
        """Cases that arrive or close after ``start`` up to ``end``."""
        if not self._places or not self._titles:
            return
        first = math.floor((start - OPEN_S[1]) / MINUTE_S)
        for minute in range(first, math.floor(end / MINUTE_S) + 1):
            yield from happening(self.calls(minute), start, end)

    def calls(self, minute: int) -> list[Call]:
        """The calls of a minute, counted from 1970."""
        begin = minute * MINUTE_S
        mean = CALLS_PER_MINUTE * share_of_day(begin)
        number = min(_poisson(mean, unit(self._seed, "calls", minute)), MOST_PER_MINUTE)
        return [self._call(minute, n) for n in range(number)]

    def _call(self, minute: int, number: int) -> Call:
        names = (self._seed, "call", minute, number)
        at = round((minute + unit(*names, "at")) * MINUTE_S, 1)
        lon, lat, address = pick(self._places, *names, "place")
        code, title = weighted(self._titles, *names, "title")
        serial = minute % 1_440 * 10 + number
        return Call(
            id=f"hotline:{beijing_day(minute * MINUTE_S)}-{serial:05d}",
            category=code,
            title=title.format(at=address),
            lon=round(lon + between(-4e-4, 4e-4, *names, "lon"), 6),
            lat=round(lat + between(-3e-4, 3e-4, *names, "lat"), 6),
            address=address,
            at=at,
            closed_at=round(at + between(*OPEN_S, *names, "open"), 1),
        )


def _address(entity: Entity) -> str:
    site = entity.attrs.get("site")
    return f"{site if isinstance(site, str) else entity.name}附近"


def _poisson(mean: float, at: float) -> int:
    """The Poisson number at a point in [0, 1) of its distribution."""
    number, share = 0, math.exp(-mean)
    total = share
    while at >= total and number < MOST_PER_MINUTE:
        number += 1
        share *= mean / number
        total += share
    return number
