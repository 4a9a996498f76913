"""What a reader sees on a widget, and pressing what is seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton


def words(widget: QWidget) -> list[str]:
    """Every visible text, as a reader sees it once Qt has shown what is new."""
    QApplication.processEvents()
    return [
        label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()
    ]


def press(qtbot: QtBot, widget: QWidget, text: str) -> None:
    found = [b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisible()]
    assert len(found) == 1, [b.text() for b in widget.findChildren(QPushButton)]
    qtbot.mouseClick(found[0], LEFT)
