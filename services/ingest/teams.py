"""Simulated teams: what a team in the field does with a task, and where it is meanwhile.

Pure: a trip is a plan made once from task, route and seed; ``steps`` tells what is due. The
simulator sends it through the same commands and positions as a real handset would.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from services.demo.roads import RoadGraph
from services.domain.geodesy import GEOD
from services.domain.model import Case, Dispatch, Entity, Link, Task, TaskState
from services.ingest.chance import between, pick

SPEED_MPS = 40.0 / 3.6
MOVE_EVERY_S = 1.0
ACCEPT_S = (2.0, 4.0)
LEAVE_S = (1.0, 3.0)
WORK_S = (90.0, 150.0)
"""Work on the spot, divided by the time scale as driving is."""
ON_THE_WAY: tuple[TaskState, ...] = ("accepted", "en_route", "arrived", "done")
REPORTS = (
    "积水已排除，道路恢复通行",
    "现场已处置完毕，无人员伤亡",
    "已抽排完毕，撤除警戒",
    "现场已清理，留一人观察",
)
HOME = "home"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the team is now: degrees, heading clockwise from north."""

    lon: float
    lat: float
    heading_deg: float


@dataclass(frozen=True, slots=True)
class Reported:
    """What the team says of its task."""

    state: TaskState
    note: str = ""


Step = Moved | Reported


class Way:
    """A line on the ground, walked by distance in metres."""

    def __init__(self, points: tuple[Point, ...]) -> None:
        self._points = points
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        self._headings: list[float] = []
        self._at = [0.0]
        if len(points) < 2:
            return
        azimuths, _, metres = GEOD.inv(lons[:-1], lats[:-1], lons[1:], lats[1:])
        self._headings = [float(a) % 360.0 for a in azimuths]
        for length in metres:
            self._at.append(self._at[-1] + float(length))

    @property
    def length_m(self) -> float:
        """From its first point to its last."""
        return self._at[-1]

    def moved(self, metres: float) -> Moved | None:
        """The place so far along the way; None where there is no way to go."""
        if not self._headings:
            return None
        metres = min(max(metres, 0.0), self.length_m)
        place = min(bisect.bisect_right(self._at, metres), len(self._headings)) - 1
        begin, length = self._at[place], self._at[place + 1] - self._at[place]
        share = (metres - begin) / length if length > 0 else 0.0
        (lon1, lat1), (lon2, lat2) = self._points[place], self._points[place + 1]
        return Moved(
            round(lon1 + (lon2 - lon1) * share, 6),
            round(lat1 + (lat2 - lat1) * share, 6),
            round(self._headings[place], 1) % 360.0,
        )


class Trip:
    """One team's plan for one task, or its way home (``task`` None). Times are UNIX seconds."""

    def __init__(
        self, entity_id: str, way: Way, now: float, scale: float, seed: int, task: Task | None
    ) -> None:
        self.entity_id = entity_id
        self._way = way
        self._speed = SPEED_MPS * scale * between(0.9, 1.15, seed, entity_id, "speed")
        self._next_move = 0.0
        self._arrived = False
        names = (seed, task.id if task is not None else "home")
        had = ON_THE_WAY.index(task.state) + 1 if task and task.state in ON_THE_WAY else 0
        waits = {
            "accepted": between(*ACCEPT_S, *names, "accept"),
            "en_route": between(*LEAVE_S, *names, "leave"),
            "arrived": way.length_m / self._speed,
            "done": between(*WORK_S, *names, "work") / scale,
        }
        self._due: list[tuple[float, TaskState]] = []
        at = now
        for state in ON_THE_WAY[had:] if task is not None else ():
            at += waits[state]
            self._due.append((at, state))
        if had >= ON_THE_WAY.index("arrived") + 1:
            self._leaves = None
        elif task is None or had >= ON_THE_WAY.index("en_route") + 1:
            self._leaves = now
        else:
            self._leaves = next(t for t, state in self._due if state == "en_route")
        self._note = pick(REPORTS, *names, "report")

    @property
    def over(self) -> bool:
        """Whether nothing will come of it any more."""
        return not self._due and (self._leaves is None or self._arrived)

    def steps(self, now: float) -> Iterator[Step]:
        """What is due by now, in order; each step comes once."""
        while self._due and self._due[0][0] <= now:
            at, state = self._due.pop(0)
            if state == "arrived":
                yield from self._drive(at, to_the_end=True)
            yield Reported(state, self._note if state == "done" else "")
        yield from self._drive(now)

    def _drive(self, now: float, *, to_the_end: bool = False) -> Iterator[Moved]:
        if self._leaves is None or self._arrived or now < self._leaves:
            return
        metres = (now - self._leaves) * self._speed
        self._arrived = to_the_end or metres >= self._way.length_m
        if self._arrived or now >= self._next_move:
            self._next_move = now + MOVE_EVERY_S
            moved = self._way.moved(self._way.length_m if self._arrived else metres)
            if moved is not None:
                yield moved


Key = tuple[str, str]


class Fleet:
    """All teams on their tasks, kept in step with what the hub says of the dispatches."""

    def __init__(
        self, roads: RoadGraph, homes: Mapping[str, Point], scale: float, seed: int
    ) -> None:
        """``homes``: team id to its base in degrees."""
        self._roads = roads
        self._homes = homes
        self._scale = scale
        self._seed = seed
        self._trips: dict[Key, Trip] = {}
        self._ended: set[Key] = set()

    def follow(
        self,
        dispatch: Dispatch,
        case: Case | None,
        entity_of: Callable[[str], Entity | None],
        now: float,
    ) -> None:
        """Start, keep or give up trips for the tasks of a dispatch as it stands now.

        A team that does not answer never hears of its task.
        """
        for task in dispatch.tasks:
            key = (dispatch.id, task.id)
            entity = entity_of(task.entity_id)
            if dispatch.state != "sent" or task.state in ("declined", "recalled", "done"):
                if self._trips.pop(key, None) is not None:
                    self._go_home(entity, now)
            elif key not in self._trips and key not in self._ended and _hears(entity):
                goal = (case.lon, case.lat) if case is not None else (None, None)
                way = self._way(entity, *goal)
                self._trips.pop((HOME, task.entity_id), None)
                self._trips[key] = Trip(task.entity_id, way, now, self._scale, self._seed, task)

    def steps(self, now: float) -> Iterator[tuple[Key, str, Step]]:
        """(dispatch id and task id, team id, step) of everything due."""
        for key, trip in list(self._trips.items()):
            for step in trip.steps(now):
                yield key, trip.entity_id, step
            if trip.over:
                self._forget(key)

    def end(self, key: Key, entity: Entity | None, now: float) -> None:
        """The task is over (done, or the hub refused a report): the team drives home."""
        self._forget(key)
        self._go_home(entity, now)

    def _forget(self, key: Key) -> None:
        self._trips.pop(key, None)
        if key[0] != HOME:
            self._ended.add(key)

    def _go_home(self, entity: Entity | None, now: float) -> None:
        if entity is None or entity.id not in self._homes:
            return
        if any(trip.entity_id == entity.id for trip in self._trips.values()):
            return
        way = self._way(entity, *self._homes[entity.id])
        if way.length_m > 1.0:
            self._trips[HOME, entity.id] = Trip(entity.id, way, now, self._scale, self._seed, None)

    def _way(self, entity: Entity | None, lon: float | None, lat: float | None) -> Way:
        """On roads from where the team is; without one of the two places there is no driving."""
        start = _place(entity.lon, entity.lat) if entity is not None else ()
        goal = _place(lon, lat)
        if not start or not goal:
            return Way(start or goal)
        return Way(self._roads.route(*start[0], *goal[0]).points)


def _hears(entity: Entity | None) -> bool:
    return entity is None or entity.link is not Link.OFFLINE


def _place(lon: float | None, lat: float | None) -> tuple[Point, ...]:
    return () if lon is None or lat is None else ((lon, lat),)
