"""What a window keeps while all windows are built anew. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from app.controllers.desk import DeskController, DeskState
from app.windows.video import VideoWindow


@dataclass(frozen=True, slots=True)
class Kept:
    """What a window has of its own, while all windows are built anew."""

    geometry: QRect
    window_state: Qt.WindowState
    desk: DeskState | None
    cameras: list[str]


def kept_of(window: QWidget, desk: DeskController | None) -> Kept:
    """What is to be there again; ``desk``: of this window."""
    cameras = window.grid.cameras() if isinstance(window, VideoWindow) else []
    state = desk.state() if desk is not None else None
    return Kept(window.geometry(), window.windowState(), state, cameras)


def put_back(kept: Kept, window: QWidget, desk: DeskController | None) -> None:
    """Arrange a window as another one was."""
    window.setGeometry(kept.geometry)
    window.setWindowState(kept.window_state)
    if kept.desk is not None and desk is not None:
        desk.arrange(kept.desk)
