"""What a tool of the map is: it is told of the pointer, and says what is to be drawn and read.

GUI thread. A tool keeps the shape that is being drawn and hands it over when it is finished; it
knows neither features nor windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt

Place = tuple[float, float]
CROSS = Qt.CursorShape.CrossCursor


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is: logical pixels, degrees (of the feature that it snapped to, if any),
    and which keys are held."""

    x: float
    y: float
    lon: float
    lat: float
    shift: bool = False
    ctrl: bool = False

    @property
    def place(self) -> Place:
        """Longitude and latitude."""
        return self.lon, self.lat


@dataclass(frozen=True, slots=True)
class Word:
    """Words at a place, in the middle above it."""

    lon: float
    lat: float
    text: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is drawn for a tool, in degrees: a line, closed and filled where ``filled``, its corners
    as dots, words; ``pin`` is a place that is marked."""

    line: tuple[Place, ...] = ()
    filled: bool = False
    dots: tuple[Place, ...] = ()
    words: tuple[Word, ...] = ()
    pin: Place | None = None


class MapTool(Protocol):
    """One tool. ``id`` is its action's; ``snaps``: with Ctrl held its places are the features'."""

    id: str
    cursor: Qt.CursorShape
    snaps: bool

    def hint(self) -> str:
        """How it is used, in one line."""

    def reading(self) -> str:
        """What is read beside the pointer while a shape is being drawn, "" for nothing."""

    def press(self, at: Pointer) -> bool:
        """The left button went down; True: the drag is the tool's and not the map's."""

    def move(self, at: Pointer) -> None:
        """The pointer moved, with the button down or not."""

    def release(self, at: Pointer) -> None:
        """A drag that is the tool's ended."""

    def click(self, at: Pointer) -> None:
        """A press and a release at one place, when the drag is not the tool's."""

    def erase(self) -> None:
        """Take the last corner back."""

    def finish(self) -> None:
        """The shape is complete: Enter, right or double click."""

    def cancel(self) -> bool:
        """Drop the shape that is being drawn; False when there is none."""

    def sketch(self) -> Sketch:
        """What to draw now."""


class PlainTool:
    """A tool that does nothing; others change what they need."""

    id = ""
    cursor = CROSS
    snaps = False

    def hint(self) -> str:
        """Nothing to say."""
        return ""

    def reading(self) -> str:
        """Nothing to read."""
        return ""

    def press(self, _at: Pointer) -> bool:
        """The map may be dragged."""
        return False

    def move(self, _at: Pointer) -> None:
        """Of no interest."""

    def release(self, _at: Pointer) -> None:
        """Of no interest."""

    def click(self, _at: Pointer) -> None:
        """Of no interest."""

    def erase(self) -> None:
        """No corners."""

    def finish(self) -> None:
        """No shape."""

    def cancel(self) -> bool:
        """No shape."""
        return False

    def sketch(self) -> Sketch:
        """Draws nothing."""
        return Sketch()
