"""Before the first data nothing is stated; whom a console waits for is, and why."""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.controllers import top
from app.controllers.layers import LayersController
from app.controllers.top import TopController
from app.finder import Finder
from app.waits_aloud import WaitsAloud
from services.domain.clock import ManualClock
from services.domain.model import Severity
from services.domain.world import Delta
from services.feed.source import LinkUpdate, NoticeUpdate
from tests.app.test_controllers import Session, owner, parts, window
from tests.widgets.seen import words
from widgets.alarm_list import AlarmListPanel
from widgets.case_queue import CaseQueuePanel
from widgets.status_bar import TopBar
from widgets.theme import Theme

__all__ = ["owner", "parts"]
URL = "http://h:1"


def hear(session: Session, link: LinkUpdate) -> None:
    session.link = link
    session.link_changed.emit(link)


def test_lists_and_bar_state_no_number_before_they_are_told_one(qtbot: QtBot) -> None:
    clock, theme = ManualClock(0.0), Theme.load()
    alarms, cases = AlarmListPanel(theme, clock), CaseQueuePanel(theme, clock)
    bar = TopBar(theme, clock)
    for part in (alarms, cases, bar):
        qtbot.addWidget(part)
        part.show()
    alarms.set_empty_reason("why")
    cases.set_empty_reason("why")
    shown = " ".join(" ".join(words(part)) for part in (alarms, cases, bar))
    assert "Alarms · – unacknowledged" in shown
    assert "Cases · – open" in shown
    assert "Online – / – · unknown –" in shown
    assert "1970" not in shown
    assert not any(letter.isdigit() for letter in shown.replace("0.0 s", ""))
    alarms.set_empty_reason("")
    cases.set_empty_reason("")
    assert "Alarms · 0 unacknowledged" in words(alarms)
    assert "Cases · 0 open" in words(cases)


def test_totals_wait_for_the_first_data(parts, owner) -> None:
    session, shown = Session(), window()
    TopController(parts, session, shown, MagicMock(spec=Finder), owner)
    session.model.marks_changed.emit()
    assert not shown.top.set_totals.called
    session.model.changed.emit(Delta(reset=True))
    shown.top.set_totals.assert_called_with(0, 0, 0)


def test_layers_are_counted_from_the_first_data_on(qtbot: QtBot, parts, owner) -> None:
    session, shown = Session(), window()
    session.model.offset = 0
    shown.map.stage = MagicMock()
    saved = MagicMock(problem=None)
    controller = LayersController(parts, session, shown.map, shown.layers, saved, "desk", owner)
    controller._show_numbers()
    assert not shown.layers.set_counts.called
    session.model.offset = 7
    session.model.marks_changed.emit()
    qtbot.waitUntil(lambda: shown.layers.set_counts.called)
    controller.close()


def test_a_desk_says_for_whom_it_waits_and_why_until_data_come(
    qtbot: QtBot, parts, owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(top, "PATIENCE_MS", 10)
    session, shown = Session(), window()
    TopController(parts, session, shown, MagicMock(spec=Finder), owner)
    hear(session, LinkUpdate("offline", 1.0, "in English", code="tls_untrusted"))
    qtbot.waitUntil(lambda: shown.messages.show_message.called)
    severity, text = shown.messages.show_message.call_args.args
    assert severity == Severity.MAJOR
    assert URL in text
    assert "--ca FILE" in text
    hear(session, LinkUpdate("offline", 1.0, "in English", code="tls_untrusted"))
    assert shown.messages.show_message.call_count == 1
    session.model.changed.emit(Delta(reset=True))
    shown.messages.take_back.assert_called_once_with(text)
    hear(session, LinkUpdate("offline", 1.0, "cut", code="no_line"))
    assert shown.messages.show_message.call_count == 1


def test_a_hub_that_takes_nothing_is_marked_until_it_does(parts, owner) -> None:
    session, shown = Session(), window()
    TopController(parts, session, shown, MagicMock(spec=Finder), owner)
    session.refusing = NoticeUpdate("disk_full", "full")
    session.notice.emit(session.refusing)
    assert "free space" in shown.top.set_read_only.call_args.args[0]
    session.refusing = None
    session.notice.emit(NoticeUpdate("storage_recovered", "well"))
    assert shown.top.set_read_only.call_args.args == ("",)


def test_the_mark_stays_in_sight_beside_a_live_feed(qtbot: QtBot) -> None:
    bar = TopBar(Theme.load(), ManualClock(1_784_095_532.0))
    qtbot.addWidget(bar)
    bar.show()
    bar.set_link("live", 1.0, "", 0.1)
    assert "READ-ONLY" not in words(bar)
    bar.set_read_only("the disk is full")
    bar.set_link("live", 1.0, "", 0.1)
    assert "READ-ONLY" in words(bar)
    bar.set_read_only("")
    assert "READ-ONLY" not in words(bar)


def test_a_name_that_another_session_was_told_is_shown(parts, owner) -> None:
    session, shown = Session(replay=True), window()
    TopController(parts, session, shown, MagicMock(spec=Finder), owner)
    shown.top.set_user.assert_called_once_with("duty1")
    session.named.emit("值班员甲")
    assert shown.top.set_user.call_args.args == ("值班员甲",)


def test_the_terminal_is_told_once_for_each_reason(qtbot: QtBot) -> None:
    session, said = Session(), []
    aloud = WaitsAloud(session, URL, said.append, 10, QObject(session))
    assert said == []
    qtbot.waitUntil(lambda: len(said) == 1)
    assert said == [f"waiting for the hub at {URL}: no hub answers there"]
    for code in ("tls_untrusted", "tls_untrusted"):
        hear(session, LinkUpdate("offline", 1.0, "not trusted; give --ca", code=code))
    assert said[1:] == [f"waiting for the hub at {URL}: not trusted; give --ca"]
    hear(session, LinkUpdate("refused", 1.0, "the token is wrong", code="bad_token"))
    assert said[2:] == [f"the hub at {URL} refuses this console: the token is wrong"]
    hear(session, LinkUpdate("live", 1.0))
    hear(session, LinkUpdate("offline", 1.0, "cut", code="no_line"))
    assert len(said) == 3
    assert aloud.parent() is not None
