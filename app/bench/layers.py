"""``onemap bench layers``: filters and styles over 500,000 and a million things.

A map's stage over a feature store: how long the GUI thread is held up at most while a filter or a
style is worked out for the first time, while things change below it, and while the view moves; and
how long it takes until it is drawn. The surface takes what is drawn and does nothing with it. A
minute, and 3 GB of memory.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from app.bench.points import CHUNK, batch, lonlat, severities
from app.bench.rows import Row
from app.bench.turns import Turns
from layers.model.features import FeatureStore
from layers.model.layer_set import (
    Categorised,
    Category,
    Graduated,
    Heat,
    Layer,
    LayerSet,
    Look,
    Single,
    Step,
    Style,
)
from layers.model.painter import Numbers
from layers.model.view import MapView
from layers.render.scene import Frame, Scene
from layers.render.stage import Stage
from services.packs.loader import default_directory, load
from widgets.theme import Theme

SIZES, KIND = (500_000, 1_000_000), "level_sensor"
SIDES = ("road", "river", "roof", "cellar")
COLORS = ("series_1", "series_2", "series_3", "series_4")
LIMIT_S, LIMIT_MS, QUIET_S = 120.0, 100.0, 0.15


class Surface:
    """Where scenes go; ``at`` is when the last came."""

    def __init__(self) -> None:
        self.at = 0.0

    def show_scene(self, _scene: Scene) -> None:
        """A scene."""
        self.at = time.perf_counter()

    def show_frame(self, _frame: Frame) -> None:
        """A camera."""


class Bench:
    """One map of one size, and what is measured of it."""

    def __init__(self, size: int) -> None:
        self._size = size
        catalogue = load(default_directory())
        self._store = store_of(size, FeatureStore(tuple(catalogue.kinds.values())))
        self._view = MapView()
        self._view.resize(1440, 900)
        self._view.look_at(101.82, 36.60, 13.0)
        self._stage = Stage(self._store, Theme.load(), self._view)
        self._surface = Surface()
        self._turns = Turns()
        self.found: list[Row] = []

    def run(self) -> None:
        """Measure everything."""
        stage = self._stage
        stage.attach(self._surface)
        stage.paints.set_known(frozenset({"level", "side", "address"}))
        stage.set_layers(_set())
        self._settle()
        by_side = Categorised(
            field="side",
            classes=tuple(
                Category(value=v, look=Look(color=c)) for v, c in zip(SIDES, COLORS, strict=True)
            ),
        )
        by_level = Graduated(
            field="level",
            steps=tuple(
                Step(upper=u, look=Look(color=c))
                for u, c in zip((0.2, 0.5, 0.8, None), COLORS, strict=True)
            ),
        )
        self._measure("first filter, by a number", _set("level > 0.25"))
        self._measure("first filter, by a text", _set("address like '%99%'"))
        self._measure("first style by category", _set(style=by_side))
        self._measure("first style by number", _set(style=by_level))
        self._measure("first heat map by a number", _set(style=Heat(field="level")))
        self._measure("filter and style together", _set("level > 0.25", by_side))
        self._act("a hundred things change under them", self._change)
        self._act("two levels further out", lambda: self._look(11.0))
        self._act("a level closer", lambda: self._look(14.0))
        self._act("every one by itself", lambda: stage.set_clustered(False))
        self._act("numbers of the tree", self._count)

    def close(self) -> None:
        """End all threads."""
        self._turns.stop()
        self._stage.close()

    def _measure(self, name: str, layers: LayerSet) -> None:
        self._act(name, lambda: self._stage.set_layers(layers))

    def _act(self, name: str, act: Callable[[], object]) -> None:
        """How long until it is drawn, and the longest pause meanwhile."""
        self._turns.restart()
        began = time.perf_counter()
        act()
        self._settle()
        took, pause = self._surface.at - began, self._turns.longest_ms()
        name = f"layers: {name}"
        took_row = Row(
            figure="P4", name=name, size=self._size, value=round(max(took, 0.0), 2), unit="s"
        )
        held = Row.at_most(
            "P4", f"{name}, longest pause", self._size, round(pause, 1), "ms", LIMIT_MS
        )
        self.found += [took_row, held]

    def _settle(self) -> None:
        """Until nothing is worked out any more, nor drawn."""
        end, quiet = time.perf_counter() + LIMIT_S, time.perf_counter()
        while time.perf_counter() - quiet < QUIET_S:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            if self._stage.is_busy or self._surface.at > quiet:
                quiet = time.perf_counter()
            if quiet > end:
                raise TimeoutError("the layers did not come so far")

    def _change(self) -> None:
        rows = np.arange(0, self._size, self._size // 100)
        lon, lat = self._store.lon[rows], self._store.lat[rows]
        made = batch(rows.tolist(), lon, lat, np.zeros(len(rows), np.uint8))
        ids = [f"{KIND}:{row}" for row in rows.tolist()]
        readings = [{"level": 0.9}] * len(rows)
        self._store.put(replace(made, ids=ids, kinds=[KIND] * len(rows), readings=readings))
        self._stage.features_changed()

    def _look(self, zoom: float) -> None:
        self._view.look_at(self._view.lon, self._view.lat, zoom)
        self._stage.moved()

    def _count(self) -> None:
        told: list[Numbers] = []
        layers = self._stage.layers
        assert layers is not None
        self._stage.paints.ask("numbers", lambda p: p.numbers(layers), told.append, layers)
        while not told:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        self._surface.at = time.perf_counter()


def rows() -> list[Row]:
    """Measure all of it."""
    application = QApplication.instance() or QApplication(["bench"])
    application.setApplicationName("onemap-bench")
    found = []
    for size in SIZES:
        bench = Bench(size)
        gc.collect()
        gc.freeze()
        gc.disable()  # as in the console, where a timer collects between turns
        try:
            bench.run()
        finally:
            bench.close()
            gc.enable()
        found += bench.found
    return found


def store_of(size: int, store: FeatureStore) -> FeatureStore:
    """So many level sensors, each with an address, a side and a level of its own."""
    (lon, lat), severity = lonlat(size), severities(size)
    level = np.random.default_rng(2).random(size)
    for first in range(0, size, CHUNK):
        numbers = range(first, min(size, first + CHUNK))
        part = slice(numbers.start, numbers.stop)
        made = batch(numbers, lon[part], lat[part], severity[part])
        attrs = [{"address": f"昆仑路{n % 997}号", "side": SIDES[n * 7 % 11 % 4]} for n in numbers]
        store.put(
            replace(
                made,
                ids=[f"{KIND}:{n}" for n in numbers],
                kinds=[KIND] * len(numbers),
                attrs=attrs,
                readings=[{"level": math.floor(x * 1e4) / 1e4} for x in level[part].tolist()],
            )
        )
    return store


def _set(text: str = "", style: Style | None = None) -> LayerSet:
    layer = Layer(id="l", kinds=(KIND,), filter=text, style=style or Single())
    return LayerSet(items=(layer,))
