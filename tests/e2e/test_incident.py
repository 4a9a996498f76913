"""Click to dispatch, from a right click on the map to the stock line in the hub's store."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from app.console import Console
from app.windows.desk import DeskWindow
from tests.e2e.hands import Hands, mark_at, reads
from tests.e2e.seats import OpenConsole, desk, stored
from tests.e2e.town import place, stock, team, thing, town
from tests.harness import HubProcess

BOX = QPoint(12, 14)
"""The box of a tick with its name is at the left end."""


def open_incident(console: Console, things: int, hands: Hands) -> DeskWindow:
    """Right-click home on the map; the dispatch panel is open then."""
    window = desk(console)
    hands.to_front(window)
    hands.until(lambda: len(console.live.model.entities) == things, "the town")
    window.map.set_view(*place(), 15)
    hands.incident_at(window.map, *place())
    hands.until(window.incident.isVisible, "the dispatch panel")
    return window


def enter(hands: Hands, field: QWidget, text: str) -> None:
    """Put the cursor into a field, replace what is there, and end with Enter."""
    hands.click(field)
    hands.until(field.hasFocus, "the cursor in the field")
    hands.key("ctrl+a")
    hands.type(text)
    hands.key("Return")


def choose_category(window: DeskWindow, hands: Hands, code: str) -> None:
    """Find a category by typing its code."""
    field = window.incident.form.category.lineEdit()
    assert field is not None
    enter(hands, field, code)
    hands.until(lambda: window.incident.form.category_code() == code, "the category")


def tick(hands: Hands, box: QWidget) -> None:
    """Click a check box."""
    hands.click(box, QPoint(BOX.x(), box.height() // 2))


def test_an_order_by_mouse_is_in_the_store_and_on_the_other_console(
    hub: HubProcess, console: OpenConsole, hands: Hands, tmp_path: Path
) -> None:
    hub.ingest(*town())
    other = console(hub, "duty2")
    one = console(hub)
    window = open_incident(one, 6, hands)
    panel = window.incident
    choose_category(window, hands, "E05-06")
    enter(hands, panel.form.radius_spin, "500")
    hands.until(lambda: list(panel.team_rows) == ["team:0001"], "only the team inside 500 m")
    assert panel.form.radius_m() == 500.0
    assert window.map.stage.state.circle is not None
    assert window.map.stage.state.circle[2] == 500.0
    hands.until(lambda: reads(panel.store_rows["warehouse:0001"], "5 units free"), "the stock")
    assert panel.order().teams == ("team:0001",)  # proposed, as the category needs it

    row = panel.team_rows["team:0001"]
    tick(hands, row.check)
    hands.until(lambda: panel.order().teams == (), "nobody chosen")
    tick(hands, panel.team_rows["team:0001"].check)
    hands.until(lambda: panel.order().teams == ("team:0001",), "the team chosen again")
    enter(hands, panel.store_rows["warehouse:0001"].spins["pump"], "3")
    hands.until(lambda: ("warehouse:0001", "pump", 3) in panel.order().stock, "three pumps")
    hands.click(panel.send_button)
    hands.until(lambda: reads(panel.confirm, "Called out at once: Drainage one."), "the question")
    hands.click(panel.confirm.yes)
    hands.until(lambda: reads(window.messages, "The dispatch is out"), "the word that it is out")
    hands.until(lambda: reads(window.card, "Drainage one"), "the case with its team on the card")

    (case_id,) = one.live.model.cases
    hands.until(lambda: list(desk(other).cases.model.rows()) == [case_id], "the case over there")
    line = hands.until(
        lambda: (found := other.live.model.stock["warehouse:0001/pump"]).reserved and found,
        "the reservation over there",
    )
    assert (line.on_hand, line.reserved) == (5, 3)
    assert hub.stop() == 0

    world = stored(tmp_path)
    case = world.cases[case_id]
    assert case.category == "E05-06"
    assert (case.lon, case.lat) == pytest.approx(place(), abs=5e-5)  # a pixel or so
    (dispatch,) = (world.dispatches[i] for i in case.dispatch_ids)
    assert [t.entity_id for t in dispatch.tasks] == ["team:0001"]
    assert ("warehouse:0001", "pump", 3) in [
        (r.warehouse_id, r.item, r.quantity) for r in dispatch.reservations
    ]
    assert world.stock["warehouse:0001/pump"].reserved == 3
    assert world.entities["team:0001"].state == "busy"


def test_a_dispatch_is_never_lost_behind_a_card(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    one = console(hub)
    window = open_incident(one, 6, hands)
    panel, chart = window.incident, window.map
    choose_category(window, hands, "E05-06")
    hands.until(lambda: "team:0001" in panel.team_rows, "the team in the panel")
    hands.until(lambda: mark_at(chart, *place(east=0.004)), "the team's mark")
    hands.click_map(chart, *place(east=0.004))
    hands.until(lambda: panel.team_rows["team:0001"].property("found"), "its row pointed out")
    assert panel.isVisible()

    hands.click_map(chart, *place(north=0.004))
    hands.until(lambda: reads(window.card, "Kangle underpass"), "the card of the sensor")
    assert chart.stage.state.circle is not None
    hands.click(window.return_bar.back_button)
    hands.until(panel.isVisible, "the panel again")

    hands.click_map(chart, *place(north=0.004))
    hands.until(window.return_bar.isVisible, "the card with the way back")
    hands.key("Escape")  # on the map, which has the keyboard
    hands.until(panel.isVisible, "the panel under the card that was closed")
    hands.key("Escape")
    hands.until(lambda: chart.stage.state.circle is None, "no circle without a dispatch")
    assert not panel.isVisible()
    assert not window.return_bar.isVisible()

    hands.incident_at(chart, *place())
    hands.until(panel.isVisible, "a new dispatch")
    hands.click(panel.form.title)
    hands.until(panel.form.title.hasFocus, "the cursor in the panel")
    hands.key("Escape")
    hands.until(lambda: not panel.isVisible(), "the panel left by its own Escape")
    assert one.live.model.cases == {}


@contextmanager
def held(pid: int) -> Iterator[None]:
    """A process stands still for the time of the block, and then finds all that came at once."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_two_consoles_order_the_last_pump_at_once_and_one_is_told_who_has_it(
    hub: HubProcess, console: OpenConsole, hands: Hands, tmp_path: Path
) -> None:
    hub.ingest(
        thing("warehouse", 1, "东关应急库", north=-0.004),
        stock(1, "pump", 1),
        team(1, "排涝一队", east=0.004),
        team(2, "排涝二队", east=0.006),
    )
    both = [console(hub, user, lang="zh") for user in ("duty1", "duty2")]
    for each, left_out in zip(both, ("team:0002", "team:0001"), strict=True):
        window = open_incident(each, 3, hands)
        choose_category(window, hands, "E05-06")
        hands.until(lambda w=window: len(w.incident.order().teams) == 2, "both teams proposed")
        tick(hands, window.incident.team_rows[left_out].check)
        hands.until(lambda w=window: len(w.incident.order().teams) == 1, "one team left")
        assert window.incident.order().stock == (("warehouse:0001", "pump", 1),)
        hands.click(window.incident.send_button)
        hands.until(window.incident.confirm.yes.isVisible, "the question")
    with held(hub.pid):
        for each in both:
            hands.to_front(desk(each))
            hands.click(desk(each).incident.confirm.yes)
            hands.until(lambda e=each: reads(desk(e).incident, "正在发送"), "the order under way")

    def said(window: DeskWindow) -> list[str]:
        return [t for t in ("调派已下达", "库存不足") if reads(window, t)]

    hands.until(lambda: all(said(desk(each)) for each in both), "both answers")
    answers = [said(desk(each)) for each in both]
    assert sorted(answers) == [["库存不足"], ["调派已下达"]]
    loser = desk(both[answers.index(["库存不足"])])
    assert reads(loser.incident, "移动泵")
    assert reads(loser.incident, "东关应急库")
    assert hub.stop() == 0
    world = stored(tmp_path)  # which sees that no stock line was ever promised twice
    assert world.stock["warehouse:0001/pump"].reserved == 1
    assert len(world.dispatches) == 1
