"""A file to write: its ending is there before the question whether another may be replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app import ask_file
from app.ask_file import ask_save, file_name, save_dialog

KIND = "PDF (*.pdf)"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_the_dialog_adds_the_ending_itself(window: QWidget, tmp_path: Path) -> None:
    dialog = save_dialog(window, str(tmp_path / "map.pdf"), KIND)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
    assert dialog.defaultSuffix() == "pdf"
    assert dialog.selectedFiles() == [str(tmp_path / "map.pdf")]
    dialog.selectFile(str(tmp_path / "plan"))
    assert dialog.selectedFiles() == [str(tmp_path / "plan.pdf")]


def _asked(monkeypatch: pytest.MonkeyPatch, window: QWidget, *typed: Path) -> tuple[str, list[str]]:
    """What comes of a dialog in which somebody types these names in turn and then gives up, and
    what it offered in between."""
    dialog = save_dialog(window, "map.pdf", KIND)
    names, offered = list(map(str, typed)), list[str]()
    monkeypatch.setattr(dialog, "exec", lambda: int(bool(names)))
    monkeypatch.setattr(dialog, "selectedFiles", lambda: [names.pop(0)])
    monkeypatch.setattr(dialog, "selectFile", offered.append)
    monkeypatch.setattr(ask_file, "save_dialog", lambda *_words: dialog)
    return ask_save(window, "map.pdf", KIND), offered


def test_what_is_there_under_the_whole_name_is_asked_about(
    window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "plan.v1.pdf"
    kept.touch()
    chosen, offered = _asked(monkeypatch, window, tmp_path / "plan.v1", kept)
    assert (chosen, offered) == (str(kept), [str(kept)])
    assert _asked(monkeypatch, window, tmp_path / "plan.v1")[0] == ""


def test_a_new_name_gets_its_ending_and_no_name_is_none(
    window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _asked(monkeypatch, window, tmp_path / "plan.v2")[0] == str(tmp_path / "plan.v2.pdf")
    assert _asked(monkeypatch, window)[0] == ""


@pytest.mark.parametrize(
    ("title", "name"),
    [("防汛 1/2", "防汛 1_2"), ("a:b", "a_b"), ("../up", ".._up"), ("x\n", "x_")],
)
def test_a_title_is_no_path(title: str, name: str) -> None:
    assert file_name(title) == name
