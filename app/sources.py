"""Builds a console's sessions: each with a feed of its own. GUI thread."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from app.bridge import ThreadBridge
from app.options import ConsoleOptions
from app.session import ConsoleSession, Keeper
from services.feed.client import FeedClient
from services.feed.source import ReplayRequest, Source, Update
from services.packs.model import Catalogue


class SessionMaker:
    """Sessions at one hub as one account; ``keeper`` keeps orders of the live one on the disk."""

    def __init__(
        self,
        options: ConsoleOptions,
        catalogue: Catalogue,
        bridge: ThreadBridge,
        trust: ssl.SSLContext | None,
        parent: QObject,
    ) -> None:
        self._options, self._catalogue, self._bridge = options, catalogue, bridge
        self._trust, self._parent = trust, parent
        self._live: ConsoleSession | None = None

    def live(self, keeper: Keeper | None) -> ConsoleSession:
        """The present."""
        self._live = self._make(replay=False, keeper=keeper)
        return self._live

    def replay(self) -> ConsoleSession:
        """The past; who looks at it is known before it is opened."""
        past = self._make(replay=True, keeper=None)
        if self._live is not None:
            past.link = replace(past.link, user=self._live.link.user)
            self._live.link_changed.connect(past.take_name)
        return past

    def _make(self, *, replay: bool, keeper: Keeper | None) -> ConsoleSession:
        return ConsoleSession(
            self._catalogue,
            self._bridge,
            self._source,
            replay=replay,
            keeper=keeper,
            parent=self._parent,
        )

    def _source(self, sink: Callable[[Update], None], request: ReplayRequest | None) -> Source:
        options = self._options
        return FeedClient(
            options.hub_url.replace("http", "ws", 1) + "/feed",
            options.tokens,
            seat=options.seat,
            client="onemap-console",
            sink=sink,
            replay=request,
            trust=self._trust,
        )
