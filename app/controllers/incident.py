"""Click to dispatch: a place, a category, a circle → whom and what → one order.

The proposal is computed here, over the session's own tables, so it also works with the line cut;
only sending needs the hub. Who is near is found here, how long they drive by a worker. A case is
made first; if the dispatch is then refused (somebody else took the pump), the case stays and the
next try adds the dispatch to it, never a second case.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from app.console_parts import Parts
from app.messages import person_text
from app.projection import CASE_PREFIX
from app.road_book import RoadBook
from app.road_paths import way_paths
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from services.dispatch.proposal import Candidates, candidates, proposed
from services.dispatch.travel import Trip
from services.domain.model import Severity
from services.domain.world import Delta
from services.feed.frames import ErrorInfo, Result
from services.roads.network import RoadNetwork
from services.roads.route import Estimate, Route, route
from services.roads.trips import trips_to
from widgets.incident_choice import IncidentOrder
from widgets.incident_form import Incident

REFRESH_MS = 1_000
WAY = "dispatch_way"


class IncidentController(QObject):
    """``done(feature id)``: the order is out, show its case."""

    done = Signal(str)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        window: DeskWindow,
        parent: QObject,
        roads: RoadBook | None = None,
    ) -> None:
        super().__init__(parent)
        self._roads = roads
        self._asked = 0  # rises with every proposal asked for: an older one is not shown
        self._pointed = ""
        self._parts = parts
        self._session = session
        self._window = window
        self._panel = window.incident
        self._place: tuple[float, float] | None = None
        self._case_id = ""
        self._turn = 0  # rises with every opening of the panel: late answers know theirs
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._propose)
        panel = self._panel
        panel.category_changed.connect(self._propose)
        panel.radius_changed.connect(self._radius_changed)
        panel.severity_changed.connect(self._propose)
        panel.send_requested.connect(self._send)
        panel.cancelled.connect(self.cancel)
        panel.team_pointed.connect(self._point_way)
        session.model.changed.connect(self._changed)
        if roads is not None:
            roads.changed.connect(self._roads_changed)
        if not session.can_command:
            panel.set_actions_enabled(False, self.tr("This is a replay: orders go nowhere."))

    def begin(self, lon: float, lat: float) -> None:
        """A new incident at a place."""
        self._open(Incident(lon=lon, lat=lat))

    def begin_for_case(self, case_id: str) -> None:
        """Dispatch for a case that is there already."""
        case = self._session.model.cases.get(case_id)
        if case is None or case.lon is None or case.lat is None:
            text = self.tr("This case has no place on the map; give it one first.")
            self._window.messages.show_message(Severity.MINOR, text)
            return
        self._open(
            Incident(
                lon=case.lon,
                lat=case.lat,
                case_id=case.id,
                category=case.category,
                title=case.title,
                address=case.address,
            )
        )

    @property
    def is_open(self) -> bool:
        """Whether a dispatch is being prepared, in front or behind the card."""
        return self._place is not None

    def cancel(self) -> None:
        """Leave without sending; a case made before stays in the queue. An order that is on its
        way is waited for."""
        if not self._panel.busy:
            self._leave()

    def _leave(self) -> None:
        self._place = None
        self._turn += 1
        self._asked += 1
        self._refresh.stop()
        self._point_way("")
        self._window.map.set_circle(0.0, 0.0, None)
        self._window.set_dispatch_open("")
        self._window.show_card()

    # -- inside -----------------------------------------------------------------
    def _open(self, incident: Incident) -> None:
        self._place = (incident.lon, incident.lat)
        self._turn += 1
        self._case_id = incident.case_id
        self._panel.start(incident)
        self._window.show_incident()
        self._propose()

    def _radius_changed(self, _radius_m: float) -> None:
        self._propose()

    def _changed(self, delta: Delta) -> None:
        """Teams move and stock goes: keep the proposal fresh while it is looked at."""
        if self._place is not None and (delta.stock or delta.dispatches or delta.reset):
            self._refresh.start()

    def _propose(self) -> None:
        if self._place is None:
            return
        lon, lat = self._place
        radius_m = self._panel.form.radius_m()
        self._window.map.set_circle(lon, lat, radius_m)
        self._window.set_dispatch_open(self._panel.heading)
        self._asked += 1
        turn = self._asked
        found = candidates(self._session.model, self._parts.catalogue, lon, lat)
        travelling = found.travelling

        def ways(network: RoadNetwork) -> dict[str, Trip]:
            trips = trips_to(network, lon, lat, travelling)
            return {id_: Trip(seconds, metres) for id_, (seconds, metres) in trips.items()}

        def show(trips: Mapping[str, Trip]) -> None:
            if turn == self._asked and self._place is not None:
                self._show(found, trips)

        if self._roads is None or not self._roads.ask(ways, show, owner=self):
            self._show(found, {})

    def _show(self, found: Candidates, trips: Mapping[str, Trip]) -> None:
        form = self._panel.form
        self._panel.set_proposal(
            proposed(
                self._session.model,
                self._parts.catalogue,
                found,
                trips,
                form.radius_m(),
                form.category_code(),
                form.chosen_severity(),
            )
        )

    def _roads_changed(self) -> None:
        """A road was closed or opened: who is soonest there may be somebody else."""
        if self._place is not None:
            self._propose()

    def _point_way(self, team_id: str) -> None:
        """Lay the way of the team under the pointer over the map."""
        self._pointed = team_id
        team = self._session.model.entities.get(team_id)
        if team is None or self._place is None or self._roads is None:
            self._window.map.set_paths(WAY, ())
            return
        if team.lon is None or team.lat is None:
            return
        places = [(team.lon, team.lat), self._place]

        def show(found: Route | Estimate) -> None:
            if self._pointed == team_id and self._place is not None:
                self._window.map.set_paths(WAY, way_paths(places, found))

        self._roads.ask(lambda network: route(network, places), show, owner=self)

    def _send(self, order: IncidentOrder) -> None:
        self._panel.set_busy(True)
        if self._case_id:
            self._dispatch(order, self._case_id, self._turn)
            return
        turn = self._turn
        args: dict[str, object] = {
            "category": order.category,
            "title": order.title,
            "severity": int(order.severity),
            "lon": order.lon,
            "lat": order.lat,
            "radius_m": order.radius_m,
            "address": order.address,
        }
        self._session.command(
            "case.create",
            args,
            lambda result: self._created(result, order, turn),
            on_late=lambda result: self._created_late(result, turn),
        )

    def _created(self, result: Result, order: IncidentOrder, turn: int) -> None:
        case_id = result.value.get("case")
        if result.error is not None or not isinstance(case_id, str):
            self._refused(result, turn)
            return
        if turn == self._turn:
            self._case_id = case_id
        if order.teams or order.stock:
            self._dispatch(order, case_id, turn)
        else:
            self._finish(self.tr("The case is in the queue."), case_id, turn)

    def _created_late(self, result: Result, turn: int) -> None:
        """There is a case after all: what is sent from here goes to it, nothing by itself, for
        the officer was told that nothing is known and may have decided otherwise."""
        case_id = result.value.get("case")
        if turn != self._turn or result.error is not None or not isinstance(case_id, str):
            return
        self._case_id = case_id
        self._panel.set_error(
            self.tr("The case is in the queue after all. Sending now adds teams and stock to it.")
        )

    def _dispatch(self, order: IncidentOrder, case_id: str, turn: int) -> None:
        args: dict[str, object] = {
            "case": case_id,
            "tasks": [{"entity": team} for team in order.teams],
            "stock": [
                {"warehouse": warehouse, "item": item, "quantity": quantity}
                for warehouse, item, quantity in order.stock
            ],
        }
        self._session.command(
            "dispatch.send",
            args,
            lambda result: self._dispatched(result, case_id, turn),
            on_late=lambda result: self._dispatched(result, case_id, turn),
        )

    def _dispatched(self, result: Result, case_id: str, turn: int) -> None:
        if result.error is not None:
            self._refused(result, turn)
            return
        self._finish(self.tr("The dispatch is out; the stock is reserved."), case_id, turn)

    def _refused(self, result: Result, turn: int) -> None:
        text = person_text(self._named(result.error)) if result.error is not None else ""
        if turn != self._turn:  # the panel is about something else by now
            self._window.messages.show_message(Severity.MAJOR, text)
            return
        if text:
            self._panel.set_error(text)
        self._propose()

    def _named(self, error: ErrorInfo) -> ErrorInfo:
        """The refusal with names where the hub, which knows no language, gives ids."""
        params = dict(error.params)
        store = self._session.model.entities.get(str(params.get("warehouse")))
        item = self._parts.catalogue.items.get(str(params.get("item")))
        if store is not None:
            params["warehouse"] = store.name
        if item is not None:
            params["item"] = item.label.text(self._parts.lang)
        return replace(error, params=params)

    def _finish(self, text: str, case_id: str, turn: int) -> None:
        self._window.messages.show_message(Severity.INFO, text)
        if turn != self._turn:
            return
        self._panel.set_sent(text)
        self._leave()
        self.done.emit(CASE_PREFIX + case_id)
