"""What the cameras in view see, faintly, as fills under the marks. Pure but for its types.

A cone reaches some pixels at its zoom level and grows with the map until the next: fills of that
size cost a tenth of what sprites with mostly empty corners would.
"""

from __future__ import annotations

import numpy as np

from layers.model import mercator
from layers.model.cluster import UNIT, ClusterResponse
from layers.model.features import STALE, FeatureStore
from layers.render.scene import FILL, Records, no_records
from services.domain.model import Link

CONES_ZOOM = 16
REACH_PX = 34.0
STEPS = 12
MOST_CONES = 1_500
"""More would cover the map and say nothing."""


def cones(store: FeatureStore, response: ClusterResponse, tint: Records, scale: float) -> Records:
    """Fill records of the cones of all single cameras that are known to be looking: with a
    direction and an opening, neither offline nor silent. ``tint``: a premultiplied colour."""
    if response.level < CONES_ZOOM:
        return no_records(FILL)
    single = np.flatnonzero(response.row >= 0)
    rows = response.row[single]
    heading, fov = store.heading[rows], store.fov[rows]
    looking = np.isfinite(heading) & np.isfinite(fov) & (fov > 0)
    looking &= (store.link[rows] != Link.OFFLINE) & (store.flags[rows] & STALE == 0)
    at = np.flatnonzero(looking)[:MOST_CONES]
    if not len(at):
        return no_records(FILL)
    reach = REACH_PX * scale * UNIT / mercator.world_px(response.level)
    middle, opening = np.radians(heading[at]), np.radians(np.minimum(fov[at], 360.0))
    share = np.linspace(-0.5, 0.5, STEPS + 1)
    angle = middle[:, None] + opening[:, None] * share
    rim = np.stack([np.sin(angle), -np.cos(angle)], axis=2) * reach
    corners = np.zeros((len(at), STEPS, 3, 2))
    corners[:, :, 1], corners[:, :, 2] = rim[:, :-1], rim[:, 1:]
    corners += response.xy[single[at]][:, None, None]
    out = np.zeros((len(at) * STEPS * 3, FILL), np.float32)
    out[:, 0:2] = corners.reshape(-1, 2)
    out[:, 2:6] = tint
    return out
