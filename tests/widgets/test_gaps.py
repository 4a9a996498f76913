"""A line breaks where nothing was heard, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from widgets.curve import CurveView
from widgets.gaps import GAP_STEPS, with_gaps
from widgets.theme import Theme
from widgets.wall import WallPanel
from widgets.wall_items import Curve


@pytest.mark.parametrize(
    ("times", "silent_s", "breaks_after"),
    [
        ([0, 5, 10, 15, 20], 0, []),
        ([0, 5, 10, 600, 605, 610], 0, [10]),
        ([0, 5, 10, 60, 65, 70], 120, []),
        ([0, 5, 10, 600, 605, 610], 120, [10]),
        ([0, 5, 300, 305, 900, 905, 910], 0, [5, 305]),
        ([0, 60, 120, 300, 360], 0, []),
        ([0, 600], 0, []),
        ([0, 600], 120, [0]),
        ([7], 0, []),
        ([], 0, []),
    ],
    ids=[
        "steady",
        "away",
        "late but not yet silent",
        "silent",
        "twice",
        "two readings missed",
        "two points tell no step",
        "two points of a thing that was silent",
        "one",
        "none",
    ],
)
def test_where_a_line_breaks(times: list[int], silent_s: float, breaks_after: list[int]) -> None:
    values = [float(t) for t in times]
    x, y = with_gaps(values, values, silent_s)
    broken = np.flatnonzero(np.isnan(y))
    assert [x[i - 1] for i in broken] == breaks_after
    assert np.all(np.diff(x) > 0)


@given(
    st.lists(st.floats(0.01, 1e5), max_size=50),
    st.floats(0, 1_000),
)
def test_no_point_is_lost_and_every_long_silence_is_a_break(
    steps: list[float], silent_s: float
) -> None:
    times = np.concatenate([[0.0], np.cumsum(steps)])
    x, y = with_gaps(list(times), list(times), silent_s)
    kept = ~np.isnan(y)
    assert np.array_equal(x[kept], times)
    drawn = np.diff(x)[kept[:-1] & kept[1:]]
    if len(steps) >= 2 and len(drawn):
        limit = max(silent_s, GAP_STEPS * float(np.median(np.diff(times))))
        assert drawn.max() <= limit


def test_times_and_values_belong_together() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        with_gaps([1.0, 2.0], [1.0])


def test_nothing_is_drawn_across_a_gap(qtbot: QtBot, theme: Theme) -> None:
    view = CurveView(theme, labels=False, width_px=3)
    qtbot.addWidget(view)
    view.resize(412, 120)
    times = [float(t) for t in range(0, 100, 5)] + [float(t) for t in range(300, 400, 5)]
    view.set_points(times, [1.0] * len(times))
    view.show()
    qtbot.waitExposed(view)
    picture = view.grab().toImage()
    ink = [
        any(picture.pixelColor(x, y) != theme.color("ground") for y in range(20, 100))
        for x in (56, 206, 356)
    ]
    assert ink == [True, False, True]


def test_the_walls_line_breaks_as_well(qtbot: QtBot, theme: Theme) -> None:
    wall = WallPanel(theme, lambda: 1_784_095_532.0)
    qtbot.addWidget(wall)
    curve = Curve("c", "level", "m", [0.0, 5.0, 10.0, 900.0], [1.0] * 4, silent_s=120.0)
    wall.set_curves([curve])
    assert wall.curves[0].point_count() == 5
