"""The demo officer: answers a flood alarm as a person at the desk would, for shows without people.

One thread. It acts only through the hub's commands, from a seat named 演示席, and only on its own
cases; what it finds in the world comes from the feed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from services.cases.logic import is_open
from services.dispatch.proposal import Proposal, propose
from services.domain.errors import KnownError
from services.domain.model import Alarm, Severity
from services.ingest.http_client import HubClient
from services.ingest.view import View
from services.packs.model import Catalogue

SEAT = "演示席"
MEASURE = "level"
CHECK_S = 6.0
"""What the officer takes to check a case before closing it."""
MOST_ORDERS = 3
"""Orders given for one alarm before the officer leaves it to people."""
WIDER = (1.0, 2.0, 4.0)
"""Radii tried, as multiples of the category's."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Affair:
    """One alarm on the officer's desk."""

    seen_at: float
    case_id: str = ""
    sent: bool = False
    refusals: int = 0


@dataclass(slots=True)
class DemoOfficer:
    """Watches level alarms of a world and sends who is near. ``delay_s``: what it waits first."""

    view: View
    catalogue: Catalogue
    client: HubClient
    delay_s: float
    _affairs: dict[str, _Affair] = field(default_factory=dict)
    _checking: dict[str, float] = field(default_factory=dict)
    _confirmed: set[str] = field(default_factory=set)

    def step(self, now: float) -> None:
        """Do what is due; one call a tick. Raises KnownError ``hub_unreachable`` only."""
        for alarm in list(self.view.alarms.values()):
            if self._mine(alarm):
                affair = self._affairs.setdefault(alarm.key, _Affair(now))
                if now >= affair.seen_at + self.delay_s and affair.refusals < MOST_ORDERS:
                    self._tried(affair, alarm)
        for key in [k for k in self._affairs if k not in self.view.alarms]:
            if self._affairs[key].sent:
                del self._affairs[key]
        self._confirm()
        self._close(now)

    def _mine(self, alarm: Alarm) -> bool:
        """A standing flood alarm that is serious, and that no person has taken up."""
        rule = self.catalogue.rules.get(alarm.rule)
        known = self._affairs.get(alarm.key)
        if rule is None or rule.measure != MEASURE or alarm.severity < Severity.MAJOR:
            return False
        if known is not None:
            return not known.sent
        return alarm.active and not alarm.case_id and not alarm.suppressed

    def _tried(self, affair: _Affair, alarm: Alarm) -> None:
        try:
            self._answer(affair, alarm)
        except KnownError as error:
            if error.code == "hub_unreachable":
                raise
            affair.refusals += 1
            log.warning("The demo officer's order was refused: %s", error)

    def _answer(self, affair: _Affair, alarm: Alarm) -> None:
        stamp = f"{alarm.key}-{alarm.first_time:.3f}"
        if not alarm.acknowledged:
            self._order(f"ack-{stamp}", "alarm.acknowledge", {"alarm": alarm.key})
        if not affair.case_id:
            value = self._order(f"case-{stamp}", "alarm.to_case", {"alarm": alarm.key})
            affair.case_id = str(value.get("case", ""))
            self._checking[affair.case_id] = 0.0
        proposal = self._proposal(alarm)
        order: dict[str, object] = {
            "case": affair.case_id,
            "tasks": [{"entity": t.entity.id} for t in proposal.teams if t.chosen],
            "stock": [
                {"warehouse": w.entity.id, "item": item, "quantity": wanted}
                for w in proposal.warehouses
                for item, _, wanted in w.lines
                if wanted > 0
            ],
            "note": "演示席按预案派遣",
        }
        self._order(f"send-{stamp}-{affair.refusals}", "dispatch.send", order)
        affair.sent = True

    def _proposal(self, alarm: Alarm) -> Proposal:
        """What the plan proposes nearby; farther away where nobody is near."""
        rule = self.catalogue.rules[alarm.rule]
        category = self.catalogue.categories.get(rule.category)
        if category is None or alarm.lon is None or alarm.lat is None:
            raise KnownError("no_plan", f"there is no plan or place for alarm {alarm.key}")
        proposal = Proposal()
        for wider in WIDER:
            radius_m = category.radius_m * wider
            proposal = propose(
                self.view, self.catalogue, alarm.lon, alarm.lat, radius_m, category.code
            )
            if any(team.chosen for team in proposal.teams):
                return proposal
        raise KnownError("no_team", f"no free team is near alarm {alarm.key}")

    def _confirm(self) -> None:
        """Send whom the hub proposes instead of a team that declined or is silent."""
        for case_id in self._checking:
            case = self.view.cases.get(case_id)
            for id_ in case.dispatch_ids if case is not None else ():
                dispatch = self.view.dispatches.get(id_)
                for task in dispatch.tasks if dispatch is not None else ():
                    if task.state == "proposed" and task.id not in self._confirmed:
                        self._confirmed.add(task.id)
                        self._confirm_task(id_, task.id)

    def _confirm_task(self, dispatch_id: str, task_id: str) -> None:
        order: dict[str, object] = {"dispatch": dispatch_id, "task": task_id}
        try:
            self._order(f"confirm-{task_id}", "dispatch.confirm", order)
        except KnownError as error:
            if error.code == "hub_unreachable":
                self._confirmed.discard(task_id)
                raise
            log.warning("The demo officer could not send %s: %s", task_id, error)

    def _close(self, now: float) -> None:
        """Close its own cases some seconds after they wait for their check."""
        for case_id, since in list(self._checking.items()):
            case = self.view.cases.get(case_id)
            if case is None:
                continue
            if not is_open(case):
                del self._checking[case_id]
            elif case.state != "pending_check":
                continue
            elif not since:
                self._checking[case_id] = now
            elif now >= since + CHECK_S:
                self._finish(case_id, case.version)

    def _finish(self, case_id: str, version: int) -> None:
        try:
            self.client.command(
                f"demo-close-{case_id}-{version}",
                "case.close",
                {"case": case_id, "note": "核查通过"},
                expect_version=version,
                seat=SEAT,
            )
        except KnownError as error:
            if error.code == "hub_unreachable":
                raise
            log.warning("The demo officer could not close case %s: %s", case_id, error)
        del self._checking[case_id]

    def _order(self, key: str, name: str, args: dict[str, object]) -> dict[str, object]:
        return self.client.command(f"demo-{key}", name, args, seat=SEAT)
