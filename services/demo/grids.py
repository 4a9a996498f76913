"""Unit grids 单元网格 in responsibility grids 责任网格: squares along the valley, in the outline.

Cells are quartered where the city is dense, first to some 600, then within those to some 4,000.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from shapely import STRtree, clip_by_rect
from shapely.affinity import rotate
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry import Polygon, box

from services.demo.draw import Draw
from services.demo.ground import AdminUnit, Ground
from services.domain.model import Entity, Ring

RESPONSIBILITY, UNIT = 600, 4_000
"""Splitting stops at the first count that is not below."""
VALLEY_DEG = -36.0
"""The valley and its streets run from north-west to south-east; cells stand along them."""
ROOT_M = 1_600.0
SLIVER_M2 = 400.0
"""What the outline cuts off a cell, if it is smaller than this, is no cell."""
UNITS_PER_PERSON = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A square in the turned plane, what the outline leaves of it, and its responsibility cell."""

    square: tuple[float, float, float, float]
    shape: Polygon
    parent: int = -1


class Grids:
    """All grids as entities, and the unit grid that holds a place."""

    def __init__(self, ground: Ground, draw: Draw) -> None:
        self._ground = ground
        big = _split(ground, _roots(ground), RESPONSIBILITY)
        seeds = [Cell(c.square, c.shape, i) for i, c in enumerate(big)]
        small = _split(ground, seeds, UNIT)
        self.responsibility: list[Entity] = []
        self.units: list[Entity] = []
        shapes = self._named(draw, big, small)
        self._tree = STRtree(shapes)

    def unit_of(self, lon: float, lat: float) -> str:
        """The id of the unit grid that holds a place; "" where none does."""
        point = ShapelyPoint(self._ground.plane.xy(lon, lat))
        hits = self._tree.query(point, predicate="intersects")
        return self.units[int(min(hits))].id if len(hits) else ""

    def _named(self, draw: Draw, big: list[Cell], small: list[Cell]) -> list[Polygon]:
        """Number the cells by township, north-west first; fill both lists; the units' shapes."""
        children: dict[int, list[Cell]] = defaultdict(list)
        for cell in small:
            children[cell.parent].append(cell)
        shapes: list[Polygon] = []
        for index, serial, township in self._by_township(big):
            code = f"{township.code[:9]}{serial:03d}"
            name = f"{township.name}责任网格{serial:03d}"
            cells = sorted(children[index], key=lambda c: (c.square[1], c.square[0]))
            head, phone = draw.person(), draw.phone()
            self.responsibility.append(
                self._entity(
                    f"{code}00", "responsibility_grid", name, big[index].shape,
                    {"units": len(cells), "person": head, "phone": phone},
                )
            )  # fmt: skip
            for number, cell in enumerate(cells, start=1):
                if number % UNITS_PER_PERSON == 1:
                    officer, number_of_officer = draw.person(), draw.phone()
                shape = _turned_back(cell.shape)
                shapes.append(shape)
                self.units.append(
                    self._entity(
                        f"{code}{number:02d}", "unit_grid",
                        f"{township.name}{serial:03d}-{number:02d}", cell.shape,
                        {
                            "responsibility_grid": f"{code}00",
                            "person": officer,
                            "phone": number_of_officer,
                        },
                    )
                )  # fmt: skip
        return shapes

    def _by_township(self, big: list[Cell]) -> Iterator[tuple[int, int, AdminUnit]]:
        """Index, serial within the township and township of every responsibility cell."""
        serials: dict[str, int] = defaultdict(int)
        order = sorted(range(len(big)), key=lambda i: (big[i].square[0], -big[i].square[1]))
        for index in order:
            centre = _turned_back(big[index].shape).representative_point()
            township = self._ground.township((centre.x, centre.y))
            serials[township.code] += 1
            yield index, serials[township.code], township

    def _entity(
        self, identifier: str, kind: str, name: str, shape: Polygon, attrs: dict[str, str | int]
    ) -> Entity:
        real = _turned_back(shape)
        centre = real.representative_point()
        lon_lat: Ring = tuple(self._ground.plane.lonlat(x, y) for x, y in real.exterior.coords)
        return self._ground.thing(
            identifier,
            kind,
            name,
            (centre.x, centre.y),
            {**attrs, "area_m2": round(real.area)},
            geometry=(lon_lat,),
        )


def _roots(ground: Ground) -> list[Cell]:
    outline = _turned(ground.outline)
    west, south, east, north = outline.bounds
    across = range(math.ceil((east - west) / ROOT_M))
    up = range(math.ceil((north - south) / ROOT_M))
    cells = []
    for i, j in itertools.product(across, up):
        x, y = west + i * ROOT_M, south + j * ROOT_M
        cells += _clipped(outline, (x, y, x + ROOT_M, y + ROOT_M), -1)
    return cells


def _split(ground: Ground, cells: list[Cell], target: int) -> list[Cell]:
    """Quarter the densest cells until there are ``target``; order is by when they were made."""
    made = itertools.count()
    heap = [(_weight(ground, cell), next(made), cell) for cell in cells]
    heapq.heapify(heap)
    while len(heap) < target:
        _, _, cell = heapq.heappop(heap)
        x1, y1, x2, y2 = cell.square
        xm, ym = (x1 + x2) / 2, (y1 + y2) / 2
        for quarter in ((x1, y1, xm, ym), (xm, y1, x2, ym), (x1, ym, xm, y2), (xm, ym, x2, y2)):
            for part in _clipped(cell.shape, quarter, cell.parent):
                heapq.heappush(heap, (_weight(ground, part), next(made), part))
    return [cell for _, _, cell in sorted(heap, key=lambda entry: entry[1])]


def _weight(ground: Ground, cell: Cell) -> float:
    """Smallest first on the heap: minus the city that the square holds."""
    x1, y1, x2, y2 = cell.square
    middle = rotate(ShapelyPoint((x1 + x2) / 2, (y1 + y2) / 2), VALLEY_DEG, origin=(0, 0))
    return -(ground.density((middle.x, middle.y)) ** 2) * (x2 - x1) * (y2 - y1)


def _clipped(shape: Polygon, square: tuple[float, float, float, float], parent: int) -> list[Cell]:
    """What lies of a shape in a square: nothing, one cell, or several at a ragged edge."""
    whole = box(*square)
    left = whole if shape.contains(whole) else clip_by_rect(shape, *square)
    parts = getattr(left, "geoms", [left])
    return [
        Cell(square, part, parent)
        for part in parts
        if isinstance(part, Polygon) and part.area >= SLIVER_M2
    ]


def _turned(shape: Polygon) -> Polygon:
    return rotate(shape, -VALLEY_DEG, origin=(0, 0))


def _turned_back(shape: Polygon) -> Polygon:
    return rotate(shape, VALLEY_DEG, origin=(0, 0))
