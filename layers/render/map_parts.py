"""Small parts of a map window: its voice, its look, its cache."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtQuick import QQuickItem

from layers.render.theme import MapTheme

_LOOK = ("ground", "panel", "line", "text", "muted", "faint", "accent", "minor")


class Chrome(QObject):
    """What the buttons on the map say to the window."""

    asked = Signal(str)


def child(root: QQuickItem, name: str) -> QQuickItem:
    """A named part of the QML; RuntimeError where it is missing."""
    found = root.findChild(QQuickItem, name)
    if found is None:
        raise RuntimeError(f"the map window has no part named {name}")
    return found


def look_of(theme: MapTheme) -> dict[str, object]:
    """Colours and font for the QML."""
    look: dict[str, object] = {name: theme.color(name) for name in _LOOK}
    return {**look, "family": theme.font().family()}


def cache_directory(tile_url: str) -> str:
    """A directory of its own per source and style: the plugin's cache answers before the service
    is asked, and an older look must never answer."""
    key = hashlib.sha256(tile_url.rstrip("/").rpartition("/")[2].encode()).hexdigest()[:16]
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
    return str(Path(place) / "tiles" / key)
