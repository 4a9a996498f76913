"""What an operator is told about the distance from which the wall is read. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.windows.wall import WallWindow


def distance_words(metres: float | None, wall: WallWindow | None) -> str:
    """What was set, and whether the wall that is open can be read from there."""
    translate = QCoreApplication.translate
    if metres is None:
        return translate("Console", "The wall's words are in proportion to its window.")
    words = translate("Console", "The wall is set up to be read from {0} m.")
    words = words.format(f"{metres:g}")
    if wall is None:
        return words
    reach = wall.panel.readable_from()
    if reach is None:
        unknown = translate("Console", "Its screen does not say how large it is.")
        return f"{words} {unknown}"
    if reach < metres:
        least = translate(
            "Console", "What it shows does not fit larger: it can be read from {0} m."
        )
        return f"{words} {least.format(f'{reach:.1f}')}"
    return words
