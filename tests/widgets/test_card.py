"""The detail card: facts with masking, age, alarms, cameras, cases and their orders."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from services.domain.clock import ManualClock
from services.domain.model import (
    Alarm,
    Case,
    Dispatch,
    Entity,
    FlowStep,
    Link,
    Reservation,
    Severity,
    StockLine,
    Task,
)
from services.packs.model import Catalogue
from tests.widgets.seen import press, words
from widgets.card import CardPanel
from widgets.card_parts import SHOWN_CAMERAS, Fact, NearCamera
from widgets.case_view import CaseDetail
from widgets.rows import AlarmRow, case_row
from widgets.theme import Theme

NOW = 1_784_095_532.0
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def card(qtbot: QtBot, theme: Theme, clock: ManualClock, catalogue: Catalogue) -> CardPanel:
    panel = CardPanel(theme, clock, catalogue, "en")
    qtbot.addWidget(panel)
    panel.resize(420, 1_000)
    panel.show()
    return panel


def sensor(**facts: Any) -> Entity:
    given: dict[str, Any] = {
        "name": "康乐十字",
        "lon": 101.81,
        "lat": 36.6,
        "link": Link.ONLINE,
        "values": {"level": 0.461},
        "observed_at": NOW - 3,
        "attrs": {"site": "康乐十字", "setting": "road"},
    }
    return Entity(id="level_sensor:1", kind="level_sensor", **{**given, **facts})


def standing(key: str = "k", **facts: Any) -> AlarmRow:
    record = Alarm(
        key=key,
        source="hub",
        rule="level_high",
        object_id="level_sensor:1",
        severity=Severity.MAJOR,
        last_time=NOW,
        **facts,
    )
    return AlarmRow(record, "Water level high", "康乐十字")


# -- things -----------------------------------------------------------------------
def test_a_thing_shows_value_age_state_and_facts(card: CardPanel) -> None:
    card.show_entity(sensor())
    shown = words(card)
    for expected in ("康乐十字", "0.46 m", "3 s ago", "online", "Setting", "Road"):
        assert expected in shown


def test_age_goes_on_and_a_silent_thing_is_stale(card: CardPanel, clock: ManualClock) -> None:
    card.show_entity(sensor())
    clock.advance(600)
    card.tick()
    assert "STALE · 10 min ago" in words(card)


def test_a_thing_never_heard_of_says_so(card: CardPanel) -> None:
    card.show_entity(sensor(observed_at=None, values={}, link=Link.UNKNOWN))
    shown = words(card)
    assert "never heard of" in shown
    assert "– m" in shown
    assert "unknown" in shown


def test_a_warehouse_shows_its_stock_and_is_not_called_silent(card: CardPanel) -> None:
    store = Entity(id="warehouse:1", kind="warehouse", name="八一路应急仓库", lon=101.81, lat=36.6)
    card.show_entity(store)
    card.set_stock(
        [
            StockLine(warehouse_id=store.id, item="no such", on_hand=7),
            StockLine(warehouse_id=store.id, item="sandbag", on_hand=1_800, reserved=200),
        ]
    )
    shown = words(card)
    assert "never heard of" not in shown
    assert "unknown" not in shown
    bags, rest = shown.index("Sandbags"), shown.index("no such")
    assert bags < rest  # in pack order, what no pack knows at the end
    assert shown[bags + 1] == "1,600 bags free · 200 reserved"
    assert shown[rest + 1] == "7 free"
    card.show_entity(sensor())
    assert "Sandbags" not in words(card)


def test_values_are_shown_as_the_hub_lets_them_be_seen(card: CardPanel) -> None:
    attrs = {"speciality": "drainage", "leader": "赵**", "phone": "138****2210"}
    card.show_entity(Entity(id="team:1", kind="team", name="排涝一队", attrs=attrs))
    assert "赵**" in words(card)
    assert "138****2210" in words(card)


def test_personal_data_needs_a_reason_and_goes_with_what_is_shown(card: CardPanel) -> None:
    heard: list[str] = []
    view = card.personal
    view.requested.connect(heard.append)
    card.show_entity(sensor())
    assert not view.isVisibleTo(card)
    view.show()
    view.ask.click()
    assert not view.confirm.yes.isEnabled()
    assert card.dismiss_question()
    assert not card.dismiss_question()
    view.ask.click()
    view.confirm.note.setText("call the team")
    view.confirm.yes.click()
    assert heard == ["call the team"]
    view.show_facts([Fact("Phone", "13812342210")])
    assert "13812342210" in words(card)
    view._over.timeout.emit()  # a minute later
    assert "13812342210" not in words(card)
    view.show_facts([Fact("Phone", "13812342210")])
    card.clear()
    assert "13812342210" not in words(card)
    assert not view.isVisibleTo(card)


def test_markup_in_a_name_is_shown_as_letters(card: CardPanel) -> None:
    card.show_entity(sensor(name="<b>x</b>\u202e", attrs={"site": "<img src=x>"}))
    assert "<b>x</b>" in words(card)
    assert "<img src=x>" in words(card)


def test_actions_carry_the_place(qtbot: QtBot, card: CardPanel) -> None:
    card.show_entity(sensor())
    with qtbot.waitSignal(card.dispatch_requested) as got:
        press(qtbot, card, "New incident here")
    assert got.args == [101.81, 36.6, "level_sensor:1"]
    with qtbot.waitSignal(card.zoom_requested) as zoomed:
        press(qtbot, card, "Zoom to")
    assert zoomed.args == [101.81, 36.6]
    assert not card.entity_view.video_button.isVisible()


def test_a_camera_offers_its_video(qtbot: QtBot, card: CardPanel) -> None:
    card.show_entity(Entity(id="c1", kind="camera", name="东", lon=101.8, lat=36.6))
    with qtbot.waitSignal(card.open_video_requested) as got:
        press(qtbot, card, "Open video")
    assert got.args == ["c1"]


def test_a_thing_without_a_place_cannot_be_gone_to(card: CardPanel) -> None:
    card.show_entity(sensor(lon=None, lat=None))
    assert not card.entity_view.dispatch_button.isEnabled()
    assert not card.entity_view.zoom_button.isEnabled()


def test_alarms_are_acknowledged_and_turned_into_cases(qtbot: QtBot, card: CardPanel) -> None:
    card.show_entity(sensor())
    card.set_alarms([standing()])
    with qtbot.waitSignal(card.acknowledge_requested) as got:
        press(qtbot, card, "Acknowledge")
    assert got.args == [["k"], ""]
    with qtbot.waitSignal(card.to_case_requested) as case:
        press(qtbot, card, "Turn into a case")
    assert case.args == ["k"]
    seen = standing(acknowledged=True, ack_by="王", ack_time=NOW, ack_note="已派人", case_id="c")
    card.set_alarms([seen])
    assert "王 acknowledged 14:05 · 已派人" in words(card)
    assert "Acknowledge" not in [b.text() for b in card.findChildren(QPushButton) if b.isVisible()]


def test_the_same_alarms_again_leave_their_buttons_alone(card: CardPanel) -> None:
    card.show_entity(sensor())
    card.set_alarms([standing()])
    before = card.entity_view.alarms.findChildren(QPushButton)
    card.show_entity(sensor(values={"level": 0.47}))
    card.set_alarms([standing()])
    assert card.entity_view.alarms.findChildren(QPushButton) == before


def test_another_thing_clears_alarms_and_cameras(card: CardPanel) -> None:
    card.show_entity(sensor())
    card.set_alarms([standing()])
    card.set_cameras([NearCamera("c1", "东", 80.0, Link.ONLINE)])
    card.show_entity(Entity(id="team:1", kind="team", name="队"))
    assert not card.entity_view.alarms.isVisible()
    assert not card.entity_view.cameras.isVisible()


def test_near_cameras_open_and_say_how_many_more(qtbot: QtBot, card: CardPanel) -> None:
    card.show_entity(sensor())
    many = SHOWN_CAMERAS + 3
    card.set_cameras([NearCamera(f"c{i}", f"东{i}", 100.0 * i, Link.OFFLINE) for i in range(many)])
    assert "3 more further away" in words(card)
    assert words(card).count("offline") == SHOWN_CAMERAS
    with qtbot.waitSignal(card.entity_activated) as got:
        press(qtbot, card, "东1")
    assert got.args == ["c1"]
    first = next(
        b for b in card.entity_view.cameras.findChildren(QPushButton) if b.text() == "Open video"
    )
    with qtbot.waitSignal(card.open_video_requested) as video:
        qtbot.mouseClick(first, LEFT)
    assert video.args == ["c0"]


def test_history_draws_a_curve_with_every_point(card: CardPanel) -> None:
    card.show_entity(sensor())
    card.set_history("level", [(NOW - 60 + i, 0.1 * i) for i in range(60)])
    view = card.entity_view.values._views["level"]
    assert view._curve.isVisible()
    assert view._curve.point_count() == 60
    card.set_history("level", [])
    assert not view._curve.isVisible()


def test_video_slot_takes_and_gives_back_its_widget(qtbot: QtBot, card: CardPanel) -> None:
    pane = QWidget()
    qtbot.addWidget(pane)
    card.show_entity(sensor())
    card.set_video_widget(pane)
    assert pane.isVisible()
    card.set_video_widget(None)
    assert pane.parent() is None
    assert not card._video.isVisible()


def test_orders_are_refused_with_a_reason(card: CardPanel) -> None:
    card.show_entity(sensor())
    card.set_actions_enabled(False, "This is a replay.")
    assert not card.entity_view.dispatch_button.isEnabled()
    assert "This is a replay." in card.entity_view.dispatch_button.toolTip()


def test_closing_says_what_to_do_next(qtbot: QtBot, card: CardPanel) -> None:
    card.show_entity(sensor())
    with qtbot.waitSignal(card.closed):
        qtbot.mouseClick(card.close_button, LEFT)
    assert words(card) == ["Nothing is chosen. Click a symbol on the map."]
    assert card.shown_id == ""


# -- cases ------------------------------------------------------------------------
def flooded(catalogue: Catalogue, *, done: bool = False, **facts: Any) -> CaseDetail:
    record = Case(
        id="6301022026071500231",
        category="E05-06",
        title="康乐十字 道路积水",
        severity=Severity.MAJOR,
        lon=101.81,
        lat=36.6,
        address="康乐十字",
        reported_at=NOW - 6_000,
        deadline_at=NOW + 900,
        flow=(FlowStep(time=NOW - 60, actor="甲", seat="1", action="dispatch", state="handling"),),
        **{"state": "handling", **facts},
    )
    task = Task(
        id="t1",
        entity_id="team:1",
        name="排涝一队",
        state="done" if done else "en_route",
        times={"en_route": NOW - 30, "done": NOW},
        distance_m=1_240.0,
    )
    dispatch = Dispatch(
        id="dispatch:1",
        case_id=record.id,
        by="甲",
        seat="1",
        created_at=NOW - 60,
        tasks=(task,),
        reservations=(Reservation(warehouse_id="w1", item="pump", quantity=2),),
        state="done" if done else "sent",
    )
    return CaseDetail(
        case_row(record, catalogue, "en"),
        (dispatch,),
        {"w1": "八一路应急仓库"},
        ("duty_officer",),
        may_send=True,
    )


def test_a_case_shows_light_tasks_stock_and_flow(card: CardPanel, catalogue: Catalogue) -> None:
    card.show_case(flooded(catalogue))
    shown = words(card)
    for expected in (
        "yellow · left 0:15:00",
        "排涝一队",
        "on the way 14:05",
        "1.2 km straight line",
        "八一路应急仓库 · Mobile pump 2 units · reserved",
        "dispatched → handling · 甲 · seat 1",
        "6301022026071500231",
    ):
        assert expected in shown


def test_a_case_whose_tasks_change_is_never_seen_empty(
    qtbot: QtBot, card: CardPanel, catalogue: Catalogue
) -> None:
    card.resize(420, 360)  # so that it has to be scrolled
    card.show_case(flooded(catalogue))
    bar = card._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 60, timeout=5_000)
    bar.setValue(60)
    card.show_case(flooded(catalogue, done=True))
    now = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    assert {"排涝一队", "6301022026071500231"} <= set(now)  # before Qt's loop has run again
    assert any(text.startswith("done") for text in now)
    QApplication.processEvents()
    assert bar.value() == 60


def test_codes_of_a_case_stand_in_words(card: CardPanel, catalogue: Catalogue) -> None:
    told = {"demo": True, "ward": "3", "nothing": None}
    card.show_case(flooded(catalogue, source="operator", attrs=told))
    shown = words(card)
    assert {"duty officer", "simulated", "ward", "3"} <= set(shown)
    assert not {"operator", "demo", "True", "nothing"} & set(shown)
    card.show_case(flooded(catalogue, source="12345热线"))
    assert "12345热线" in words(card)


def test_a_case_turns_red_by_itself(
    card: CardPanel, catalogue: Catalogue, clock: ManualClock
) -> None:
    card.show_case(flooded(catalogue))
    clock.advance(960)
    card.tick()
    assert "red · over 0:01:00" in words(card)


def test_recall_names_its_consequence_first(
    qtbot: QtBot, card: CardPanel, catalogue: Catalogue
) -> None:
    card.show_case(flooded(catalogue))
    assert "void" not in card.case_view.actions_view.buttons, "a task is still open"
    qtbot.mouseClick(card.case_view.dispatches.recall_buttons["dispatch:1"], LEFT)
    asked = card.case_view.confirm
    assert asked.text.text() == "Teams called back: 1. Stock lines free again: 1."
    qtbot.keyClicks(asked.note, "not needed")
    with qtbot.waitSignal(card.recall_requested) as got:
        qtbot.mouseClick(asked.yes, LEFT)
    assert got.args == ["dispatch:1", "", "not needed"]
    assert not asked.isVisible()


def test_void_needs_a_reason(qtbot: QtBot, card: CardPanel, catalogue: Catalogue) -> None:
    card.show_case(flooded(catalogue, done=True))
    press(qtbot, card, "Void…")
    asked = card.case_view.confirm
    assert not asked.yes.isEnabled()
    with qtbot.assertNotEmitted(card.case_command_requested):
        qtbot.keyClick(asked.note, Qt.Key.Key_Return)
    qtbot.keyClicks(asked.note, "false")
    with qtbot.waitSignal(card.case_command_requested) as got:
        qtbot.keyClick(asked.note, Qt.Key.Key_Return)
    assert got.args == ["6301022026071500231", "void", {"note": "false"}]


def test_close_and_dispatch_more(qtbot: QtBot, card: CardPanel, catalogue: Catalogue) -> None:
    card.show_case(flooded(catalogue, done=True, state="pending_check"))
    with qtbot.waitSignal(card.dispatch_requested) as more:
        press(qtbot, card, "Dispatch here")
    assert more.args == [101.81, 36.6, "6301022026071500231"]
    press(qtbot, card, "Close…")
    with qtbot.waitSignal(card.case_command_requested) as got:
        press(qtbot, card, "Close the case")
    assert got.args == ["6301022026071500231", "close", {"note": ""}]


def test_back_forgets_the_question(qtbot: QtBot, card: CardPanel, catalogue: Catalogue) -> None:
    card.show_case(flooded(catalogue, done=True))
    press(qtbot, card, "Void…")
    with qtbot.assertNotEmitted(card.case_command_requested):
        press(qtbot, card, "Back")
    assert not card.case_view.confirm.isVisible()
    assert card.case_view.actions_view.buttons["void"].isEnabled()
