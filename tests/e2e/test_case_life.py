"""A hotline case from its report to its closing, and one that is returned; all by mouse."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton

from app.console import Console
from services.domain.model import Case
from tests.e2e.hands import Hands, reads
from tests.e2e.seats import OpenConsole, desk, stored
from tests.e2e.town import place, town
from tests.harness import HubProcess

CASE = "hotline:20260715-00001"
BOX = QPoint(12, 14)


def report(hub: HubProcess) -> None:
    """The hotline tells of water on a street."""
    lon, lat = place()
    told = {"category": "E05-06", "title": "Water on Kangle street", "lon": lon, "lat": lat}
    hub.ingest({"type": "case", "id": CASE, "source": "12345", **told})


def case(console: Console) -> Case:
    """The case as this desk knows it."""
    return console.live.model.cases[CASE]


def action(console: Console, hands: Hands, command: str) -> QAbstractButton:
    """A button of the case's card as it is now, scrolled into view."""
    window = desk(console)
    view = window.card.case_view
    hands.until(lambda: view.case().version == case(console).version, "the card in step")
    buttons = view.actions_view.buttons
    found = hands.until(lambda: buttons.get(command), f"the button to {command}")
    window.card._scroll.ensureWidgetVisible(found)
    return found


def give(console: Console, hands: Hands, command: str, note: str = "") -> None:
    """Press a button of the case, and answer what is asked; ``note`` is typed where it is."""
    hands.click(action(console, hands, command))
    asked = desk(console).card.case_view.confirm
    if not asked.isVisible():
        return
    if note:
        hands.click(asked.field if asked.field.isVisible() else asked.note)
        hands.type(note)
    hands.click(asked.yes)


def open_case(console: Console, hands: Hands, things: int) -> None:
    """Double-click the only line of the case queue; its card is shown then."""
    window = desk(console)
    hands.to_front(window)
    hands.until(lambda: len(console.live.model.entities) == things, "the town")
    table = window.cases.table
    hands.until(lambda: window.cases.model.rowCount() == 1, "the case in the queue")
    spot = table.visualRect(table.model().index(0, 2)).center()
    hands.click(table.viewport(), spot)
    hands.key("Return")
    hands.until(lambda: reads(window.card, "Water on Kangle street"), "its card")


def send_first(console: Console, hands: Hands) -> None:
    """Send the first team from the dispatch panel of the case."""
    window = desk(console)
    give(console, hands, "dispatch")
    panel = window.incident
    hands.until(lambda: set(panel.team_rows) == {"team:0001", "team:0002"}, "both teams")
    box = panel.team_rows["team:0002"].check
    hands.click(box, QPoint(BOX.x(), box.height() // 2))
    hands.until(lambda: panel.order().teams == ("team:0001",), "the first team alone")
    hands.click(panel.send_button)
    hands.click(panel.confirm.yes)
    hands.until(lambda: case(console).dispatch_ids, "the dispatch")


def reported(hub: HubProcess, dispatch: str, number: int, *states: str) -> None:
    """What a team says of its task."""
    for state in states:
        args = {"dispatch": dispatch, "task": f"{dispatch}/{number}", "state": state}
        hub.command(f"{number}-{state}", "task.update", user="field", **args)


def test_a_case_is_registered_dispatched_declined_offered_again_handed_back_checked_and_closed(
    hub: HubProcess, console: OpenConsole, hands: Hands, tmp_path: Path
) -> None:
    hub.ingest(*town())
    report(hub)
    one = console(hub)
    window = desk(one)
    open_case(one, hands, 6)
    assert reads(window.card, "collect · reported")
    give(one, hands, "register")
    hands.until(lambda: case(one).state == "pending_dispatch", "the case open")
    give(one, hands, "assign")
    hands.until(lambda: case(one).state == "pending_handle", "the department's case")
    send_first(one, hands)
    hands.until(lambda: reads(window.card, "handle · handling"), "the case in handling")

    (dispatch,) = case(one).dispatch_ids
    reported(hub, dispatch, 1, "declined")
    hands.until(lambda: reads(window.card, "proposed because Drainage one declined"), "who else")
    buttons = window.card.case_view.dispatches.task_buttons
    confirm = buttons[f"{dispatch}/2", "confirm"]
    window.card._scroll.ensureWidgetVisible(confirm)
    hands.click(confirm)
    hands.until(
        lambda: one.live.model.dispatches[dispatch].tasks[1].state == "sent", "the other team sent"
    )
    assert "hand_back" not in window.card.case_view.actions_view.buttons
    reported(hub, dispatch, 2, "accepted", "en_route", "arrived", "done")
    hands.until(lambda: case(one).state == "handle_finished", "the work done")

    give(one, hands, "hand_back", "pumped dry")
    hands.until(lambda: case(one).state == "pending_check", "the case handed back")
    give(one, hands, "check")
    hands.until(lambda: case(one).checked_at is not None, "the check")
    give(one, hands, "close")
    hands.until(lambda: case(one).state == "closed", "the case closed")
    hands.until(lambda: window.cases.model.rowCount() == 0, "nothing left in the queue")
    assert hub.stop() == 0

    kept = stored(tmp_path).cases[CASE]
    assert [step.action for step in kept.flow] == [
        "report",
        "register",
        "assign",
        "dispatch",
        "finish",
        "hand_back",
        "check",
        "close",
    ]
    assert (kept.late, kept.flow[5].note) == (False, "pumped dry")
    team = stored(tmp_path).dispatches[dispatch].tasks
    assert [t.state for t in team] == ["declined", "done"]


def test_a_return_needs_a_reason_and_is_repaired_where_it_was(
    hub: HubProcess, console: OpenConsole, hands: Hands, tmp_path: Path
) -> None:
    hub.ingest(*town())
    report(hub)
    one = console(hub)
    window = desk(one)
    open_case(one, hands, 6)
    give(one, hands, "register")
    hands.until(lambda: case(one).state == "pending_dispatch", "the case open")
    hands.click(action(one, hands, "return"))
    asked = window.card.case_view.confirm
    hands.until(asked.isVisible, "the question")
    assert not asked.yes.isEnabled()
    hands.click(asked.note)
    hands.type("which crossing")
    hands.click(asked.yes)
    hands.until(lambda: case(one).state == "returned", "the case returned")
    hands.until(lambda: reads(window.card, "to be repaired by the acceptor"), "by whom")
    assert "dispatch" not in window.card.case_view.actions_view.buttons

    give(one, hands, "repair", "Kangle crossing north")
    hands.until(lambda: case(one).state == "pending_dispatch", "the case where it was")
    assert case(one).address == "Kangle crossing north"
    assert hub.stop() == 0
    kept = stored(tmp_path).cases[CASE]
    assert [(s.action, s.kind) for s in kept.flow[-2:]] == [
        ("return", "return"),
        ("repair", "repair"),
    ]
    assert kept.flow[-2].note == "which crossing"
