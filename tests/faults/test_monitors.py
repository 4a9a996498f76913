"""A map that is moved between monitors of different scale factors, and whose monitor goes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from app.display import virtual_screen
from tests.faults.options import Faults, Row

ROOT = Path(__file__).resolve().parents[2]
FACTORS = "1;2;1;1.5"
GROWN_MB = 150.0
"""What pictures of up to 3680 x 2000 device pixels come and go with; a hundred kept would be ten
times as much."""


def test_a_map_is_whole_sharp_and_clicked_right_on_every_monitor(faults: Faults) -> None:
    cycles = faults.count("monitors")
    with virtual_screen():
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.monitor_probe", str(cycles)],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "QT_QPA_PLATFORM": "xcb",
                "QT_SCREEN_SCALE_FACTORS": FACTORS,
            },
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60 + 5 * cycles,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2_000:]
    looks = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(looks) == cycles + cycles // 4
    assert {look["wanted"] for look in looks} == {1.0, 1.5, 2.0}
    assert all(look["ratio"] == look["wanted"] for look in looks)
    assert {look["clicked"] for look in looks} == {"a"}
    assert len({tuple(look["place"]) for look in looks}) == 1
    assert max(abs(look["mark"] - looks[0]["mark"]) for look in looks) <= 1.0  # logical pixels
    memory = [look["memory"] for look in looks]
    half = len(memory) // 2
    assert min(memory[half:]) - min(memory[:half]) < GROWN_MB
    faults.found(Row("moves between monitors, one in four with hot plug", cycles, cycles, 0, 0))
