"""The further map windows of a console, and what all maps of one session share. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

import numpy as np
from PySide6.QtCore import QObject

from app.console_parts import Parts
from app.controllers.desk import DeskController
from app.controllers.map_window import MapWindowController
from app.controllers.tables import TableHost
from app.session import ConsoleSession
from app.windows.map import MapWindow
from app.workspaces import Workspaces
from layers.model.selection import Picked
from layers.render.map_widget import MapWidget

MOST = 6
"""Maps beside the desk's; each draws on the one GUI thread."""


class Show(Protocol):
    """How the console puts a window on a screen."""

    def __call__(
        self, name: str, window: MapWindow, close: Callable[[], None], *, fill: bool
    ) -> None:
        """``close`` is called when the window goes."""


class SharedSelection(QObject):
    """What is selected on one map of a session is selected on all, and so is what is marked out."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._maps: list[MapWidget] = []
        self._picked: Picked | None = None
        self._busy = False

    def join(self, chart: MapWidget) -> None:
        """One more map; it shows what is selected already."""
        self._maps.append(chart)
        if self._picked:
            chart.selecting.set_rows(self._picked.still(chart.store))
        chart.selection_changed.connect(self._changed)
        chart.marked.connect(self._marked)

    def leave(self, chart: MapWidget) -> None:
        """A map that goes."""
        if chart in self._maps:
            self._maps.remove(chart)
            chart.selection_changed.disconnect(self._changed)
            chart.marked.disconnect(self._marked)

    def _marked(self, feature_id: str) -> None:
        """The one thing whose card is open, on all maps."""
        if self._busy:
            return
        self._busy = True
        for chart in self._maps:
            chart.set_selected(feature_id or None)
        self._busy = False

    def _changed(self, picked: Picked) -> None:
        if self._busy:
            return
        self._busy, self._picked = True, picked
        for chart in self._maps:
            if not np.array_equal(chart.selecting.selection.picked.rows, picked.rows):
                chart.selecting.set_rows(picked.rows)
        self._busy = False


class MapWindows(QObject):
    """Opens and numbers map windows. ``parts``: as they are now; ``show`` and ``act`` are the
    console's."""

    def __init__(
        self,
        parts: Callable[[], Parts],
        workspaces: Workspaces,
        tables: TableHost,
        show: Show,
        act: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._parts, self._workspaces, self._tables = parts, workspaces, tables
        self._show, self._act = show, act
        self._open: dict[str, ConsoleSession] = {}
        self._desks: dict[ConsoleSession, DeskController] = {}
        self._shared: dict[ConsoleSession, SharedSelection] = {}

    def join(self, session: ConsoleSession, desk: DeskController, chart: MapWidget) -> None:
        """A desk of a session, whose map is the first."""
        self._desks[session] = desk
        shared = self._shared_of(session)
        shared.join(chart)
        desk.map_asked.connect(partial(self.open, session))

    def leave(self, session: ConsoleSession, chart: MapWidget) -> None:
        """A desk goes; the maps of a replay go with it."""
        self._desks.pop(session, None)
        shared = self._shared.get(session)
        if shared is not None:
            shared.leave(chart)
        if session.is_replay:
            for name in [n for n, of in self._open.items() if of is session]:
                self._tables.close_window(name)
            if shared is not None:
                del self._shared[session]
                shared.deleteLater()

    def open_named(self, name: str, live: ConsoleSession) -> None:
        """Open a map again by the name it had; a replay's only while that is open."""
        prefix, _, number = name.rpartition("-")
        replays = [s for s in self._desks if s.is_replay]
        session = live if prefix == "map" else replays[0] if replays else None
        if session is not None and number.isdigit():
            self._open_as(session, int(number))

    def open(self, session: ConsoleSession) -> None:
        """Open one more map of a session, with the smallest number that is free."""
        taken = {name for name, of in self._open.items() if of is session}
        free = [n for n in range(2, MOST + 2) if _name(session, n) not in taken]
        if free:
            self._open_as(session, free[0])
        elif session in self._desks:
            words = self.tr("{0} further maps are open; close one first.")
            self._desks[session].say(words.format(MOST))

    def _open_as(self, session: ConsoleSession, number: int) -> None:
        name = _name(session, number)
        parts = self._parts()
        window = MapWindow(parts, session, number)
        controller = MapWindowController(
            parts, session, window, self._workspaces, self._tables, name
        )
        controller.chosen.connect(partial(self._chosen, session))
        controller.incident_requested.connect(partial(self._incident, session))
        window.action_requested.connect(partial(self._asked, session))
        shared = self._shared_of(session)
        shared.join(window.map)

        def close() -> None:
            self._open.pop(name, None)
            shared.leave(window.map)
            controller.close()

        self._open[name] = session
        self._show(name, window, close, fill=True)

    def _chosen(self, session: ConsoleSession, feature_id: str) -> None:
        desk = self._desks.get(session)
        if desk is not None:
            desk.show_thing(feature_id)

    def _incident(self, session: ConsoleSession, lon: float, lat: float) -> None:
        desk = self._desks.get(session)
        if desk is not None:
            desk.incident.begin(lon, lat)

    def _asked(self, session: ConsoleSession, action: str) -> None:
        if action == "new_map":
            self.open(session)
        else:
            self._act(action)

    def _shared_of(self, session: ConsoleSession) -> SharedSelection:
        if session not in self._shared:
            self._shared[session] = SharedSelection(self)
        return self._shared[session]


def _name(session: ConsoleSession, number: int) -> str:
    return f"replay-map-{number}" if session.is_replay else f"map-{number}"
