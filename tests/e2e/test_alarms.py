"""An alarm from a reading to the empty list: acknowledged or shelved at one seat, told at the
other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView

from tests.e2e.hands import Hands, reads
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import level, town
from tests.harness import HubProcess
from widgets.alarm_list import AlarmListPanel
from widgets.alarm_shelve import ShelveDialog
from widgets.alarm_suppressed import SuppressedList


def line(panel: AlarmListPanel | SuppressedList) -> str:
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


def test_an_alarm_shelved_at_one_seat_is_aside_at_the_other_and_comes_back_by_itself(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town(), level(0.7))
    other, one = console(hub, "duty2"), console(hub)
    mine, theirs = desk(one).alarms, desk(other).alarms
    for panel in (mine, theirs):
        hands.until(lambda p=panel: p.model.rowCount() == 1, "the alarm")

    hands.to_front(desk(one))
    click_line(mine.table, 0, hands)
    hands.click(mine.shelve_button)
    hands.until(lambda: mine.findChildren(ShelveDialog), "the dialog")
    (asked,) = mine.findChildren(ShelveDialog)
    hands.until(asked.isVisible, "the dialog in sight")
    hands.click(asked.reason)
    hands.type("pumping")
    hands.click(asked.yes)
    for panel in (mine, theirs):
        hands.until(lambda p=panel: reads(p, "1 shelved"), "the count of what is shelved")
        assert panel.model.rowCount() == 0

    hands.to_front(desk(other))
    hands.click(theirs.suppressed_button)
    hands.until(theirs.suppressed.isVisible, "what is aside")
    said = line(theirs.suppressed)
    assert "Water level high 0.70 m / 0.60" in said
    assert "shelved till" in said
    assert "值班员甲, seat of duty1" in said
    assert "pumping" in said

    # a shelf of the other seat's, as short as no button offers, ends by the hub's clock
    click_line(theirs.suppressed.table, 0, hands)
    hands.click(theirs.suppressed.back_button)
    hands.until(lambda: mine.model.rowCount() == 1, "the alarm back")
    assert "Unacknowledged" in line(mine)
    (key,) = one.live.model.alarms
    hub.command("seen", "alarm.acknowledge", user="duty2", alarm=key)
    hub.command("short", "alarm.shelve", user="duty2", alarm=key, reason="a moment", for_s=2.0)
    hands.until(lambda: reads(mine, "1 shelved"), "the alarm aside again")
    hands.until(lambda: mine.model.rowCount() == 1, "the alarm back by itself")
    hands.until(lambda: one.live.model.alarms[key].suppressed == (), "the hub's own word")
    assert "Unacknowledged" in line(mine)
