"""Asking a person for a file to write. GUI thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid


def ask_save(window: QWidget, name: str, kind: str) -> str:
    """Where to write a file: a proposed name, and a filter like ``PDF (*.pdf)`` of one ending; ""
    when the person would not. The ending is added before the question whether a file that is there
    shall be replaced, so none is replaced without it."""
    dialog = save_dialog(window, name, kind)
    ending = f".{dialog.defaultSuffix()}"
    try:
        while dialog.exec():
            chosen = dialog.selectedFiles()[0]
            whole = chosen if chosen.lower().endswith(ending) else chosen + ending
            if whole == chosen or not Path(whole).exists():
                return whole
            dialog.selectFile(whole)  # once more, so that the question is about the real file
        return ""
    finally:
        if isValid(dialog):  # it goes with its window, which may be closed meanwhile
            dialog.deleteLater()


def save_dialog(window: QWidget, name: str, kind: str) -> QFileDialog:
    """The dialog of ``ask_save``, not shown yet."""
    dialog = QFileDialog(window, "", "", kind)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(kind.partition("*")[2].rstrip(")"))
    dialog.selectFile(name)
    return dialog


def file_name(title: str) -> str:
    """A title as the name of a file, without what names of files may not have."""
    return "".join("_" if c in '\\/:*?"<>|' or not c.isprintable() else c for c in title)
