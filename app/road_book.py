"""The roads of one session: the console's network with what is closed at the session's moment.

GUI thread; cutting and searching are done by workers on networks that never change.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.operations import Operations
from app.road_base import RoadBase
from app.session import ConsoleSession
from services.domain.world import Delta
from services.feed.api import HubApi
from services.packs.model import Catalogue
from services.roads.closing import Closed, Closure, close
from services.roads.network import RoadNetwork
from services.roads.state import ClosureBook

T = TypeVar("T")


class RoadBooks:
    """One book for each session, which all its windows share: roads are cut once. GUI thread."""

    def __init__(self, base: RoadBase, operations: Operations) -> None:
        self._base = base
        self._operations = operations
        self._books: dict[int, RoadBook] = {}

    def of(self, session: ConsoleSession) -> RoadBook:
        """The book of a session, which ends with it."""
        key = id(session)
        if key not in self._books:
            catalogue = session.model.catalogue
            self._books[key] = RoadBook(self._base, session, catalogue, self._operations, session)
            session.destroyed.connect(lambda: self._books.pop(key, None))
        return self._books[key]


def road_books(data: Path, operations: Operations, parent: QObject, hub: HubApi) -> RoadBooks:
    """The books over the network that a hub names, else over the one in a data directory."""
    return RoadBooks(RoadBase(data, operations, parent, hub), operations)


class RoadBook(QObject):
    """``changed``: another network, or other closures; what was searched before may be wrong now.

    ``closed`` is None as long as there is no network.
    """

    changed = Signal()

    def __init__(
        self,
        base: RoadBase,
        session: ConsoleSession,
        catalogue: Catalogue,
        operations: Operations,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._base = base
        self._model = session.model
        self._operations = operations
        self._book = ClosureBook(catalogue)
        self._cut: tuple[RoadNetwork, int] | None = None  # of which network and state it is
        self._cutting = False
        self.closed: Closed | None = None
        session.model.changed.connect(self._follow)
        base.changed.connect(self._take_up)
        self._book.read(session.model, session.model.now())
        self._take_up()

    @property
    def base(self) -> RoadBase:
        """Where the network comes from."""
        return self._base

    @property
    def closures(self) -> tuple[Closure, ...]:
        """What closes roads now, also where it touches none."""
        return self._book.closures

    def network(self, *, as_open: bool = False) -> RoadNetwork | None:
        """The roads that are open; with ``as_open`` as if all of them were."""
        if as_open or self.closed is None:
            return self._base.network
        return self.closed.network

    def ask(
        self,
        work: Callable[[RoadNetwork], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject,
        as_open: bool = False,
    ) -> bool:
        """Search the network on a worker; ``done(result)`` here. False where there is none.

        Closures that are not cut out yet are cut for this answer: nobody is sent through a road
        that is known to be closed.
        """
        whole = self._base.network
        if whole is None:
            return False
        if as_open:
            self._operations.run(lambda: work(whole), done, failed, owner=owner)
        elif self.closed is not None and self._cut == (whole, self._book.version):
            network = self.closed.network
            self._operations.run(lambda: work(network), done, failed, owner=owner)
        else:
            closures = self._book.closures
            self._operations.run(
                lambda: work(close(whole, closures).network), done, failed, owner=owner
            )
        return True

    # -- inside -----------------------------------------------------------------------
    def _follow(self, delta: Delta) -> None:
        before = self._book.version
        self._book.follow(delta, self._model, self._model.now())
        if self._book.version != before:
            self._take_up()

    def _take_up(self) -> None:
        """Cut anew where the network or the closures are others; one cut at a time."""
        network, wanted = self._base.network, self._book.version
        if network is None:
            if self.closed is not None:
                self.closed, self._cut = None, None
            self.changed.emit()
            return
        if self._cutting or self._cut == (network, wanted):
            return
        self._cutting = True
        closures = self._book.closures

        def cut(closed: Closed) -> None:
            self._cutting = False
            if self._base.network is network:
                self.closed, self._cut = closed, (network, wanted)
                self.changed.emit()
            self._take_up()

        self._operations.run(lambda: _cut(network, closures), cut, owner=self)


def _cut(network: RoadNetwork, closures: tuple[Closure, ...]) -> Closed:
    closed = close(network, closures)
    closed.network.warm_up()
    return closed
