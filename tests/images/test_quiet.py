"""A map with nothing to show draws nothing; one that has lost its device comes back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from layers.model.features import Feature, FeatureStore
from layers.render.beat import BEAT_MS
from layers.render.map_widget import MapWidget
from layers.render.overlay import OverlayRenderer
from services.domain.model import Severity
from tests.images.onscreen import LAT, LON, map_window, put, quick_view, wait
from tests.images.test_map_window import KINDS

FAR = Feature("far", "camera", "", LON + 1.0, LAT + 1.0)
ALARM = Feature("a", "camera", "泵站", LON, LAT, Severity.CRITICAL, unacked=True)
SEEN = Feature("a", "camera", "泵站", LON, LAT, Severity.CRITICAL)


@pytest.fixture
def store() -> FeatureStore:
    return FeatureStore(KINDS)


@pytest.fixture
def window(qtbot: QtBot, store: FeatureStore) -> Iterator[MapWidget]:
    with map_window(store) as widget:
        yield widget


class Frames(QObject):
    """Counts the frames of one window."""

    def __init__(self, widget: MapWidget) -> None:
        super().__init__()
        self.count = 0
        self._over = False
        quick_view(widget).frameSwapped.connect(self._swapped)

    def _swapped(self) -> None:
        self.count += 1

    def _end(self) -> None:
        self._over = True

    def within(self, ms: int) -> int:
        """How many there are while the event loop runs for so long."""
        self.count, self._over = 0, False
        QTimer.singleShot(ms, self, self._end)
        wait(lambda: self._over)
        return self.count


@contextmanager
def settled(widget: MapWidget) -> Iterator[Frames]:
    """Frames of a window in which what was under way has ended."""
    frames = Frames(widget)
    wait(lambda: frames.within(2 * BEAT_MS) == 0)
    yield frames


def test_a_quiet_map_draws_no_frame(window: MapWidget, store: FeatureStore) -> None:
    put(window, store, SEEN, FAR)
    with settled(window) as frames:
        assert frames.within(3 * BEAT_MS) == 0
        assert not window.stage.beat.is_running


def test_updates_that_change_nothing_visible_draw_no_frame(
    window: MapWidget, store: FeatureStore
) -> None:
    put(window, store, SEEN, FAR)
    version = store.version
    with settled(window) as frames:
        for step in range(3):
            store.upsert([Feature("far", "camera", f"n{step}", LON + 1.0, LAT + 1 + step * 0.01)])
            window.features_changed()
            assert frames.within(BEAT_MS) == 0
        assert store.version == version + 3
        drawn = window.stage.drawn
        assert drawn is not None
        assert drawn.response.index.version == store.version, "they were looked at"
        store.upsert([Feature("a", "camera", "泵站", LON, LAT, Severity.MINOR)])
        window.features_changed()
        assert frames.within(2 * BEAT_MS) > 0, "and one that shows is drawn"


def test_a_pulse_draws_only_while_somebody_can_see_it(
    window: MapWidget, store: FeatureStore
) -> None:
    put(window, store, ALARM)
    frames = Frames(window)
    assert frames.within(4 * BEAT_MS) >= 2, "what is not acknowledged pulses"
    put(window, store, SEEN)
    with settled(window) as frames:
        assert not window.stage.beat.is_running
    put(window, store, ALARM)
    wait(lambda: window.stage.beat.is_running)
    window.set_view(LON + 0.5, LAT, 15)
    with settled(window) as frames:
        assert frames.within(3 * BEAT_MS) == 0


@pytest.mark.parametrize("way", ["the node is told", "the node goes"])
def test_what_was_on_a_lost_device_is_made_anew(
    window: MapWidget, store: FeatureStore, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """OpenGL cannot be made to lose its device, so what Qt then calls is called."""
    ring = ((LON - 0.004, LAT - 0.002), (LON - 0.001, LAT - 0.002), (LON - 0.002, LAT + 0.002))
    put(
        window,
        store,
        SEEN,
        *(Feature(f"c{i}", "camera", "", LON + 0.003, LAT) for i in range(30)),
        Feature("g", "grid", "网格", LON - 0.002, LAT, rings=(ring,)),
    )
    window.set_circle(LON, LAT, 120.0)
    window.set_selected("a")
    with settled(window):
        pass
    before = window.grab_map()
    assert len({before.pixel(x, y) for x in range(0, 640, 4) for y in range(0, 480, 4)}) > 20
    built: list[int] = []
    build = OverlayRenderer._build

    def counted(renderer: OverlayRenderer, *device: object) -> None:
        built.append(1)
        build(renderer, *device)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(OverlayRenderer, "_build", counted)
    overlay = window._surface
    if way == "the node is told":
        assert overlay._node is not None
        overlay._node.releaseResources()
    else:
        parent = overlay.parentItem()
        overlay.setParentItem(None)
        window.grab_map()
        overlay.setParentItem(parent)
    overlay.update()
    wait(lambda: _alike(window.grab_map(), before))
    assert built == [1]


def _alike(one: QImage, other: QImage) -> bool:
    form = QImage.Format.Format_RGB32
    return one.convertToFormat(form) == other.convertToFormat(form)
