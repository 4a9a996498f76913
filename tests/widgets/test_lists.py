"""The alarm list and the case queue: counts, intents, filters, time."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from services.domain.clock import ManualClock
from services.domain.model import Alarm, Case, Entity, Severity
from services.packs.model import Catalogue
from widgets.alarm_list import AlarmListPanel
from widgets.case_queue import LEFT_COLUMN, CaseQueuePanel
from widgets.row_view import RowTable
from widgets.rows import AlarmRow, CaseRow, alarm_row, alarm_text, case_row
from widgets.theme import Theme

NOW = 1_784_095_532.0


def alarm(key: str, severity: Severity = Severity.MINOR, **facts: object) -> AlarmRow:
    facts = {"rule": "", **facts}
    record = Alarm(key=key, source="s", object_id="o", severity=severity, last_time=NOW, **facts)
    return AlarmRow(record, f"text of {key}", "康乐十字")


def case(id_: str, left_s: float | None, **facts: object) -> CaseRow:
    record = Case(
        id=id_,
        category="E05-06",
        title=f"title of {id_}",
        severity=Severity.MINOR,
        reported_at=NOW - 1_000,
        deadline_at=None if left_s is None else NOW + left_s,
        **{"state": "handling", **facts},
    )
    return CaseRow(record, "道路积水", "康乐十字")


def cells(table: RowTable, row: int) -> list[str]:
    model = table.model()
    return [str(model.index(row, c).data()) for c in range(model.columnCount())]


def click_row(qtbot: QtBot, table: RowTable, row: int, *, control: bool = False) -> None:
    place = table.visualRect(table.model().index(row, 2)).center()
    keys = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, place)


def alarms(qtbot: QtBot, theme: Theme, clock: ManualClock) -> AlarmListPanel:
    panel = AlarmListPanel(theme, clock)
    qtbot.addWidget(panel)
    panel.resize(700, 300)
    panel.show()
    return panel


def cases(qtbot: QtBot, theme: Theme, clock: ManualClock) -> CaseQueuePanel:
    panel = CaseQueuePanel(theme, clock)
    qtbot.addWidget(panel)
    panel.resize(800, 300)
    panel.show()
    return panel


# -- alarms ---------------------------------------------------------------------
def test_alarms_stand_worst_first_and_acknowledged_last(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    seen = alarm("c", Severity.CRITICAL, acknowledged=True, ack_by="王", ack_time=NOW)
    panel.set_alarms({"a": alarm("a"), "b": alarm("b", Severity.MAJOR), "c": seen})
    assert list(panel.model.keys()) == ["b", "a", "c"]
    assert panel._title.text() == "Alarms · 2 unacknowledged"
    assert cells(panel.table, 2)[1:] == [
        "14:05:32",
        "text of c",
        "康乐十字",
        "王 acknowledged 14:05",
    ]


def test_a_standing_major_alarm_never_stands_below_what_is_over(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    rows = {
        "over critical": alarm("over critical", Severity.CRITICAL, active=False),
        "over minor": alarm("over minor", active=False),
        "seen minor": alarm("seen minor", acknowledged=True),
        "seen major": alarm("seen major", Severity.MAJOR, acknowledged=True),
        "seen critical": alarm("seen critical", Severity.CRITICAL, acknowledged=True),
        "new minor": alarm("new minor"),
    }
    panel.set_alarms(rows)
    assert list(panel.model.keys()) == [
        "new minor",
        "seen critical",
        "seen major",
        "over critical",
        "over minor",
        "seen minor",
    ]


def test_markup_in_an_alarm_is_shown_as_letters(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({"a": AlarmRow(alarm("a").alarm, "<b>x</b>\u202e", "<i>y</i>")})
    assert cells(panel.table, 0)[2:4] == ["<b>x</b>", "<i>y</i>"]
    tip = panel.model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;" in tip


def test_button_acknowledges_the_selected_open_ones(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms(
        {"a": alarm("a"), "b": alarm("b", Severity.MAJOR), "c": alarm("c", acknowledged=True)}
    )
    assert not panel.acknowledge_button.isEnabled()
    click_row(qtbot, panel.table, 0)
    click_row(qtbot, panel.table, 1, control=True)
    click_row(qtbot, panel.table, 2, control=True)
    with qtbot.waitSignal(panel.acknowledge_requested) as got:
        qtbot.mouseClick(panel.acknowledge_button, Qt.MouseButton.LeftButton)
    assert got.args == [["b", "a"], ""]


def test_key_a_acknowledges_and_double_click_activates(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({"a": alarm("a")})
    panel.activateWindow()
    panel.table.setFocus()
    qtbot.waitUntil(panel.table.hasFocus)
    with qtbot.waitSignal(panel.alarm_selected) as chosen:
        click_row(qtbot, panel.table, 0)
    assert chosen.args == ["a"]
    with qtbot.waitSignal(panel.acknowledge_requested) as got:
        qtbot.keyClick(panel.table, Qt.Key.Key_A)
    assert got.args == [["a"], ""]
    place = panel.table.visualRect(panel.model.index(0, 2)).center()
    with qtbot.waitSignal(panel.alarm_activated) as shown:
        qtbot.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert shown.args == ["a"]


def test_menu_offers_what_is_possible(qtbot: QtBot, theme: Theme, clock: ManualClock) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({"a": alarm("a"), "b": alarm("b", case_id="6301022026071500231")})
    actions = {a.text(): a for a in panel.build_menu("a").actions()}
    with qtbot.waitSignal(panel.to_case_requested) as got:
        actions["Turn into a case…"].trigger()
    assert got.args == ["a"]
    linked = {a.text(): a for a in panel.build_menu("b").actions()}
    assert not linked["Turn into a case…"].isEnabled()
    assert cells(panel.table, 1)[4] == "Case 0715-00231"


def test_no_action_where_nothing_may_be_done(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({"a": alarm("a")})
    click_row(qtbot, panel.table, 0)
    panel.set_actions_enabled(False, "This is a replay.")
    assert not panel.acknowledge_button.isEnabled()
    assert "This is a replay." in panel.acknowledge_button.toolTip()
    with qtbot.assertNotEmitted(panel.acknowledge_requested):
        panel.acknowledge_selected()


def test_filter_says_what_it_hides(qtbot: QtBot, theme: Theme, clock: ManualClock) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({"a": alarm("a"), "b": alarm("b", acknowledged=True)})
    qtbot.mouseClick(panel._open_only, Qt.MouseButton.LeftButton)
    assert panel.model.rowCount() == 1
    assert panel._detail.text() == "1 of 2 shown"
    panel.update_alarms({"a": alarm("a", acknowledged=True)})
    assert panel._empty.isVisible()
    assert panel._empty.text() == "All 2 alarms are acknowledged; the filter hides them."


def test_empty_list_says_why(qtbot: QtBot, theme: Theme, clock: ManualClock) -> None:
    panel = alarms(qtbot, theme, clock)
    assert panel._empty.text() == "No alarm stands. A new one appears here by itself."
    panel.set_empty_reason("Not connected.")
    assert panel._empty.text() == "Not connected."


def test_five_thousand_alarms_keep_the_selection(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms({f"{i:05}": alarm(f"{i:05}") for i in range(5_000)})
    panel.table.selectRow(panel.model.place_of("04000"))
    for batch in range(20):
        new = {f"n{batch}-{i}": alarm(f"n{batch}-{i}", Severity.MAJOR) for i in range(10)}
        panel.update_alarms(new, [f"{batch:05}"])
    assert panel.model.rowCount() == 5_000 + 200 - 20
    assert panel.table.selected_keys() == ["04000"]
    assert panel._title.text() == "Alarms · 5180 unacknowledged"


# -- cases ----------------------------------------------------------------------
def test_cases_stand_most_urgent_first_with_lights(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = cases(qtbot, theme, clock)
    panel.set_cases(
        {c.case.id: c for c in (case("g", 9_000), case("r", -60), case("y", 100), case("n", None))}
    )
    assert list(panel.model.keys()) == ["r", "y", "g", "n"]
    assert panel._title.text() == "Cases · 4 open"
    assert [b.text() for b in panel.light_buttons.values()] == ["green 1", "yellow 1", "red 1"]
    left = [cells(panel.table, r)[LEFT_COLUMN] for r in range(4)]
    assert left == ["over 0:01:00", "left 0:01:40", "left 2:30:00", "no limit"]


def test_a_case_is_with_a_department_or_waits_for_somebody(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = cases(qtbot, theme, clock)
    rows = (
        case("a", 1, department="排水公司"),
        case("b", 2, department="排水公司", state="pending_dispatch"),
        case("c", 3),
    )
    panel.set_cases({c.case.id: c for c in rows})
    waits = [cells(panel.table, r)[-2:] for r in range(3)]
    assert waits == [["handling", "排水公司"], ["to dispatch", ""], ["handling", ""]]


def test_an_urged_case_is_marked_and_stands_first(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = cases(qtbot, theme, clock)
    rows = (case("a", 1), case("b", 9_000, supervision=2))
    panel.set_cases({c.case.id: c for c in rows})
    assert list(panel.model.keys()) == ["b", "a"]
    assert cells(panel.table, 0)[2].startswith("urged · ")


def test_time_turns_a_light_without_an_event(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = cases(qtbot, theme, clock)
    panel.set_cases({"y": case("y", 100)})
    qtbot.mouseClick(panel.light_buttons["red"], Qt.MouseButton.LeftButton)
    assert panel.model.rowCount() == 0
    assert panel._detail.text() == "0 of 1 shown"
    clock.advance(101)
    panel.tick()
    assert list(panel.model.keys()) == ["y"]
    assert panel.light_buttons["red"].text() == "red 1"
    assert cells(panel.table, 0)[LEFT_COLUMN] == "over 0:00:01"


def test_clock_of_a_handed_back_case_stands_still(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = cases(qtbot, theme, clock)
    panel.set_cases({"h": case("h", 100, handed_back_at=NOW)})
    clock.advance(1_000)
    panel.tick()
    assert cells(panel.table, 0)[LEFT_COLUMN] == "left 0:01:40"


def test_case_is_selected_and_activated(qtbot: QtBot, theme: Theme, clock: ManualClock) -> None:
    panel = cases(qtbot, theme, clock)
    panel.set_cases({"a": case("a", 100)})
    with qtbot.waitSignal(panel.case_selected) as chosen:
        click_row(qtbot, panel.table, 0)
    assert chosen.args == ["a"]
    with qtbot.waitSignal(panel.case_activated) as shown:
        qtbot.mouseDClick(
            panel.table.viewport(),
            Qt.MouseButton.LeftButton,
            pos=panel.table.visualRect(panel.model.index(0, 2)).center() + QPoint(2, 0),
        )
    assert shown.args == ["a"]


def test_timer_rests_while_nobody_looks(qtbot: QtBot, theme: Theme, clock: ManualClock) -> None:
    panel = cases(qtbot, theme, clock)
    assert panel._timer.isActive()
    panel.hide()
    assert not panel._timer.isActive()


# -- words of rows ----------------------------------------------------------------
def test_alarm_words_come_from_the_rule(catalogue: Catalogue) -> None:
    record = Alarm(
        key="k",
        source="hub",
        rule="level_high",
        object_id="level_sensor:1",
        severity=Severity.MAJOR,
        value=0.461,
        limit=0.45,
    )
    sensor = Entity(id="level_sensor:1", kind="level_sensor", name="康乐十字")
    assert alarm_row(record, catalogue, sensor, "zh") == AlarmRow(
        record, "液位超限 0.46 m / 0.45", "康乐十字"
    )
    assert alarm_row(record, catalogue, None, "en").text == "Water level high 0.46 m / 0.45"
    assert alarm_row(record, catalogue, None, "en").place == "level_sensor:1"


@pytest.mark.parametrize(
    ("peak", "level", "words"),
    [
        (0.62, 0.51, "Water level high now 0.51 m / 0.45, worst 0.62"),
        (0.62, 0.621, "Water level high 0.62 m / 0.45"),
        (0.62, 0.73, "Water level high 0.73 m / 0.45"),
        (None, 0.51, "Water level high 0.51 m / 0.45"),
        (0.62, None, "Water level high now 0.56 m / 0.45, worst 0.62"),
    ],
    ids=["fell", "as bad", "worse than written", "old log", "never read"],
)
def test_what_stands_shows_its_newest_reading_and_the_worst_beside_it(
    catalogue: Catalogue, peak: float | None, level: float | None, words: str
) -> None:
    record = alarm("k", rule="level_high", value=0.56, peak=peak, limit=0.45).alarm
    values = {} if level is None else {"level": level}
    sensor = Entity(id="level_sensor:1", kind="level_sensor", name="康乐十字", values=values)
    assert alarm_text(record, catalogue, "en", sensor) == words
    told = replace(record, rule="", text="gate 3 open", peak=None)
    assert alarm_text(told, catalogue, "en", sensor).startswith("gate 3 open")


def test_what_is_over_shows_its_worst_value_and_that_it_is_normal_again(
    catalogue: Catalogue,
) -> None:
    over = Alarm(
        key="k",
        source="s",
        rule="level_high",
        object_id="level_sensor:1",
        severity=Severity.MAJOR,
        active=False,
        value=0.03,
        peak=0.62,
        limit=0.45,
    )
    text = alarm_text(over, catalogue, "en")
    assert text == "Water level high 0.62 m / 0.45 · back to normal at 0.03 m"
    older = alarm_text(replace(over, peak=None), catalogue, "en")  # of a log without worst values
    assert older == "Water level high · back to normal at 0.03 m"
    told = replace(over, rule="", text="gate 3 open", value=None, peak=None)
    assert alarm_text(told, catalogue, "en") == "gate 3 open · back to normal"


def test_case_words_fall_back(catalogue: Catalogue) -> None:
    record = Case(
        id="c",
        category="none",
        title="t",
        severity=Severity.INFO,
        state="handling",
        lon=101.80001,
        lat=36.6,
    )
    assert case_row(record, catalogue, "zh") == CaseRow(record, "none", "101.8000, 36.6000")
