"""The alarm list and the case queue: rows in, acknowledgements and choices out."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.console_parts import Parts
from app.messages import person_text
from app.projection import CASE_PREFIX
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from services.domain.model import Alarm, Severity
from services.domain.world import CLOSED_STATES, Delta
from services.feed.frames import Result
from services.feed.source import LinkUpdate
from widgets.rows import AlarmRow, CaseRow, alarm_row, case_row


class ListsController(QObject):
    """``chosen(feature id)``: a line was activated. ``case_made(case id)``: from an alarm."""

    chosen = Signal(str)
    case_made = Signal(str)

    def __init__(
        self, parts: Parts, session: ConsoleSession, window: DeskWindow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._session = session
        self._window = window
        session.model.changed.connect(self._changed)
        session.link_changed.connect(self._link_changed)
        self._known = False
        alarms, cases = window.alarms, window.cases
        alarms.acknowledge_requested.connect(self.acknowledge)
        alarms.alarm_activated.connect(self._alarm_activated)
        alarms.to_case_requested.connect(self.to_case)
        cases.case_activated.connect(self._case_activated)
        self._say_what_is_known()
        if not session.can_command:
            alarms.set_actions_enabled(False, self.tr("This is a replay: orders go nowhere."))

    def acknowledge(self, keys: list[str], note: str) -> None:
        """Acknowledge alarms one by one; a refusal is told, the others go on."""
        for key in keys:
            args: dict[str, object] = {"alarm": key, "note": note}
            self._session.command("alarm.acknowledge", args, self._answered)

    def to_case(self, key: str) -> None:
        """Make a case of an alarm, with category, place and time filled in by the hub."""
        self._session.command("alarm.to_case", {"alarm": key}, self._case_answered)

    def _answered(self, result: Result) -> None:
        if result.error is not None:
            self._window.messages.show_message(Severity.MINOR, person_text(result.error))

    def _case_answered(self, result: Result) -> None:
        self._answered(result)
        case_id = result.value.get("case")
        if result.error is None and isinstance(case_id, str):
            self.case_made.emit(case_id)

    def _alarm_activated(self, key: str) -> None:
        alarm = self._session.model.alarms.get(key)
        if alarm is not None:
            self.chosen.emit(alarm.object_id)

    def _case_activated(self, case_id: str) -> None:
        self.chosen.emit(CASE_PREFIX + case_id)

    def _link_changed(self, _link: LinkUpdate) -> None:
        self._say_what_is_known()

    def _say_what_is_known(self) -> None:
        """An empty list before the first data says nothing about the city: say that it does not."""
        unknown = self.tr("Nothing is known yet: no data has come from the hub.")
        reason = "" if self._known else unknown
        self._window.alarms.set_empty_reason(reason)
        self._window.cases.set_empty_reason(reason)

    def _changed(self, delta: Delta) -> None:
        model = self._session.model
        if delta.reset and not self._known:
            self._known = True
            self._say_what_is_known()
        if delta.reset:
            self._window.alarms.set_alarms({k: self._row(a) for k, a in model.alarms.items()})
            self._window.cases.set_cases(self._open_cases(model.cases))
            return
        if delta.alarms:
            changed = {k: self._row(a) for k, a in delta.alarms.items() if a is not None}
            gone = [k for k, a in delta.alarms.items() if a is None]
            self._window.alarms.update_alarms(changed, gone)
        if delta.cases:
            open_rows = self._open_cases(delta.cases)
            gone = [i for i in delta.cases if i not in open_rows]
            self._window.cases.update_cases(open_rows, gone)

    def _row(self, alarm: Alarm) -> AlarmRow:
        entity = self._session.model.entities.get(alarm.object_id)
        return alarm_row(alarm, self._parts.catalogue, entity, self._parts.lang)

    def _open_cases(self, among: Iterable[str]) -> dict[str, CaseRow]:
        cases = self._session.model.cases
        return {
            i: case_row(case, self._parts.catalogue, self._parts.lang)
            for i in among
            if (case := cases.get(i)) is not None and case.state not in CLOSED_STATES
        }
