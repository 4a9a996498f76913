"""The grid of panes: filling, layouts, places, and nine real streams at once."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.widgets.video.conftest import DemoSource
from widgets.theme import Theme
from widgets.video.grid import VideoGrid
from widgets.video.pane import CAMERA_MIME, VideoPane


@pytest.fixture
def grid(qtbot: QtBot, theme: Theme) -> VideoGrid:
    made = VideoGrid(theme)
    qtbot.addWidget(made, before_close_func=lambda widget: widget.close_all())
    made.resize(960, 640)
    made.show()
    qtbot.waitExposed(made)
    return made


def _fill(grid: VideoGrid, count: int) -> None:
    for number in range(count):
        grid.unavailable(f"c{number}", f"Camera {number}", "No stream.")


def _visible(grid: VideoGrid) -> list[VideoPane]:
    return [pane for pane in grid.findChildren(VideoPane) if pane.isVisible()]


def _drop(pane: VideoPane, data: bytes, mime: str = CAMERA_MIME) -> None:
    content = QMimeData()
    content.setData(mime, data)
    hand = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPointF(5, 5), Qt.DropAction.CopyAction, content, *hand)
    QApplication.sendEvent(pane, enter)
    if enter.isAccepted():
        drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, content, *hand)
        QApplication.sendEvent(pane, drop)


def test_cameras_fill_free_panes_and_the_grid_grows(grid: VideoGrid) -> None:
    assert [grid.unavailable(f"c{n}", "x", "No stream.") for n in range(5)] == [0, 1, 2, 3, 4]
    assert grid.shown() == 9
    assert len(_visible(grid)) == 9


def test_a_full_grid_replaces_its_last_pane(grid: VideoGrid) -> None:
    _fill(grid, 10)
    assert grid.cameras() == [*(f"c{n}" for n in range(8)), "c9"]


def test_a_camera_already_shown_is_opened_where_it_is(grid: VideoGrid) -> None:
    _fill(grid, 3)
    assert grid.unavailable("c1", "x", "No stream.") == 1
    assert grid.cameras() == ["c0", "c1", "c2"]


def test_a_smaller_layout_keeps_the_first_cameras_and_closes_gaps(grid: VideoGrid) -> None:
    _fill(grid, 6)
    grid.pane(1).close_stream()
    grid.set_layout(4)
    assert grid.cameras() == ["c0", "c2", "c3", "c4"]
    with pytest.raises(ValueError, match="1, 4 or 9"):
        grid.set_layout(5)


@pytest.mark.parametrize("count", [1, 4, 9])
def test_keys_choose_the_layout(qtbot: QtBot, grid: VideoGrid, count: int) -> None:
    qtbot.keyClick(grid, Qt.Key(ord(str(count))))
    assert grid.shown() == count
    assert len(_visible(grid)) == count


def test_double_click_enlarges_and_escape_ends_it(qtbot: QtBot, grid: VideoGrid) -> None:
    _fill(grid, 3)
    qtbot.mouseDClick(grid.pane(1), Qt.MouseButton.LeftButton)
    assert _visible(grid) == [grid.pane(1)]
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert len(_visible(grid)) == 4


def test_closing_the_enlarged_camera_brings_the_grid_back(qtbot: QtBot, grid: VideoGrid) -> None:
    _fill(grid, 2)
    qtbot.mouseDClick(grid.pane(0), Qt.MouseButton.LeftButton)
    qtbot.keyClick(grid.pane(0), Qt.Key.Key_Delete)
    assert grid.cameras() == ["c1"]
    assert len(_visible(grid)) == 4


def test_a_dropped_camera_is_asked_for_and_one_of_the_grid_changes_places(
    qtbot: QtBot, grid: VideoGrid
) -> None:
    _fill(grid, 2)
    with qtbot.waitSignal(grid.camera_requested) as asked:
        _drop(grid.pane(2), "新机".encode())
    assert asked.args == ["新机", 2]
    _drop(grid.pane(1), b"c0")
    assert grid.cameras() == ["c1", "c0"]


def test_other_drops_and_oversize_ids_are_ignored(grid: VideoGrid) -> None:
    asked: list[str] = []
    grid.camera_requested.connect(lambda camera_id, _index: asked.append(camera_id))
    _drop(grid.pane(0), b"x" * 600)
    _drop(grid.pane(0), b"")
    _drop(grid.pane(0), b"text", "text/plain")
    assert asked == []


def test_nine_cameras_start_one_after_another_and_all_show_pictures(
    qtbot: QtBot, grid: VideoGrid, demo: DemoSource
) -> None:
    ids = [f"6301020000132000{n:04d}" for n in range(9)]
    threads = threading.active_count()
    for camera_id in ids:
        grid.add(camera_id, camera_id, demo.url(camera_id))
    # The first one only: the others wait for their turn.
    assert [bool(pane.stream.watch.playing) for pane in map(grid.pane, range(9))].count(True) == 1
    qtbot.waitUntil(
        lambda: all(grid.pane(place).state == "live" for place in range(9)), timeout=40_000
    )
    assert demo.on_air() == dict.fromkeys(ids, 1)
    grid.close_all()
    qtbot.waitUntil(lambda: demo.on_air() == {}, timeout=10_000)
    assert grid.cameras() == []
    assert threading.active_count() == threads
