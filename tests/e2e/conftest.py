"""A hub process, consoles at it, and hands to work them with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLoggingCategory, QTimer, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.console import Console
from app.language import install_language
from app.options import ConsoleOptions
from tests.e2e.hands import Hands
from tests.e2e.seats import OpenConsole
from tests.harness import HubProcess, hub_process
from widgets.theme import Theme


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    """A running hub process on an empty store."""
    with hub_process(tmp_path) as running:
        yield running


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    """The mouse, the keyboard, and patience."""
    return Hands(qtbot)


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    """The product's look for the time of one test."""
    style, palette, font = qapp.style().objectName(), qapp.palette(), qapp.font()
    theme = Theme.load()
    theme.apply(qapp)
    yield theme
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def console(qapp: QApplication, look: Theme, tmp_path: Path) -> Iterator[OpenConsole]:
    """Make consoles at a hub."""
    made: list[Console] = []

    def open_console(
        hub: HubProcess,
        user: str = "duty1",
        windows: tuple[str, ...] = ("desk",),
        lang: str = "en",
    ) -> Console:
        if not qapp.findChildren(QTranslator):
            install_language(qapp, lang)
        options = ConsoleOptions(
            hub_url=hub.url,
            token=hub.token(user),
            user=user,
            seat=f"seat of {user}",
            lang=lang,
            windows=windows,
            data_dir=tmp_path,
        )
        new = Console(options, qapp, look)
        made.append(new)
        new.start()
        return new

    # What Qt logs of a stream that ends is what some tests provoke; bootstrap silences it too.
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    yield open_console
    for each in made:
        each.close()
        each.deleteLater()
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
        translator.deleteLater()
    # A console whose last window closes asks the application to quit, and Qt remembers that until
    # its loop runs again.
    QTimer.singleShot(0, qapp, lambda: qapp.exit(0))
    qapp.exec()
    QLoggingCategory.setFilterRules("")
