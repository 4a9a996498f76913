"""What cameras see: as wide as they open, the way they look, and only where they look."""

from __future__ import annotations

import math

import numpy as np
import pytest

from layers.model import mercator
from layers.model.cluster import UNIT, ClusterRequest, ClusterResponse, cluster
from layers.model.features import Feature, FeatureStore
from layers.render.cones import CONES_ZOOM, REACH_PX, STEPS, cones
from services.domain.model import Link
from tests.layers.model.scatter import index_of

LON, LAT = 101.8, 36.6
TINT = np.ones(4, np.float32)
WORLD = (0.0, 0.0, 1.0, 1.0)


def _response(store: FeatureStore, zoom: float) -> ClusterResponse:
    x, y = mercator.world_xy(np.array([LON]), np.array([LAT]))
    origin = float(x[0]), float(y[0])
    near = (origin[0] - 1e-4, origin[1] - 1e-4, origin[0] + 1e-4, origin[1] + 1e-4)
    return cluster(index_of(store), ClusterRequest(zoom, near, origin))


def _store(**more: object) -> FeatureStore:
    store = FeatureStore()
    fields: dict = {"heading_deg": 90.0, "fov_deg": 60.0, "link": Link.ONLINE, **more}
    store.upsert([Feature("a", "camera", "", LON, LAT, **fields)])
    return store


def test_a_cone_opens_round_its_heading() -> None:
    store = _store()
    records = cones(store, _response(store, CONES_ZOOM), TINT, 1.0)
    assert len(records) == 3 * STEPS
    tips, rim = records[0::3, 0:2], np.concatenate([records[1::3, 0:2], records[2::3, 0:2]])
    assert np.ptp(tips, axis=0).max() == 0
    px = (rim - tips[0]) * mercator.world_px(CONES_ZOOM) / UNIT
    assert np.hypot(*px.T) == pytest.approx(REACH_PX, rel=1e-3)
    bearing = np.degrees(np.arctan2(px[:, 0], -px[:, 1]))
    assert bearing.min() == pytest.approx(60, abs=0.2)
    assert bearing.max() == pytest.approx(120, abs=0.2)
    area = 0.5 * STEPS * math.sin(math.radians(60 / STEPS)) * REACH_PX**2
    a, b = px[: len(px) // 2], px[len(px) // 2 :]
    covered = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / 2
    assert covered == pytest.approx(area, rel=1e-3)


def test_a_camera_that_turns_turns_its_cone() -> None:
    store = _store()
    before = cones(store, _response(store, CONES_ZOOM), TINT, 1.0)
    store.upsert([Feature("a", "camera", "", LON, LAT, heading_deg=180.0, fov_deg=60.0)])
    after = cones(store, _response(store, CONES_ZOOM), TINT, 1.0)
    assert before[:, 0].max() > after[:, 0].max()
    assert after[:, 1].max() > before[:, 1].max()  # y runs to the south


@pytest.mark.parametrize(
    "more",
    [
        {"heading_deg": None},
        {"fov_deg": None},
        {"fov_deg": 0.0},
        {"stale": True},
        {"link": Link.OFFLINE},
    ],
)
def test_what_does_not_look_has_no_cone(more: dict) -> None:
    store = _store(**more)
    assert not len(cones(store, _response(store, CONES_ZOOM), TINT, 1.0))


def test_far_out_there_are_no_cones() -> None:
    store = _store()
    assert not len(cones(store, _response(store, CONES_ZOOM - 1), TINT, 1.0))
