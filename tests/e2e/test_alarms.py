"""An alarm from a reading to the empty list: acknowledged at one seat, told at the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView

from tests.e2e.hands import Hands, reads
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import level, town
from tests.harness import HubProcess
from widgets.alarm_list import AlarmListPanel


def line(panel: AlarmListPanel) -> str:
    """The only line of the list, as it reads."""
    model = panel.model
    cells = [model.index(0, n).data(Qt.ItemDataRole.DisplayRole) for n in range(len(model.columns))]
    return " ".join(str(cell) for cell in cells)


def click_line(view: QAbstractItemView, row: int, hands: Hands) -> None:
    """Click a line of a list."""
    hands.click(view.viewport(), view.visualRect(view.model().index(row, 2)).center())


def test_an_alarm_is_acknowledged_by_mouse_and_the_other_seat_reads_who_and_when(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    other, one = console(hub, "duty2"), console(hub)
    mine, theirs = desk(one).alarms, desk(other).alarms
    for panel in (mine, theirs):
        hands.until(lambda p=panel: reads(p, "No alarm stands"), "the words of an empty list")
    hub.ingest(level(0.7))
    for panel in (mine, theirs):
        hands.until(lambda p=panel: p.model.rowCount() == 1, "the alarm")
        assert "Water level high 0.70 m / 0.60" in line(panel)
        assert "Unacknowledged" in line(panel)

    hands.to_front(desk(one))
    click_line(mine.table, 0, hands)
    hands.click(mine.acknowledge_button)
    hands.until(lambda: "值班员甲 acknowledged" in line(theirs), "who acknowledged it")
    (alarm,) = other.live.model.alarms.values()
    assert alarm.ack_seat == "seat of duty1"
    assert alarm.ack_time is not None
    hands.until(lambda: not mine.acknowledge_button.isEnabled(), "nothing left to acknowledge")

    hub.ingest(level(0.1))
    for panel in (mine, theirs):
        hands.until(lambda p=panel: reads(p, "No alarm stands"), "the words of an empty list")
    assert not other.live.model.alarms


def test_a_second_click_too_late_is_told_who_was_first(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town(), level(0.7))
    one = console(hub)
    window = desk(one)
    hands.until(lambda: window.alarms.model.rowCount() == 1, "the alarm")
    click_line(window.alarms.table, 0, hands)
    hands.until(window.alarms.acknowledge_button.isEnabled, "the button")
    (key,) = one.live.model.alarms
    hub.command("theirs", "alarm.acknowledge", user="duty2", alarm=key)
    window.alarms.acknowledge_requested.emit([key], "")  # a click that was already on its way
    hands.until(lambda: reads(window.messages, "值班员乙"), "who was first")
