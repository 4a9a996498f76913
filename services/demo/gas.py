"""Filling stations, pressure regulators, and 20,000 household gas guards in their buildings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.demo.cameras import Compound
from services.demo.draw import INVENTED, Draw
from services.demo.ground import Ground
from services.demo.plane import Point, moved
from services.domain.model import Entity, Link, Scalar

STATIONS, REGULATORS, GUARDS = 25, 120, 20_000
GUARDS_UNKNOWN, REGULATORS_OFFLINE = 786, 2

UNITS, FLOORS, DOORS = 2, 5, 4
BUILDINGS_PER_BLOCK = 4
BLOCKS = GUARDS // (UNITS * FLOORS * DOORS * BUILDINGS_PER_BLOCK)

# category, label, how many
STATION_MIX = (
    ("petrol", "加油站", 15),
    ("cng", "加气站", 5),
    ("lng", "液化天然气站", 2),
    ("lpg", "液化气站", 2),
    ("storage", "燃气门站", 1),
)


@dataclass(frozen=True, slots=True)
class Building:
    """One residential building: name, middle, the direction it stands in."""

    name: str
    point: Point
    bearing: float


def build(ground: Ground, draw: Draw, old_compounds: list[Compound]) -> list[Entity]:
    """Stations, regulators at the housing blocks, guards in their households."""
    blocks = _blocks(ground, draw, old_compounds)
    return [
        *_stations(ground, draw),
        *_regulators(ground, draw, blocks),
        *_guards(ground, draw, blocks),
    ]


def _blocks(ground: Ground, draw: Draw, old: list[Compound]) -> list[Compound]:
    """The old compounds and newer housing estates."""
    blocks = {b.name: b for b in old}
    while len(blocks) < BLOCKS:
        spot = ground.spot(draw, (80.0, 240.0))
        name = f"{spot.address}小区"
        blocks.setdefault(name, Compound(name, spot.point, spot.bearing))
    return list(blocks.values())


def _stations(ground: Ground, draw: Draw) -> Iterator[Entity]:
    serial = 0
    for category, label, number in STATION_MIX:
        for _ in range(number):
            serial += 1
            spot = ground.spot(draw, (25.0, 60.0))
            yield ground.thing(
                f"gas_station:{serial:04d}",
                "gas_station",
                draw.unique(f"{spot.street}{label}"),
                spot.point,
                {
                    "category": category,
                    "address": spot.address,
                    "operator": f"经营单位{serial:02d}",
                    "supervisor": "区应急管理局",
                    "inspection": "rectify" if serial % 12 == 0 else "passed",
                },
                link=Link.ONLINE,
                values={"ch4": round(draw.uniform(0.0, 0.6), 1)},
                observed_at=draw.seen(Link.ONLINE, 300.0),
            )


def _regulators(ground: Ground, draw: Draw, blocks: list[Compound]) -> Iterator[Entity]:
    links = draw.links(REGULATORS, REGULATORS_OFFLINE, 0)
    for serial, (block, link) in enumerate(zip(blocks, links, strict=False), start=1):
        answers: dict[str, float] = {"pressure": round(draw.gauss(2.2, 0.08), 2)}
        yield ground.thing(
            f"gas_regulator:{serial:04d}",
            "gas_regulator",
            f"{block.name}调压箱",
            ground.near(draw, block.point, 30.0),
            {"address": block.name, "households": GUARDS // BLOCKS},
            link=link,
            values=answers if link is Link.ONLINE else {},
            observed_at=draw.seen(link, 600.0),
        )


def _guards(ground: Ground, draw: Draw, blocks: list[Compound]) -> Iterator[Entity]:
    links = iter(draw.links(GUARDS, 0, GUARDS_UNKNOWN))
    serial = 0
    for block in blocks:
        for building in _buildings(ground, block):
            for address, point in _households(building):
                serial += 1
                link = next(links)
                attrs: dict[str, Scalar] = {
                    "address": address + INVENTED,
                    "building": building.name,
                }
                answers = {"ch4": round(draw.uniform(0.0, 0.4), 1)}
                yield ground.thing(
                    f"gas_guard:{serial:05d}",
                    "gas_guard",
                    f"燃气卫士 {serial:05d}",  # a name has no data class: it says no address
                    point,
                    attrs,
                    link=link,
                    values=answers if link is Link.ONLINE else {},
                    observed_at=draw.seen(link, 86_400.0),
                )


def _buildings(ground: Ground, block: Compound) -> list[Building]:
    """Four in a row along the street; a block at the district's edge draws together."""
    for spacing in (34.0, 20.0, 10.0):
        row = [
            Building(
                f"{block.name}{i + 1}号楼",
                moved(block.point, block.bearing, (i - 1.5) * spacing),
                block.bearing,
            )
            for i in range(BUILDINGS_PER_BLOCK)
        ]
        if all(ground.contains(moved(b.point, a, 30.0)) for b in row for a in (0, 90, 180, 270)):
            return row
    raise ValueError(f"{block.name} does not fit into the district")


def _households(building: Building) -> Iterator[tuple[str, Point]]:
    """Every door, a step apart from the next so that each can be picked on the map."""
    for unit in range(UNITS):
        stairs = moved(building.point, building.bearing, (unit - 0.5) * 14.0)
        for floor in range(FLOORS):
            for door in range(DOORS):
                at = moved(stairs, building.bearing, (door - 1.5) * 3.2)
                point = moved(at, building.bearing + 90, (floor - 2) * 1.8)
                yield f"{building.name}{unit + 1}单元{floor + 1}{door + 1:02d}", point
