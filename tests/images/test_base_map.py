"""Another base map under a map window: switched live, the view stays, nothing old is shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtQuick import QQuickView
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.model.features import FeatureStore
from layers.render import base_map, map_widget
from layers.render.base_map import UNKEPT
from layers.render.map_parts import cache_directory
from layers.render.map_widget import MapWidget
from layers.render.theme import TokenTheme
from layers.render.tiles import Gap, TileService
from services.packs.loader import default_directory, load
from tests.images.painted import plain_png

BUNDLED = Path(__file__).resolve().parents[2] / "resources" / "basemap"
RED, BLUE, GREEN = "#c02020", "#2020c0", "#20c020"


class Plain:
    """Tiles of one colour; ``gate`` holds them back."""

    def __init__(self, color: str) -> None:
        self.data = plain_png(color)
        self.gate = threading.Event()
        self.gate.set()

    def tile(self, *_tile: int) -> bytes | Gap:
        self.gate.wait(10)
        return self.data


@pytest.fixture
def service(qapp: QApplication) -> Iterator[TileService]:
    tiles = TileService([BUNDLED / "district_outline.geojson"], TokenTheme())
    tiles.start()
    yield tiles
    tiles.close()


@pytest.fixture
def window(qtbot: QtBot, service: TileService) -> Iterator[MapWidget]:
    kinds = tuple(load(default_directory()).kinds.values())
    first = service.publish(Plain(RED), "")
    widget = MapWidget(FeatureStore(kinds), first, TokenTheme())
    widget.resize(480, 360)
    widget.show()
    qtbot.waitUntil(lambda: widget.view.width == 480, timeout=5_000)
    widget.set_view(101.82, 36.60, 14.4)
    qtbot.waitUntil(lambda: _middle(widget) == RED, timeout=5_000)
    yield widget
    widget.close()
    widget.deleteLater()


def _are(asked: set[tuple[int, ...]], number: int) -> bool:
    return len(asked) >= number


def _middle(widget: MapWidget) -> str:
    return QColor(widget.grab_map().pixelColor(240, 180)).name()


def _maps(widget: MapWidget) -> int:
    """Maps in the window."""
    (view,) = (w for w in QApplication.allWindows() if isinstance(w, QQuickView))
    kinds = [o.metaObject().className() for o in view.rootObject().findChildren(QObject)]
    return sum(kind.startswith("QDeclarativeGeoMap_") for kind in kinds)


def test_the_plugin_keeps_so_many_tiles_however_small_they_are(
    qtbot: QtBot, service: TileService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(base_map, "cache_directory", lambda _url: str(tmp_path))
    monkeypatch.setattr(map_widget, "cache_directory", lambda _url: str(tmp_path))
    monkeypatch.setattr(map_widget, "DISK_TILES", 20)
    asked: set[tuple[int, ...]] = set()
    source = Plain(RED)
    monkeypatch.setattr(source, "tile", lambda *tile: (asked.add(tile), source.data)[1])
    widget = MapWidget(FeatureStore(()), service.publish(source, ""), TokenTheme())
    widget.resize(480, 360)
    widget.show()
    try:
        qtbot.waitUntil(lambda: widget.view.width == 480, timeout=5_000)
        for column in range(20):
            wanted = len(asked) + 3
            widget.set_view(101.0 + column / 10, 36.60, 14.4)
            qtbot.waitUntil(partial(_are, asked, wanted), timeout=5_000)
        qtbot.waitUntil(lambda: any(tmp_path.rglob("*.png")), timeout=5_000)
        kept = len(list(tmp_path.rglob("*.png")))
        assert kept <= 25 < len(asked)  # and those that are being written
    finally:
        widget.close()
        widget.deleteLater()


def test_another_base_map_takes_its_place_and_the_view_stays(
    qtbot: QtBot, window: MapWidget, service: TileService
) -> None:
    blue = Plain(BLUE)
    blue.gate.clear()
    window.base.show(service.publish(blue, ""))
    window.repaint()
    QApplication.processEvents()
    assert _middle(window) == RED  # until the new tiles are there
    blue.gate.set()
    qtbot.waitUntil(lambda: _middle(window) == BLUE, timeout=5_000)
    assert (window.view.lon, window.view.lat, window.view.zoom) == pytest.approx(
        (101.82, 36.60, 14.4)
    )
    qtbot.waitUntil(lambda: _maps(window) == 1, timeout=5_000)
    window.set_view(101.9, 36.58, 12.0)
    qtbot.waitUntil(lambda: _middle(window) == BLUE, timeout=5_000)


def test_the_same_source_published_anew_shows_its_new_tiles(
    qtbot: QtBot, window: MapWidget, service: TileService
) -> None:
    source = Plain(BLUE)
    first = service.publish(source, "")
    window.base.show(first)
    qtbot.waitUntil(lambda: _middle(window) == BLUE, timeout=5_000)
    source.data = plain_png(GREEN)
    again = service.publish(source, "")
    service.withdraw(first)
    assert again != first
    window.base.show(again)
    qtbot.waitUntil(lambda: _middle(window) == GREEN, timeout=5_000)


def test_what_may_change_leaves_nothing_on_the_disk(
    qtbot: QtBot, window: MapWidget, service: TileService
) -> None:
    tiles = Path(cache_directory("/any/")).parent
    before = set(tiles.glob("*")) | {Path(cache_directory(UNKEPT))}
    for color in (GREEN, BLUE):
        window.base.show(service.publish(Plain(color), ""))
        qtbot.waitUntil(lambda wanted=color: _middle(window) == wanted, timeout=5_000)
    assert set(tiles.glob("*")) <= before
    assert list(Path(cache_directory(UNKEPT)).rglob("osm_*")) == []


def test_it_says_whose_map_it_is_and_what_is_wrong_with_it(window: MapWidget) -> None:
    window.base.say("© <b>A & B</b>", "no answer")
    (view,) = (w for w in QApplication.allWindows() if isinstance(w, QQuickView))
    texts = [
        str(item.property("text"))
        for item in view.rootObject().findChildren(QObject)
        if item.inherits("QQuickText")
    ]
    assert "© <b>A & B</b>" in texts
    assert "no answer" in texts
