"""Names of the base map and of administrative units: what they are called, and where they lie.

Pure; degrees and metres. The bundled base map is schematic, so its places are as well.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from layers.model import measure, mercator
from layers.model.basemap import Basemap
from layers.model.search import initials, pinyin, sound_rank, spelt
from services.domain.errors import KnownError

MAX_UNITS = 20_000
MAX_BYTES = 4 * 1024 * 1024
_AREA_KINDS = frozenset({"township_border"})
_OF_COMMITTEE = ("居民委员会", "村民委员会")


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """``kind`` as in its source (road, river, township …); ``code`` of an administrative unit;
    ``exact`` False: the unit has no place of its own, this is its parent's."""

    name: str
    kind: str
    lon: float
    lat: float
    code: str = ""
    exact: bool = True


class Places:
    """All names, to be found by name, initials or code, or by a point."""

    def __init__(self, places: Iterable[tuple[NamedPlace, npt.NDArray[np.float64]]] = ()) -> None:
        """Each place with the corners (n, 2) in degrees that it is near to."""
        found = list(places)
        self.places = tuple(place for place, _ in found)
        self._corners = tuple(corners for _, corners in found)

    @classmethod
    def of(cls, basemap: Basemap, units: Iterable[NamedPlace] = ()) -> Places:
        """The names of a base map; units that have no place there get that of their parent."""
        drawn = []
        for feature in basemap.features:
            if not feature.name or feature.kind in _AREA_KINDS:
                continue
            lon, lat = mercator.lonlat(feature.points[:, 0], feature.points[:, 1])
            corners = np.stack([lon, lat], axis=1)
            middle = shapely.line_interpolate_point(_shape(corners), 0.5, normalized=True)
            at = (middle.x, middle.y) if len(corners) > 1 else (float(lon[0]), float(lat[0]))
            drawn.append((NamedPlace(feature.name, feature.kind, *at), corners))
        return cls([*_merged(drawn), *_placed(units, {p.name: p for p, _ in drawn})])

    def at(self, lon: float, lat: float, reach_m: float) -> list[tuple[NamedPlace, float]]:
        """What lies within some metres of a point, nearest first, with its distance."""
        found = []
        for place, corners in zip(self.places, self._corners, strict=True):
            if not place.code and (metres := _metres(corners, lon, lat)) <= reach_m:
                found.append((place, metres))
        return sorted(found, key=lambda pair: pair[1])

    def search(self, text: str, limit: int = 20) -> list[NamedPlace]:
        """By code, name, pinyin initials or pinyin, best first; empty for blank text."""
        wanted = text.strip().casefold()
        if not wanted:
            return []
        letters, found = spelt(wanted), []
        for number, (name, short, sound) in enumerate(self._folded):
            rank = _rank(wanted, name, short, self.places[number].code)
            if rank is None and letters:
                rank = sound_rank(letters, sound)
            if rank is not None and number not in self._twins:
                found.append((rank, len(name), number))
        return [self.places[number] for *_, number in sorted(found)[:limit]]

    @cached_property
    def _twins(self) -> frozenset[int]:
        """Numbers of names on the base map that are an administrative unit's of the list."""
        units = {(p.name, p.lon, p.lat) for p in self.places if p.code}
        return frozenset(
            number
            for number, p in enumerate(self.places)
            if not p.code and (p.name, p.lon, p.lat) in units
        )

    @cached_property
    def _folded(self) -> list[tuple[str, str, str]]:
        return [(p.name.casefold(), initials(p.name), pinyin(p.name)) for p in self.places]


def read_units(path: Path) -> list[NamedPlace]:
    """Administrative units of a CSV file (code12, name, level, parent_code12), each at the place
    0, 0 until a base map gives it one. Raises KnownError (bad_units)."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES} bytes")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))[:MAX_UNITS]
        return [NamedPlace(r["name"], r["level"], 0.0, 0.0, r["code12"]) for r in rows]
    except (OSError, ValueError, KeyError, csv.Error) as error:
        why = f"{path.name}: {error}"
        raise KnownError("bad_units", f"No list of units, {why}", params={"why": why}) from error


def _rank(wanted: str, name: str, short: str, code: str) -> int | None:
    if wanted in (name, code):
        return 0
    if name.startswith(wanted):
        return 1
    if len(wanted) >= 6 and code.startswith(wanted):
        return 1
    if short.startswith(wanted):
        return 2
    if wanted in name:
        return 3
    return 4 if wanted in short else None


def _merged(
    drawn: list[tuple[NamedPlace, npt.NDArray[np.float64]]],
) -> list[tuple[NamedPlace, npt.NDArray[np.float64]]]:
    """A road drawn in parts is one name once; it is gone to in the middle of its longest part."""
    best: dict[tuple[str, str], tuple[NamedPlace, npt.NDArray[np.float64]]] = {}
    for place, corners in drawn:
        key = (place.name, place.kind)
        if key not in best or len(corners) > len(best[key][1]):
            best[key] = (place, corners)
    return list(best.values())


def _placed(
    units: Iterable[NamedPlace], drawn: dict[str, NamedPlace]
) -> list[tuple[NamedPlace, npt.NDArray[np.float64]]]:
    bare = {_bare(name): place for name, place in drawn.items()}
    found: dict[str, NamedPlace] = {}
    for unit in sorted(units, key=lambda u: u.code.rstrip("0")):
        own = drawn.get(unit.name) or bare.get(_bare(unit.name))
        parent = found.get(unit.code[:9] + "000") or found.get(unit.code[:6] + "000000")
        at = own or parent
        if at is not None:
            exact = own is not None
            found[unit.code] = NamedPlace(unit.name, unit.kind, at.lon, at.lat, unit.code, exact)
    return [(unit, np.array([[unit.lon, unit.lat]])) for unit in found.values()]


def _bare(name: str) -> str:
    """友谊村村民委员会 and 友谊村 are one."""
    for end in _OF_COMMITTEE:
        name = name.removesuffix(end)
    return name.removesuffix("社区").removesuffix("村")


def _shape(corners: npt.NDArray[np.float64]) -> shapely.Geometry:
    return shapely.linestrings(corners if len(corners) > 1 else np.repeat(corners, 2, axis=0))


def _metres(corners: npt.NDArray[np.float64], lon: float, lat: float) -> float:
    """Geodesic metres to the nearest point of a run."""
    run = _shape(corners)
    point = shapely.Point(lon, lat)
    near = run.interpolate(run.project(point))
    return measure.distance((lon, lat), (near.x, near.y))
