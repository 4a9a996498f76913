"""What the desk does with alarms: who stands, who is aside, floods in groups, and orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.alarm_view import object_of
from app.controllers.alarms import AlarmsController
from services.domain.model import Alarm, Entity, Pending, Severity, Suppression
from services.domain.suppression import LATE_S
from services.domain.world import Delta
from services.feed.frames import Result
from tests.app.test_controllers import CATALOGUE, Session
from widgets.alarm_list import AlarmListPanel
from widgets.theme import Theme
from widgets.toast import MessageBar

NOW = 1_750_000_000.0
SHELF = Suppression(kind="shelved", by="王", seat="2", reason="works", since=NOW, until=NOW + 60)
OUT = Suppression(kind="thing_out_of_service", by="李", reason="rebuilt", since=NOW)


class Desk:
    """An alarm panel over a session that the test speaks for."""

    def __init__(self, qtbot: QtBot, theme: Theme, replay: bool = False) -> None:
        self.session = Session(NOW, replay=replay)
        self.panel = AlarmListPanel(theme, self.session.model.now)
        self.messages = MessageBar(theme, lambda: NOW)
        for widget in (self.panel, self.messages):
            qtbot.addWidget(widget)
        self.panel.resize(900, 300)
        self.panel.show()
        self.asked: list[Callable[[Any], None]] = []
        operations = MagicMock()
        operations.run.side_effect = lambda *asked, **_: self.asked.append(asked[1])
        parts = SimpleNamespace(
            catalogue=CATALOGUE, lang="en", api=MagicMock(), operations=operations, theme=theme
        )
        window = SimpleNamespace(alarms=self.panel, messages=self.messages)
        self.controller = AlarmsController(parts, self.session, window, self.session)  # type: ignore[arg-type]  # stand-ins

    def news(self, *alarms: Alarm, gone: tuple[str, ...] = (), reset: bool = False) -> None:
        model = self.session.model
        delta = Delta(reset=reset)
        delta.alarms = {a.key: a for a in alarms} | dict.fromkeys(gone)
        delta.entities = dict(model.entities) if reset else {}
        for key, alarm in delta.alarms.items():
            if alarm is None:
                model.alarms.pop(key, None)
            else:
                model.alarms[key] = alarm
        model.changed.emit(delta)

    def things(self, *entities: Entity) -> None:
        delta = Delta()
        delta.entities = {e.id: e for e in entities}
        self.session.model.entities.update(delta.entities)
        self.session.model.changed.emit(delta)

    def later(self, seconds: float) -> None:
        self.session.model.at += seconds
        self.controller.tick()

    @property
    def listed(self) -> list[str]:
        return list(self.panel.model.keys())

    @property
    def aside(self) -> list[str]:
        return list(self.panel.suppressed.model.keys())


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme) -> Iterator[Desk]:
    made = Desk(qtbot, theme)
    yield made
    made.session.deleteLater()


@pytest.fixture
def theme() -> Theme:
    return Theme.load()


def alarm(n: int, rule: str = "level_high", **facts: Any) -> Alarm:
    facts = {"severity": Severity.MINOR, "recent": (NOW - n,), "first_time": NOW - n, **facts}
    thing = f"level_sensor:{n}"
    return Alarm(key=f"rule|{rule}|{thing}", source="rule", rule=rule, object_id=thing, **facts)


def sensor(n: int, township: str = "", **facts: Any) -> Entity:
    attrs = {"township": township} if township else {}
    return Entity(id=f"level_sensor:{n}", kind="level_sensor", name=f"S{n}", attrs=attrs, **facts)


def test_a_line_says_the_newest_reading_of_its_thing(desk: Desk) -> None:
    desk.things(sensor(1, values={"level": 0.5}))
    desk.news(alarm(1, value=0.5, peak=0.5, limit=0.45), alarm(2, value=0.5, limit=0.45))
    desk.things(sensor(1, values={"level": 0.73}))
    row = desk.panel.alarm_row(alarm(1).key)
    assert row is not None
    assert row.text == "Water level high 0.73 m / 0.45"
    desk.things(sensor(1, values={"level": 0.47}))
    desk.news(alarm(1, value=0.73, peak=0.73, limit=0.45))
    row = desk.panel.alarm_row(alarm(1).key)
    assert row is not None
    assert row.text == "Water level high now 0.47 m / 0.45, worst 0.73"


def test_what_is_suppressed_is_aside_and_what_waits_is_nowhere(desk: Desk) -> None:
    waits = Pending(severity=Severity.MINOR, since=NOW, due=NOW + 30)
    desk.news(
        alarm(1),
        alarm(2, suppressed=(SHELF,)),
        alarm(3, active=False, acknowledged=True, pending=waits),
        reset=True,
    )
    assert desk.listed == [alarm(1).key]
    assert desk.aside == [alarm(2).key]
    desk.news(alarm(1, suppressed=(SHELF,)), alarm(2))
    assert (desk.listed, desk.aside) == ([alarm(2).key], [alarm(1).key])
    desk.news(gone=(alarm(1).key,))
    assert desk.aside == []


def test_it_shows_by_the_clock_even_if_the_hub_never_says_so(desk: Desk) -> None:
    waits = Pending(severity=Severity.MINOR, since=NOW, due=NOW + 60)
    desk.news(
        alarm(2, suppressed=(SHELF,)), alarm(3, active=False, acknowledged=True, pending=waits)
    )
    desk.later(60 + LATE_S - 1)
    assert desk.listed == []
    desk.later(1)
    assert sorted(desk.listed) == [alarm(2).key, alarm(3).key]
    assert desk.aside == []


def test_a_thing_that_is_out_is_told_though_no_alarm_of_it_stands(desk: Desk) -> None:
    desk.things(sensor(1), sensor(2, out_of_service=OUT))
    assert desk.aside == ["thing:level_sensor:2"]
    desk.news(alarm(2, suppressed=(OUT,)))
    assert desk.aside == [alarm(2).key]
    desk.things(sensor(2))
    desk.news(alarm(2))
    assert desk.aside == []


def test_one_thing_goes_out_while_another_comes_back(desk: Desk) -> None:
    desk.things(sensor(1, out_of_service=OUT), sensor(2))
    desk.things(sensor(1), sensor(2, out_of_service=OUT))
    assert desk.aside == ["thing:level_sensor:2"]


def test_ten_in_ten_minutes_are_a_flood_in_groups_by_cause_and_township(desk: Desk) -> None:
    desk.things(*[sensor(n, "东关" if n % 2 else "韵家口") for n in range(12)])
    desk.news(*[alarm(n) for n in range(9)])
    desk.later(0)
    assert not desk.panel._flood_words.isVisible()
    desk.news(alarm(9), alarm(10, rule="rain_heavy"))
    desk.later(0)
    assert desk.panel._flood_words.text() == "Alarm flood: 11 in ten minutes · 2 groups"
    groups = [key for key in desk.listed if key.startswith("group:")]
    assert sorted(groups) == ["group:rule|level_high|东关", "group:rule|level_high|韵家口"]
    assert alarm(10, rule="rain_heavy").key in desk.listed
    desk.later(595)
    assert desk.panel._flood_words.isVisible()
    desk.later(5)
    assert not desk.panel._flood_words.isVisible()
    assert len(desk.listed) == 11


def test_a_place_without_township_is_in_the_smallest_outline_that_holds_it(desk: Desk) -> None:
    def grid(name: str, size: float) -> Entity:
        ring = ((0.0, 0.0), (size, 0.0), (size, size), (0.0, size), (0.0, 0.0))
        return Entity(id=f"unit_grid:{name}", kind="unit_grid", name=name, geometry=(ring,))

    desk.things(grid("large", 1.0), grid("small", 0.5))
    view = desk.controller._view
    assert view.area_of(alarm(1, lon=0.2, lat=0.2)) == "small"
    assert view.area_of(alarm(1, lon=0.7, lat=0.7)) == "large"
    assert view.area_of(alarm(1, lon=7.0, lat=7.0)) == ""
    assert view.area_of(alarm(1)) == ""


def test_the_load_knows_what_was_before_and_what_came_since(desk: Desk, qtbot: QtBot) -> None:
    desk.news(alarm(1), alarm(2, suppressed=(SHELF,)), reset=True)
    desk.panel.load_button.click()
    assert "1 in the last hour" in desk.panel.load._now.text()
    assert desk.panel.load._missing.text()
    row = (NOW - 30, "rule|level_high|level_sensor:7", "rule", "level_high", "level_sensor:7", 4)
    same = (NOW - 1, alarm(1).key, "rule", "level_high", "level_sensor:1", 2)
    desk.asked[-1]([same, row, (NOW - 90_000, "old", "s", "", "o", 2)])
    desk.later(6)
    assert "2 in the last hour" in desk.panel.load._now.text()
    assert not desk.panel.load._missing.text()


def test_orders_go_out_with_what_was_asked(desk: Desk) -> None:
    panel = desk.panel
    panel.shelve_requested.emit(["a", "b"], "timed", 900.0, "works")
    panel.shelve_requested.emit(["a"], "one_shot", 0.0, "works")
    panel.out_requested.emit("object", "pump:1", "broken")
    panel.back_requested.emit("unshelve", "a")
    panel.back_requested.emit("alarm", "a")
    panel.back_requested.emit("object", "pump:1")
    panel.acknowledge_requested.emit(["a"], "seen")
    panel.acknowledge_requested.emit([f"k{n}" for n in range(250)], "")
    timed = {"mode": "timed", "reason": "works", "for_s": 900.0}
    sent = [(name, args) for name, args, _ in desk.session.orders]
    assert sent[:7] == [
        ("alarm.shelve", {"alarm": "a", **timed}),
        ("alarm.shelve", {"alarm": "b", **timed}),
        ("alarm.shelve", {"alarm": "a", "mode": "one_shot", "reason": "works"}),
        ("alarm.out_of_service", {"object": "pump:1", "reason": "broken"}),
        ("alarm.unshelve", {"alarm": "a"}),
        ("alarm.return_to_service", {"alarm": "a"}),
        ("alarm.return_to_service", {"object": "pump:1"}),
    ]
    assert sent[7] == ("alarm.acknowledge", {"alarm": "a", "note": "seen"})
    assert [len(args["alarms"]) for _, args in sent[8:]] == [200, 50]


def test_what_was_refused_of_many_is_told_with_who_was_first(desk: Desk) -> None:
    desk.news(alarm(1, acknowledged=True, ack_by="值班员乙", ack_seat="A2"))
    desk.panel.acknowledge_requested.emit([alarm(1).key, "b", "c"], "")
    answered = desk.session.orders[-1][2]
    answered(Result(key="k", value={alarm(1).key: "already_acknowledged", "b": "", "c": ""}))
    told = [label.text() for label in desk.messages.findChildren(QLabel)]
    assert (
        "1 of 3 were not acknowledged. 值班员乙 at seat A2 has acknowledged this alarm already."
    ) in told


def test_a_replay_gives_no_orders(qtbot: QtBot, theme: Theme) -> None:
    desk = Desk(qtbot, theme, replay=True)
    desk.news(alarm(1), reset=True)
    desk.panel.table.selectRow(desk.panel.model.place_of(alarm(1).key))
    assert not desk.panel.shelve_button.isEnabled()
    assert not desk.panel.acknowledge_button.isEnabled()
    desk.session.deleteLater()


def test_things_behind_keys() -> None:
    assert object_of("rule|level_high|level_sensor:1") == "level_sensor:1"
    assert object_of("thing:pump:1") == "pump:1"
    assert object_of("odd") == ""
