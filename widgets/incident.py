"""New incident here: category, circle, whom and what to send, one button. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from services.dispatch.proposal import Proposal, Shortfall, TeamPick
from services.packs.model import Attribute, Catalogue
from widgets.card_parts import NearCamera, NearCameras, Section
from widgets.confirm import ConfirmBar
from widgets.format import distance
from widgets.incident_choice import Choice, IncidentOrder, listed
from widgets.incident_form import Incident, IncidentForm
from widgets.incident_rows import TeamRow, WarehouseRow, look
from widgets.panel import Panel, button, column, line
from widgets.plan_steps import PlanSteps
from widgets.text import button_text, plain_label, set_found, set_role
from widgets.theme import Theme

SHOWN_TEAMS = 12
SHOWN_STORES = 8


class IncidentPanel(Panel):
    """From a place to an order.

    ``category_changed(code)``, ``radius_changed(metres)`` and ``severity_changed()`` ask for a new
    proposal;
    ``send_requested(IncidentOrder)`` after the officer has confirmed; ``cancelled()``;
    ``open_video_requested(id)`` and ``entity_activated(id)`` for the cameras;
    ``team_pointed(id)``: the pointer is on a team's row, "" when it has left.
    """

    category_changed = Signal(str)
    radius_changed = Signal(float)
    severity_changed = Signal()
    send_requested = Signal(object)
    cancelled = Signal()
    open_video_requested = Signal(str)
    entity_activated = Signal(str)
    team_pointed = Signal(str)

    def __init__(
        self, theme: Theme, catalogue: Catalogue, lang: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._catalogue = catalogue
        self._lang = lang
        self._incident = Incident(lon=0.0, lat=0.0)
        self._choice = Choice()
        self._all_teams = False
        self._why_not = ""
        self._busy = False
        self._asked: IncidentOrder | None = None
        self._drawn: tuple[object, ...] = ()
        self._found = ""
        self._head = plain_label(role="title")
        self._place = plain_label(role="muted")
        self.form = IncidentForm(catalogue, lang)
        self._plan = PlanSteps(self.tr("Response plan"))
        self._shortfalls = Section(self.tr("Missing"))
        self._teams = Section(self.tr("Teams"))
        self._stores = Section(self.tr("Warehouses"))
        self._cameras = NearCameras(theme, self.tr("Nearest cameras"))
        self._nothing = plain_label(role="empty")
        self._message = plain_label(role="bold")
        self.confirm = ConfirmBar()
        self.send_button = button("", "primary")
        self.cancel_button = button(self.tr("Cancel"))
        self.team_rows: dict[str, TeamRow] = {}
        self.store_rows: dict[str, WarehouseRow] = {}
        self._build()
        self._connect()
        self._show_send()

    # -- setters --------------------------------------------------------------
    def start(self, incident: Incident) -> None:
        """Begin at a place; forgets what was chosen for the last one."""
        self._incident = incident
        self._choice = Choice()
        self._all_teams = False
        self._found = ""
        known = bool(incident.case_id)
        self._head.setText(self.tr("Dispatch more") if known else self.tr("New incident here"))
        position = f"{incident.lon:.5f}° E {incident.lat:.5f}° N"
        self._place.setText(f"{incident.address} · {position}" if incident.address else position)
        self.form.start(incident)
        self.confirm.dismiss()
        self.set_busy(False)
        self.set_error("")
        self.set_proposal(Proposal())
        self.category_changed.emit(self.form.category_code())
        self.radius_changed.emit(self.form.radius_m())

    def set_proposal(self, proposal: Proposal) -> None:
        """Show what is near; what the officer chose by hand stays chosen."""
        self._choice.propose(proposal)
        self._show_picks()
        plan = self._catalogue.plan_of(self.form.category_code())
        self._plan.set_plan(plan, self.form.chosen_severity(), self._lang)
        self._shortfalls.refill([self._shortfall(s) for s in proposal.shortfalls])
        self._cameras.set_cameras(
            [NearCamera(e.id, e.name, metres, e.link) for e, metres in proposal.cameras]
        )
        self._nothing.setVisible(not proposal.teams and not proposal.warehouses)
        self._mark_found()
        self._show_send()

    def set_busy(self, busy: bool) -> None:
        """While the order is on its way, nothing can be changed or sent twice."""
        self._busy = busy
        for widget in (self._scroll, self.cancel_button, self.confirm):
            widget.setEnabled(not busy)
        self._say(self.tr("Sending…") if busy else "", "muted")
        self._show_send()

    def set_error(self, text: str) -> None:
        """Say why the order was refused; everything chosen stays. "" takes it away."""
        self.set_busy(False)
        self._say(text, "critical")

    def set_sent(self, text: str) -> None:
        """Say that the order is out."""
        self.set_busy(False)
        self.send_button.setEnabled(False)
        self._say(text, "good")

    def set_actions_enabled(self, enabled: bool, why_not: str = "") -> None:
        """Allow sending, or say why not (replay, role, offline)."""
        self._why_not = "" if enabled else why_not or self.tr("Not possible here.")
        self._show_send()

    def point_out(self, feature_id: str) -> bool:
        """Mark the row of a team, warehouse or camera and bring it into view; false when the
        panel has none of it."""
        self._found = feature_id
        picks = {p.entity.id for p in self._choice.proposal.teams}
        if feature_id in picks and feature_id not in self.team_rows:
            self._show_all_teams()
        row = self._mark_found()
        if row is not None:
            self._scroll.ensureWidgetVisible(row)
        return row is not None

    def _mark_found(self) -> QWidget | None:
        found = None
        for rows in (self.team_rows, self.store_rows, self._cameras.rows):
            for row_id, row in rows.items():
                set_found(row, row_id == self._found)
                if row_id == self._found:
                    found = row
        return found

    def dismiss_question(self) -> bool:
        """Take back a question that is open; false when none is."""
        if self._asked is None:
            return False
        self.confirm.dismiss()
        return True

    # -- reading --------------------------------------------------------------
    @property
    def busy(self) -> bool:
        """Whether an order is on its way."""
        return self._busy

    @property
    def heading(self) -> str:
        """What is being dispatched for, in a few words."""
        return self.form.title.text().strip() or self._head.text()

    def order(self) -> IncidentOrder:
        """What would be sent now."""
        return IncidentOrder(
            category=self.form.category_code(),
            severity=self.form.chosen_severity(),
            title=self.form.title.text().strip(),
            lon=self._incident.lon,
            lat=self._incident.lat,
            radius_m=self.form.radius_m(),
            address=self._incident.address,
            case_id=self._incident.case_id,
            alarm_key=self._incident.alarm_key,
            teams=self._choice.teams(),
            stock=self._choice.stock(),
        )

    # -- building -------------------------------------------------------------
    def _build(self) -> None:
        body = QWidget()
        set_role(body, "scrolled")
        content = column(body, gap=8)
        content.setContentsMargins(0, 0, 10, 0)
        content.addWidget(self.form)
        self._nothing.setText(self.tr("No team and no warehouse inside the circle. Widen it."))
        self._nothing.setWordWrap(True)
        for section in (self._shortfalls, self._teams, self._stores, self._nothing):
            content.addWidget(section)
        content.addWidget(self._plan)
        content.addWidget(self._cameras)
        content.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._place.setWordWrap(True)
        self._message.setWordWrap(True)
        self._message.hide()
        layout = column(self, margin=14, gap=8)
        for widget in (self._head, self._place, self._scroll, self._message, self.confirm):
            layout.addWidget(widget)
        layout.setStretch(2, 1)
        self.send_button.setMinimumWidth(150)  # its longest words may be cut, the window may not
        buttons = line(self.send_button, self.cancel_button)
        buttons.setStretch(0, 1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.form.category_changed.connect(self._category_chosen)
        self.form.radius_changed.connect(self.radius_changed)
        self.form.severity_changed.connect(self.severity_changed)
        self.confirm.asked.connect(self._show_buttons)
        self.send_button.clicked.connect(self._ask_send)
        self.cancel_button.clicked.connect(self.cancelled)
        self._cameras.open_video_requested.connect(self.open_video_requested)
        self._cameras.chosen.connect(self.entity_activated)

    # -- proposal -------------------------------------------------------------
    def _show_picks(self) -> None:
        """Draw teams and warehouses anew only where they look different: nobody's typing stops."""
        choice, proposal = self._choice, self._choice.proposal
        teams = [(*look(p), p.reason, choice.has_team(p)) for p in proposal.teams]
        stores = [(*look(p), p.lines, choice.quantities(p)) for p in proposal.warehouses]
        if (teams, stores) == self._drawn:
            return
        self._drawn = (teams, stores)
        typing = self.focusWidget()
        held = [
            (store, item)
            for store, row in self.store_rows.items()
            for item, spin in row.spins.items()
            if spin is typing
        ]
        self._show_teams()
        self._show_stores()
        for store, item in held:
            if store in self.store_rows and item in self.store_rows[store].spins:
                self.store_rows[store].spins[item].setFocus()

    def _category_chosen(self, code: str) -> None:
        self._choice.forget()
        self.category_changed.emit(code)

    def _show_teams(self) -> None:
        picks = self._choice.proposal.teams
        order = sorted(picks, key=lambda p: not self._choice.has_team(p))  # else as proposed
        shown = order if self._all_teams else order[:SHOWN_TEAMS]
        self.team_rows = {p.entity.id: self._team(p) for p in shown}
        widgets: list[QWidget] = list(self.team_rows.values())
        if len(order) > len(shown):
            more = button(self.tr("More teams: {0}").format(len(order) - len(shown)), "link")
            more.clicked.connect(self._show_all_teams)
            widgets.append(more)
        self._teams.refill(widgets)

    def _team(self, pick: TeamPick) -> TeamRow:
        row = TeamRow(self.theme, pick, self._choice.has_team(pick), self._team_facts(pick))
        row.toggled.connect(self._team_toggled)
        row.pointed.connect(self.team_pointed)
        return row

    def _team_facts(self, pick: TeamPick) -> str:
        kind = self._catalogue.kinds.get(pick.entity.kind)
        shown = [
            self._fact(attribute, pick)
            for attribute in (kind.attribute if kind is not None else ())
            if attribute.data_class == "public"
            and pick.entity.attrs.get(attribute.name) not in (None, "")
        ]
        return " · ".join(shown[:3])

    def _fact(self, attribute: Attribute, pick: TeamPick) -> str:
        text = attribute.value_text(pick.entity.attrs.get(attribute.name), self._lang)
        return text if attribute.type == "text" else f"{attribute.label.text(self._lang)} {text}"

    def _show_all_teams(self) -> None:
        self._all_teams = True
        self._show_teams()

    def _show_stores(self) -> None:
        picks = self._choice.proposal.warehouses[:SHOWN_STORES]
        self.store_rows = {}
        for pick in picks:
            row = WarehouseRow(
                self.theme, pick, self._choice.quantities(pick), self._catalogue, self._lang
            )
            row.quantity_changed.connect(self._quantity_changed)
            self.store_rows[pick.entity.id] = row
        self._stores.refill(list(self.store_rows.values()))

    def _shortfall(self, short: Shortfall) -> QWidget:
        label = self._need_label(short.item_or_team)
        words = self.tr("{0}: {1} of {2} found").format(label, short.found, short.needed)
        if short.nearest_m is not None:
            nearest = self.tr("the next one is {0} away").format(distance(short.nearest_m))
            words = self.tr("{0}, {1}").format(words, nearest)
        text = plain_label(words, "minor")
        text.setWordWrap(True)
        return text

    def _need_label(self, code: str) -> str:
        item = self._catalogue.items.get(code)
        if item is not None:
            return item.label.text(self._lang)
        for kind in self._catalogue.with_trait("dispatchable"):
            for attribute in kind.attribute:
                if code in attribute.choice_label:
                    return attribute.choice_label[code].text(self._lang)
        return code

    def _team_toggled(self, entity_id: str, on: bool) -> None:
        self._choice.choose_team(entity_id, on)
        self._show_send()

    def _quantity_changed(self, warehouse_id: str, item: str, quantity: int) -> None:
        self._choice.choose_stock(warehouse_id, item, quantity)
        self._show_send()

    # -- sending --------------------------------------------------------------
    def _show_send(self) -> None:
        teams, stock = len(self._choice.teams()), len(self._choice.stock())
        if stock and not teams:
            words = self.tr("Choose a team that takes the stock")
        elif teams:
            words = self.tr("Send · teams: {0} · stock: {1}").format(teams, stock)
        else:
            words = self.tr("Open the case, send nobody")
        self.send_button.setText(button_text(words))
        nothing = bool(self._incident.case_id) and not teams and not stock
        possible = not (self._why_not or nothing or (stock and not teams) or self._busy)
        self.send_button.setEnabled(possible)
        if self._why_not:
            self._say(self._why_not, "minor")
        if self._asked is not None and self.order() != self._asked:
            self.confirm.dismiss()

    def _ask_send(self) -> None:
        order = self.order()
        self._asked = order
        self._say("", "bold")
        self.confirm.ask(
            self._consequence(order), self.tr("Send now"), lambda _note: self._send(order)
        )

    def _consequence(self, order: IncidentOrder) -> str:
        parts: list[str] = []
        if not order.case_id:
            parts.append(self.tr("A case is opened and its deadline runs."))
        if order.teams:
            names = [p.entity.name for p in self._choice.proposal.teams if self._choice.has_team(p)]
            parts.append(self.tr("Called out at once: {0}.").format(listed(names)))
        if order.stock:
            parts.append(self.tr("Reserved: {0}.").format(listed(self._stock_words(order))))
        return " ".join(parts)

    def _stock_words(self, order: IncidentOrder) -> list[str]:
        totals: dict[str, int] = {}
        for _warehouse, item, quantity in order.stock:
            totals[item] = totals.get(item, 0) + quantity
        return [f"{self._need_label(item)} {n:,}" for item, n in totals.items()]

    def _show_buttons(self, asked: bool) -> None:
        self.send_button.setVisible(not asked)
        self.cancel_button.setVisible(not asked)
        if not asked:
            self._asked = None

    def _send(self, order: IncidentOrder) -> None:
        self.setFocus()  # else the keyboard goes to the next field of the window, the search box
        self.set_busy(True)
        self.send_requested.emit(order)

    def _say(self, text: str, role: str) -> None:
        self._message.setText(text)
        set_role(self._message, role)
        self._message.setVisible(bool(text))
