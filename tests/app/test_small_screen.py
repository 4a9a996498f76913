"""The smallest screen that the product names, and what comes and goes above a map."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.console import Console
from app.language import change_language
from app.options import ConsoleOptions
from app.windows.desk import DeskWindow
from services.domain.model import Severity
from widgets.theme import Theme
from widgets.waiting_orders import WaitingRow

SMALLEST = (1_366, 768)


@pytest.fixture(params=["en", "zh"])
def windows(
    request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> Iterator[list[DeskWindow]]:
    change_language(qapp, request.param)
    options = ConsoleOptions(
        hub_url="http://127.0.0.1:9",
        token="t" * 20,
        user="duty1",
        seat="1",
        lang=request.param,
        data_dir=tmp_path,
    )
    sheet, palette, font = qapp.styleSheet(), qapp.palette(), qapp.font()
    theme = Theme.load()
    theme.apply(qapp)
    console = Console(options, qapp, theme)
    try:
        for name in ("desk", "replay"):
            console.open_window(name)
        yield [w for w in console.windows.values() if isinstance(w, DeskWindow)]
    finally:
        console.leave()
        qapp.setStyleSheet(sheet)
        qapp.setPalette(palette)
        qapp.setFont(font)
        change_language(qapp, "en")


def test_desk_and_replay_fit_the_smallest_screen_with_everything_said(
    windows: list[DeskWindow],
) -> None:
    assert len(windows) == 2
    for window in windows:
        top = window.top
        top.set_totals(13_312, 13_492, 1_061)
        top.set_alarm_load([120] * 12)
        top.set_read_only("the disk is full")
        top.set_link("offline", time.time() - 7_200.0)
        for panel in (window.alarms, window.cases):
            panel.set_empty_reason("")
        least = window.minimumSizeHint()
        assert least.width() <= SMALLEST[0]
        assert least.height() <= SMALLEST[1]


def test_nothing_that_is_said_moves_the_map(qtbot: QtBot, windows: list[DeskWindow]) -> None:
    window = windows[0]
    qtbot.waitExposed(window)
    refused = WaitingRow("k", "open a case", "what", 0.0, "refused", "because")

    def place() -> tuple[int, int, int]:
        qtbot.wait(0)
        corner = window.map.mapTo(window, QPoint(0, 0))
        return corner.y(), window.map.height(), window.columns.height()

    before = place()
    window.messages.show_message(Severity.CRITICAL, "said")
    assert window.messages.isVisible()
    assert place() == before
    window.waiting.set_orders([refused])
    assert window.waiting.isVisible()
    assert place() == before
    window.messages.hide()
    window.waiting.set_orders([])
    assert place() == before
