"""The demo officer acts as a person would: after a while, once, by the plan, on its own cases."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from services.domain.model import Alarm, Case, Severity
from services.ingest.officer import CHECK_S, MOST_ORDERS, SEAT, DemoOfficer
from services.ingest.view import View
from tests.services.importer.fake_hub import FakeHub
from tests.services.small_city import CENTRE, NOW, City, sensor, team, warehouse

KEY = "rule|level_high|sensor:s1"


def alarm(severity: Severity = Severity.MAJOR, **more: Any) -> Alarm:
    made = Alarm(
        key=KEY, source="rule", rule="level_high", object_id="sensor:s1", severity=severity,
        lon=CENTRE[0], lat=CENTRE[1], first_time=NOW,
    )  # fmt: skip
    return replace(made, **more)


def case(state: str, version: int = 3) -> Case:
    return Case(
        id="c1", category="flood", title="t", severity=Severity.MAJOR, state=state, version=version
    )


class Desk:
    """An officer over a small city with two drainage teams near and a warehouse with pumps."""

    def __init__(self, refuse: str = "", near: float = 0.001) -> None:
        city = City()
        city.add(sensor("s1"), team("a", near), team("b", near * 2), warehouse("w", near))
        city.stock("warehouse:w", "pump", 9)
        self.hub = FakeHub(lambda order: "no" if order["name"] == refuse else "")
        self.view = View(entities=dict(city.world.entities), stock=dict(city.world.stock))
        self.client = self.hub.client()
        self.officer = DemoOfficer(self.view, city.catalogue, self.client, delay_s=20.0)

    def names(self) -> list[str]:
        return [order["name"] for order in self.hub.commands]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_it_waits_then_acknowledges_files_and_sends_what_the_plan_asks_for(desk: Desk) -> None:
    desk.view.alarms[KEY] = alarm()
    desk.officer.step(NOW)
    desk.officer.step(NOW + 19.0)
    assert desk.names() == []
    desk.officer.step(NOW + 20.0)
    assert desk.names() == ["alarm.acknowledge", "alarm.to_case", "dispatch.send"]
    sent = desk.hub.commands[-1]["args"]
    assert sent["case"] == "c1"
    assert sent["tasks"] == [{"entity": "team:a"}, {"entity": "team:b"}]
    assert sent["stock"] == [{"warehouse": "warehouse:w", "item": "pump", "quantity": 5}]
    assert {order["seat"] for order in desk.hub.commands} == {SEAT}
    desk.officer.step(NOW + 60.0)
    assert len(desk.hub.commands) == 3
    desk.client.close()


def test_it_leaves_minor_alarms_and_what_people_have_taken_up(desk: Desk) -> None:
    for other in (
        alarm(Severity.MINOR),
        alarm(case_id="c9"),
        alarm(active=False),
        alarm(rule="unknown"),
        alarm(rule=""),
    ):
        desk.view.alarms[KEY] = other
        desk.officer.step(NOW)
        desk.officer.step(NOW + 100.0)
    assert desk.hub.commands == []
    desk.client.close()


def test_an_acknowledged_alarm_is_not_acknowledged_again(desk: Desk) -> None:
    desk.view.alarms[KEY] = alarm(acknowledged=True)
    desk.officer.step(NOW)
    desk.officer.step(NOW + 20.0)
    assert desk.names() == ["alarm.to_case", "dispatch.send"]
    desk.client.close()


def test_it_looks_farther_when_nobody_is_near() -> None:
    desk = Desk(near=0.03)  # 2.7 km and 5.4 km; the plan's circle has 2 km
    desk.view.alarms[KEY] = alarm()
    desk.officer.step(NOW)
    desk.officer.step(NOW + 20.0)
    assert desk.hub.commands[-1]["args"]["tasks"] == [{"entity": "team:a"}]
    desk.client.close()


def test_refused_orders_are_tried_again_a_few_times_with_new_keys() -> None:
    desk = Desk(refuse="dispatch.send")
    desk.view.alarms[KEY] = alarm()
    for second in range(60):
        desk.officer.step(NOW + second)
    sends = [o for o in desk.hub.commands if o["name"] == "dispatch.send"]
    assert len(sends) == len({o["key"] for o in sends}) == MOST_ORDERS
    cases = {o["key"] for o in desk.hub.commands if o["name"] == "alarm.to_case"}
    assert len(cases) == 1
    desk.client.close()


def test_it_checks_and_closes_its_own_case_and_no_other(desk: Desk) -> None:
    desk.view.cases["other"] = replace(case("pending_check"), id="other")
    desk.view.alarms[KEY] = alarm()
    desk.officer.step(NOW)
    desk.officer.step(NOW + 20.0)
    desk.view.cases["c1"] = case("handling")
    desk.officer.step(NOW + 60.0)
    desk.view.cases["c1"] = case("pending_check", version=7)
    desk.officer.step(NOW + 80.0)
    assert "case.close" not in desk.names()
    desk.officer.step(NOW + 80.0 + CHECK_S)
    desk.officer.step(NOW + 99.0)
    closes = [o for o in desk.hub.commands if o["name"] == "case.close"]
    assert [(o["args"]["case"], o["expect_version"]) for o in closes] == [("c1", 7)]
    desk.client.close()


def test_a_later_alarm_of_the_same_sensor_is_a_new_affair(desk: Desk) -> None:
    desk.view.alarms[KEY] = alarm()
    desk.officer.step(NOW)
    desk.officer.step(NOW + 20.0)
    del desk.view.alarms[KEY]
    desk.officer.step(NOW + 300.0)
    desk.view.alarms[KEY] = alarm(first_time=NOW + 600.0)
    desk.officer.step(NOW + 600.0)
    desk.officer.step(NOW + 620.0)
    assert desk.names().count("dispatch.send") == 2
    keys = [order["key"] for order in desk.hub.commands]
    assert len(set(keys)) == len(keys)
    desk.client.close()
