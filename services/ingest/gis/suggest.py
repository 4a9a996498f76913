"""What reference system numbers look like, so that a person can choose. Nothing is chosen here.

Pure; any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.domain.datum import zone_meridian
from services.domain.geodesy import in_china
from services.ingest.gis.placing import CHINA_NORTHINGS

Look = Literal["degrees", "zone", "zone_6", "bare", "mercator"]
DISTRICT_LON = 101.8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``epsg``: a code to choose. ``look``: why. ``zone``: number of the zone, 0 for none.
    ``meridian``: of the zone. ``swapped``: the numbers stand in the order north, east."""

    epsg: int
    look: Look
    zone: int = 0
    meridian: int = 0
    swapped: bool = False

    def words(self) -> str:
        """For a terminal."""
        order = ", but north before east" if self.swapped else ""
        match self.look:
            case "degrees":
                return f"degrees{order}: EPSG:{self.epsg} (or GCJ-02, BD-09: numbers cannot tell)"
            case "zone":
                return f"CGCS2000 3-degree zone {self.zone}, metres{order}: EPSG:{self.epsg}"
            case "zone_6":
                return f"CGCS2000 6-degree zone {self.zone}, metres{order}: EPSG:{self.epsg}"
            case "bare":
                return (
                    f"CGCS2000 3-degree zone, metres without zone number{order}; in this district"
                    f" its meridian is {self.meridian}°: EPSG:{self.epsg}"
                )
            case "mercator":
                return f"Web Mercator, metres{order}: EPSG:{self.epsg}"


def suggest(
    bounds: tuple[float, float, float, float] | None, near_lon: float = DISTRICT_LON
) -> tuple[Suggestion, ...]:
    """What the box (least x, least y, greatest x, greatest y) looks like, likeliest first.

    ``near_lon``: longitude of this district, for metres that do not say in which zone.
    """
    if bounds is None:
        return ()
    west, south, east, north = bounds
    found = _of(west, south, east, north, near_lon)
    if found:
        return tuple(found)
    turned = _of(south, west, north, east, near_lon)
    return tuple(Suggestion(s.epsg, s.look, s.zone, s.meridian, swapped=True) for s in turned)


def _of(west: float, south: float, east: float, north: float, near_lon: float) -> list[Suggestion]:
    if in_china(west, south) and in_china(east, north):
        return [Suggestion(4326, "degrees"), Suggestion(4490, "degrees")]
    if abs(west) <= 180 and abs(east) <= 180 and abs(south) <= 90 and abs(north) <= 90:
        swapped = in_china(south, west) and in_china(north, east)
        return [] if swapped else [Suggestion(4326, "degrees")]
    low, high = CHINA_NORTHINGS
    found: list[Suggestion] = []
    if low <= south <= north <= high:
        found += _zones(west, east, near_lon)
    if 8_000_000 < west <= east < 15_200_000 and 2_000_000 < south <= north < 7_200_000:
        found.append(Suggestion(3857, "mercator"))
    return found


def _zones(west: float, east: float, near_lon: float) -> list[Suggestion]:
    number = int(west // 1_000_000)
    if number == int(east // 1_000_000) and 25 <= number <= 45:
        return [Suggestion(4513 + number - 25, "zone", number, 3 * number)]
    if number == int(east // 1_000_000) and 13 <= number <= 23:
        return [Suggestion(4491 + number - 13, "zone_6", number, 6 * number - 3)]
    if 100_000 <= west <= east <= 900_000:
        meridian = min(max(zone_meridian(near_lon), 75), 135)
        return [Suggestion(4534 + (meridian - 75) // 3, "bare", 0, meridian)]
    return []
