"""A map's stage while its layers are worked out elsewhere: what is drawn before, and after."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from layers.model.features import Feature, FeatureStore
from layers.model.layer_set import Categorised, Category, Heat, Layer, LayerSet, Look
from layers.model.view import MapView
from layers.render import index_keeper, paint_keeper
from layers.render.scene import Frame, Scene
from layers.render.stage import Stage
from layers.render.theme import TokenTheme

LON, LAT = 101.8, 36.6


class Surface:
    """The newest scene."""

    def __init__(self) -> None:
        self.scene = Scene()

    def show_scene(self, scene: Scene) -> None:
        self.scene = scene

    def show_frame(self, _frame: Frame) -> None:
        """Nothing is to be seen."""


def things(count: int, first: int = 0) -> list[Feature]:
    return [
        Feature(f"f{n}", "camera", "", LON + n % 9 * 1e-3, LAT, attrs={"f": n % 4})
        for n in range(first, first + count)
    ]


def layers(**more: object) -> LayerSet:
    return LayerSet(items=(Layer(id="l", kinds=("camera",), **more),))  # type: ignore[arg-type]


def counted(stage: Stage) -> int:
    return -1 if stage.drawn is None else int(stage.drawn.response.count.sum())


@pytest.fixture(params=["at once", "in threads"])
def stage(
    request: pytest.FixtureRequest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    rows = 1_000 if request.param == "at once" else 0
    for keeper in (paint_keeper, index_keeper):
        monkeypatch.setattr(keeper, "INLINE_ROWS", rows)
    store = FeatureStore()
    store.upsert(things(56))
    view = MapView(LON, LAT, 12.0)
    view.resize(800, 600)
    made = Stage(store, TokenTheme("dark"), view)
    made.attach(Surface())
    made.set_layers(layers())
    made.moved()
    qtbot.waitUntil(lambda: counted(made) == 56)
    yield made
    made.close()


def test_clusters_count_what_passes_once_it_is_worked_out(stage: Stage, qtbot: QtBot) -> None:
    stage.set_layers(layers(filter="f > 1"))
    assert counted(stage) in (28, 56)  # nobody waits; what was there stays
    qtbot.waitUntil(lambda: counted(stage) == 28)
    stage.store.upsert(things(8, 56))
    stage.draw_features()
    qtbot.waitUntil(lambda: counted(stage) == 32 and not stage.is_busy)
    stage.set_layers(layers(filter="f > 1", min_zoom=15.0))
    qtbot.waitUntil(lambda: counted(stage) == 0)
    stage.set_layers(layers())
    qtbot.waitUntil(lambda: counted(stage) == 64)


def test_shares_of_clusters_come_with_the_style_and_go_with_it(stage: Stage, qtbot: QtBot) -> None:
    classes = tuple(Category(value=str(n), look=Look(color=f"series_{n + 1}")) for n in range(3))

    def shares() -> list[int] | None:
        drawn = stage.drawn
        found = None if drawn is None else drawn.response.shares()
        return None if found is None else np.sort(found.sum(axis=0)).tolist()

    stage.set_layers(layers(style=Categorised(field="f", classes=classes)))
    qtbot.waitUntil(lambda: shares() == [14, 14, 14, 14])
    stage.set_layers(layers(style=Categorised(field="f", classes=classes, other=None)))
    qtbot.waitUntil(lambda: shares() == [0, 14, 14, 14])
    stage.set_layers(layers())
    qtbot.waitUntil(lambda: shares() is None and counted(stage) == 56)


def test_a_store_emptied_while_heat_is_drawn_breaks_nothing(stage: Stage, qtbot: QtBot) -> None:
    stage.set_layers(layers(style=Heat()))
    qtbot.waitUntil(lambda: stage.painted is not None and bool(stage.painted.heats))
    stage.store.clear()
    stage.draw_shapes()
    stage.draw_features()
    stage.store.upsert(things(3))
    stage.draw_features()
    qtbot.waitUntil(lambda: not stage.is_busy)
    assert stage.painted is not None
    assert [len(heat.rows) for heat in stage.painted.heats] == [3]
