"""The manual's window, on the manual that ships."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from pytestqt.qtbot import QtBot

from app.windows.help import PAGE_PX, HelpWindow, joined_lines
from widgets.theme import Theme

IMAGE = QTextDocument.ResourceType.ImageResource.value


def test_chinese_lines_go_on_without_a_space() -> None:
    assert joined_lines("最严重的\n一级，\n点一下") == "最严重的一级，点一下"
    assert joined_lines("按 **A**\n确认\n\n下一段") == "按 **A**确认\n\n下一段"
    assert joined_lines("two\nwords\n- 列表\n- 列表") == "two\nwords\n- 列表\n- 列表"
    assert joined_lines("列表：\n* 一\n* 二") == "列表：\n* 一\n* 二"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_manual_shows_its_pictures_within_the_page(qtbot: QtBot, lang: str) -> None:
    window = HelpWindow(Theme.load(), lang)
    qtbot.addWidget(window)
    shown = [
        part.charFormat().toImageFormat().name()
        for part in _pieces(window)
        if part.charFormat().isImageFormat()
    ]
    assert shown
    for name in shown:
        picture = window.browser.loadResource(IMAGE, QUrl(name))
        assert isinstance(picture, QImage)
        assert 400 < picture.deviceIndependentSize().width() <= PAGE_PX
    text = window.browser.toPlainText()
    assert "的 一级" not in text


def test_it_asks_nobody_outside(qtbot: QtBot) -> None:
    window = HelpWindow(Theme.load(), "en")
    qtbot.addWidget(window)
    assert window.browser.loadResource(IMAGE, QUrl("http://127.0.0.1:9/picture.png")) is None


def _pieces(window: HelpWindow) -> list:
    found = []
    block = window.browser.document().begin()
    while block.isValid():
        walk = block.begin()
        while not walk.atEnd():
            found.append(walk.fragment())
            walk += 1
        block = block.next()
    return found
