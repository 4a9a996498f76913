"""The case queue: rows in, choices out; and what both lists say before the first data."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.console_parts import Parts
from app.projection import CASE_PREFIX
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from services.domain.world import CLOSED_STATES, Delta
from services.feed.source import LinkUpdate
from widgets.rows import CaseRow, case_row


class ListsController(QObject):
    """``chosen(feature id)``: a line was activated."""

    chosen = Signal(str)

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
        window.cases.case_activated.connect(self._case_activated)
        self._say_what_is_known()

    def _case_activated(self, case_id: str) -> None:
        self.chosen.emit(CASE_PREFIX + case_id)

    def _link_changed(self, _link: LinkUpdate) -> None:
        self._say_what_is_known()

    def _say_what_is_known(self) -> None:
        """An empty list before the first data says nothing about the city: say that it does not."""
        unknown = self.tr("Nothing is known yet: no data has come from the hub.")
        if self._session.is_replay:
            unknown = self.tr("The replay is not open yet: the hub has not answered.")
        reason = "" if self._known else unknown
        self._window.alarms.set_empty_reason(reason)
        self._window.cases.set_empty_reason(reason)

    def _changed(self, delta: Delta) -> None:
        model = self._session.model
        if delta.reset and not self._known:
            self._known = True
            self._say_what_is_known()
        if delta.reset:
            self._window.cases.set_cases(self._open_cases(model.cases))
            return
        if delta.cases:
            open_rows = self._open_cases(delta.cases)
            gone = [i for i in delta.cases if i not in open_rows]
            self._window.cases.update_cases(open_rows, gone)

    def _open_cases(self, among: Iterable[str]) -> dict[str, CaseRow]:
        cases = self._session.model.cases
        return {
            i: case_row(case, self._parts.catalogue, self._parts.lang)
            for i in among
            if (case := cases.get(i)) is not None and case.state not in CLOSED_STATES
        }
