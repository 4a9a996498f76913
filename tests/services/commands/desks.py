"""An order desk for tests: decides and folds, as the hub does."""

from __future__ import annotations

from typing import Any

import pytest

from services.domain.errors import KnownError
from services.domain.model import Case, Dispatch
from services.hub.commands import decide
from services.hub.scene import Actor
from services.hub.timed import timed_sorts
from tests.services.small_city import CENTRE, OFFICER, TEAM, City


class OrderDesk(City):
    """A city with people: ``do`` gives an order, ``by(role)`` is somebody in a role."""

    def do(
        self,
        name: str,
        args: dict[str, Any],
        actor: Actor = OFFICER,
        expect_version: int | None = None,
    ) -> dict[str, Any]:
        """Decide and fold."""
        decision = decide(self.scene(actor, expect_version), name, args)
        self.fold(decision.bodies)
        return dict(decision.value)

    def refuse(self, name: str, args: dict[str, Any], **more: Any) -> KnownError:
        """The refusal of an order, which must leave everything as it was."""
        before = self.world.digest()
        with pytest.raises(KnownError) as caught:
            self.do(name, args, **more)
        assert self.world.digest() == before
        return caught.value

    def case(self, **more: Any) -> Case:
        """A new case of the desk."""
        args = {"category": "flood", "lon": CENTRE[0], "lat": CENTRE[1], **more}
        return self.world.cases[self.do("case.create", args)["case"]]

    def step(self, case: Case, command: str, role: str = "duty_officer", **more: Any) -> Case:
        """A command about a case by somebody in a role; the case after it."""
        self.do(f"case.{command}", {"case": case.id, **more}, actor=by(role))
        return self.world.cases[case.id]

    def sent(self, case: Case, *teams: str, stock: dict[str, int] | None = None) -> Dispatch:
        """Teams sent with stock of ``warehouse:w``."""
        lines = [
            {"warehouse": "warehouse:w", "item": item, "quantity": number}
            for item, number in (stock or {}).items()
        ]
        args = {"case": case.id, "tasks": [{"entity": t} for t in teams], "stock": lines}
        return self.world.dispatches[self.do("dispatch.send", args)["dispatch"]]

    def report(self, dispatch: Dispatch, number: int, *states: str, **more: Any) -> Dispatch:
        """A team's reports on its task; ``more`` goes with the last one."""
        for state in states:
            args = {"dispatch": dispatch.id, "task": f"{dispatch.id}/{number}", "state": state}
            self.do("task.update", args | (more if state == states[-1] else {}), actor=TEAM)
        return self.world.dispatches[dispatch.id]

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and what is due by then happen."""
        self.clock.advance(seconds)
        for sort in timed_sorts(self.catalogue, self.calendar):
            for id_ in list(sort.standing(self.world)):
                due = sort.due(self.world, id_)
                if due is not None and due <= self.clock():
                    self.fold(sort.fire(self.world, id_, self.clock()))


def by(role: str) -> Actor:
    """Somebody in a role."""
    return Actor(user=role, name=role, seat="B1", roles=(role,))
