"""Orders that wait for the line: what they are in words, and what a person does about them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.console_parts import Parts
from app.messages import order_word, person_text
from app.orders import Kept
from app.session import ConsoleSession
from app.windows.desk import DeskWindow
from services.domain.model import Severity
from widgets.rows import alarm_text
from widgets.waiting_orders import WaitingRow


class OrdersController(QObject):
    """Between the session's order book and the bar that shows it."""

    def __init__(
        self, parts: Parts, session: ConsoleSession, window: DeskWindow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._session, self._window = parts, session, window
        session.kept_changed.connect(self._changed)
        window.waiting.send_requested.connect(self._send)
        window.waiting.withdraw_requested.connect(session.withdraw)
        self._changed(session.kept)

    def _changed(self, kept: tuple[Kept, ...]) -> None:
        self._window.waiting.set_orders([self._row(one) for one in kept])

    def _send(self, key: str) -> None:
        if self._session.release(key):
            return
        text = self.tr(
            "It was sent so long ago that sending it again could carry it out twice."
            " Look whether it was done, and withdraw it."
        )
        self._window.messages.show_message(Severity.MAJOR, text)

    def _row(self, kept: Kept) -> WaitingRow:
        return WaitingRow(
            key=kept.key,
            words=order_word(kept.name),
            subject=self._subject(kept.args),
            given_at=kept.given_at,
            state=kept.state,
            reason=person_text(kept.error) if kept.error is not None else "",
        )

    def _subject(self, args: dict[str, object]) -> str:
        """What the order is about: an alarm or a case by its words, else what it names."""
        model = self._session.model
        alarm = model.alarms.get(str(args.get("alarm", "")))
        if alarm is not None:
            thing = model.entities.get(alarm.object_id)
            words = alarm_text(alarm, self._parts.catalogue, self._parts.lang, thing)
            return f"{words} · {thing.name if thing is not None else alarm.object_id}"
        case = model.cases.get(str(args.get("case", "")))
        if case is not None:
            return case.title
        for name in ("title", "address", "category", "case", "dispatch", "alarm", "subject"):
            if value := args.get(name):
                return str(value)
        return ""
