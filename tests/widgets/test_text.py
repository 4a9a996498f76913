"""Outside text is shown letter by letter, and no module goes past the factory."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import widgets
from widgets.text import (
    LONGEST,
    ElidedLabel,
    button_text,
    plain,
    plain_label,
    plain_question,
    tooltip_text,
)

ROOT = Path(widgets.__file__).parent
BYPASSES = {
    r"\bQLabel\(": "plain_label",
    r"\.setToolTip\((?!tooltip_text\()": "set_tooltip",
    r"\bQMessageBox\((?!QMessageBox)": "plain_question",
    r"QMessageBox\.(warning|information|critical|question|about)\(": "plain_question",
    r"\.(setHtml|insertHtml|setMarkdown|appendHtml)\(": "plain text",
    r"TextFormat\.(RichText|AutoText|MarkdownText)": "PlainText",
    r"\bQTextBrowser\b|\bQTextEdit\b|\bQErrorMessage\b": "QPlainTextEdit",
    r"\b(TextItem|LabelItem)\(": "a plain label",
}


def _sources() -> list[Path]:
    return sorted(p for p in ROOT.rglob("*.py") if p.name != "text.py")


@pytest.mark.parametrize(("pattern", "instead"), BYPASSES.items())
def test_no_module_goes_past_the_factory(pattern: str, instead: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} use {instead}"
        for path in _sources()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "bypass",
    [
        "QLabel(name)",
        "w.setToolTip(name)",
        "QMessageBox(self)",
        "QMessageBox.warning(self, a, b)",
        "x.setHtml(a)",
        "Qt.TextFormat.RichText",
        "QTextEdit()",
        "pg.TextItem(html=a)",
    ],
)
def test_the_check_sees_each_bypass(bypass: str) -> None:
    assert any(re.search(pattern, bypass) for pattern in BYPASSES)


def test_labels_show_markup_as_letters(qtbot: QtBot) -> None:
    for label in (plain_label("<b>x</b>"), ElidedLabel("<b>x</b>")):
        qtbot.addWidget(label)
        assert label.text() == "<b>x</b>"
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_question_is_plain(qtbot: QtBot) -> None:
    box = plain_question(None, "<i>t</i>", "<b>x</b>", "<u>y</u>")
    qtbot.addWidget(box)
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert box.text() == "<b>x</b>"
    assert box.informativeText() == "<u>y</u>"


def test_tooltip_escapes_what_qt_would_guess() -> None:
    assert tooltip_text("<img src=x>\nb") == "<qt>&lt;img src=x&gt;<br>b</qt>"
    assert tooltip_text("") == ""


def test_button_text_keeps_the_ampersand() -> None:
    assert button_text("A&B") == "A&&B"


def test_line_breaks_stay_only_where_lines_are_wanted() -> None:
    assert plain("a\nb\tc") == "a b c"
    assert plain("a\nb", lines=True) == "a\nb"
    assert plain("西宁　东关") == "西宁　东关"


@given(st.text(max_size=200))
def test_plain_has_no_direction_or_control_characters(text: str) -> None:
    shown = plain(text)
    bad = set(shown) & {chr(c) for c in [*range(32), 0x7F, 0x061C, 0x200E, 0x200F]}
    assert bad == set()
    assert not any("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in shown)
    assert plain(shown) == shown


def test_long_text_is_cut() -> None:
    assert len(plain("x" * (LONGEST + 9))) == LONGEST
