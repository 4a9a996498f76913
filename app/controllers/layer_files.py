"""The menu of named workspaces, and layer sets as files. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from app.ask_file import ask_save
from app.messages import person_text
from app.operations import Operations
from app.workspace_file import MAX_NAME, STANDARD, read_bounded, write_whole
from app.workspaces import Workspaces
from layers.model.layer_set import LayerSet, decode, encode
from services.domain.errors import KnownError, in_words
from widgets.ask_name import AskName
from widgets.layer_tree import LayerTreePanel
from widgets.text import button_text, plain_question

Choose = Callable[[QWidget, str, bool], str]
"""Asks for a file: of a proposed name to write it, or one to read; "" when the person would not."""
UNKNOWN_NAMED = 6
"""So many unknown kinds are told by name."""


def ask_file(window: QWidget, name: str, writes: bool) -> str:
    """Let the person choose a file."""
    kind = "JSON (*.json)"
    if writes:
        return ask_save(window, name, kind)
    return QFileDialog.getOpenFileName(window, "", "", kind)[0]


class LayerFiles(QObject):
    """``taken(LayerSet)``: a set was read from a file. ``said(text)``."""

    taken = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        operations: Operations,
        panel: LayerTreePanel,
        workspaces: Workspaces,
        parent: QObject,
        choose: Choose = ask_file,
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._panel = panel
        self._workspaces = workspaces
        self.choose = choose

    def show_name(self) -> None:
        """The name of the workspace over the tree."""
        self._panel.set_set_name(self._name(self._workspaces.current))

    def open_menu(self, place: QPoint) -> None:
        """The menu, at a place of the screen."""
        menu = self.build_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def build_menu(self) -> QMenu:
        """Workspaces to switch to, and what can be done with this one."""
        menu = QMenu(self._panel)
        current = self._workspaces.current
        for name in self._workspaces.names:
            entry = menu.addAction(button_text(self._name(name)))
            entry.setCheckable(True)
            entry.setChecked(name == current)
            entry.triggered.connect(partial(self._switch, name))
        menu.addSeparator()
        menu.addAction(self.tr("Save as…"), self._ask_name)
        if current != STANDARD:
            words = self.tr("Delete “{0}”…").format(current)
            menu.addAction(button_text(words), self._ask_delete)
        menu.addSeparator()
        menu.addAction(self.tr("Export layers…"), self.export)
        menu.addAction(self.tr("Import layers…"), self.import_)
        menu.addAction(self.tr("Back to the layers of the packs"), self._reset)
        return menu

    # -- files ----------------------------------------------------------------
    def export(self) -> None:
        """Write the set to a file that the person chooses."""
        path = self.choose(self._panel, self.tr("layers") + ".json", True)
        if not path:
            return
        data = encode(self._panel.layers)
        self._operations.run(
            lambda: write_whole(Path(path), data),
            lambda _none: self.said.emit(self.tr("The layers were written to {0}.").format(path)),
            self._failed,
            owner=self,
        )

    def import_(self) -> None:
        """Show the set of a file that the person chooses; it can be undone."""
        path = self.choose(self._panel, "", False)
        if path:
            self._operations.run(
                lambda: decode(read_bounded(Path(path))), self._read, self._failed, owner=self
            )

    def _read(self, layers: LayerSet) -> None:
        found, unknown = self._workspaces.imported(layers)
        self.taken.emit(found)
        if not unknown:
            self.said.emit(self.tr("The layers were read. Ctrl+Z in the tree takes them back."))
            return
        names = ", ".join(unknown[:UNKNOWN_NAMED])
        if len(unknown) > UNKNOWN_NAMED:
            names += " …"
        words = self.tr("The layers were read. Kinds that are not known here were left out: {0}")
        self.said.emit(words.format(names))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, KnownError):
            self.said.emit(person_text(error))
        else:
            words = self.tr("The file could not be used: {0}")
            self.said.emit(words.format(in_words(error)))

    # -- workspaces -----------------------------------------------------------
    def _switch(self, name: str, _on: bool = False) -> None:
        self._workspaces.switch(name)
        self.show_name()

    def _ask_name(self) -> None:
        words = self.tr("Which layers each map shows and where it looks are kept under this name.")
        title, save = self.tr("Save the workspace as"), self.tr("Save")
        ask = AskName(title, words, save, self._panel, most=MAX_NAME)
        ask.named.connect(self.save_as)
        ask.open()

    def save_as(self, name: str) -> None:
        """Keep what is shown under a name."""
        try:
            self._workspaces.save_as(name)
        except KnownError as error:
            self.said.emit(person_text(error))

    def _ask_delete(self) -> None:
        name = self._workspaces.current
        words = self.tr("Delete the workspace “{0}”? Its layers cannot be brought back.")
        box = plain_question(self._panel, self.tr("Delete"), words.format(name))
        yes = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(self.tr("Back"), QMessageBox.ButtonRole.RejectRole)
        yes.clicked.connect(partial(self._delete, name))
        box.finished.connect(box.deleteLater)
        box.open()

    def _delete(self, name: str, _on: bool = False) -> None:
        self._workspaces.delete(name)
        self.show_name()

    def _reset(self) -> None:
        self._panel.act("reset")

    def _name(self, name: str) -> str:
        return self.tr("Standard") if name == STANDARD else name
