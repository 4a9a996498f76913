"""Where moving units have been in the last minutes. Pure; owned by one thread, like the store.

Times are the sources' own, so a trail is right in a replay as well: what is said of an earlier
moment than the newest point takes the later points away, and a jump ahead begins a new stretch.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from pyproj import Geod

from layers.model import mercator

KEEP_S = 600.0
MOST_POINTS = 96
MOST_UNITS = 2_000
STEP_M = 8.0
"""A unit that has moved less stands, whatever its receiver says."""
GAP_S = 180.0
"""After so much silence nobody knows the way in between, and no line is drawn."""
_GEOD = Geod(ellps="WGS84")


@dataclass(slots=True)
class _Stop:
    """A place: degrees, world coordinates, when the unit came and until when it was seen there."""

    lon: float
    lat: float
    x: float
    y: float
    came: float
    until: float


@dataclass(frozen=True, slots=True)
class TrailLines:
    """Segments (n, 4) in world coordinates, oldest first, the share 0..1 of the time after which
    each is forgotten, and the unit of each as a position in ``ids``."""

    ends: npt.NDArray[np.float64]
    age: npt.NDArray[np.float64]
    owner: npt.NDArray[np.int64]
    ids: tuple[str, ...]


@dataclass(slots=True)
class Trails:
    """Bounded trails by id. ``version`` rises when another line would be drawn."""

    version: int = 0
    now: float = 0.0
    _stops: OrderedDict[str, list[_Stop]] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._stops)

    def add(self, unit: str, at_s: float, lon: float, lat: float) -> None:
        """A unit was seen at a place in degrees. Epoch seconds of its source."""
        stops = self._stops.setdefault(unit, [])
        self._stops.move_to_end(unit)
        if stops and at_s < stops[-1].until:
            self._rewind(stops, at_s)
        if stops and _metres(stops[-1], lon, lat) < STEP_M:
            stops[-1].until = max(stops[-1].until, at_s)
            return
        x, y = mercator.world_xy(np.array([lon]), np.array([lat]))
        stops.append(_Stop(lon, lat, float(x[0]), float(y[0]), at_s, at_s))
        self.version += len(stops) > 1
        del stops[: max(0, len(stops) - MOST_POINTS)]
        while len(self._stops) > MOST_UNITS:
            self._stops.popitem(last=False)

    def forget(self, unit: str) -> None:
        """The unit is gone."""
        if self._stops.pop(unit, None) is not None:
            self.version += 1

    def keep_only(self, units: Container[str]) -> None:
        """A snapshot names all there are."""
        for unit in [unit for unit in self._stops if unit not in units]:
            self.forget(unit)

    def tick(self, now: float) -> None:
        """The clock of the session stands here; what is older than KEEP_S is forgotten."""
        self.now = now
        for unit, stops in list(self._stops.items()):
            had = len(stops)
            while len(stops) > 1 and stops[0].until < now - KEEP_S:
                del stops[0]
            if had > 1:
                self.version += 1  # it has faded a little
            if not stops:
                del self._stops[unit]

    def lines(self) -> TrailLines:
        """All trails as segments."""
        ends: list[tuple[float, float, float, float]] = []
        came: list[float] = []
        owner: list[int] = []
        for number, stops in enumerate(self._stops.values()):
            for a, b in pairwise(stops):
                if b.came - a.until <= GAP_S and b.came >= self.now - KEEP_S:
                    ends.append((a.x, a.y, b.x, b.y))
                    came.append(b.came)
                    owner.append(number)
        age = (self.now - np.array(came, np.float64)) / KEEP_S
        return TrailLines(
            np.array(ends, np.float64).reshape(-1, 4),
            np.clip(age, 0.0, 1.0),
            np.array(owner, np.int64),
            tuple(self._stops),
        )

    def _rewind(self, stops: list[_Stop], at_s: float) -> None:
        """What came later has not happened yet."""
        while stops and stops[-1].came > at_s:
            stops.pop()
        if stops:
            stops[-1].until = min(stops[-1].until, at_s)
        self.version += 1


def _metres(stop: _Stop, lon: float, lat: float) -> float:
    return float(_GEOD.inv(stop.lon, stop.lat, lon, lat)[2])
