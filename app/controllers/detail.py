"""The detail card: what is shown in it, its history, its live picture, its orders."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.console_parts import Parts
from app.controllers.personal import PersonalController
from app.controllers.under_way import UnderWay
from app.controllers.video import StreamFinder
from app.messages import person_text
from app.projection import CASE_PREFIX
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from services.access.roles import allowed
from services.domain import nearness
from services.domain.model import Case, Entity, Severity
from services.domain.suppression import is_waiting
from services.domain.world import Delta
from services.feed.frames import Result
from services.feed.source import LinkUpdate
from widgets.card_parts import NearCamera
from widgets.case_view import CaseDetail
from widgets.road_words import eta_words
from widgets.rows import alarm_row, case_row
from widgets.video.pane import VideoPane

HISTORY_S = 3_600.0
NEAR_M = 1_500.0
NEAR_CAMERAS = 6


class DetailController(QObject):
    """``goto_requested(feature id)``, ``video_requested(camera id)``,
    ``incident_requested(lon, lat)``, ``case_dispatch_requested(case id)``."""

    goto_requested = Signal(str)
    video_requested = Signal(str)
    incident_requested = Signal(float, float)
    case_dispatch_requested = Signal(str)

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        window: DeskWindow,
        parent: QObject,
        under_way: UnderWay | None = None,
    ) -> None:
        super().__init__(parent)
        self._under_way = under_way
        self._parts = parts
        self._session = session
        self._window = window
        self._card = window.card
        self._finder = StreamFinder(parts, self)
        self._personal = PersonalController(parts, session, self._card.personal, self)
        self._shown = ""
        self._alarms: frozenset[str] = frozenset()  # keys of those on the card
        self._pane: VideoPane | None = None
        self._cameras = frozenset(k.id for k in parts.catalogue.with_trait("camera"))
        self._connect()
        if not session.can_command:
            self._card.set_actions_enabled(False, self.tr("This is a replay: orders go nowhere."))

    @property
    def shown(self) -> str:
        """Feature id of what the card shows, or ''."""
        return self._shown

    def show(self, feature_id: str) -> None:
        """Show a thing or (``case:…``) a case; what is gone shows nothing."""
        self._window.show_card()
        if feature_id == self._shown:
            return
        self._shown = feature_id
        self._end_video()
        if not self._refresh():
            self._card.clear()
            self._shown = ""
            return
        entity = self._session.model.entities.get(feature_id)
        if entity is not None:
            self._card.set_cameras(self._near(entity))
            self._ask_history(entity)
            if entity.kind in self._cameras:
                self._start_video(entity)

    def close(self) -> None:
        """End the picture."""
        self._end_video()

    # -- showing ----------------------------------------------------------------
    def _refresh(self) -> bool:
        model, parts = self._session.model, self._parts
        case = model.cases.get(self._shown.removeprefix(CASE_PREFIX))
        if self._shown.startswith(CASE_PREFIX) and case is not None:
            self._card.show_case(self._case_detail(case))
            self._show_etas()
            self._personal.shown(self._shown, case.attrs)
            return True
        entity = model.entities.get(self._shown)
        if entity is None:
            return False
        self._card.show_entity(entity)
        self._show_etas()
        self._personal.shown(self._shown, entity.attrs)
        now = model.now()
        alarms = [a for a in model.alarms_of(entity.id) if not is_waiting(a, now)]
        self._alarms = frozenset(a.key for a in alarms)
        self._card.set_stock([s for s in model.stock.values() if s.warehouse_id == entity.id])
        self._card.set_alarms([alarm_row(a, parts.catalogue, entity, parts.lang) for a in alarms])
        return True

    def _case_detail(self, case: Case) -> CaseDetail:
        model, parts = self._session.model, self._parts
        dispatches = tuple(model.dispatches[i] for i in case.dispatch_ids if i in model.dispatches)
        stores = {r.warehouse_id for d in dispatches for r in d.reservations}
        names = {i: model.entities[i].name for i in stores if i in model.entities}
        roles = self._session.link.roles
        return CaseDetail(
            row=case_row(case, parts.catalogue, parts.lang),
            dispatches=dispatches,
            names=names,
            roles=roles,
            may_send=allowed(roles, "dispatch.confirm"),
        )

    def _show_etas(self) -> None:
        """When teams arrive: at the case that is shown, or the team itself where it goes."""
        if self._under_way is None:
            return
        self._card.set_etas(self._under_way.etas)
        eta = self._under_way.of_team(self._shown)
        case = self._session.model.cases.get(eta.case_id) if eta is not None else None
        words = ""
        if eta is not None and case is not None:
            words = self.tr("To {0}: {1}").format(case.title, eta_words(eta))
        self._card.set_way(words)

    def _link_changed(self, _link: LinkUpdate) -> None:
        """Another account's roles are other buttons."""
        if self._shown.startswith(CASE_PREFIX):
            self._refresh()

    def _changed(self, delta: Delta) -> None:
        if not self._shown:
            return
        model = self._session.model
        if self._is_touched(delta) and not self._refresh():
            self._end_video()
            self._card.clear()
            self._shown = ""
        elif delta.reset and (entity := model.entities.get(self._shown)) is not None:
            self._ask_history(entity)

    def _is_touched(self, delta: Delta) -> bool:
        """Whether what is shown, or anything on its card, may look different now."""
        if self._shown.startswith(CASE_PREFIX):
            case_id = self._shown.removeprefix(CASE_PREFIX)
            case = self._session.model.cases.get(case_id)
            sent = case.dispatch_ids if case is not None else ()
            return delta.reset or case_id in delta.cases or any(i in delta.dispatches for i in sent)
        return (
            delta.reset
            or self._shown in delta.entities
            or not self._alarms.isdisjoint(delta.alarms)
            or any(a is not None and a.object_id == self._shown for a in delta.alarms.values())
            or any(key.startswith(f"{self._shown}/") for key in delta.stock)
        )

    def _near(self, entity: Entity) -> list[NearCamera]:
        if entity.lon is None or entity.lat is None:
            return []
        located = [
            (e, e.lon, e.lat)
            for e in self._session.model.entities.values()
            if e.kind in self._cameras
            and e.id != entity.id
            and e.lon is not None
            and e.lat is not None
        ]
        if not located:
            return []
        lons, lats = np.array([p[1:] for p in located]).T
        number, metres = nearness.nearest(entity.lon, entity.lat, NEAR_CAMERAS, lons, lats)
        return [
            NearCamera(located[i][0].id, located[i][0].name, far, located[i][0].link)
            for i, far in zip(number.tolist(), metres.tolist(), strict=True)
            if far <= NEAR_M
        ]

    def _ask_history(self, entity: Entity) -> None:
        kind = self._parts.catalogue.kinds.get(entity.kind)
        if kind is None:
            return
        end = self._session.model.now()
        for measure in kind.measure:
            self._ask_measure(entity.id, measure.name, end)

    def _ask_measure(self, entity_id: str, measure: str, end: float) -> None:
        api = self._parts.api

        def got(points: list[tuple[float, float]]) -> None:
            if self._shown == entity_id:  # another thing may be shown by now
                self._card.set_history(measure, points)

        self._parts.operations.run(
            lambda: api.readings(entity_id, measure, end - HISTORY_S, end), got, owner=self
        )

    # -- picture ------------------------------------------------------------------
    def _start_video(self, entity: Entity) -> None:
        pane = VideoPane(self._parts.theme, compact=True)
        self._pane = pane
        self._card.set_video_widget(pane)
        if self._session.is_replay:
            pane.set_blocked(self.tr("There is no recording of this moment."))
            return

        def found(url: str) -> None:
            if self._pane is pane:
                pane.open(entity.id, entity.name, url)

        def missing(reason: str) -> None:
            if self._pane is pane:
                pane.set_unavailable(entity.id, entity.name, reason)

        self._finder.find(entity.id, found, missing)

    def _end_video(self) -> None:
        pane, self._pane = self._pane, None
        if pane is not None:
            self._card.set_video_widget(None)
            pane.close_stream()
            pane.deleteLater()

    # -- orders -------------------------------------------------------------------
    def _connect(self) -> None:
        card = self._card
        self._session.model.changed.connect(self._changed)
        if self._under_way is not None:
            self._under_way.changed.connect(self._show_etas)
        card.open_video_requested.connect(self.video_requested)
        card.dispatch_requested.connect(self._dispatch)
        card.zoom_requested.connect(self._zoom)
        card.entity_activated.connect(self._follow)
        card.case_command_requested.connect(self._order_on_case)
        card.recall_requested.connect(self._recall)
        card.proposal_answered.connect(self._answer_proposal)
        self._session.link_changed.connect(self._link_changed)
        card.closed.connect(self._card_closed)

    def _dispatch(self, lon: float, lat: float, about: str) -> None:
        case_id = about.removeprefix(CASE_PREFIX)
        if case_id in self._session.model.cases:
            self.case_dispatch_requested.emit(case_id)
        else:
            self.incident_requested.emit(lon, lat)

    def _zoom(self, _lon: float, _lat: float) -> None:
        self.goto_requested.emit(self._shown)

    def _follow(self, entity_id: str) -> None:
        self.show(entity_id)
        self.goto_requested.emit(entity_id)

    def _order_on_case(self, case_id: str, command: str, more: dict[str, object]) -> None:
        case = self._session.model.cases.get(case_id)
        version = case.version if case is not None else None
        args: dict[str, object] = {"case": case_id, **more}
        self._session.command(f"case.{command}", args, self._answered, version)

    def _recall(self, dispatch_id: str, task_id: str, note: str) -> None:
        args: dict[str, object] = {"dispatch": dispatch_id, "task": task_id, "note": note}
        self._on_dispatch("dispatch.recall", dispatch_id, args)

    def _answer_proposal(self, dispatch_id: str, task_id: str, send: bool) -> None:
        name = "dispatch.confirm" if send else "dispatch.skip"
        self._on_dispatch(name, dispatch_id, {"dispatch": dispatch_id, "task": task_id})

    def _on_dispatch(self, name: str, dispatch_id: str, args: dict[str, object]) -> None:
        dispatch = self._session.model.dispatches.get(dispatch_id)
        version = dispatch.version if dispatch is not None else None
        self._session.command(name, args, self._answered, version)

    def _answered(self, result: Result) -> None:
        if result.error is not None:
            self._window.messages.show_message(Severity.MAJOR, person_text(result.error))

    def _card_closed(self) -> None:
        self._end_video()
        self._shown = ""
        self._window.map.set_selected(None)
