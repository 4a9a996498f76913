"""A map that lets go of its device leaves nothing on it, and nothing that stands for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from layers.model.features import Feature, FeatureStore
from layers.render import overlay
from layers.render.map_widget import MapWidget
from layers.render.overlay import OverlayNode
from tests.images.onscreen import LAT, LON, Wrappers, map_window, put, wait
from tests.images.test_map_window import KINDS

ONE = Feature("a", "camera", "泵站", LON, LAT)
MANY = [Feature(f"m{i}", "camera", "", LON + 1e-5 * i, LAT) for i in range(400)]


@pytest.fixture
def store() -> FeatureStore:
    return FeatureStore(KINDS)


@pytest.fixture
def wrappers() -> Wrappers:
    """All by which Python has come to know of something on a device since the test began."""
    return Wrappers()


@pytest.fixture
def window(qtbot: QtBot, store: FeatureStore, wrappers: Wrappers) -> Iterator[MapWidget]:
    with map_window(store) as widget:
        yield widget


def node_of(window: MapWidget) -> OverlayNode:
    """What draws the overlay now."""
    node = window._surface._node
    assert node is not None
    return node


def drawn(window: MapWidget, store: FeatureStore, wrappers: Wrappers) -> OverlayNode:
    """What draws the overlay, after it has drawn something."""
    put(window, store, ONE)
    wait(lambda: not window.stage.is_busy)
    window.grab_map()
    node = node_of(window)
    assert len(node.renderer._parts) == len(wrappers()) > 10
    return node


@pytest.mark.parametrize("way", ["the node is told", "the device goes", "the map closes"])
def test_nothing_stands_for_what_is_no_longer_on_the_device(
    window: MapWidget, store: FeatureStore, wrappers: Wrappers, way: str
) -> None:
    """Python may keep the renderer for long; what it knows of the device must not outlive that."""
    renderer = drawn(window, store, wrappers).renderer
    if way == "the node is told":
        node_of(window).releaseResources()
    elif way == "the device goes":
        window._surface.let_go()
    else:
        window.close()
    assert len(renderer._parts) == 0
    assert wrappers() == []


def test_what_was_let_go_comes_back_with_the_item_and_not_with_a_frame(
    window: MapWidget, store: FeatureStore, wrappers: Wrappers
) -> None:
    node = drawn(window, store, wrappers)
    window._surface.let_go()
    window.grab_map()
    assert wrappers() == [], "a last frame of a window that goes"
    window._surface.update()
    window.grab_map()
    assert node_of(window) is node, "or Qt would draw both"
    assert len(node.renderer._parts) == len(wrappers()) > 10


def test_a_node_that_qt_replaces_leaves_nothing_on_the_device(
    window: MapWidget, store: FeatureStore, wrappers: Wrappers
) -> None:
    first = drawn(window, store, wrappers).renderer
    surface = window._surface
    parent = surface.parentItem()
    surface.setParentItem(None)
    window.grab_map()
    surface.setParentItem(parent)
    window.grab_map()
    second = node_of(window).renderer
    assert second is not first
    assert len(first._parts) == 0
    assert len(second._parts) == len(wrappers())


def test_a_table_that_outgrows_its_buffer_leaves_none_behind(
    window: MapWidget, store: FeatureStore, wrappers: Wrappers
) -> None:
    renderer = drawn(window, store, wrappers).renderer
    before = renderer._layers["sprites"].buffer
    count = len(renderer._parts)
    assert before is not None
    window.stage.set_clustered(False)
    put(window, store, *MANY)
    wait(lambda: len(window.stage.drawn.sprites) >= len(MANY) if window.stage.drawn else False)
    window.grab_map()
    assert renderer._layers["sprites"].buffer is not before
    assert not Shiboken.isValid(before)
    new_layers = sum(layer.buffer is not None for layer in renderer._layers.values())
    assert len(renderer._parts) == len(wrappers()) <= count + new_layers - 1


def test_a_driver_that_refuses_leaves_nothing_frame_after_frame(
    window: MapWidget,
    store: FeatureStore,
    wrappers: Wrappers,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    node = drawn(window, store, wrappers)
    node.releaseResources()
    make = overlay.pipeline

    def refuses(*given: object) -> object:
        made = make(*given)  # type: ignore[arg-type]  # handed through as it came
        if "heat" in given:
            raise RuntimeError("the pipeline heat was refused")
        return made

    with monkeypatch.context() as patch:
        patch.setattr(overlay, "pipeline", refuses)
        for _ in range(3):
            window._surface.update()
            window.grab_map()
            assert wrappers() == []
    (record,) = (r for r in caplog.records if r.name == overlay.__name__)
    assert record.exc_info is None, "its frames would stand for what is on the device"
    assert "in refuses" in record.getMessage()
    window._surface.update()
    window.grab_map()
    assert len(node.renderer._parts) == len(wrappers()) > 10
