"""What lives on a graphics device, and an end to it that Python knows of.

``QRhiResource.deleteLater`` frees an object at the end of the frame and tells Python nothing: its
wrapper goes on standing for an address that the next object gets, and whoever asks Qt for that
object is handed the wrapper (``widget.style()`` was a dead ``QRhiBuffer`` once). So nothing is
deleted but here.
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtGui import QRhiResource
from shiboken6 import Shiboken

Part = TypeVar("Part", bound=QRhiResource)


class DeviceParts:
    """What one owner has made on a device. GUI thread."""

    def __init__(self) -> None:
        self._parts: list[QRhiResource] = []

    def __len__(self) -> int:
        return len(self._parts)

    def keep(self, part: Part) -> Part:
        """Own what was just made, before anything that can fail is done with it."""
        self._parts.append(part)
        return part

    def drop(self, part: QRhiResource) -> None:
        """Free it once the frame under way is over; using it from now on is a RuntimeError.
        ValueError for what is another's, or was dropped."""
        self._parts.remove(part)
        _free(part)

    def drop_all(self) -> None:
        """Free everything, what was made last first. The device may be gone by now."""
        while self._parts:
            _free(self._parts.pop())


def _free(part: QRhiResource) -> None:
    part.deleteLater()
    Shiboken.invalidate(part)
