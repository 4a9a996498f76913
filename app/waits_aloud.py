"""Says on the terminal whom a console waits for, when nothing comes. GUI thread."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.session import ConsoleSession
from services.feed.source import LinkUpdate

PATIENCE_MS = 3_000


def _to_terminal(text: str) -> None:
    print(f"onemap: {text}", file=sys.stderr, flush=True)


class WaitsAloud(QObject):
    """One line after three seconds without a hub, one more whenever the reason is another one."""

    def __init__(
        self,
        session: ConsoleSession,
        hub_url: str,
        say: Callable[[str], None] = _to_terminal,
        patience_ms: int = PATIENCE_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._hub_url, self._say = session, hub_url, say
        self._said: str | None = None
        self._patient = True
        session.link_changed.connect(self._changed)
        QTimer.singleShot(patience_ms, self, self._lost_patience)

    def _lost_patience(self) -> None:
        self._patient = False
        self._tell(self._session.link)

    def _changed(self, link: LinkUpdate) -> None:
        if link.state == "live":
            self._session.link_changed.disconnect(self._changed)
            self._patient = True
            self._said = ""
        elif link.state == "refused" or not self._patient:
            self._tell(link)

    def _tell(self, link: LinkUpdate) -> None:
        if self._said in ("", link.code or link.state) or link.state == "live":
            return
        if link.state == "connecting" and self._said is not None:
            return
        self._said = link.code or link.state
        if link.state == "refused":
            self._say(f"the hub at {self._hub_url} refuses this console: {link.detail}")
            return
        why = "no hub answers there" if link.code in ("", "no_line") else link.detail
        self._say(f"waiting for the hub at {self._hub_url}: {why}")
