"""True and False outlast every signal; in a process of its own, because a failure is an abort."""

from __future__ import annotations

import subprocess
import sys

_EMITS = """
import {package}
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    told = Signal(int)

source = Source()
for number in range(50_000):
    source.told.emit(number)
print("alive")
"""


def _run(package: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _EMITS.format(package=package)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_fifty_thousand_emits_do_not_abort_a_process_with_our_packages() -> None:
    for package in ("layers.render", "widgets"):
        ended = _run(package)
        assert (ended.returncode, ended.stdout) == (0, "alive\n"), ended.stderr


def test_the_guard_may_be_called_again() -> None:
    from layers.render.bools import keep_bools_alive

    before = sys.getrefcount(True)
    keep_bools_alive()
    assert abs(sys.getrefcount(True) - before) < 1000
