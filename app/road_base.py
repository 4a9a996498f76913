"""The road network that all windows of a console share. GUI thread; files are read by workers."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.operations import Operations
from services.domain.errors import KnownError
from services.feed.api import HubApi
from services.roads.network import RoadNetwork
from services.roads.packed import RoadInfo
from services.roads.store import RoadStore

log = logging.getLogger(__name__)
LOOK_MS = 20_000
"""How often it is asked whether another network is in use."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A network that was read, or None where the known one is still in use."""

    found: tuple[RoadNetwork, RoadInfo] | None


class RoadBase(QObject):
    """``network`` is None until it is read, and where there is none that can be: then ``problem``
    says why. ``changed``: another one is there."""

    changed = Signal()

    def __init__(
        self,
        data: Path,
        operations: Operations,
        parent: QObject | None = None,
        hub: HubApi | None = None,
    ) -> None:
        """Begins to read the network that the hub names, or where there is none to be asked the
        one that the data directory has in use."""
        super().__init__(parent)
        self._store = RoadStore(data)
        self._hub = hub
        self._operations = operations
        self.network: RoadNetwork | None = None
        self.info: RoadInfo | None = None
        self.problem: KnownError | None = None
        self._looking = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Read the network that is in use, unless it is the known one."""
        if self._looking:
            return
        self._looking = True
        known = self.info.version if self.info is not None else ""
        store, hub = self._store, self._hub
        self._operations.run(lambda: _read(store, known, hub), self._got, self._failed, owner=self)

    def _got(self, read: _Read) -> None:
        self._looking = False
        self.problem = None
        if read.found is not None:
            self.network, self.info = read.found
            self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._looking = False
        if not isinstance(error, KnownError):
            raise error
        if self.problem is None or self.problem.text != error.text:
            log.error("the road network cannot be used: %s", error)
        self.problem = error
        if self.network is not None:  # what it was made of is no longer what is in use
            self.network, self.info = None, None
            self.changed.emit()


def _read(store: RoadStore, known: str, hub: HubApi | None) -> _Read:
    version = _wanted(store, known, hub)
    if version == known:
        return _Read(None)
    if hub is not None and not store.has(version):
        store.take_in(version, hub.road_block)
    network, info = store.load(version)
    return _Read((network.warm_up(), info))


def _wanted(store: RoadStore, known: str, hub: HubApi | None) -> str:
    """The hub's version; with the line cut the one that is known, else this machine's own."""
    if hub is None:
        return store.version
    try:
        return hub.road_version()
    except KnownError as error:
        log.info("the hub does not say which roads it has: %s", error)
        return known or store.version
