"""The city's daily rhythm: readings, signs of life, cameras that drop out and come back.

Pure: what is due between two moments depends on the things, the seed and the moments alone, and
not on how the time between is sliced. Times are UNIX seconds. One thread (there is a cache).
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from services.domain.clock import BEIJING
from services.domain.model import Entity, Link
from services.ingest.chance import between, unit, wave
from services.ingest.http_client import Item
from services.ingest.mishaps import mishap
from services.packs.model import Catalogue, Kind, Measure

INTERVAL_S: Mapping[str, float] = {
    "level_sensor": 20.0,
    "rain_gauge": 60.0,
    "gas_station": 120.0,
    "gas_regulator": 300.0,
    "water_quality": 14_400.0,
    "gas_guard": 86_400.0,
    "pump_station": 60.0,
    "slope": 3_600.0,
    "watch_point": 300.0,
    "fire_weather": 600.0,
    "air_station": 600.0,
    "noise_station": 300.0,
    "pollution_source": 3_600.0,
    "construction_site": 300.0,
    "unsafe_house": 7_200.0,
    "lift": 1_200.0,
    "mall": 120.0,
    "scenic_spot": 120.0,
    "drain_monitor": 300.0,
    "water_monitor": 300.0,
    "substation": 300.0,
    "fire_alarm_host": 300.0,
    "flow_point": 60.0,
    "parking": 120.0,
    "service_hall": 300.0,
    "data_node": 600.0,
    "security_node": 300.0,
    "compute_node": 600.0,
}
"""How often a thing of a kind reports by itself; any other kind twice within its stale limit."""

NOISE: Mapping[str, float] = {
    "level": 0.012,
    "rain_1h": 0.0,
    "ch4": 0.15,
    "pressure": 0.06,
    "ph": 0.05,
    "dissolved_oxygen": 0.4,
    "ammonia_n": 0.04,
    "turbidity": 6.0,
    "water": 0.05,
    "displacement": 0.3,
    "tilt": 0.1,
    "hot_spots": 0.0,
    "danger": 0.0,
    "temperature": 0.6,
    "humidity": 3.0,
    "wind": 0.6,
    "pm25": 5.0,
    "pm10": 10.0,
    "o3": 8.0,
    "leq": 2.5,
    "site_noise": 3.0,
    "site_pm10": 10.0,
    "cod": 2.0,
    "load": 3.0,
    "fill": 5.0,
    "waste_fill": 4.0,
    "water_pressure": 0.01,
    "hydrant_pressure": 0.01,
    "supply_temp": 1.0,
    "power_load": 4.0,
    "speed": 3.0,
    "taken": 4.0,
    "waiting": 3.0,
    "satisfied": 0.3,
    "delay_min": 3.0,
    "open_disputes": 0.0,
    "settled_week": 0.0,
}
"""How far a measured value strays from where it stands, in its unit; else 2 % of the value."""

SWING: Mapping[str, float] = {
    "flow": 1.2,
    "speed": -0.4,
    "load": 2.0,
    "taken": 0.5,
    "waiting": 3.3,
    "leq": 0.08,
    "site_noise": 0.15,
    "site_pm10": 0.4,
    "power_load": 0.4,
    "temperature": 0.35,
    "humidity": -0.3,
    "o3": 0.8,
    "records_1h": 1.5,
    "blocked_1h": 0.3,
    "utilisation": 0.3,
}
"""How much of a value follows the day: its share above the middle of ``share_of_day``."""
MIDDLE_OF_DAY = 0.7

OUTAGE_WINDOW_S = 3_600.0
OUTAGE_SHARE = 0.03
"""Share of the cameras that answer which drop out once within a window."""
OUTAGE_S = (90.0, 900.0)


@dataclass(frozen=True, slots=True, order=True)
class Timed:
    """An item and the simulated moment at which it happens."""

    at: float
    order: str
    item: Item = field(compare=False)


class Scene(Protocol):
    """What happens on top of the rhythm. Pure functions of time."""

    def extra(self, entity: Entity, measure: str, time: float) -> float:
        """What the scene adds to a measured value."""
        ...

    def silenced(self, entity_id: str, time: float) -> bool:
        """Whether the scene keeps a thing from answering."""
        ...

    @property
    def close_up(self) -> Mapping[str, float]:
        """Things that report more often while it lasts: id to seconds between two reports."""
        ...

    def lasts(self, time: float) -> bool:
        """Whether the scene plays at a moment."""
        ...

    def items(self, start: float, end: float) -> Iterable[Timed]:
        """What happens after ``start`` up to ``end`` besides readings."""
        ...


class Quiet:
    """No scene."""

    def extra(self, entity: Entity, measure: str, time: float) -> float:
        """Nothing."""
        del entity, measure, time
        return 0.0

    def silenced(self, entity_id: str, time: float) -> bool:
        """Never."""
        del entity_id, time
        return False

    @property
    def close_up(self) -> Mapping[str, float]:
        """Nobody."""
        return {}

    def lasts(self, time: float) -> bool:
        """Never."""
        del time
        return False

    def items(self, start: float, end: float) -> Iterable[Timed]:
        """Nothing."""
        del start, end
        return ()


class Beat:
    """Things that report every ``period`` seconds, each at a phase of its own."""

    def __init__(self, ids: Iterable[str], seed: int, period: float) -> None:
        self._period = period
        phased = sorted((unit(seed, "phase", id_) * period, id_) for id_ in ids)
        self._phases = [phase for phase, _ in phased]
        self._ids = [id_ for _, id_ in phased]

    def due(self, start: float, end: float) -> Iterator[tuple[float, str]]:
        """(time, id) of every report after ``start`` up to ``end``, in order."""
        cycle = math.floor(start / self._period)
        while cycle * self._period <= end:
            base = cycle * self._period
            first = bisect.bisect_right(self._phases, start - base)
            last = bisect.bisect_right(self._phases, end - base)
            for place in range(first, last):
                yield base + self._phases[place], self._ids[place]
            cycle += 1


class Rhythm:
    """The things of the demo set that report, with the scene that plays on top."""

    def __init__(
        self, entities: Iterable[Entity], catalogue: Catalogue, seed: int, scene: Scene
    ) -> None:
        self._seed = seed
        self._scene = scene
        self._kinds = catalogue.kinds
        self._answering = {
            e.id: e for e in entities if e.link is Link.ONLINE and e.kind in catalogue.kinds
        }
        groups: dict[float, list[str]] = {}
        for entity in self._answering.values():
            period = interval_s(catalogue.kinds[entity.kind])
            if period is not None:
                groups.setdefault(period, []).append(entity.id)
        self._beats = [Beat(ids, seed, period) for period, ids in sorted(groups.items())]
        self._close_up = {
            id_: Beat([id_], seed, period)
            for id_, period in scene.close_up.items()
            if id_ in self._answering
        }
        self._cameras = sorted(
            e.id for e in self._answering.values() if "camera" in self._kinds[e.kind].traits
        )
        self._outages = lru_cache(maxsize=8)(self._outages_of)

    def items(self, start: float, end: float) -> list[Timed]:
        """Everything due after ``start`` up to ``end``, in order of time."""
        due = [
            Timed(at, id_, self.report(id_, at))
            for at, id_ in self._due(start, end)
            if self.answers(id_, at)
        ]
        due += self._camera_changes(start, end)
        due += self._scene.items(start, end)
        return sorted(due)

    def report(self, entity_id: str, time: float) -> Item:
        """What a thing says of itself at a moment: its values, or that it is there."""
        entity = self._answering[entity_id]
        values = {
            m.name: self._value(entity, m, time)
            for m in self._kinds[entity.kind].measure
            if m.name in entity.values
        }
        if values:
            return {"type": "reading", "id": entity_id, "time": time, "values": values}
        return {"type": "status", "id": entity_id, "time": time, "link": "online"}

    def answers(self, entity_id: str, time: float) -> bool:
        """Whether a thing that usually answers does so at a moment."""
        if self._scene.silenced(entity_id, time):
            return False
        window = math.floor(time / OUTAGE_WINDOW_S)
        return not any(
            begin <= time < finish
            for w in (window - 1, window)
            for begin, finish in (self._outages(w).get(entity_id, (0.0, 0.0)),)
        )

    def _due(self, start: float, end: float) -> Iterator[tuple[float, str]]:
        lasts = self._scene.lasts
        for beat in self._beats:
            for at, id_ in beat.due(start, end):
                if id_ not in self._close_up or not lasts(at):
                    yield at, id_
        for beat in self._close_up.values():
            yield from ((at, id_) for at, id_ in beat.due(start, end) if lasts(at))

    def _value(self, entity: Entity, measure: Measure, time: float) -> float:
        rest = entity.values[measure.name]
        noise = NOISE.get(measure.name, abs(rest) * 0.02)
        swing = SWING.get(measure.name, 0.0) * (share_of_day(time) - MIDDLE_OF_DAY)
        value = rest * (1.0 + swing) + noise * wave(time, self._seed, entity.id, measure.name)
        value = max(value, min(rest, 0.0)) + self._scene.extra(entity, measure.name, time)
        value += mishap(entity, measure.name, time, self._seed)
        return round(min(max(value, measure.min), measure.max), measure.decimals)

    # -- cameras ----------------------------------------------------------------
    def _outages_of(self, window: int) -> dict[str, tuple[float, float]]:
        """Who drops out in a window of time: id to (begin, finish)."""
        outages: dict[str, tuple[float, float]] = {}
        for id_ in self._cameras:
            if unit(self._seed, "outage", window, id_) >= OUTAGE_SHARE:
                continue
            begin = (window + unit(self._seed, "begin", window, id_)) * OUTAGE_WINDOW_S
            length = between(*OUTAGE_S, self._seed, "length", window, id_)
            outages[id_] = (begin, begin + length)
        return outages

    def _camera_changes(self, start: float, end: float) -> Iterator[Timed]:
        for window in range(
            math.floor(start / OUTAGE_WINDOW_S) - 1, math.floor(end / OUTAGE_WINDOW_S) + 1
        ):
            for id_, (begin, finish) in self._outages(window).items():
                for at, link in ((begin, "offline"), (finish, "online")):
                    if start < at <= end and (link == "offline" or self.answers(id_, at)):
                        yield Timed(at, id_, status(id_, at, link))


def interval_s(kind: Kind) -> float | None:
    """Seconds between two reports of a thing of a kind; None where it reports nothing."""
    if kind.id in INTERVAL_S:
        return INTERVAL_S[kind.id]
    return None if kind.stale_after_s is None else kind.stale_after_s / 2.0


def status(entity_id: str, time: float, link: str) -> Item:
    """The item that says whether a thing answers."""
    return {"type": "status", "id": entity_id, "time": time, "link": link}


def share_of_day(time: float) -> float:
    """How awake the district is, 0.4 at night to 1 by day, by Beijing time."""
    hour = (time + BEIJING.utcoffset(None).total_seconds()) / 3_600.0 % 24.0
    return 0.4 + 0.6 * max(0.0, math.sin(math.pi * min(max((hour - 5.0) / 18.0, 0.0), 1.0)))
