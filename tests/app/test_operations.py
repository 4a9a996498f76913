"""An operation is told to who is still there, and to nobody else."""

from __future__ import annotations

import threading

import pytest
import shiboken6
from PySide6.QtCore import QObject

from app.bridge import ThreadBridge
from app.operations import Operations


@pytest.fixture
def stage(qtbot):
    bridge = ThreadBridge()
    operations = Operations(bridge, workers=1)  # so that answers come in order
    yield operations
    operations.close()
    bridge.close()


def test_who_is_gone_is_not_told(stage, qtbot):
    told, go, gone, other = [], threading.Event(), QObject(), QObject()
    stage.run(lambda: go.wait(3), lambda _: told.append("gone"), owner=gone)
    shiboken6.delete(gone)
    go.set()
    stage.run(lambda: None, lambda _: told.append("other"), owner=other)
    qtbot.waitUntil(lambda: bool(told), timeout=3_000)
    assert told == ["other"]
