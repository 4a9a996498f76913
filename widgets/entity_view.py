"""A thing of the city in the detail card: state, values, alarms, facts, cameras. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from services.domain.model import Entity, Link
from services.packs.model import Kind, Rule
from widgets.card_parts import (
    Fact,
    FactsView,
    NearCamera,
    NearCameras,
    StandingAlarms,
    ValuesView,
    entity_facts,
)
from widgets.format import age
from widgets.panel import button, column, line
from widgets.route_buttons import RouteButtons
from widgets.rows import AlarmRow
from widgets.symbols import MarkView, link_mark
from widgets.text import plain_label, set_role, set_tooltip
from widgets.theme import Theme
from widgets.words import link_word


class EntityView(QWidget):
    """Facts and actions of one thing; signals as in CardPanel."""

    open_video_requested = Signal(str)
    dispatch_requested = Signal(float, float, str)
    zoom_requested = Signal(float, float)
    route_requested = Signal(str, str)

    def __init__(self, theme: Theme, lang: str) -> None:
        super().__init__()
        self._theme = theme
        self._lang = lang
        self._entity: Entity | None = None
        self._kind: Kind | None = None
        self._why_not = ""
        self._stock: list[Fact] = []
        self._link = MarkView(12)
        self._state = plain_label()
        self._age = plain_label(role="faint")
        self.video_button = button(self.tr("Open video"))
        self.dispatch_button = button(self.tr("New incident here"), "primary")
        self.zoom_button = button(self.tr("Zoom to"))
        self.routes = RouteButtons()
        self.way = plain_label(role="bold")
        self.alarms = StandingAlarms(theme, self.tr("Alarms"))
        self.values = ValuesView(theme, self.tr("Values"))
        self.stock = FactsView(self.tr("Stock"))
        self.facts = FactsView(self.tr("Facts"))
        self.cameras = NearCameras(theme, self.tr("Nearest cameras"))
        self._build()

    # -- setters --------------------------------------------------------------
    def set_entity(self, entity: Entity, kind: Kind | None, rules: Sequence[Rule]) -> None:
        """Show a thing, or its newer state; another thing clears alarms, curves and cameras."""
        if self._entity is None or entity.id != self._entity.id or kind != self._kind:
            self.values.set_kind(kind, rules, self._lang)
            self.alarms.set_alarms((), 0.0)
            self.cameras.set_cameras(())
            self.set_stock(())
            self.set_way("")
        if self._entity is None or entity.attrs != self._entity.attrs or kind != self._kind:
            self._entity, self._kind = entity, kind
            self._show_facts()
        self._entity, self._kind = entity, kind
        self.values.set_values(entity.values)
        self._show_state()
        self._show_actions()

    def set_alarms(self, rows: Sequence[AlarmRow], now: float) -> None:
        """Alarms that stand on it."""
        self.alarms.set_alarms(rows, now)

    def set_stock(self, facts: Sequence[Fact]) -> None:
        """What is in stock in it; another thing has none until it is told."""
        if facts != self._stock:
            self._stock = list(facts)
            self.stock.set_facts(facts)

    def set_cameras(self, cameras: Sequence[NearCamera]) -> None:
        """Cameras near it."""
        self.cameras.set_cameras(cameras)

    def set_way(self, words: str) -> None:
        """Where it is going and when it is there; "" when it is not under way."""
        self.way.setText(words)
        self.way.setVisible(bool(words))

    def set_actions_enabled(self, enabled: bool, why_not: str, now: float) -> None:
        """Allow orders, or say why not."""
        self._why_not = "" if enabled else why_not or self.tr("Not possible here.")
        self.alarms.set_actions_enabled(enabled, now)
        self._show_actions()

    def tick(self, now: float) -> None:
        """Let the age go on."""
        entity, kind = self._entity, self._kind
        if entity is None:
            return
        seconds = None if entity.observed_at is None else max(0.0, now - entity.observed_at)
        limit = kind.stale_after_s if kind is not None else None
        stale = seconds is not None and limit is not None and seconds > limit
        self.values.set_age(seconds, stale=stale)
        words = self.tr("never heard of") if seconds is None else age(seconds)
        self._age.setVisible(self._speaks())
        self._age.setText(self.tr("STALE · {0}").format(words) if stale else words)
        set_role(self._age, "minor" if stale else "faint")

    # -- inside ---------------------------------------------------------------
    def _build(self) -> None:
        layout = column(self, gap=8)
        layout.addLayout(line(self._link, self._state, None, self._age))
        layout.addWidget(self.dispatch_button)
        layout.addLayout(line(self.video_button, self.zoom_button, None))
        layout.addWidget(self.routes)
        layout.addWidget(self.way)
        self.way.setWordWrap(True)
        self.way.hide()
        for section in (self.alarms, self.values, self.stock, self.facts, self.cameras):
            layout.addWidget(section)
        self.video_button.clicked.connect(self._open_video)
        self.dispatch_button.clicked.connect(self._dispatch_here)
        self.zoom_button.clicked.connect(self._zoom)
        self.routes.chosen.connect(self._route)

    def _show_facts(self) -> None:
        if self._entity is None or self._kind is None:
            self.facts.set_facts(())
            return
        self.facts.set_facts(entity_facts(self._entity, self._kind, self._lang))

    def _show_state(self) -> None:
        entity, kind = self._entity, self._kind
        if entity is None:
            return
        words = [link_word(entity.link)] if self._speaks() else []
        states = {s.id: s for s in kind.state} if kind is not None else {}
        if entity.state:
            state = states.get(entity.state)
            words.append(state.label.text(self._lang) if state is not None else entity.state)
        self._link.set_mark(link_mark(self._theme, entity.link))
        self._link.setVisible(self._speaks())
        self._state.setText(" · ".join(words))
        self._state.setVisible(bool(words))

    def _speaks(self) -> bool:
        """Whether a sign of life is expected of it, or has come: a warehouse never sends one."""
        entity, kind = self._entity, self._kind
        expected = kind is None or kind.stale_after_s is not None or bool(kind.measure)
        heard = entity is not None and entity.observed_at is not None
        return expected or heard or (entity is not None and entity.link is not Link.UNKNOWN)

    def _show_actions(self) -> None:
        entity, kind = self._entity, self._kind
        located = entity is not None and entity.lon is not None and entity.lat is not None
        self.video_button.setVisible(kind is not None and "camera" in kind.traits)
        self.dispatch_button.setEnabled(located and not self._why_not)
        set_tooltip(self.dispatch_button, self._why_not)
        self.zoom_button.setEnabled(located)
        self.routes.setEnabled(located)

    def _route(self, end: str) -> None:
        if self._entity is not None:
            self.route_requested.emit(self._entity.id, end)

    def _open_video(self) -> None:
        if self._entity is not None:
            self.open_video_requested.emit(self._entity.id)

    def _dispatch_here(self) -> None:
        entity = self._entity
        if entity is not None and entity.lon is not None and entity.lat is not None:
            self.dispatch_requested.emit(entity.lon, entity.lat, entity.id)

    def _zoom(self) -> None:
        entity = self._entity
        if entity is not None and entity.lon is not None and entity.lat is not None:
            self.zoom_requested.emit(entity.lon, entity.lat)
