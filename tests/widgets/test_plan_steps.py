"""The response plan in the dispatch panel and in a case: its steps by severity."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from services.domain.model import Severity
from services.packs.model import Catalogue
from tests.widgets.seen import words
from widgets.plan_steps import PlanSteps


def test_steps_are_numbered_and_say_who_and_when(qtbot: QtBot, catalogue: Catalogue) -> None:
    steps = PlanSteps("Response plan")
    qtbot.addWidget(steps)
    plan = catalogue.plan_of("E05-06")
    assert plan is not None
    steps.set_plan(plan, Severity.MAJOR, "en")
    steps.show()
    major = words(steps)
    assert "1. Look through the nearest cameras: how deep, how far" in major
    assert "Duty officer · within 5 min" in major
    worse = "5. Declare the flood response; call in the township"
    assert worse not in major
    steps.set_plan(plan, Severity.CRITICAL, "en")
    assert worse in words(steps)
    steps.set_plan(None, Severity.CRITICAL, "zh")
    assert steps.isHidden()
