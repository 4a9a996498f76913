"""The detail card at the right: a thing or a case, with its video, facts and actions.

GUI thread. It holds no clock of the wall: ages follow the clock that is passed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from services.cases.calendar import Calendar
from services.cases.limits import lights
from services.domain.clock import Clock
from services.domain.model import Case, Entity, StockLine
from services.packs.model import Catalogue
from widgets.card_parts import NearCamera, stock_facts
from widgets.case_queue import light_mark
from widgets.case_view import CaseDetail, CaseView
from widgets.entity_view import EntityView
from widgets.panel import Panel, button, column, line
from widgets.personal import PersonalView
from widgets.road_words import Eta
from widgets.rows import AlarmRow
from widgets.symbols import Mark, MarkView, kind_mark
from widgets.text import plain_label, set_role
from widgets.theme import Theme

TICK_MS = 1_000


class CardPanel(Panel):
    """Shows one thing or one case.

    Signals: ``open_video_requested(camera id)``, ``dispatch_requested(lon, lat, entity or case
    id)``, ``zoom_requested(lon, lat)``, ``entity_activated(id)``, ``acknowledge_requested(keys,
    note)``, ``to_case_requested(alarm key)``, ``case_command_requested(id, command, further
    arguments)``, ``recall_requested(dispatch id, task id or "", note)``,
    ``proposal_answered(dispatch id, task id, send)``, ``closed()``, ``route_requested(thing or case
    id, "to" or "from")``.
    """

    open_video_requested = Signal(str)
    dispatch_requested = Signal(float, float, str)
    zoom_requested = Signal(float, float)
    entity_activated = Signal(str)
    acknowledge_requested = Signal(list, str)
    to_case_requested = Signal(str)
    case_command_requested = Signal(str, str, object)
    recall_requested = Signal(str, str, str)
    proposal_answered = Signal(str, str, bool)
    closed = Signal()
    route_requested = Signal(str, str)

    def __init__(
        self,
        theme: Theme,
        clock: Clock,
        catalogue: Catalogue,
        lang: str,
        parent: QWidget | None = None,
        *,
        calendar: Calendar | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._clock = clock
        self._catalogue = catalogue
        self._lang = lang
        self._shown = ""
        self._mark = MarkView(18)
        self._title = plain_label(role="title")
        self._subtitle = plain_label(role="muted")
        self.close_button = button("×", "tool", self.tr("Close the card (Esc)"))
        self._empty = plain_label(self.tr("Nothing is chosen. Click a symbol on the map."), "empty")
        self._video = QFrame()
        self._video_widget: QWidget | None = None
        self.entity_view = EntityView(theme, lang)
        self.case_view = CaseView(theme, catalogue, lang, calendar)
        self.personal = PersonalView()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._build()
        self._connect()
        self.clear()

    @property
    def shown_id(self) -> str:
        """Id of the thing or case that is shown, or ''."""
        return self._shown

    # -- setters --------------------------------------------------------------
    def show_entity(self, entity: Entity) -> None:
        """Show a thing, or its newer state when it is shown already."""
        kind = self._catalogue.kinds.get(entity.kind)
        label = kind.label.text(self._lang) if kind is not None else entity.kind
        mark = kind_mark(self.theme, kind.symbol) if kind is not None else None
        self._head(entity.id, entity.name, f"{label} · {entity.id}", mark)
        self.entity_view.set_entity(entity, kind, self._catalogue.rules_of(entity.kind))
        self.entity_view.show()
        self.case_view.hide()
        self.tick()

    def show_case(self, detail: CaseDetail) -> None:
        """Show a case with its dispatches, or its newer state."""
        case = detail.row.case
        title = case.title or detail.row.category
        self._head(case.id, title, f"{detail.row.category} · {detail.row.place}", None)
        self.case_view.set_detail(detail, self._clock())
        self._light(case)
        self.case_view.show()
        self.entity_view.hide()

    def set_alarms(self, rows: Sequence[AlarmRow]) -> None:
        """Alarms that stand on the thing, worst first."""
        self.entity_view.set_alarms(rows, self._clock())

    def set_stock(self, lines: Sequence[StockLine]) -> None:
        """What is in stock in the thing."""
        self.entity_view.set_stock(stock_facts(lines, self._catalogue, self._lang))

    def set_etas(self, etas: Mapping[str, Eta]) -> None:
        """When teams under way to the case arrive, by task id."""
        self.case_view.set_etas(etas)

    def set_way(self, words: str) -> None:
        """Where the thing is going and when it is there."""
        self.entity_view.set_way(words)

    def set_cameras(self, cameras: Sequence[NearCamera]) -> None:
        """Cameras near the thing, nearest first."""
        self.entity_view.set_cameras(cameras)

    def set_history(self, measure: str, points: Sequence[tuple[float, float]]) -> None:
        """Past readings of one measure: (UNIX seconds, value), oldest first."""
        self.entity_view.values.set_points(measure, points)

    def set_actions_enabled(self, enabled: bool, why_not: str = "") -> None:
        """Allow orders, or say why not (replay, role, offline)."""
        self.entity_view.set_actions_enabled(enabled, why_not, self._clock())
        self.case_view.set_actions_enabled(enabled, why_not)

    def set_video_widget(self, widget: QWidget | None) -> None:
        """Put a video pane into its slot; the caller keeps owning and deleting it."""
        layout = self._video.layout()
        if self._video_widget is not None and layout is not None:
            layout.removeWidget(self._video_widget)
            self._video_widget.setParent(None)
        self._video_widget = widget
        if widget is not None and layout is not None:
            layout.addWidget(widget)
            widget.show()
        self._video.setVisible(widget is not None)

    def clear(self) -> None:
        """Show nothing, and say how to get something."""
        self._shown = ""
        self.personal.forget()
        self.personal.hide()
        for widget in (self._title, self._subtitle, self._mark, self.close_button):
            widget.hide()
        self.entity_view.hide()
        self.case_view.hide()
        self.case_view.confirm.dismiss()
        self._empty.show()

    def close_card(self) -> None:
        """Show nothing any more, and tell."""
        self.clear()
        self.closed.emit()

    def dismiss_question(self) -> bool:
        """Take back a question that is open; false when none is."""
        questions = (self.case_view.confirm, self.personal.confirm)
        asked = any(question.isVisibleTo(self) for question in questions)
        for question in questions:
            question.dismiss()
        return asked

    def tick(self) -> None:
        """Let ages and time left go on; runs by itself each second while the card is seen."""
        now = self._clock()
        if self.entity_view.isVisibleTo(self):
            self.entity_view.tick(now)
        if self.case_view.isVisibleTo(self):
            self.case_view.tick(now)
            self._light(self.case_view.case())

    # -- inside ---------------------------------------------------------------
    def _light(self, case: Case) -> None:
        """The case's mark as its deadline light colours it, as on the map and in the queue."""
        self._mark.set_mark(light_mark(self.theme, lights(case, self._clock())))

    def _head(self, shown: str, title: str, subtitle: str, mark: Mark | None) -> None:
        if shown != self._shown:
            self._scroll.verticalScrollBar().setValue(0)
        self._shown = shown
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._mark.set_mark(mark)
        for widget in (self._title, self._subtitle, self._mark, self.close_button):
            widget.show()
        self._empty.hide()

    def _build(self) -> None:
        self._title.setWordWrap(True)
        self._subtitle.setWordWrap(True)
        self._empty.setWordWrap(True)
        QVBoxLayout(self._video).setContentsMargins(0, 0, 0, 0)
        self._video.setMinimumHeight(210)
        self._video.hide()
        body = QWidget()
        set_role(body, "scrolled")
        content = column(body, gap=10)
        for widget in (self._video, self.entity_view, self.case_view, self.personal):
            content.addWidget(widget)
        content.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = line(self._mark)
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button)
        layout = column(self, margin=14, gap=6)
        layout.addLayout(head)
        layout.addWidget(self._subtitle)
        layout.addWidget(self._empty)
        layout.addWidget(self._scroll, 1)

    def _connect(self) -> None:
        thing, case = self.entity_view, self.case_view
        for video in (thing.open_video_requested, thing.cameras.open_video_requested):
            video.connect(self.open_video_requested)
        thing.dispatch_requested.connect(self.dispatch_requested)
        thing.zoom_requested.connect(self.zoom_requested)
        thing.cameras.chosen.connect(self.entity_activated)
        for routes in (thing.route_requested, case.route_requested):
            routes.connect(self.route_requested)
        thing.alarms.acknowledge_requested.connect(self.acknowledge_requested)
        thing.alarms.to_case_requested.connect(self.to_case_requested)
        case.dispatch_requested.connect(self.dispatch_requested)
        case.command_requested.connect(self.case_command_requested)
        case.recall_requested.connect(self.recall_requested)
        case.proposal_answered.connect(self.proposal_answered)
        self.close_button.clicked.connect(self.close_card)

    def showEvent(self, event: QShowEvent) -> None:
        """Let the time go on."""
        super().showEvent(event)
        self.tick()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: rest."""
        super().hideEvent(event)
        self._timer.stop()
