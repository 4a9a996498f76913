"""A machine without OpenGL: the map is slower, and as true as any."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from layers.render.theme import TokenTheme


@pytest.mark.parametrize(
    "missing", [{"QT_XCB_GL_INTEGRATION": "none"}, {"QT_QUICK_BACKEND": "software"}]
)
def test_marks_are_drawn_without_a_graphics_device(tmp_path: Path, missing: dict[str, str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.images.no_device_probe", str(tmp_path / "map.png")],
        env={**os.environ, **missing},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "False"), ran.stderr
    picture = QImage(str(tmp_path / "map.png"))
    color = TokenTheme().color("critical")
    found = [
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if abs(picture.pixelColor(x, y).red() - color.red()) < 8
        and abs(picture.pixelColor(x, y).green() - color.green()) < 8
    ]
    assert len(found) > 50
    middle = sum(x for x, _ in found) / len(found)
    assert middle == pytest.approx(picture.width() / 2 - 100, abs=6)
