"""The wall: what it says, what a click asks for, and that it fits, scales and never grows."""

from __future__ import annotations

import itertools
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from services.domain.clock import ManualClock
from services.domain.model import Severity
from widgets.theme import Theme
from widgets.wall import Curve, KpiTile, WallPanel, WorstItem
from widgets.wall_curves import CurveView
from widgets.wall_scale import (
    FIGURE_SHARE,
    LEFT,
    RIGHT,
    SMALLEST,
    Needs,
    Screen,
    wall_scale,
)
from widgets.wall_tiles import kept_together, wrapped

NOW = 1_784_095_532.0
BUTTON = Qt.MouseButton.LeftButton
HD, UHD = QSize(1_920, 1_080), QSize(3_840, 2_160)
NEEDS = Needs(1_000, 800)
UNKNOWN = Screen(1_920, 1_080, 0, 0)
LARGE = Screen(3_840, 2_160, 2_436, 1_370)
"""Four 55-inch panels."""


def kpis(count: int) -> list[KpiTile]:
    severities = [Severity.NORMAL, Severity.CRITICAL, Severity.MINOR]
    return [
        KpiTile(f"kpi{n}", f"未确认报警{n}", "1,234,567.89", "最早 3 分 20 秒", severities[n % 3])
        for n in range(count)
    ]


def worst(count: int) -> list[WorstItem]:
    return [
        WorstItem(
            f"康乐十字积水 0.4{n} m，仍在上涨，请立即处置", "排涝一队 2 分钟后到", Severity.MAJOR
        )
        for n in range(count)
    ]


def curves(count: int, points: int = 61, shift: float = 0.0) -> list[Curve]:
    times = [NOW - 3_600 + n * 60 for n in range(points)]
    values = [0.1 * (n % 7) + shift for n in range(points)]
    return [
        Curve(f"c{n}", "康乐十字液位", "m", times, values, 0.45, Severity.MAJOR, "0.46")
        for n in range(count)
    ]


@pytest.fixture
def wall(qtbot: QtBot, theme: Theme, clock: ManualClock) -> WallPanel:
    wall = WallPanel(theme, clock)
    qtbot.addWidget(wall)
    wall.set_titles("城运一图", "城东区 · 防汛场景")
    wall.resize(HD)
    wall.show()
    qtbot.waitExposed(wall)
    return wall


def shown_parts(wall: WallPanel) -> list[tuple[str, QRect]]:
    """Every visible part with its place in the wall."""
    children = [c for c in wall.children() if isinstance(c, QWidget) and c.isVisible()]
    return [(f"{type(c).__name__} {c.accessibleName()}", c.geometry()) for c in children]


# -- size and place -----------------------------------------------------------------------------
@pytest.mark.parametrize("metres", [None, 3.0, 12.0])
@pytest.mark.parametrize("size", [HD, UHD, QSize(2_560, 1_080), QSize(1_366, 768)])
@pytest.mark.parametrize("counts", [(0, 0, 0), (5, 3, 3), (7, 3, 4), (1, 1, 1)])
def test_nothing_overlaps_and_everything_is_inside(
    wall: WallPanel, size: QSize, metres: float | None, counts: tuple[int, int, int]
) -> None:
    picture = QWidget()
    picture.setAccessibleName("map")
    wall.set_map(picture)
    wall.set_kpis(kpis(counts[0]))
    wall.set_worst(worst(counts[1]))
    wall.set_curves(curves(counts[2]))
    wall.set_viewing_distance(metres)
    wall.resize(size)
    parts = shown_parts(wall)
    assert len(parts) >= 8 + sum(counts)
    for name, box in parts:
        assert wall.rect().contains(box), name
        assert box.height() >= 12, name
    for (name, box), (other, place) in combinations(parts, 2):
        assert not box.intersects(place), (name, other, box, place)


def test_twice_the_window_is_the_same_picture_twice_as_large(wall: WallPanel) -> None:
    wall.set_kpis(kpis(5))
    wall.set_worst(worst(3))
    wall.set_curves(curves(3))
    small = shown_parts(wall)
    wall.resize(UHD)
    for (name, box), (_name, half) in zip(shown_parts(wall), small, strict=True):
        expected = QRect(half.topLeft() * 2, half.size() * 2)
        off = [
            abs(a - b) for a, b in zip(box.getRect() or (), expected.getRect() or (), strict=True)
        ]
        assert max(off) <= 8, (name, box, expected)
    assert wall.scale().factor == pytest.approx(2.0)


def test_the_map_keeps_what_the_columns_leave_and_an_earlier_one_is_given_back(
    wall: WallPanel,
) -> None:
    first, second = QWidget(), QWidget()
    wall.set_map(first)
    assert first.geometry() == QRect(LEFT, 0, 1_920 - LEFT - RIGHT, 1_080)
    wall.set_map(second)
    assert first.parent() is None
    assert not first.isVisible()
    assert second.isVisible()
    wall.resize(UHD)
    assert second.geometry() == wall.map_rect()


def test_figures_are_as_high_as_the_scale_counts_on(theme: Theme) -> None:
    font = theme.font(100)
    figures = QFontMetricsF(font).tightBoundingRect("0").height()
    assert figures / 100 >= FIGURE_SHARE - 0.02
    widths = {QFontMetricsF(font).horizontalAdvance(figure) for figure in "0123456789"}
    assert len(widths) == 1, "tabular"


# -- the scale ----------------------------------------------------------------------------------
@given(metres=st.floats(0.5, 6))
def test_words_are_as_high_as_the_distance_asks_where_there_is_room(metres: float) -> None:
    scale = wall_scale(3_840, 2_160, Needs(500, 500), metres, LARGE)
    seen_from = scale.readable_from(LARGE)
    assert seen_from is not None
    roomy = 3_840 * 0.62 / (LEFT + RIGHT)
    assert seen_from >= metres - 1e-9 or scale.factor == pytest.approx(roomy)
    assert scale.factor >= 2.0, "never smaller than in proportion"


def test_the_smallest_words_go_before_the_growth_ends() -> None:
    near = wall_scale(3_840, 2_160, NEEDS, 2.0, LARGE)
    far = wall_scale(3_840, 2_160, NEEDS, 30.0, LARGE)
    assert (near.compact, far.compact) == (False, True)
    assert far.factor > near.factor
    assert far.factor * NEEDS.compact <= 2_160
    seen_from = far.readable_from(LARGE)
    assert seen_from is not None
    assert seen_from < 30, "and the wall says from where it can be read"


@pytest.mark.parametrize(
    "screen",
    [UNKNOWN, Screen(1_920, 1_080, 16, 9), Screen(1_920, 1_080, 160, 160), Screen(1, 1, 500, 300)],
)
def test_a_screen_that_lies_about_its_size_is_not_believed(screen: Screen) -> None:
    assert screen.px_per_mm() is None
    scale = wall_scale(1_920, 1_080, NEEDS, 6.0, screen)
    assert (scale.factor, scale.compact) == (1.0, False)
    assert scale.readable_from(screen) is None


def test_text_height_is_the_distance_over_two_hundred() -> None:
    scale = wall_scale(3_840, 2_160, Needs(100, 100), 4.0, LARGE)
    millimetres = SMALLEST * scale.factor * FIGURE_SHARE / (2_160 / 1_370)
    assert millimetres == pytest.approx(4_000 / 200)


# -- what it says -------------------------------------------------------------------------------
def test_date_clock_and_feed_go_on(qtbot: QtBot, wall: WallPanel, clock: ManualClock) -> None:
    def words() -> set[str]:
        return {name.split(" ", 1)[1] for name, _ in shown_parts(wall)}

    wall.set_link("live", NOW - 60, 0.31)
    assert {"2026-07-15", "Wednesday", "14:05", "LIVE 0.3 s"} <= words()
    wall.set_link("stale", NOW)
    clock.advance(134)
    qtbot.waitUntil(lambda: {"14:07", "STALE 02:14"} <= words(), timeout=10_000)


@pytest.mark.parametrize("state", ["connecting", "live", "stale", "offline", "refused", "replay"])
def test_calm_is_said_only_where_the_feed_says_so(wall: WallPanel, state: str) -> None:
    wall.set_worst([])
    wall.set_link(state, NOW)  # type: ignore[arg-type] # one of the names of FeedState
    words = " ".join(name for name, _ in shown_parts(wall))
    assert ("Nothing is urgent" in words) == (state in ("live", "replay"))
    assert ("Without data" in words) == (state not in ("live", "replay"))
    wall.set_worst(worst(1))
    words = " ".join(name for name, _ in shown_parts(wall))
    assert "Nothing is urgent" not in words
    assert "Without data" not in words


def test_words_from_outside_are_shown_letter_by_letter(wall: WallPanel) -> None:
    evil = "<b>x</b>\u202e&amp;"
    wall.set_titles(evil, evil)
    wall.set_kpis([KpiTile("k", evil, evil, evil)])
    wall.set_worst([WorstItem(evil, evil, Severity.MINOR)])
    wall.set_curves([Curve("c", evil, evil, [1.0], [2.0], None, Severity.NORMAL, evil)])
    named = [part.accessibleName() for part in (wall.kpis[0], wall.cards[0], wall.curves[0])]
    assert all("<b>x</b>&amp;" in name for name in named)
    assert all("\u202e" not in name for name in named)

    def inked() -> int:
        picture = wall.kpis[0].grab().toImage()
        back = picture.pixelColor(0, picture.height() - 1)
        at = [(x, y) for x in range(picture.width()) for y in range(0, picture.height(), 2)]
        return sum(picture.pixelColor(x, y) != back for x, y in at)

    marked = inked()
    wall.set_kpis([KpiTile("k", "x", "x", "x")])
    assert marked > 2 * inked(), "the marks themselves are drawn"


def test_a_severity_is_said_by_shape_and_word_too(wall: WallPanel) -> None:
    wall.set_kpis([KpiTile("k", "a", "1", "", Severity.CRITICAL)])
    wall.set_worst([WorstItem("b", "c", Severity.MAJOR)])
    assert wall.kpis[0].accessibleName() == "a · 1 · critical"
    assert wall.cards[0].accessibleName() == "1 · major · b · c"


def test_more_than_fit_are_left_out_and_fewer_are_hidden(wall: WallPanel) -> None:
    wall.set_kpis(kpis(9))
    wall.set_worst(worst(5))
    wall.set_curves(curves(6))
    assert [sum(p.isVisible() for p in row) for row in (wall.kpis, wall.cards, wall.curves)] == [
        7,
        3,
        4,
    ]
    wall.set_kpis(kpis(2))
    wall.set_worst(worst(1))
    wall.set_curves(curves(1))
    assert [sum(p.isVisible() for p in row) for row in (wall.kpis, wall.cards, wall.curves)] == [
        2,
        1,
        1,
    ]


def test_a_long_title_takes_two_lines_and_then_an_ellipsis(theme: Theme) -> None:
    font = theme.font(20)
    assert wrapped("康乐十字", font, 400, 2) == ["康乐十字"]
    first, second = wrapped("康乐十字积水" * 4, font, 300, 2)
    assert (first + second) == "康乐十字积水" * 4
    _first, cut = wrapped("康乐十字积水" * 40, font, 300, 2)
    assert cut.endswith("…")
    assert QFontMetricsF(font).horizontalAdvance(cut) <= 300
    assert wrapped("", font, 300, 2) == [""]


# -- what a click asks for ----------------------------------------------------------------------
def test_a_click_or_a_key_on_a_number_or_a_card_asks_for_what_is_behind(
    qtbot: QtBot, wall: WallPanel
) -> None:
    asked: list[object] = []
    wall.kpi_activated.connect(asked.append)
    wall.worst_activated.connect(asked.append)
    wall.set_kpis(kpis(3))
    wall.set_worst(worst(3))
    qtbot.mouseClick(wall.kpis[2], BUTTON)
    qtbot.mouseClick(wall.cards[0], BUTTON)
    qtbot.keyClick(wall.kpis[0], Qt.Key.Key_Return)
    qtbot.keyClick(wall.cards[2], Qt.Key.Key_Space)
    assert asked == ["kpi2", 0, "kpi0", 2]
    qtbot.mouseClick(wall.kpis[0], Qt.MouseButton.RightButton)
    qtbot.mousePress(wall.kpis[0], BUTTON)
    qtbot.mouseRelease(wall.kpis[0], BUTTON, pos=QPoint(-20, -20))
    qtbot.keyClick(wall.kpis[0], Qt.Key.Key_A)
    assert len(asked) == 4


def test_nothing_else_answers_to_the_mouse(qtbot: QtBot, wall: WallPanel) -> None:
    wall.set_curves(curves(2))
    before = wall.curves[0].grab().toImage()
    place = wall.curves[0].mapTo(wall, wall.curves[0].rect().center())
    under = wall.childAt(place)
    qtbot.mouseClick(under, BUTTON)
    qtbot.mouseDClick(under, BUTTON)
    qtbot.mouseClick(under, Qt.MouseButton.RightButton)
    assert wall.curves[0].grab().toImage() == before
    assert QApplication.activePopupWidget() is None


def test_the_same_curve_again_is_not_drawn_anew(wall: WallPanel) -> None:
    view = wall.curves[0]
    wall.set_curves(curves(1))
    drawn: list[object] = []
    view._line.sigPlotChanged.connect(drawn.append)
    wall.set_curves(curves(1))
    assert drawn == []
    wall.set_curves(curves(1, shift=1))
    assert drawn != []


# -- it runs for weeks --------------------------------------------------------------------------
def test_a_thousand_updates_make_no_item_and_no_widget(wall: WallPanel) -> None:
    wall.set_curves(curves(4))
    wall.set_kpis(kpis(7))
    wall.set_worst(worst(3))

    def standing() -> tuple[int, ...]:
        items = [view.item_count() for view in wall.curves]
        return (*items, len(wall.findChildren(QWidget)))

    before = standing()
    for n in range(1_000):
        count = 1 + n % 4
        wall.set_curves(curves(count, points=2 + n % 60, shift=n))
        wall.set_kpis(kpis(n % 8))
        wall.set_worst(worst(n % 4))
    assert standing() == before
    assert wall.curves[0].point_count() == 2 + 999 % 60


@pytest.mark.parametrize(
    "curve",
    [
        Curve("c", "empty", "m", [], [], 0.45),
        Curve("c", "one point", "m", [NOW], [1.0], None),
        Curve("c", "gaps", "m", [NOW, NOW + 1, NOW + 2], [float("nan"), 1.0, float("nan")], 1e9),
        Curve("c", "nothing known", "m", [NOW, NOW + 1], [float("nan")] * 2),
        Curve("c", "flat", "m", [NOW, NOW + 60], [0.0, 0.0], 0.0),
    ],
    ids=lambda curve: curve.label,
)
def test_odd_curves_are_drawn(wall: WallPanel, curve: Curve) -> None:
    wall.set_curves([curve])
    assert wall.curves[0].point_count() == len(curve.times)
    assert not wall.grab().isNull()


def test_a_curve_whose_times_and_values_differ_is_refused(wall: WallPanel) -> None:
    with pytest.raises(ValueError, match="differ"):
        wall.set_curves([Curve("c", "", "", [1.0, 2.0], [1.0])])


def test_a_number_and_its_unit_do_not_part(qtbot: QtBot, theme: Theme) -> None:
    title = "七一路建国路路口 液位超限 0.29 m / 0.30"
    font = theme.font(21, bold=True)
    wide = QFontMetricsF(font).horizontalAdvance(title)
    for share in (0.6, 0.7, 0.8, 0.85, 0.9):
        lines = wrapped(kept_together(title), font, wide * share, 2)
        assert [line for line in lines if "0.29\u00a0m\u00a0/\u00a00.30" in line], lines


@pytest.mark.parametrize(
    ("crossed", "following", "words"),
    [
        (None, 0.3, ["limit 0.3"]),
        (0.45, 0.6, ["over 0.45", "next 0.6"]),
        (0.6, None, ["over 0.6"]),
        (None, None, []),
    ],
)
def test_each_limit_of_a_curve_has_its_line_and_its_words(
    wall: WallPanel, crossed: float | None, following: float | None, words: list[str]
) -> None:
    curve = Curve("c", "Level", "m", [0.0, 60.0], [0.4, 0.5], limit=following, crossed=crossed)
    wall.set_curves([curve])
    (view,) = (v for v in wall.findChildren(CurveView) if v.curve == curve)
    legend = view.legend()
    assert [text for _line, text in legend] == words
    assert [line.value() for line, _text in legend] == [
        at for at in (crossed, following) if at is not None
    ]
    assert all(line.isVisible() for line, _text in legend)
    assert not view.grab().isNull()
    for width in (900.0, 230.0, 160.0, 90.0):
        room = QRectF(10.0, 0.0, width, 30.0)
        placed = view.placed_legend(room)
        assert [w for _mark, w, _dash, _place in placed] in (words, words[:1])
        spans = [(place.left() - dash, place.right()) for _mark, _w, dash, place in placed]
        assert all(room.left() <= a < b <= room.right() for a, b in spans), width
        assert all(b <= a for (_, b), (a, _) in itertools.pairwise(spans))
