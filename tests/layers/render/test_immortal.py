"""None, True and False outlast every call of Qt; in processes, because a failure is an abort."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CALLS = """
import {package}
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    told = Signal(int)

source = Source()
for number in range(50_000):
    source.told.emit(number)
    source.setObjectName("x")
print("alive")
"""


@pytest.mark.parametrize("package", ["layers.render", "widgets"])
def test_a_process_with_our_packages_outlives_many_calls(package: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _CALLS.format(package=package)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "alive\n"), ended.stderr


def test_the_guard_may_be_called_again() -> None:
    from layers.render.immortal import keep_constants_alive

    before = sys.getrefcount(None)
    keep_constants_alive()
    assert abs(sys.getrefcount(None) - before) < 1000
