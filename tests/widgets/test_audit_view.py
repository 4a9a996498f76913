"""The audit view: what it asks, shows and hands on, by clicks and keys."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QDateTime, Qt
from pytestqt.qtbot import QtBot

from services.audit.page import AuditPage, AuditQuery, AuditState, Problem
from services.audit.record import AuditRecord
from services.domain.clock import ManualClock
from widgets.audit_filter import OWN, ZONE
from widgets.audit_view import AuditView
from widgets.format import date_time
from widgets.theme import Theme

NOW = 1_784_095_532.0
STATE = AuditState(
    count=900,
    signed_count=880,
    signed_time=NOW - 60,
    checked_count=900,
    checked_time=NOW,
    problem=None,
)
TYPES = ["command.case.create", "login", "session.opened"]


def record(seq: int, **facts: object) -> AuditRecord:
    given: dict[str, object] = {
        "seq": seq,
        "time": NOW - 1_000 + seq,
        "type": "command.case.create",
        "actor": "duty1",
        "seat": "1",
        "address": "10.0.0.7",
        "object": f"case {seq}",
        "outcome": "success",
        "reason": "",
        "detail": {"key": f"k{seq}"},
    }
    return AuditRecord(**{**given, **facts})  # type: ignore[arg-type]  # facts of the tests


def page(*records: AuditRecord, more: bool = False, state: AuditState = STATE) -> AuditPage:
    return AuditPage(records=list(records), more=more, types=TYPES, state=state)


class Heard:
    """What the view has asked for."""

    def __init__(self, view: AuditView) -> None:
        self.asked: list[AuditQuery] = []
        self.older: list[tuple[AuditQuery, int]] = []
        self.exports: list[tuple[AuditQuery, str]] = []
        view.asked.connect(self.asked.append)
        view.older_asked.connect(lambda query, seq: self.older.append((query, seq)))
        view.export_asked.connect(lambda query, why: self.exports.append((query, why)))


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> AuditView:
    made = AuditView(
        theme, ManualClock(NOW), lambda t: f"in words: {t}", lambda code: f"because {code}"
    )
    qtbot.addWidget(made)
    made.resize(1_300, 800)
    made.show()
    return made


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[arg-type]  # any widget


def cells(view: AuditView, row: int) -> list[str]:
    model = view.table.model()
    return [str(model.index(row, c).data()) for c in range(model.columnCount())]


def test_a_search_asks_what_the_filter_says(qtbot: QtBot, view: AuditView) -> None:
    heard = Heard(view)
    click(qtbot, view.filter.search)
    assert heard.asked == [AuditQuery(start=NOW - 7 * 86_400)]
    view.filter.set_types(TYPES)
    view.filter.span.setCurrentIndex(4)
    view.filter.type.setCurrentIndex(view.filter.type.findText("in words: login"))
    view.filter.outcome.setCurrentIndex(2)
    qtbot.keyClicks(view.filter.actor, " duty1 ")
    qtbot.keyClicks(view.filter.object, "6301")
    qtbot.keyClick(view.filter.object, Qt.Key.Key_Return)
    assert heard.asked[1] == AuditQuery(
        actor="duty1", type="login", object="6301", outcome="failure"
    )


def test_all_orders_are_one_choice(qtbot: QtBot, view: AuditView) -> None:
    heard = Heard(view)
    view.filter.type.setCurrentIndex(1)
    click(qtbot, view.filter.search)
    assert heard.asked[0].type == "command."


def test_from_and_to_are_moments_of_beijing(qtbot: QtBot, view: AuditView) -> None:
    heard = Heard(view)
    assert not view.filter.start.isVisible()
    view.filter.span.setCurrentIndex(OWN)
    assert view.filter.start.isVisible()
    view.filter.start.setDateTime(QDateTime.fromString("2026-07-01 14:05", "yyyy-MM-dd HH:mm"))
    view.filter.start.setTimeZone(ZONE)
    click(qtbot, view.filter.search)
    assert heard.asked[0].start is not None
    assert view.filter.start.dateTime().toSecsSinceEpoch() == heard.asked[0].start
    assert date_time(heard.asked[0].start).startswith(
        view.filter.start.dateTime().toString("yyyy-MM-dd HH:mm")
    )


def test_rows_say_who_did_what_with_what_outcome(view: AuditView) -> None:
    refused = record(2, outcome="failure", reason="not_allowed", type="login")
    view.set_page(AuditQuery(), page(refused, record(1)), older=False)
    first, second = cells(view, 0), cells(view, 1)
    assert first[0] == "2"
    assert first[2:5] == ["duty1", "1", "10.0.0.7"]
    assert first[5:7] == ["in words: login", "case 2"]
    assert "because not_allowed" in first[7]
    assert second[1] == date_time(NOW - 999)
    assert "because" not in second[7]


def test_text_of_a_record_is_never_markup(view: AuditView) -> None:
    view.set_page(AuditQuery(), page(record(1, object="<b>x</b>\u202eevil")), older=False)
    assert cells(view, 0)[6] == "<b>x</b>evil"
    view.table.selectRow(0)
    assert view.detail.textFormat() == Qt.TextFormat.PlainText


def test_how_far_it_is_proved_is_said(view: AuditView) -> None:
    view.set_page(AuditQuery(), page(record(1)), older=False)
    assert "900" in view.state.text()
    assert "880" in view.state.text()
    assert date_time(NOW) in view.state.text()
    assert view.state.property("role") == "good"


def test_a_broken_chain_is_critical_and_named(view: AuditView) -> None:
    broken = msgspec.structs.replace(STATE, problem=Problem(17, "changed", "record 17 is not …"))
    view.set_page(AuditQuery(), page(record(1), state=broken), older=False)
    assert "17" in view.state.text()
    assert view.state.property("role") == "critical"


def test_a_click_shows_everything_that_a_record_says(qtbot: QtBot, view: AuditView) -> None:
    view.set_page(AuditQuery(), page(record(2), record(1)), older=False)
    assert "k1" not in view.detail.text()
    place = view.table.visualRect(view.table.model().index(1, 5)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "key: k1" in view.detail.text()
    assert "command.case.create" in view.detail.text()


def test_older_records_come_below_by_button_and_by_scrolling(qtbot: QtBot, view: AuditView) -> None:
    heard = Heard(view)
    query = AuditQuery(actor="duty1")
    view.set_page(query, page(*(record(n) for n in range(100, 60, -1)), more=True), older=False)
    click(qtbot, view.older)
    assert heard.older == [(query, 61)]
    view.set_waiting()
    click(qtbot, view.older)
    assert len(heard.older) == 1  # one question at a time
    view.set_page(query, page(*(record(n) for n in range(60, -40, -1)), more=True), older=True)
    assert view.model.rowCount() == 140
    assert cells(view, 0)[0] == "100"
    bar = view.table.verticalScrollBar()
    qtbot.waitUntil(lambda: 0 < bar.value() < bar.maximum())  # where the first page ended
    bar.setValue(bar.maximum())
    assert heard.older[1] == (query, -39)
    view.set_page(query, page(record(-40)), older=True)
    assert not view.older.isEnabled()


def test_a_new_search_replaces_what_is_there(view: AuditView) -> None:
    view.set_page(AuditQuery(), page(record(2), record(1)), older=False)
    view.set_page(AuditQuery(actor="x"), page(), older=False)
    assert view.model.rowCount() == 0


def test_an_export_needs_a_reason(qtbot: QtBot, view: AuditView) -> None:
    heard = Heard(view)
    query = AuditQuery(type="login")
    assert not view.export.isEnabled()
    view.set_page(query, page(record(1)), older=False)
    click(qtbot, view.export)
    assert heard.exports == []
    qtbot.keyClicks(view.why, "  ")
    assert not view.export.isEnabled()
    qtbot.keyClicks(view.why, "yearly review")
    click(qtbot, view.export)
    assert heard.exports == [(query, "yearly review")]


def test_a_refusal_is_said_and_leaves_what_is_shown(view: AuditView) -> None:
    view.set_page(AuditQuery(), page(record(1)), older=False)
    view.set_waiting()
    assert not view.filter.search.isEnabled()
    view.set_message("Your role may not do this.")
    assert view.message.text() == "Your role may not do this."
    assert view.filter.search.isEnabled()
    assert view.model.rowCount() == 1


def test_the_chosen_type_stays_chosen_over_an_answer(view: AuditView) -> None:
    view.filter.set_types(TYPES)
    view.filter.type.setCurrentIndex(view.filter.type.findData("login"))
    view.set_page(AuditQuery(), page(record(1)), older=False)
    assert view.filter.query().type == "login"
