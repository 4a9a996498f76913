"""Asks the hub for personal data of what the card shows, for who may. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from app.console_parts import Parts
from app.messages import person_text
from app.projection import CASE_PREFIX
from app.session import ConsoleSession
from services.access.roles import PERSONAL, allowed
from services.domain.errors import KnownError
from services.domain.model import Scalar
from services.packs.model import Attribute
from widgets.card_parts import Fact
from widgets.personal import PersonalView


class PersonalController(QObject):
    """Belongs to the detail controller, which tells what is shown."""

    def __init__(
        self, parts: Parts, session: ConsoleSession, view: PersonalView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._session, self._view = parts, session, view
        self._shown = ""
        self._personal: dict[str, Attribute] = {
            attribute.name: attribute
            for kind in parts.catalogue.kinds.values()
            for attribute in kind.attribute
            if attribute.data_class == "personal"
        }
        view.requested.connect(self._ask)

    def shown(self, feature_id: str, attrs: Mapping[str, Scalar]) -> None:
        """The card shows this; what was told of another thing is forgotten."""
        if feature_id != self._shown:
            self._shown = feature_id
            self._view.forget()
        has = any(attrs.get(name) not in (None, "") for name in self._personal)
        may = allowed(self._session.link.roles, PERSONAL) and not self._session.is_replay
        self._view.setVisible(has and may)

    def _ask(self, reason: str) -> None:
        shown, api, seat = self._shown, self._parts.api, self._parts.seat
        table = "cases" if shown.startswith(CASE_PREFIX) else "entities"
        id_ = shown.removeprefix(CASE_PREFIX)

        def got(attrs: dict[str, Scalar]) -> None:
            if self._shown == shown:  # another thing may be shown by now
                self._view.show_facts([self._fact(n, v) for n, v in attrs.items()])

        def failed(error: Exception) -> None:
            if self._shown == shown:
                text = person_text(error) if isinstance(error, KnownError) else str(error)
                self._view.show_error(text)

        self._parts.operations.run(
            lambda: api.personal(table, id_, reason, seat), got, failed, owner=self
        )

    def _fact(self, name: str, value: Scalar) -> Fact:
        attribute = self._personal.get(name)
        if attribute is None:
            return Fact(name, "" if value is None else str(value))
        lang = self._parts.lang
        return Fact(attribute.label.text(lang), attribute.value_text(value, lang))
