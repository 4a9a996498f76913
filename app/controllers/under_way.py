"""Teams under way: their ways on the map, and when they arrive. GUI thread.

Ways are searched by a worker, all together, at most every few seconds: positions come every second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.road_book import RoadBook
from app.road_paths import LonLat, way_paths
from app.session import ConsoleSession
from layers.model.overlays import Path
from layers.render.map_widget import MapWidget
from services.domain.model import Task
from services.domain.world import Delta
from services.roads.network import RoadNetwork
from services.roads.route import Estimate, Route, route
from widgets.road_words import Eta

EVERY_MS = 5_000
MOST = 200
"""Teams whose ways are searched at once."""
MOVING = frozenset({"sent", "accepted", "en_route"})
KEY = "under_way"


@dataclass(frozen=True, slots=True)
class _Trip:
    """A team on its way to a case."""

    task: str
    team: str
    case: str
    places: tuple[LonLat, LonLat]


class UnderWay(QObject):
    """``changed``: other times of arrival. ``etas``: by task id."""

    changed = Signal()

    def __init__(
        self, session: ConsoleSession, chart: MapWidget, roads: RoadBook | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._map = chart
        self._roads = roads
        self._found: dict[str, tuple[_Trip, Route | Estimate]] = {}
        self.etas: dict[str, Eta] = {}
        self._teams: frozenset[str] = frozenset()
        self._asking = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(EVERY_MS)
        self._again.timeout.connect(self._search)
        session.model.changed.connect(self._changed)
        if roads is not None:
            roads.changed.connect(self._soon)

    def refresh(self) -> None:
        """Draw what is known already, for a map that was opened later."""
        self._draw()
        self._soon()

    def of_team(self, entity_id: str) -> Eta | None:
        """When a team arrives where it is going."""
        for trip, _ in self._found.values():
            if trip.team == entity_id:
                return self.etas.get(trip.task)
        return None

    # -- inside -----------------------------------------------------------------------
    def _changed(self, delta: Delta) -> None:
        if delta.reset or delta.dispatches or delta.cases:
            self._draw()
            self._soon()
        elif not self._teams.isdisjoint(delta.entities):
            self._draw()
            if not self._again.isActive():
                self._again.start()

    def _soon(self) -> None:
        """Another task, another road: search as soon as nothing else is being searched."""
        self._again.stop()
        self._search()

    def _search(self) -> None:
        trips = self._trips()
        if self._asking:
            self._again.start()
            return
        if not trips or self._roads is None:
            self._take([], {})
            return

        def ways(network: RoadNetwork) -> list[Route | Estimate]:
            return [route(network, trip.places) for trip in trips]

        def show(found: list[Route | Estimate]) -> None:
            self._asking = False
            self._take(trips, dict(zip((t.task for t in trips), found, strict=True)))

        self._asking = self._roads.ask(ways, show, owner=self)

    def _take(self, trips: list[_Trip], found: Mapping[str, Route | Estimate]) -> None:
        now = self._session.model.now()
        self._found = {trip.task: (trip, found[trip.task]) for trip in trips}
        self.etas = {
            task: Eta(way.seconds, way.metres, now + way.seconds, trip.case)
            for task, (trip, way) in self._found.items()
            if isinstance(way, Route)
        }
        self._draw()
        self.changed.emit()

    def _trips(self) -> list[_Trip]:
        model = self._session.model
        found: list[_Trip] = []
        for dispatch in model.dispatches.values():
            case = model.cases.get(dispatch.case_id)
            if dispatch.state != "sent" or case is None or case.lon is None or case.lat is None:
                continue
            for task in dispatch.tasks:
                place = self._team_place(task)
                if task.state in MOVING and place is not None:
                    goal = (case.lon, case.lat)
                    found.append(_Trip(task.id, task.entity_id, case.id, (place, goal)))
        self._teams = frozenset(trip.team for trip in found)
        return found[:MOST]

    def _team_place(self, task: Task) -> LonLat | None:
        team = self._session.model.entities.get(task.entity_id)
        if team is None or team.lon is None or team.lat is None:
            return None
        return team.lon, team.lat

    def _draw(self) -> None:
        """Every way that is known along its roads; the straight line where none is, or none yet.
        A team that has moved on since is drawn from where its way was searched."""
        lines: list[tuple[LonLat, ...]] = []
        paths: list[Path] = []
        for trip in self._trips():
            known = self._found.get(trip.task)
            if known is not None and isinstance(known[1], Route):
                course = way_paths(known[0].places, known[1], "info")
                paths += [Path(p.run, p.token, "", "marching", 2.4) for p in course]
            else:
                lines.append(trip.places)
        self._map.set_lines(lines)
        self._map.set_paths(KEY, paths)
