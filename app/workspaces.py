"""The workspaces of whoever sits here: in memory, saved a moment after a change. GUI thread."""

from __future__ import annotations

import logging

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.operations import Operations
from app.workspace_file import (
    STANDARD,
    MapState,
    WorkspaceFile,
    with_copy,
    with_map,
    without,
)
from layers.model.layer_set import LayerSet
from layers.model.pack_layers import from_packs, made_true
from services.domain.errors import KnownError
from services.packs.model import Catalogue

log = logging.getLogger(__name__)
SAVE_AFTER_MS = 1_000


class Workspaces(QObject):
    """``switched``: another workspace, every map shows its own of it. ``listed``: other names.
    ``failed(KnownError)``: nothing could be saved, or what was saved could not be read."""

    switched = Signal()
    listed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        file: WorkspaceFile,
        catalogue: Catalogue,
        operations: Operations,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._catalogue = catalogue
        self._operations = operations
        self._packs = from_packs(catalogue)
        found = file.load()
        self.problem = found.problem
        self._content = found.content
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER_MS)
        self._save.timeout.connect(self._save_now)

    # -- reading ---------------------------------------------------------------
    @property
    def current(self) -> str:
        """The name of the workspace that is shown, ``STANDARD`` for the one without a name."""
        return self._content.current

    @property
    def names(self) -> list[str]:
        """The standard workspace, then the named ones in the order of the alphabet."""
        return [STANDARD, *sorted(name for name in self._content.workspaces if name != STANDARD)]

    def state(self, window: str) -> MapState:
        """What a map shows in this workspace; a map without a state of its own begins as the desk,
        and the desk as the packs say. Made true for the packs of today."""
        maps = self._content.workspaces.get(self.current, {})
        kept = maps.get(window) or maps.get("desk")
        if kept is None:
            return MapState(self._packs)
        layers, unknown = made_true(kept.layers, self._catalogue)
        if unknown:
            log.warning("saved layers name kinds that no pack has: %s", ", ".join(unknown))
        return MapState(layers, kept.view if window in maps else None)

    def imported(self, layers: LayerSet) -> tuple[LayerSet, tuple[str, ...]]:
        """A set from elsewhere made true for these packs, and the kinds that it names in vain."""
        return made_true(layers, self._catalogue)

    # -- changing --------------------------------------------------------------
    def put(self, window: str, state: MapState) -> None:
        """What a map shows now."""
        name = self.current
        if self._content.workspaces.get(name, {}).get(window) != state:
            self._content = with_map(self._content, name, window, state)
            self._save.start()

    def save_as(self, name: str) -> None:
        """Keep this workspace under another name too, and go on in that. KnownError."""
        self._content = with_copy(self._content, self.current, name)
        self._changed()

    def switch(self, name: str) -> None:
        """Show another workspace."""
        if name in self.names and name != self.current:
            self._content = msgspec.structs.replace(self._content, current=name)
            self._changed()
            self.switched.emit()

    def delete(self, name: str) -> None:
        """Take a named workspace away; where it was shown, the standard one is."""
        before = self.current
        self._content = without(self._content, name)
        self._changed()
        if self.current != before:
            self.switched.emit()

    def close(self) -> None:
        """Save what is not saved; waits for the disk."""
        if self._save.isActive():
            self._save.stop()
            try:
                self._file.save(self._content, self._file.turn())
            except OSError as error:
                log.error("the workspaces cannot be saved: %s", error)

    def _changed(self) -> None:
        self._save.start()
        self.listed.emit()

    def _save_now(self) -> None:
        content, turn = self._content, self._file.turn()
        self._operations.run(
            lambda: self._file.save(content, turn), _nothing, self._failed, owner=self
        )

    def _failed(self, error: Exception) -> None:
        log.error("the workspaces cannot be saved: %s", error)
        text = f"Your layers cannot be saved on this desk's disk: {error}"
        self.failed.emit(KnownError("workspaces_unsaved", text, params={"what": str(error)}))


def _nothing(_result: None) -> None:
    """There is nothing to tell about a file that was written."""
