"""Every style of the map against a picture that somebody has looked at, by night and by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from layers.model.features import Feature, FeatureStore
from layers.render.map_widget import MapWidget
from services.domain.model import Link, Severity
from tests.images import references, sheets
from tests.images.onscreen import map_window

SIZE = (640, 480)
FOOT_PX = 44
"""Below there is the scale bar, which says words."""


@pytest.fixture(scope="module", params=["dark", "light"])
def window(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[MapWidget]:
    store = FeatureStore(sheets.KINDS)
    with map_window(store, request.param, SIZE, sheets.ZOOM) as widget:
        widget.setObjectName(request.param)
        yield widget


@pytest.fixture(autouse=True)
def _clean(window: MapWidget) -> Iterator[None]:
    yield
    window.set_selected(None)
    window.set_selection([])
    window.set_areas("sheet", [])
    window.set_paths("sheet", [])
    window.set_circle(0, 0, None)
    window.set_markers([])
    window.set_stale(False)
    window.stage.point(-1, -1)


def _check(window: MapWidget, name: str) -> None:
    """The sheet as it stands, without what moves and what says words."""
    window.stage.beat.stop()
    window.stage.beat.reset()
    window.stage.push_frame()
    image: QImage = window.grab_map()
    references.check(f"{name}-{window.objectName()}", image.copy(0, 0, SIZE[0], SIZE[1] - FOOT_PX))


def test_states_of_marks(window: MapWidget) -> None:
    sheets.show(window, sheets.states())
    _check(window, "states")


def test_shapes(window: MapWidget) -> None:
    sheets.show(window, sheets.shapes())
    _check(window, "shapes")


def test_clusters_and_a_selection_inside_some(window: MapWidget) -> None:
    crowds = sheets.clusters()
    sheets.show(window, [feature for _, crowd in crowds for feature in crowd])
    window.set_clustered(True)
    window.set_selection([crowd[1].id for _, crowd in crowds[::3]])
    _check(window, "clusters")


def test_areas_lines_and_what_is_laid_over(window: MapWidget) -> None:
    sheets.show(window, sheets.ground())
    areas, paths = sheets.laid()
    window.set_areas("sheet", areas)
    window.set_paths("sheet", paths)
    _check(window, "areas")


def test_views_trails_pointer_and_selection(window: MapWidget) -> None:
    cameras = [
        Feature(
            f"c{i}",
            "camera",
            "",
            *sheets.place(2.2 * i - 4.4, -2.5),
            link=Link.ONLINE,
            heading_deg=50.0 * i,
            fov_deg=30.0 + 80 * i,
        )
        for i in range(5)
    ]
    teams = [
        Feature(f"t{i}", "team", "", *sheets.place(2.4 * i - 3, 1.5), heading_deg=60.0 * i)
        for i in range(4)
    ]
    window.store.trails.tick(600.0)
    for i, team in enumerate(teams):
        for step in range(20):
            away = 0.1 * (19 - step)
            lon, lat = sheets.place(2.4 * i - 3 - away, 1.5 + away * away * 0.4)
            window.store.trails.add(team.id, 30.0 * step, lon, lat)
    sheets.show(window, [*cameras, *teams])
    window.set_selected("c1")
    window.stage.point(*window.view.screen_from_lonlat(cameras[3].lon, cameras[3].lat))
    window.set_circle(*sheets.place(3.5, 1.5), 60.0)
    window.set_markers([(*sheets.place(-5, 3.2), "1", Severity.MAJOR)])
    _check(window, "views")
    for team in teams:
        window.store.trails.forget(team.id)


def test_what_is_stale_altogether_has_no_colour(window: MapWidget) -> None:
    sheets.show(window, sheets.states())
    window.set_stale(True)
    window._root.setProperty("staleSeconds", 75)
    window.stage.beat.stop()
    window.stage.push_frame()
    image = references.pixels(window.grab_map())[80:380]
    spread = (image.max(axis=2) - image.min(axis=2)).max()
    assert spread < 60


def test_every_reference_differs_from_every_other(window: MapWidget) -> None:
    """A comparison that lets everything pass would be none."""
    names = [f"{name}-{window.objectName()}" for name in ("states", "shapes", "clusters", "areas")]
    images = [references.pixels(QImage(str(references.HERE / f"{name}.png"))) for name in names]
    for i, one in enumerate(images):
        for other in images[:i]:
            share = (references.difference(one, other) > references.SLACK).mean()
            assert share > references.MOST_OFF


def test_a_lost_corner_mark_is_seen(window: MapWidget) -> None:
    """The tolerance is smaller than the smallest thing that must not be missed."""
    states = sheets.states()
    lost = [replace(f, severity=Severity.MAJOR) if f.id.startswith("s4.") else f for f in states]
    sheets.show(window, lost)
    window.stage.beat.stop()
    window.stage.beat.reset()
    window.stage.push_frame()
    got = references.pixels(window.grab_map())[: SIZE[1] - FOOT_PX]
    path = references.HERE / f"states-{window.objectName()}.png"
    off = references.difference(got, references.pixels(QImage(str(path))))
    assert float((off > references.SLACK).mean()) > references.MOST_OFF
    assert np.isfinite(off).all()
