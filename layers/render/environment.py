"""What Qt must find in the environment before it is imported. No Qt here."""

from __future__ import annotations

import os
from collections.abc import MutableMapping


def prepare_environment(environment: MutableMapping[str, str] | None = None) -> None:
    """Set what the map needs; call it before the first import of Qt. A user's own value stays.

    ``QSG_RENDER_LOOP=basic``: with the threaded loop any Python call that waits for the render
    thread while it holds the interpreter lock deadlocks. ``QSG_NO_VSYNC``: several windows share
    the one thread, and each that waits for its own refresh would slow all others down.
    """
    target = os.environ if environment is None else environment
    target.setdefault("QSG_RENDER_LOOP", "basic")
    target.setdefault("QSG_NO_VSYNC", "1")
