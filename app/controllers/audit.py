"""The audit window's controller: asks the hub, shows its answers, writes exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.ask_file import ask_save
from app.console_parts import Parts
from app.messages import person_text
from app.windows.audit import AuditWindow
from services.audit.page import AuditPage, AuditQuery
from services.domain.errors import KnownError

PAGE = 200
Choose = Callable[[QWidget, str], str]
"""Asks where to put a file of a proposed name; "" when the person would rather not."""


def ask_where(window: QWidget, name: str) -> str:
    """Let the person choose a file."""
    return ask_save(window, name, "CSV (*.csv)")


class AuditController(QObject):
    """Keeps one audit window; every reading is on record at the hub, so it asks only when told."""

    def __init__(self, parts: Parts, window: AuditWindow, choose: Choose = ask_where) -> None:
        super().__init__(window)
        self._parts, self._window, self._choose = parts, window, choose
        self._asked = 0
        self._view = window.view
        self._view.asked.connect(self.read)
        self._view.older_asked.connect(self.read_older)
        self._view.export_asked.connect(self.export)

    def begin(self) -> None:
        """Read the newest page of what the filter asks for at first."""
        self._view.filter.ask()

    def read(self, query: AuditQuery) -> None:
        """The newest page."""
        self._ask(query, None)

    def read_older(self, query: AuditQuery, seq: int) -> None:
        """The page before a record."""
        self._ask(query, seq)

    def export(self, query: AuditQuery, why: str) -> None:
        """Write what matches to a file that the person chooses."""
        path = self._choose(self._window, self.tr("audit") + ".csv")
        if not path:
            return
        api = self._parts.api
        self._view.set_waiting()
        self._parts.operations.run(
            lambda: api.audit_export(query, why, Path(path)),
            lambda size: self._view.set_message(
                self.tr("{0} is written ({1} bytes)").format(path, f"{size:,}")
            ),
            self._failed,
            owner=self,
        )

    # -- inside -----------------------------------------------------------------
    def _ask(self, query: AuditQuery, before: int | None) -> None:
        api = self._parts.api
        self._asked += 1
        number = self._asked
        self._view.set_waiting()

        def answered(page: AuditPage) -> None:
            if number == self._asked:  # an older question's answer has no place any more
                self._view.set_page(query, page, older=before is not None)

        self._parts.operations.run(
            lambda: api.audit_page(query, before, PAGE), answered, self._failed, owner=self
        )

    def _failed(self, error: Exception) -> None:
        text = person_text(error) if isinstance(error, KnownError) else str(error)
        self._view.set_message(text)
