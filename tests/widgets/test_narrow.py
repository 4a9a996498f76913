"""What stays readable on the smallest screen: numbers are not cut, lesser words leave."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from services.domain.clock import ManualClock
from services.domain.model import Case, Severity
from widgets.case_queue import CaseQueuePanel
from widgets.keyed_model import Column
from widgets.row_view import LEAST_PART, columns_that_fit
from widgets.rows import CaseRow
from widgets.search_box import SearchBox
from widgets.status_bar import WORDS_FROM_PX, TopBar
from widgets.theme import Theme
from widgets.wall_tiles import SHRINK, fitted, wrapped

NOW = 1_784_095_532.0


def late_cases(count: int) -> dict[str, CaseRow]:
    made = [
        Case(
            id=f"c{n}",
            category="E05-06",
            title="t",
            severity=Severity.MINOR,
            reported_at=NOW - 1_000,
            deadline_at=NOW - 60,
            state="handling",
        )
        for n in range(count)
    ]
    return {case.id: CaseRow(case, "道路积水", "康乐十字") for case in made}


def test_lights_give_up_their_words_before_the_number_of_cases_is_cut(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    panel = CaseQueuePanel(theme, clock)
    qtbot.addWidget(panel)
    panel.setStyleSheet(theme.qss())
    panel.set_cases(late_cases(217))
    panel.resize(700, 300)
    panel.show()
    qtbot.waitExposed(panel)
    red = panel.light_buttons["red"]
    assert red.text() == "red 217"
    panel.resize(360, 300)
    qtbot.waitUntil(lambda: panel._title.width() >= panel._title.sizeHint().width())
    assert red.text() == "217"
    assert red.accessibleName() == "red 217"
    panel.resize(700, 300)
    qtbot.waitUntil(lambda: red.text() == "red 217")


def test_the_search_says_in_short_what_it_cannot_say_whole(qtbot: QtBot, theme: Theme) -> None:
    box = SearchBox(theme)
    qtbot.addWidget(box)
    box.resize(120, 32)
    box.show()
    assert box.placeholderText() == "Search  /"
    box.resize(600, 32)
    qtbot.waitUntil(lambda: box.placeholderText() == "Search place, number, name, pinyin  /")


def test_a_column_that_would_show_next_to_nothing_leaves() -> None:
    columns: list[Column[int]] = [
        Column("mark", str, 28),
        Column("alarm", str, 0, 5.0),
        Column("place", str, 0, 3.0, leaves=2),
    ]
    enough = 28 + LEAST_PART * 8 // 3
    assert columns_that_fit(columns, enough) == [0, 1, 2]
    assert columns_that_fit(columns, enough - 3) == [0, 1]


def test_the_bar_spares_the_words_of_the_load_where_it_is_narrow(
    qtbot: QtBot, theme: Theme, clock: ManualClock
) -> None:
    bar = TopBar(theme, clock)
    qtbot.addWidget(bar)
    bar.resize(1_366, 48)
    bar.show()
    bar.set_alarm_load([3])
    assert not bar._load_words.isVisible()
    assert bar._load_text.isVisible()
    bar.resize(WORDS_FROM_PX, 48)
    qtbot.waitUntil(bar._load_words.isVisible)


def test_the_worst_value_is_drawn_smaller_before_it_is_cut(qtbot: QtBot, theme: Theme) -> None:
    title = "八一路街道雨量站 一小时雨量大 现值 32.0 mm / 30.0，极值 35.8"
    font = theme.font(42, bold=True)
    wide = QFontMetricsF(font).horizontalAdvance(title) * 0.49
    assert wrapped(title, font, wide, 2)[-1].endswith("…")
    smaller, lines = fitted(title, font, wide, 2)
    assert lines[-1].endswith("35.8")
    assert int(font.pixelSize() * SHRINK) <= smaller.pixelSize() < font.pixelSize()
    same, cut = fitted(title * 3, font, wide, 2)
    assert same.pixelSize() == font.pixelSize()
    assert cut[-1].endswith("…")
