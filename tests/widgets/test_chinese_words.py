"""What a person reads in Chinese: one vocabulary, and the signs of the language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from pytestqt.qtbot import QtBot

from services.domain.model import Severity
from services.packs.loader import default_directory, load
from widgets.incident_choice import listed
from widgets.words import severity_word

QM = Path(__file__).resolve().parents[2] / "resources" / "i18n" / "onemap_zh_CN.qm"


@pytest.fixture
def chinese(qtbot: QtBot) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load(str(QM))
    assert QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.mark.usefixtures("chinese")
def test_names_stand_in_a_row_with_the_sign_of_the_language() -> None:
    assert listed(["交警三队", "排涝一队"]) == "交警三队、排涝一队"
    words = QCoreApplication.translate("IncidentPanel", "{0}, {1}")
    assert words.format("需 2，找到 1", "最近的在 5 公里外") == "需 2，找到 1，最近的在 5 公里外"


@pytest.mark.usefixtures("chinese")
def test_the_load_names_severities_as_everything_else_does() -> None:
    source = "critical {0} % (target {3}) · major {1} % ({4}) · lesser {2} % ({5})"
    words = QCoreApplication.translate("AlarmLoadView", source)
    assert words != source
    for severity in (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR):
        assert severity_word(severity) in words


def test_the_number_of_cameras_says_that_it_is_of_cameras() -> None:
    shown = {k.label.text("en"): k for k in load(default_directory()).kpis}
    assert shown["Cameras online"].label.text("zh") == "视频在线"
