"""A map on a fine screen is drawn as fine as the screen, from the first frame."""

from __future__ import annotations

import os
import subprocess
import sys


def test_marks_are_drawn_for_the_screen_that_the_window_opens_on() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.images.ratio_probe"],
        env={**os.environ, "QT_SCALE_FACTOR": "2"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    opened, moved = (list(map(float, line.split())) for line in ran.stdout.splitlines()[:2])
    assert opened[:2] == [1280.0, 2.0]
    assert moved[0] == 1.0
    assert moved[1] == opened[2]  # as large in logical pixels
    assert moved[2] == opened[3] / 2  # of half as many device pixels
