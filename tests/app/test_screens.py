"""Windows and monitors, on a real X server whose monitors come and go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.display import MONITORS, virtual_screen

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json, subprocess, sys, time
from layers.render.immortal import keep_constants_alive
keep_constants_alive()
from PySide6.QtWidgets import QApplication, QWidget
from app.screens import ScreenKeeper

application = QApplication([])
keeper = ScreenKeeper(application)
windows = [QWidget() for _ in range(int(sys.argv[1]))]
alone = [keeper.place(w, fill=True) for w in windows]
for w in windows:
    w.show()

def settle(count):
    end = time.monotonic() + 10
    while len(application.screens()) != count and time.monotonic() < end:
        application.processEvents()
    for _ in range(20):
        application.processEvents()

def places():
    return [list(w.geometry().getRect()) for w in windows]

said = {"alone": alone, "start": places()}
if len(sys.argv) > 2:
    name, place = sys.argv[2:4]
    subprocess.run(["xrandr", "--delmonitor", name], check=True, capture_output=True)
    settle(3)
    said["gone"] = places()
    subprocess.run(["xrandr", "--setmonitor", name, place, "none"], check=True, capture_output=True)
    settle(4)
    said["back"] = places()
keeper.close()
for w in windows:
    w.close()
print(json.dumps(said))
application.shutdown()
"""


def told(*words: str) -> dict[str, list[object]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, list[object]] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.fixture(scope="module", autouse=True)
def _four_monitors():
    with virtual_screen():
        yield


def test_four_windows_have_a_monitor_each() -> None:
    said = told("4")
    corners = [(0, 0), (1920, 0), (0, 1080), (1920, 1080)]
    assert said["start"] == [[x, y, 1920, 1080] for x, y in corners]
    assert said["alone"] == [True] * 4


def test_a_fifth_window_shares_the_first_monitor() -> None:
    said = told("5")
    assert said["alone"] == [True] * 4 + [False]
    x, y, width, height = said["start"][4]
    assert 0 < x < 1920
    assert 0 < y < 1080
    assert width <= 1920
    assert height <= 1080


def test_a_window_whose_monitor_goes_is_seen_and_returns_with_it() -> None:
    name, place = MONITORS[3]
    said = told("4", name, place)
    x, y, *_size = said["gone"][3]
    assert 0 <= x < 1920
    assert 0 <= y < 1080
    assert said["back"] == said["start"]
    assert said["gone"][:3] == said["start"][:3]


def test_windows_that_share_a_small_monitor_stay_on_it() -> None:
    with virtual_screen("1366x768x24"):
        said = told("3")
    for x, y, width, height in said["start"]:
        assert x + width <= 1_366
        assert y + height <= 768
