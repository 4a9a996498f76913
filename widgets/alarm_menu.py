"""The context menu of a line of the alarm list. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from widgets.alarm_list import AlarmListPanel


def build_menu(panel: AlarmListPanel, key: str, *, can: bool, waiting: bool) -> QMenu:
    """What can be done with a line: an alarm's by itself, the selection's for all selected.

    ``can``: orders may be given here; ``waiting``: something selected is to be acknowledged.
    """
    translate = QCoreApplication.translate
    menu = QMenu(panel)
    row = panel.alarm_row(key)
    acknowledge = menu.addAction(translate("AlarmListPanel", "Acknowledge"))
    acknowledge.setEnabled(can and waiting)
    acknowledge.triggered.connect(lambda: panel.acknowledge_selected())
    noted = menu.addAction(translate("AlarmListPanel", "Acknowledge with a note…"))
    noted.setEnabled(acknowledge.isEnabled())
    noted.triggered.connect(panel.ask_note)
    show = menu.addAction(translate("AlarmListPanel", "Show on the map"))
    show.setEnabled(row is not None)
    show.triggered.connect(lambda: panel.alarm_activated.emit(key))
    case = menu.addAction(translate("AlarmListPanel", "Turn into a case…"))
    case.setEnabled(can and row is not None and not row.alarm.case_id)
    case.triggered.connect(lambda: panel.to_case_requested.emit(key))
    menu.addSeparator()
    shelve = menu.addAction(translate("AlarmListPanel", "Shelve…"))
    shelve.setEnabled(panel.shelve_button.isEnabled())
    shelve.triggered.connect(panel.ask_shelve)
    out = menu.addAction(translate("AlarmListPanel", "Take out of service…"))
    out.setEnabled(can and row is not None)
    out.triggered.connect(lambda: panel.ask_out(key))
    return menu
