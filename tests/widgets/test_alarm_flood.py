"""Groups of a flood in the list, and the load of the seat: nothing disappears by it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from services.domain.clock import ManualClock
from services.domain.model import Severity
from tests.widgets.test_lists import NOW, alarm, alarms, cells, click_row
from widgets.alarm_list import AlarmListPanel
from widgets.alarm_load import AlarmLoadView, LoadLine, LoadShown
from widgets.rows import GroupRow
from widgets.theme import Theme

FLOOD = "Alarm flood: 12 in ten minutes"


def group(name: str, *keys: str, waiting: int = 0, worst: Severity = Severity.MAJOR) -> GroupRow:
    return GroupRow(name, "Water level high", "东关", keys, worst, True, waiting, NOW)


def flooded(qtbot: QtBot, theme: Theme, clock: ManualClock) -> AlarmListPanel:
    panel = alarms(qtbot, theme, clock)
    rows = {
        "a": alarm("a", Severity.MAJOR),
        "b": alarm("b"),
        "c": alarm("c", Severity.CRITICAL),
        "d": alarm("d", acknowledged=True),
    }
    panel.set_alarms(rows)
    panel.set_flood(FLOOD, [group("g", "a", "b", "d", waiting=2), group("alone", "c", waiting=1)])
    return panel


def double_click(qtbot: QtBot, panel: AlarmListPanel, row: int) -> None:
    place = panel.table.visualRect(panel.model.index(row, 2)).center() + QPoint(2, 0)
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_flood_says_so_and_shows_groups_with_count_and_worst(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = flooded(qtbot, theme, clock)
    assert panel._flood_words.isVisible()
    assert panel._flood_words.text() == f"{FLOOD} · 1 group"
    assert list(panel.model.keys()) == ["c", "group:g"]
    assert cells(panel.table, 1)[0] == "major"
    assert cells(panel.table, 1)[2:] == [
        "▸ Water level high · 3 alarms",
        "东关",
        "2 unacknowledged",
    ]
    assert panel._title.text() == "Alarms · 3 unacknowledged"
    assert panel._detail.text() == ""
    panel.set_flood("")
    assert not panel._flood_words.isVisible()
    assert list(panel.model.keys()) == ["c", "a", "b", "d"]


def test_a_group_opens_and_closes_and_its_alarms_stand_under_it(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = flooded(qtbot, theme, clock)
    double_click(qtbot, panel, 1)
    assert list(panel.model.keys()) == ["c", "group:g", "a", "b", "d"]
    assert cells(panel.table, 1)[2].startswith("▾")
    assert cells(panel.table, 2)[2] == "    text of a"
    panel.set_flood("Alarm flood: 13 in ten minutes", [group("g", "a", "b", "c", "d")])
    assert list(panel.model.keys()) == ["group:g", "c", "a", "b", "d"]
    panel.table.setFocus()
    panel.table.selectRow(panel.model.place_of("group:g"))
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert list(panel.model.keys()) == ["group:g"]


def test_groups_stand_by_the_worst_that_is_active_in_them(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.set_alarms(
        {
            "a": alarm("a", Severity.CRITICAL, acknowledged=True),
            "b": alarm("b", active=False),
            "c": alarm("c", Severity.CRITICAL, active=False),
            "d": alarm("d"),
            "e": alarm("e", Severity.MAJOR),
            "f": alarm("f", acknowledged=True),
        }
    )
    panel.set_flood(FLOOD, [group("1", "c", "d"), group("2", "a", "b"), group("3", "e", "f")])
    assert list(panel.model.keys()) == ["group:3", "group:1", "group:2"]
    panel.update_alarms({"f": alarm("f", Severity.CRITICAL, acknowledged=True)})
    panel.set_flood(FLOOD + "!", [group("1", "c", "d"), group("3", "e", "f"), group("2", "a", "b")])
    assert next(iter(panel.model.keys())) == "group:3"


def test_the_alarms_of_a_group_that_is_opened_come_into_view(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    rows = {f"x{n:02}": alarm(f"x{n:02}", Severity.MAJOR) for n in range(40)}
    panel.set_alarms(rows | {key: alarm(key) for key in "abc"})
    panel.set_flood(FLOOD, [group("g", "a", "b", "c")])
    panel.table.scrollToBottom()
    last = panel.model.place_of("group:g")
    assert last == 40
    double_click(qtbot, panel, last)
    view = panel.table.viewport().rect()
    for key in ("group:g", "a", "b", "c"):
        place = panel.table.visualRect(panel.model.index(panel.model.place_of(key), 2))
        assert view.contains(place), key


def test_acknowledging_a_group_acknowledges_what_is_open_of_it(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = flooded(qtbot, theme, clock)
    click_row(qtbot, panel.table, 1)
    with qtbot.waitSignal(panel.acknowledge_requested) as got:
        qtbot.mouseClick(panel.acknowledge_button, Qt.MouseButton.LeftButton)
    assert sorted(got.args[0]) == ["a", "b"]


def test_the_filter_goes_through_groups_and_says_what_it_hides(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = flooded(qtbot, theme, clock)
    double_click(qtbot, panel, 1)
    qtbot.mouseClick(panel._open_only, Qt.MouseButton.LeftButton)
    assert list(panel.model.keys()) == ["c", "group:g", "a", "b"]
    assert panel._detail.text() == "3 of 4 shown"
    panel.update_alarms({k: alarm(k, acknowledged=True) for k in "ab"})
    panel.set_flood(FLOOD, [group("g", "a", "b", "d")])
    assert list(panel.model.keys()) == ["c"]
    assert panel._detail.text() == "1 of 4 shown"


def test_an_officer_may_see_them_singly(qtbot: QtBot, theme: Theme, clock: ManualClock) -> None:
    panel = flooded(qtbot, theme, clock)
    qtbot.mouseClick(panel.group_button, Qt.MouseButton.LeftButton)
    assert list(panel.model.keys()) == ["c", "a", "b", "d"]
    assert panel._flood_words.text() == FLOOD
    panel.set_flood("Alarm flood: 13 in ten minutes", [group("g", "a", "b", "c", "d")])
    assert list(panel.model.keys()) == ["c", "a", "b", "d"]
    qtbot.mouseClick(panel.group_button, Qt.MouseButton.LeftButton)
    assert list(panel.model.keys()) == ["group:g"]


def test_a_new_alarm_of_a_flood_is_in_sight_before_it_is_grouped(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = flooded(qtbot, theme, clock)
    panel.update_alarms({"n": alarm("n", Severity.CRITICAL)})
    assert "n" in panel.model.keys()  # noqa: SIM118  # a sequence of keys, not a mapping
    panel.update_alarms({}, ["a", "b", "d"])
    panel.set_flood(FLOOD, [])
    assert sorted(panel.model.keys()) == ["c", "n"]


# -- load -------------------------------------------------------------------------
def words(view: AlarmLoadView) -> list[str]:
    return [w.text() for w in view.findChildren(QLabel) if w.isVisible() and w.text()]


def test_the_load_is_held_against_its_targets(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = alarms(qtbot, theme, clock)
    panel.resize(1_000, 320)
    qtbot.mouseClick(panel.load_button, Qt.MouseButton.LeftButton)
    assert "No alarm in these hours." in words(panel.load)
    panel.load.set_load(
        LoadShown(
            hours=(2, 22, 6),
            shares=(10.0, 20.0, 70.0),
            bad_actors=(LoadLine("k", "Water level high · 康乐", "×9 · 30 %"),),
            complete=False,
        )
    )
    said = words(panel.load)
    assert "6 in the last hour" in said
    assert "mean 10.0 an hour (target 5)" in said
    assert "peak 22 (target 15)" in said
    assert "critical 10 % (target 5) · major 20 % (15) · lesser 70 % (80)" in said
    assert "Only what came since this console was opened." in said
    assert said.count("none") == 2
    (push,) = [b for b in panel.load.findChildren(QPushButton) if b.text().startswith("×9")]
    with qtbot.waitSignal(panel.alarm_activated) as got:
        qtbot.mouseClick(push, Qt.MouseButton.LeftButton)
    assert got.args == ["k"]
    qtbot.mouseClick(panel.suppressed_button, Qt.MouseButton.LeftButton)
    assert not panel.load_button.isChecked()
    assert panel.suppressed.isVisible()
