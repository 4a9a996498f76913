"""Pictures, and a console that goes wrong: neither ends in a crash."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.pictures import PictureTaker
from tests.harness import LIMIT_S, ROOT


def test_a_folder_that_went_is_told_once_and_the_pictures_come_back(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    window: QWidget = QLabel("a window")
    qtbot.addWidget(window)
    where = tmp_path / "pictures"
    taker = PictureTaker(lambda: {"desk": window}, where, 10.0)
    with caplog.at_level(logging.WARNING):
        taker.take()
        taker.take()
        assert [r.getMessage() for r in caplog.records] == [
            f"the picture {where}/desk.png cannot be written; the console goes on without it"
        ]
        where.mkdir()
        taker.take()
        assert [p.name for p in where.iterdir()] == ["desk.png"]
        (where / "desk.png").unlink()
        (where / "desk.png").mkdir()  # what is written cannot be put there
        taker.take()
    assert len(caplog.records) == 2


@pytest.mark.parametrize(("when", "status"), [("start", 1), ("timer", 0)])
def test_what_goes_wrong_with_windows_open_is_told_and_is_no_crash(
    tmp_path: Path, when: str, status: int
) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tests.app.failing_start", when, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT_S * 2,
        check=False,
    )
    assert result.returncode == status, result.stderr
    assert "Trouble" in result.stderr
    assert (tmp_path / "logs" / "console-crash.log").read_text() == ""
