"""What a window keeps while all windows are built anew. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt

from app.controllers.desk import DeskState


@dataclass(frozen=True, slots=True)
class Kept:
    """What a window has of its own, while all windows are built anew."""

    geometry: QRect
    window_state: Qt.WindowState
    desk: DeskState | None
    cameras: list[str]
