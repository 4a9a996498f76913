"""What Qt must find in the environment before it is imported. No Qt here."""

from __future__ import annotations

import os
from collections.abc import MutableMapping


def prepare_environment(environment: MutableMapping[str, str] | None = None) -> None:
    """Set what the map needs; call it before the first import of Qt. A user's own value stays.

    ``QSG_RENDER_LOOP=basic``: with the threaded loop any Python call that waits for the render
    thread while it holds the interpreter lock deadlocks. ``QSG_NO_VSYNC``: several windows share
    the one thread, and each that waits for its own refresh would slow all others down.
    ``QT_QPA_UPDATE_IDLE_TIME``: Qt puts 5 ms between a wish to draw and the drawing, where the
    screen gives no beat; while a map is dragged that is a quarter of each frame.
    """
    target = os.environ if environment is None else environment
    target.setdefault("QSG_RENDER_LOOP", "basic")
    target.setdefault("QSG_NO_VSYNC", "1")
    target.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")
