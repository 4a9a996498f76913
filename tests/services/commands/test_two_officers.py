"""Two officers, any order of orders: stock is never promised twice and no team is sent twice."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from services.dispatch.logic import PENDING_TASKS
from services.domain.errors import KnownError
from services.hub.commands import decide
from services.hub.timed_tasks import SilentTasks
from tests.services.small_city import CENTRE, OFFICER, OTHER, TEAM, City, team, warehouse

TEAMS = ["team:a", "team:b", "team:c"]
STORES = ["warehouse:w", "warehouse:v"]
ITEMS = ["pump", "bag"]
TASK_STATES = ["accepted", "en_route", "arrived", "done", "declined"]
EXPECTED = {
    "stock_short",
    "busy",
    "duplicate",
    "no_task",
    "wrong_state",
    "open_tasks",
    "not_promised",
}
"""Refusals that belong to the game; any other is a bug."""


class TwoOfficers(RuleBasedStateMachine):
    """Orders in any interleaving, as the sequencer takes them: one after another."""

    cases = Bundle("cases")
    dispatches = Bundle("dispatches")

    def __init__(self) -> None:
        super().__init__()
        self.city = City()
        self.city.add(*(team(t.partition(":")[2]) for t in TEAMS))
        self.city.add(*(warehouse(s.partition(":")[2]) for s in STORES))
        for store in STORES:
            self.city.stock(store, "pump", 3)
            self.city.stock(store, "bag", 4)

    def order(self, officer: int, name: str, args: dict[str, Any]) -> dict[str, Any] | None:
        city = self.city
        actor = TEAM if name == "task.update" else (OFFICER, OTHER)[officer]
        try:
            decision = decide(city.scene(actor), name, args)
        except KnownError as error:
            if error.code in EXPECTED:
                return None
            raise
        city.fold(decision.bodies)
        return dict(decision.value)

    def new_case(self, officer: int) -> str:
        value = self.order(
            officer, "case.create", {"category": "flood", "lon": CENTRE[0], "lat": CENTRE[1]}
        )
        assert value is not None
        return str(value["case"])

    @initialize(target=cases)
    def begin(self) -> object:
        return multiple(self.new_case(0), self.new_case(1))

    @rule(target=cases, officer=st.integers(0, 1))
    def create(self, officer: int) -> str:
        return self.new_case(officer)

    @rule(
        target=dispatches,
        officer=st.integers(0, 1),
        case=cases,
        teams=st.lists(st.sampled_from(TEAMS), min_size=1, max_size=2),
        lines=st.lists(
            st.tuples(st.sampled_from(STORES), st.sampled_from(ITEMS), st.integers(1, 3)),
            min_size=1,
            max_size=2,
        ),
    )
    def send(
        self, officer: int, case: str, teams: list[str], lines: list[tuple[str, str, int]]
    ) -> str:
        args = {
            "case": case,
            "tasks": [{"entity": t} for t in teams],
            "stock": [{"warehouse": w, "item": i, "quantity": q} for w, i, q in lines],
        }
        value = self.order(officer, "dispatch.send", args)
        return str(value["dispatch"]) if value is not None else ""

    @rule(officer=st.integers(0, 1), dispatch=dispatches)
    def recall(self, officer: int, dispatch: str) -> None:
        if dispatch:
            self.order(officer, "dispatch.recall", {"dispatch": dispatch})

    @rule(
        dispatch=dispatches, number=st.integers(0, 1), states=st.lists(st.sampled_from(TASK_STATES))
    )
    def report(self, dispatch: str, number: int, states: list[str]) -> None:
        if not dispatch:
            return
        tasks = self.city.world.dispatches[dispatch].tasks
        task = tasks[number % len(tasks)].id
        for state in states:
            self.order(0, "task.update", {"dispatch": dispatch, "task": task, "state": state})

    @rule(
        dispatch=dispatches,
        number=st.integers(0, 3),
        used=st.lists(
            st.tuples(st.sampled_from(STORES), st.sampled_from(ITEMS), st.integers(0, 3)),
            max_size=2,
        ),
    )
    def finish(self, dispatch: str, number: int, used: list[tuple[str, str, int]]) -> None:
        """A team goes all the way and says what it used."""
        if not dispatch:
            return
        task = self.task(dispatch, number)
        for state in ("accepted", "en_route", "arrived"):
            self.order(0, "task.update", {"dispatch": dispatch, "task": task, "state": state})
        lines = [{"warehouse": w, "item": i, "quantity": q} for w, i, q in used]
        args = {"dispatch": dispatch, "task": task, "state": "done", "used": lines}
        self.order(0, "task.update", args)

    @rule(
        officer=st.integers(0, 1),
        dispatch=dispatches,
        number=st.integers(0, 5),
        name=st.sampled_from(["dispatch.confirm", "dispatch.skip", "dispatch.recall"]),
    )
    def word(self, officer: int, dispatch: str, number: int, name: str) -> None:
        """An officer's word on one task."""
        if not dispatch:
            return
        self.order(officer, name, {"dispatch": dispatch, "task": self.task(dispatch, number)})

    @rule(seconds=st.integers(1, 400))
    def wait(self, seconds: int) -> None:
        """Time passes; teams that have not accepted fall silent."""
        city = self.city
        city.clock.advance(seconds)
        silence = SilentTasks(city.catalogue)
        for id_ in silence.standing(city.world):
            at = silence.due(city.world, id_)
            if at is not None and at <= city.clock():
                for body in silence.fire(city.world, id_, city.clock()):
                    city.fold([body])

    @rule(
        officer=st.integers(0, 1),
        stores=st.permutations(STORES),
        item=st.sampled_from(ITEMS),
        quantity=st.integers(1, 3),
    )
    def move(self, officer: int, stores: list[str], item: str, quantity: int) -> None:
        """Stock goes from one warehouse to the other."""
        args = {"warehouse": stores[0], "to": stores[1], "item": item, "quantity": quantity}
        self.order(officer, "stock.move", args)

    def task(self, dispatch: str, number: int) -> str:
        tasks = self.city.world.dispatches[dispatch].tasks
        return tasks[number % len(tasks)].id

    @precondition(lambda self: len(self.city.world.cases) > 3)
    @rule(officer=st.integers(0, 1), case=cases, void=st.booleans())
    def end(self, officer: int, case: str, void: bool) -> None:
        self.order(officer, "case.void" if void else "case.close", {"case": case, "note": "n"})

    @invariant()
    def promises_are_kept(self) -> None:
        """``reserved`` is exactly the sum of standing promises and never more than is there."""
        promised: dict[str, int] = {}
        for dispatch in self.city.world.dispatches.values():
            for promise in dispatch.reservations:
                ended = dispatch.state != "sent"
                assert ended == (promise.state != "reserved")
                if not ended:
                    key = f"{promise.warehouse_id}/{promise.item}"
                    promised[key] = promised.get(key, 0) + promise.quantity
        for key, line in self.city.world.stock.items():
            assert 0 <= line.reserved <= line.on_hand
            assert line.reserved == promised.get(key, 0)

    @invariant()
    def nothing_vanishes(self) -> None:
        """What is not on the shelves any more was used by a dispatch; moving loses nothing."""
        total = dict.fromkeys(ITEMS, 0)
        for dispatch in self.city.world.dispatches.values():
            for promise in dispatch.reservations:
                if promise.state == "consumed":
                    used = promise.quantity if promise.used is None else promise.used
                    assert 0 < used <= promise.quantity
                    total[promise.item] += used
        for line in self.city.world.stock.values():
            total[line.item] += line.on_hand
        assert total == {"pump": 6, "bag": 8}

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        """A team has at most one open task, and is busy exactly then."""
        open_ = [
            task.entity_id
            for dispatch in self.city.world.dispatches.values()
            for task in dispatch.tasks
            if task.state in ("sent", "accepted", "en_route", "arrived")
        ]
        assert len(open_) == len(set(open_))
        for team_id in TEAMS:
            assert (self.city.world.entities[team_id].state == "busy") == (team_id in open_)

    @invariant()
    def cases_and_their_dispatches_agree(self) -> None:
        """No ended case has anybody on the way; a case in handling has somebody."""
        for case in self.city.world.cases.values():
            dispatches = [self.city.world.dispatches[d] for d in case.dispatch_ids]
            running = any(d.state == "sent" for d in dispatches)
            assert running == (case.state == "handling")
            for dispatch in dispatches:
                pending = any(t.state in PENDING_TASKS for t in dispatch.tasks)
                assert pending == (dispatch.state == "sent")


TestTwoOfficers = TwoOfficers.TestCase
TestTwoOfficers.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
