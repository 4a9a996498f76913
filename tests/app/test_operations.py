"""Operations: off the GUI thread, told on it, once, and only to who is still there."""

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


def test_work_is_done_elsewhere_and_told_here(stage, qtbot):
    told, owner = [], QObject()
    stage.run(threading.get_ident, told.append, owner=owner)
    qtbot.waitUntil(lambda: len(told) == 1, timeout=3_000)
    assert told[0] != threading.get_ident()

    def fails() -> int:
        raise ValueError("no")

    failures = []

    def failed(error: Exception) -> None:
        failures.append((str(error), threading.get_ident()))

    stage.run(fails, told.append, failed, owner=owner)
    qtbot.waitUntil(lambda: bool(failures), timeout=3_000)
    assert failures == [("no", threading.get_ident())]
    assert len(told) == 1


def test_who_is_gone_is_not_told(stage, qtbot):
    told, go, gone, other = [], threading.Event(), QObject(), QObject()
    stage.run(lambda: go.wait(3), lambda _: told.append("gone"), owner=gone)
    shiboken6.delete(gone)
    go.set()
    stage.run(lambda: None, lambda _: told.append("other"), owner=other)
    qtbot.waitUntil(lambda: bool(told), timeout=3_000)
    assert told == ["other"]
