"""A case on the card: its buttons follow state and role, and what is asked before an order."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from services.cases.calendar_file import load_calendar
from services.cases.choices import choices
from services.cases.table import STATES
from services.domain.clock import ManualClock
from services.domain.model import (
    Appeal,
    Case,
    Dispatch,
    Extension,
    FlowStep,
    Reservation,
    Severity,
    Suspension,
    Task,
)
from services.packs.model import Catalogue
from tests.widgets.seen import press, words
from widgets.card import CardPanel
from widgets.case_view import CaseDetail
from widgets.case_words import GRANT, REFUSE, command_word, working_span
from widgets.rows import case_row
from widgets.theme import Theme

NOW = 1_784_095_532.0  # Wednesday 2026-07-15 14:05:32 in Beijing
LEFT = Qt.MouseButton.LeftButton
CALENDAR = load_calendar()
ID = "6301022026071500231"


@pytest.fixture
def card(qtbot: QtBot, theme: Theme, clock: ManualClock, catalogue: Catalogue) -> CardPanel:
    panel = CardPanel(theme, clock, catalogue, "en", calendar=CALENDAR)
    qtbot.addWidget(panel)
    panel.resize(420, 1_000)
    panel.show()
    return panel


def record(state: str, **facts: Any) -> Case:
    given: dict[str, Any] = {
        "title": "井盖破损",
        "lon": 101.81,
        "lat": 36.6,
        "address": "康乐十字",
        "department": "区城建局",
        "reported_at": NOW - 6_000,
        "deadline_at": NOW + 900,
        "state": state,
    }
    return Case(id=ID, category="E05-06", severity=Severity.MAJOR, **{**given, **facts})


def show(card: CardPanel, catalogue: Catalogue, case: Case, *roles: str, **more: Any) -> None:
    detail = CaseDetail(case_row(case, catalogue, "en"), roles=roles, may_send=True, **more)
    card.show_case(detail)


def labels(card: CardPanel) -> list[str]:
    return [b.text() for b in card.case_view.actions_view.buttons.values()]


# -- buttons --------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["duty_officer", "dispatcher", "department", "leader", "observer"])
@pytest.mark.parametrize("state", STATES)
def test_the_buttons_are_exactly_what_state_and_role_allow(
    card: CardPanel, catalogue: Catalogue, state: str, role: str
) -> None:
    facts: dict[str, Any] = {"late": True, "handed_back_at": NOW} if state == "closed" else {}
    if state == "returned":
        facts = {"returned_from": "pending_dispatch", "returned_to": "acceptor"}
    case = record(state, **facts)
    show(card, catalogue, case, role)
    allowed = set(choices(case, [role], NOW))
    assert set(labels(card)) == {command_word(c) for c in allowed}
    assert card.case_view.actions_view.isVisible() == bool(allowed)


def test_a_case_without_a_place_is_not_dispatched_from_the_card(
    card: CardPanel, catalogue: Catalogue
) -> None:
    show(card, catalogue, record("pending_dispatch", lon=None, lat=None), "duty_officer")
    assert "Dispatch here" not in labels(card)
    assert "Assign…" in labels(card)


def test_what_a_passed_deadline_forbids_goes_by_itself(
    card: CardPanel, catalogue: Catalogue, clock: ManualClock
) -> None:
    show(card, catalogue, record("handling"), "department")
    assert "Ask for more time…" in labels(card)
    clock.advance(901)
    card.tick()
    assert "Ask for more time…" not in labels(card)


def test_buttons_stand_still_while_nothing_changes(card: CardPanel, catalogue: Catalogue) -> None:
    show(card, catalogue, record("reported"), "duty_officer")
    before = dict(card.case_view.actions_view.buttons)
    show(card, catalogue, record("reported", title="another"), "duty_officer")
    card.tick()
    assert card.case_view.actions_view.buttons == before


def test_in_a_replay_they_are_shown_and_cannot_be_pressed(
    card: CardPanel, catalogue: Catalogue
) -> None:
    card.set_actions_enabled(False, "This is a replay.")
    show(card, catalogue, record("reported"), "duty_officer")
    buttons = card.case_view.actions_view.buttons.values()
    assert buttons
    assert not any(b.isEnabled() for b in buttons)


# -- orders ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "label", "command"),
    [
        ("reported", "Accept", "accept"),
        ("reported", "Register", "register"),
        ("reported", "Have it verified", "send_verify"),
        ("pending_verify", "Verified", "verify"),
        ("pending_check", "Checked", "check"),
        ("handling", "Work finished", "finish"),
    ],
)
def test_a_plain_step_goes_with_one_click(
    qtbot: QtBot, card: CardPanel, catalogue: Catalogue, state: str, label: str, command: str
) -> None:
    show(card, catalogue, record(state), "duty_officer")
    with qtbot.waitSignal(card.case_command_requested) as got:
        press(qtbot, card, label)
    assert got.args == [ID, command, {"note": ""}]


@pytest.mark.parametrize(
    ("state", "role", "label", "yes", "command"),
    [
        ("reported", "subcentre", "Do not accept…", "Do not accept it", "refuse"),
        ("pending_dispatch", "dispatcher", "Return…", "Return the case", "return"),
        ("handling", "department", "Ask for more time…", "Ask for more time", "extend_request"),
    ],
)
def test_what_needs_a_reason_asks_for_it(
    qtbot: QtBot,
    card: CardPanel,
    catalogue: Catalogue,
    state: str,
    role: str,
    label: str,
    yes: str,
    command: str,
) -> None:
    show(card, catalogue, record(state), role)
    press(qtbot, card, label)
    asked = card.case_view.confirm
    assert not asked.yes.isEnabled()
    qtbot.keyClicks(asked.note, "wrong place")
    with qtbot.waitSignal(card.case_command_requested) as got:
        press(qtbot, card, yes)
    assert got.args == [ID, command, {"note": "wrong place"}]


@pytest.mark.parametrize(
    ("state", "facts", "label", "yes", "field", "preset"),
    [
        ("pending_dispatch", {}, "Assign…", "Assign the case", "department", "区城建局"),
        ("pending_handle", {}, "Take on…", "Take the case on", "handler", ""),
        ("reported", {}, "Amend…", "Save", "address", "康乐十字"),
        (
            "returned",
            {"returned_from": "pending_handle", "returned_to": "dispatcher"},
            "Repaired…",
            "Save",
            "department",
            "区城建局",
        ),
    ],
)
def test_what_needs_a_field_asks_for_it(
    qtbot: QtBot,
    card: CardPanel,
    catalogue: Catalogue,
    state: str,
    facts: dict[str, Any],
    label: str,
    yes: str,
    field: str,
    preset: str,
) -> None:
    show(card, catalogue, record(state, **facts), "duty_officer")
    press(qtbot, card, label)
    asked = card.case_view.confirm
    assert (asked.field.isVisible(), asked.field.text()) == (True, preset)
    asked.field.clear()
    assert not asked.yes.isEnabled()
    qtbot.keyClicks(asked.field, " Li ")
    with qtbot.waitSignal(card.case_command_requested) as got:
        press(qtbot, card, yes)
    assert got.args[2] == {"note": "", field: "Li"}


def test_a_rework_is_repaired_without_another_field(
    qtbot: QtBot, card: CardPanel, catalogue: Catalogue
) -> None:
    case = record("returned", returned_from="pending_check", returned_to="department")
    show(card, catalogue, case, "department")
    press(qtbot, card, "Repaired…")
    assert not card.case_view.confirm.field.isVisible()
    with qtbot.waitSignal(card.case_command_requested) as got:
        press(qtbot, card, "Save")
    assert got.args == [ID, "repair", {"note": ""}]


def test_a_suspension_is_asked_for_in_days(
    qtbot: QtBot, card: CardPanel, catalogue: Catalogue
) -> None:
    show(card, catalogue, record("pending_dispatch"), "leader")
    press(qtbot, card, "Suspend…")
    asked = card.case_view.confirm
    assert asked.days.isVisible()
    asked.days.setValue(30)
    qtbot.keyClicks(asked.note, "permit")
    with qtbot.waitSignal(card.case_command_requested) as got:
        press(qtbot, card, "Suspend the case")
    assert got.args == [ID, "suspend", {"note": "permit", "until": NOW + 30 * 86_400}]


def test_an_appeal_is_granted_or_refused(
    qtbot: QtBot, card: CardPanel, catalogue: Catalogue
) -> None:
    appeal = Appeal(by="x", at=NOW, reason="封路")
    case = record("closed", late=True, handed_back_at=NOW, appeal=appeal)
    show(card, catalogue, case, "leader")
    assert labels(card) == [command_word(GRANT), command_word(REFUSE)]
    with qtbot.waitSignal(card.case_command_requested) as got:
        press(qtbot, card, "Grant the appeal")
    assert got.args == [ID, "appeal_decide", {"note": "", "granted": True}]
    press(qtbot, card, "Refuse the appeal…")
    qtbot.keyClicks(card.case_view.confirm.note, "no proof")
    with qtbot.waitSignal(card.case_command_requested) as got:
        qtbot.keyClick(card.case_view.confirm.note, Qt.Key.Key_Return)
    assert got.args[2] == {"note": "no proof", "granted": False}


# -- words ----------------------------------------------------------------------------
def test_link_state_marks_and_flow_stand_in_words(card: CardPanel, catalogue: Catalogue) -> None:
    steps = tuple(
        FlowStep(time=NOW - 60, actor=actor, seat="", action=action, state="handling", note=note)
        for actor, action, note in (
            ("甲", "supervise", "批示"),
            ("system", "overdue", ""),
        )
    )
    asked = Extension(requested_by="x", requested_at=NOW, reason="y")
    case = record(
        "handling",
        supervision=2,
        overdue_at=NOW - 5,
        rework=1,
        extensions=(asked,),
        handler="乙班",
        flow=steps,
    )
    show(card, catalogue, case, "duty_officer")
    shown = words(card)
    assert "handle · handling" in shown
    assert "urged × 2 · overdue · rework × 1 · more time asked for" in shown
    assert "overdue → handling · by itself" in shown
    assert "urged → handling · 甲\n批示" in shown
    assert "乙班" in shown


def test_a_returned_case_says_whose_repair_it_waits_for(
    card: CardPanel, catalogue: Catalogue
) -> None:
    case = record("returned", returned_from="pending_check", returned_to="department", rework=1)
    show(card, catalogue, case, "duty_officer")
    shown = words(card)
    assert "check and close · returned" in shown
    assert "rework × 1 · to be repaired by the department" in shown


def test_the_limit_is_told_in_its_own_unit(card: CardPanel, catalogue: Catalogue) -> None:
    case = record(
        "handling",
        limit_s=2 * 28_800.0,
        limit_unit="working_days",
        reported_at=NOW - 3_600,
        deadline_at=CALENDAR.add(NOW, 5 * 3_600.0),
        yellow_at=NOW + 99_999.0,
        calendar=CALENDAR.version,
    )
    show(card, catalogue, case, "duty_officer")
    assert "2 d of working time" in words(card)
    assert "green · 5:00:00 working time left" in words(card)
    other = record("handling", limit_unit="working_days", calendar="another", deadline_at=NOW + 900)
    show(card, catalogue, other, "duty_officer")
    assert "yellow · left 0:15:00" in words(card)


def test_spans_of_working_time_have_days_of_eight_hours() -> None:
    assert working_span(5 * 3_600) == "5:00:00"
    assert working_span(-(8 * 3_600 + 90 * 60)) == "1 d 1:30"


def test_a_stopped_clock_says_until_when(card: CardPanel, catalogue: Catalogue) -> None:
    pause = Suspension(
        since=NOW - 60, until=NOW + 86_400, by="x", reason="y", state_before="pending_handle"
    )
    show(card, catalogue, record("suspended", suspension=pause), "leader")
    shown = words(card)
    assert "yellow · clock stopped until 2026-07-16 14:05" in shown
    assert "handle · suspended" in shown
    assert "Resume" in labels(card)


# -- whom to send instead ---------------------------------------------------------------
def dispatched(*tasks: Task, **facts: Any) -> Dispatch:
    return Dispatch(
        id="dispatch:1",
        case_id=ID,
        by="甲",
        seat="1",
        created_at=NOW - 60,
        tasks=tasks,
        reservations=(Reservation(warehouse_id="w1", item="pump", quantity=3, **facts),),
    )


def task(number: int, state: str, **facts: Any) -> Task:
    return Task(
        id=f"dispatch:1/{number}",
        entity_id=f"team:{number}",
        name=f"{number}队",
        state=state,  # type: ignore[arg-type]  # a state by name
        times={state: NOW - 60, "sent": NOW - 60},
        **facts,
    )


@pytest.mark.parametrize(
    ("first", "words_", "label", "send"),
    [
        ("declined", "proposed because 1队 declined", "Send", True),
        ("sent", "proposed because 1队 is silent", "Somebody else", False),
    ],
)
def test_an_officer_answers_a_proposal_with_one_click(
    qtbot: QtBot,
    card: CardPanel,
    catalogue: Catalogue,
    first: str,
    words_: str,
    label: str,
    send: bool,
) -> None:
    gone = task(1, first, silent_at=NOW if first == "sent" else None)
    order = dispatched(gone, task(2, "proposed", replaces=gone.id))
    show(card, catalogue, record("handling"), "duty_officer", dispatches=(order,))
    assert words_ in words(card)
    with qtbot.waitSignal(card.proposal_answered) as got:
        press(qtbot, card, label)
    assert got.args == ["dispatch:1", "dispatch:1/2", send]


def test_a_silent_team_is_marked_and_one_of_several_is_called_back(
    qtbot: QtBot, card: CardPanel, catalogue: Catalogue
) -> None:
    order = dispatched(task(1, "sent", silent_at=NOW), task(2, "accepted"), used=1)
    show(card, catalogue, record("handling"), "duty_officer", dispatches=(order,))
    shown = words(card)
    assert "silent since 14:04" in shown
    assert "w1 · Mobile pump 3 units · reserved · 1 used" in shown
    buttons = card.case_view.dispatches.task_buttons
    qtbot.mouseClick(buttons["dispatch:1/1", "recall"], LEFT)
    assert card.case_view.confirm.text.text() == "Called back: 1队. The others go on."
    with qtbot.waitSignal(card.recall_requested) as got:
        qtbot.mouseClick(card.case_view.confirm.yes, LEFT)
    assert got.args == ["dispatch:1", "dispatch:1/1", ""]


def test_who_may_not_send_has_no_buttons_for_it(card: CardPanel, catalogue: Catalogue) -> None:
    gone = task(1, "declined")
    order = dispatched(gone, task(2, "proposed", replaces=gone.id))
    detail = CaseDetail(case_row(record("handling"), catalogue, "en"), (order,), roles=("leader",))
    card.show_case(detail)
    assert card.case_view.dispatches.task_buttons == {}
    assert card.case_view.dispatches.recall_buttons == {}
    seen = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    assert "proposed because 1队 declined" in seen
