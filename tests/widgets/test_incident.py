"""From a place to an order: what is proposed, what is chosen, what is sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from services.dispatch.proposal import Proposal, Shortfall, TeamPick, WarehousePick
from services.domain.model import Entity, Link, Severity
from services.packs.model import Catalogue
from tests.widgets.seen import words
from widgets.incident import SHOWN_TEAMS, IncidentOrder, IncidentPanel
from widgets.incident_form import (
    LEAST_RADIUS_M,
    MOST_RADIUS_M,
    SLIDER_STEPS,
    Incident,
    radius_of,
    step_of,
)
from widgets.theme import Theme

LEFT = Qt.MouseButton.LeftButton
PLACE = Incident(lon=101.817, lat=36.603, address="康乐十字", category="E05-06")


def thing(id_: str, kind: str, name: str, **attrs: Any) -> Entity:
    return Entity(id=id_, kind=kind, name=name, lon=101.8, lat=36.6, link=Link.ONLINE, attrs=attrs)


def team(id_: str, chosen: bool, reason: Any, metres: float = 1_000.0) -> TeamPick:
    entity = thing(id_, "team", f"队 {id_}", speciality="drainage", members=6)
    return TeamPick(entity, metres, chosen, reason)


def store(*lines: tuple[str, int, int]) -> WarehousePick:
    return WarehousePick(thing("w1", "warehouse", "八一路应急仓库"), 820.0, lines)


def usual() -> Proposal:
    return Proposal(
        teams=[
            team("t1", True, "needed", 1_240.0),
            team("t2", False, "spare", 2_000.0),
            team("t3", False, "busy"),
        ],
        warehouses=[store(("pump", 3, 2), ("sandbag", 800, 200), ("barrier", 0, 0))],
        cameras=[(thing("c1", "camera", "康乐十字-东"), 80.0)],
        shortfalls=[Shortfall("pump_truck", 2, 1, 5_400.0)],
    )


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, catalogue: Catalogue) -> IncidentPanel:
    made = IncidentPanel(theme, catalogue, "en")
    qtbot.addWidget(made)
    made.resize(420, 1_000)
    made.show()
    made.start(PLACE)
    return made


def send(qtbot: QtBot, panel: IncidentPanel) -> IncidentOrder:
    qtbot.mouseClick(panel.send_button, LEFT)
    with qtbot.waitSignal(panel.send_requested) as got:
        qtbot.mouseClick(panel.confirm.yes, LEFT)
    order = got.args[0]
    assert isinstance(order, IncidentOrder)
    return order


def test_start_takes_the_category_and_its_circle(
    qtbot: QtBot, panel: IncidentPanel, catalogue: Catalogue
) -> None:
    category = catalogue.categories["E05-06"]
    with qtbot.waitSignals([panel.category_changed, panel.radius_changed]):
        panel.start(PLACE)
    assert panel.form.category_code() == "E05-06"
    assert panel.form.radius_m() == category.radius_m
    assert panel.form.title.text() == f"康乐十字 {category.label.en}"
    assert panel.form.chosen_severity() is category.severity


def test_the_proposal_is_what_is_sent(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    assert panel.send_button.text() == "Send · teams: 1 · stock: 2"
    qtbot.mouseClick(panel.send_button, LEFT)
    told = panel.confirm.text.text()
    assert "A case is opened" in told
    assert "队 t1" in told
    assert "Mobile pump 2, Sandbags 200" in told
    with qtbot.waitSignal(panel.send_requested) as got:
        qtbot.mouseClick(panel.confirm.yes, LEFT)
    order = got.args[0]
    assert order == IncidentOrder(
        category="E05-06",
        severity=panel.form.chosen_severity(),
        title=panel.form.title.text(),
        lon=101.817,
        lat=36.603,
        radius_m=panel.form.radius_m(),
        address="康乐十字",
        teams=("t1",),
        stock=(("w1", "pump", 2), ("w1", "sandbag", 200)),
    )


def test_the_officer_changes_the_picks(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    qtbot.mouseClick(panel.team_rows["t1"].check, LEFT)
    qtbot.mouseClick(panel.team_rows["t2"].check, LEFT)
    spin = panel.store_rows["w1"].spins["pump"]
    spin.setFocus()
    qtbot.keyClick(spin, Qt.Key.Key_Up)
    order = send(qtbot, panel)
    assert order.teams == ("t2",)
    assert order.stock == (("w1", "pump", 3), ("w1", "sandbag", 200))


def test_busy_teams_and_empty_lines_cannot_be_chosen(panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    assert not panel.team_rows["t3"].check.isEnabled()
    assert not panel.store_rows["w1"].spins["barrier"].isEnabled()
    assert panel.store_rows["w1"].spins["pump"].maximum() == 3


def test_the_box_of_a_warehouse_takes_all_or_nothing(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    qtbot.mouseClick(panel.store_rows["w1"].check, LEFT)
    assert panel.order().stock == ()
    qtbot.mouseClick(panel.store_rows["w1"].check, LEFT)
    assert panel.order().stock == (("w1", "pump", 2), ("w1", "sandbag", 200))


def test_choices_by_hand_survive_another_radius(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    qtbot.mouseClick(panel.team_rows["t2"].check, LEFT)
    panel.store_rows["w1"].spins["sandbag"].setValue(700)
    less = Proposal(teams=usual().teams, warehouses=[store(("pump", 1, 1), ("sandbag", 500, 200))])
    panel.set_proposal(less)
    assert panel.order().teams == ("t1", "t2")
    assert panel.order().stock == (("w1", "pump", 1), ("w1", "sandbag", 500)), "never beyond free"


def test_another_category_forgets_choices(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    qtbot.mouseClick(panel.team_rows["t1"].check, LEFT)
    other = (panel.form.category.currentIndex() + 1) % panel.form.category.count()
    with qtbot.waitSignal(panel.category_changed) as got:
        panel.form.category.setCurrentIndex(other)
    assert got.args == [panel.form.category_code()]
    panel.set_proposal(usual())
    assert panel.order().teams == ("t1",)


def test_an_equal_proposal_leaves_the_rows_alone(panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    before = dict(panel.store_rows)
    panel.set_proposal(usual())
    assert panel.store_rows == before


def test_the_question_stays_while_the_order_is_the_same(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    qtbot.mouseClick(panel.send_button, LEFT)
    panel.set_proposal(usual())
    assert panel.confirm.isVisible()
    assert not panel.send_button.isVisible()
    panel.set_proposal(Proposal(teams=usual().teams))
    assert not panel.confirm.isVisible(), "what was asked is not what would be sent"
    assert panel.send_button.isVisible()


def test_shortfalls_are_said_in_words(panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    assert "High-power pump truck: 1 of 2 found, the next one is 5.4 km away" in words(panel)


def test_reasons_stand_at_every_team(panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    shown = words(panel)
    assert "Drainage · On duty 6 · asked for by the plan" in shown
    assert "Drainage · On duty 6 · on another task" in shown


def test_nothing_near_says_what_to_do(panel: IncidentPanel) -> None:
    panel.set_proposal(Proposal())
    assert panel._nothing.text() == "No team and no warehouse inside the circle. Widen it."
    assert panel._nothing.isVisible()
    assert panel.send_button.text() == "Open the case, send nobody"
    assert panel.send_button.isEnabled()


def test_stock_without_a_team_is_not_sent_because_the_hub_would_refuse_it(
    panel: IncidentPanel,
) -> None:
    panel.set_proposal(Proposal(warehouses=[store(("pump", 3, 2))]))
    assert panel.send_button.text() == "Choose a team that takes the stock"
    assert not panel.send_button.isEnabled()


def test_the_category_field_says_nothing_else_than_what_is_sent(
    qtbot: QtBot, panel: IncidentPanel
) -> None:
    field = panel.form.category.lineEdit()
    assert field is not None
    for typed in ("E05-06", "nothing of the kind"):
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert field.text() == "Street flooding  E05-06"
        assert panel.order().category == "E05-06"


def test_dispatching_more_needs_somebody(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.start(Incident(lon=101.8, lat=36.6, category="E05-06", title="旧案", case_id="c1"))
    assert not panel.send_button.isEnabled()
    assert not panel.form.category.isEnabled()
    panel.set_proposal(usual())
    order = send(qtbot, panel)
    assert order.case_id == "c1"
    assert order.title == "旧案"


def test_many_teams_are_folded_until_asked_for(qtbot: QtBot, panel: IncidentPanel) -> None:
    many = [team(f"t{i:02}", False, "spare", float(i)) for i in range(SHOWN_TEAMS + 5)]
    panel.set_proposal(Proposal(teams=many))
    assert len(panel.team_rows) == SHOWN_TEAMS
    panel._show_all_teams()
    assert len(panel.team_rows) == SHOWN_TEAMS + 5


def test_what_is_clicked_on_the_map_is_pointed_out_in_the_panel(
    qtbot: QtBot, panel: IncidentPanel
) -> None:
    panel.set_proposal(usual())
    team_id, store_id = next(iter(panel.team_rows)), next(iter(panel.store_rows))
    assert panel.point_out(store_id)
    assert panel.store_rows[store_id].property("found")
    assert panel.point_out(team_id)
    assert panel.team_rows[team_id].property("found")
    assert not panel.store_rows[store_id].property("found")
    assert not panel.point_out("level_sensor:9")
    assert not panel.team_rows[team_id].property("found")


def test_a_folded_team_that_is_pointed_out_unfolds(qtbot: QtBot, panel: IncidentPanel) -> None:
    many = tuple(team(f"team:{i}", False, "spare", 100.0 * i) for i in range(1, 31))
    panel.set_proposal(Proposal(teams=many))
    assert "team:30" not in panel.team_rows
    assert panel.point_out("team:30")
    row = panel.team_rows["team:30"]
    assert row.property("found")
    panel.resize(420, 500)
    panel.show()
    qtbot.waitExposed(panel)
    panel.point_out("team:30")
    port = panel._scroll.viewport()
    qtbot.waitUntil(
        lambda: port.rect().contains(row.mapTo(port, row.rect().center())), timeout=5_000
    )


def test_busy_sends_nothing_twice_and_an_error_keeps_the_choice(
    qtbot: QtBot, panel: IncidentPanel
) -> None:
    panel.set_proposal(usual())
    send(qtbot, panel)
    assert not panel.send_button.isEnabled()
    panel.set_proposal(usual())
    assert not panel.send_button.isEnabled(), "a fresh proposal does not end the wait"
    panel.set_error("Only 1 pump is free.")
    assert panel._message.text() == "Only 1 pump is free."
    assert panel.send_button.isEnabled()
    assert panel.order().teams == ("t1",)
    panel.set_sent("Sent.")
    assert panel._message.text() == "Sent."
    assert not panel.send_button.isEnabled()


def test_where_nothing_may_be_sent_the_reason_stands(panel: IncidentPanel) -> None:
    panel.set_actions_enabled(False, "This is a replay.")
    assert not panel.send_button.isEnabled()
    assert panel._message.text() == "This is a replay."


def test_slider_and_number_say_the_same_radius(qtbot: QtBot, panel: IncidentPanel) -> None:
    with qtbot.waitSignal(panel.radius_changed) as got:
        panel.form.radius_slider.setValue(SLIDER_STEPS)
    assert got.args == [float(MOST_RADIUS_M)]
    with qtbot.waitSignal(panel.radius_changed):
        panel.form.radius_spin.setValue(LEAST_RADIUS_M)
    assert panel.form.radius_slider.value() == 0


@given(st.integers(0, SLIDER_STEPS))
def test_slider_steps_stay_within_the_range(step: int) -> None:
    assert LEAST_RADIUS_M <= radius_of(step) <= MOST_RADIUS_M
    assert abs(step_of(radius_of(step)) - step) <= 3


def test_category_is_found_by_typing(qtbot: QtBot, panel: IncidentPanel) -> None:
    edit = panel.form.category.lineEdit()
    assert edit is not None
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "lift")
    completer = panel.form.category.completer()
    assert completer is not None
    assert "lift" in completer.currentCompletion().lower()
    completer.popup().hide()


@pytest.mark.parametrize("typed", ["E05-06", "e05-06", "street floo"])
def test_typing_and_enter_chooses_a_category(
    qtbot: QtBot, panel: IncidentPanel, typed: str
) -> None:
    panel.form.category.setCurrentIndex(panel.form.category.findData("E05-02"))
    assert panel.form.category_code() != "E05-06"
    field = panel.form.category.lineEdit()
    assert field is not None
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert panel.form.category_code() == "E05-06"
    assert field.text().endswith("E05-06")
    field.selectAll()
    qtbot.keyClicks(field, "nothing like this")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert panel.form.category_code() == "E05-06"


def test_the_plan_s_steps_stand_in_the_panel(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.start(Incident(lon=101.8, lat=36.6, category="E05-06"))
    panel.show()
    assert not any("Declare the flood response" in w for w in words(panel))
    with qtbot.waitSignal(panel.severity_changed):
        panel.form.severity.setCurrentIndex(0)
        panel.form.severity.activated.emit(0)
    panel.set_proposal(Proposal())
    assert any("Declare the flood response" in w for w in words(panel))


def test_a_title_by_hand_is_kept(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.form.title.selectAll()
    qtbot.keyClicks(panel.form.title, "my own")
    panel.form.category.setCurrentIndex(0)
    assert panel.form.title.text() == "my own"
    assert panel.order().title == "my own"
    assert isinstance(panel.order().severity, Severity)


def test_cancel_and_cameras_are_told(qtbot: QtBot, panel: IncidentPanel) -> None:
    panel.set_proposal(usual())
    with qtbot.waitSignal(panel.cancelled):
        qtbot.mouseClick(panel.cancel_button, LEFT)
    with qtbot.waitSignal(panel.open_video_requested) as got:
        panel._cameras.open_video_requested.emit("c1")
    assert got.args == ["c1"]
