"""Pipes and lines along the streets, their sensors, and the parts of the street by 16-digit id."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from shapely.geometry import LineString
from shapely.geometry import Point as ShapelyPoint
from shapely.ops import substring

from services.demo.draw import Draw
from services.demo.ground import Ground, at_share
from services.demo.observing import observing
from services.demo.plane import Point, bearing_deg, moved
from services.demo.roads import Road
from services.domain.clock import beijing_day
from services.domain.ids import DISTRICT
from services.domain.model import Entity, Scalar

MANHOLES, LAMPS, TOILETS, WASTE, SIGNBOARDS = 4_500, 3_000, 60, 24, 120
DRAIN_MONITORS, WATER_MONITORS, HEAT_STATIONS, SUBSTATIONS = 24, 18, 30, 20
SEGMENT_M = 900.0
HEATING = ("1015", "0415")
"""The heating season of the valley, month and day: out of it the exchangers stand still."""

# kind, name, metres beside the middle of the road, diameters or voltages, owner
PIPES = (
    ("drain_pipe", "排水管", 3.0, (600, 800, 1_000, 1_500), "市排水公司"),
    ("gas_pipe", "燃气管", 7.0, (110, 160, 250), "燃气公司"),
    ("power_line", "供电线路", -7.0, (10, 35, 110), "供电公司"),
    ("heat_pipe", "供热管", -4.0, (300, 500, 700), "供热公司"),
    ("water_pipe", "供水管", 5.0, (200, 300, 600), "市供水公司"),
)
COVERS = (
    ("water", "上水", "0101", "市供水公司"),
    ("sewage", "污水", "0102", "市排水公司"),
    ("rain", "雨水", "0103", "市排水公司"),
    ("gas", "燃气", "0111", "燃气公司"),
)


def part_id(code: str, serial: int) -> str:
    """District, major and minor class, serial."""
    return f"{DISTRICT}{code}{serial:06d}"


def build(ground: Ground, draw: Draw) -> list[Entity]:
    """Lines, sensors, parts."""
    return [
        *_pipes(ground, draw),
        *_sensors(ground, draw),
        *_covers(ground, draw),
        *_lamps(ground, draw),
        *_bridges(ground, draw),
        *_amenities(ground, draw),
    ]


def _pipes(ground: Ground, draw: Draw) -> Iterator[Entity]:
    serials = {kind: itertools.count(1) for kind, *_ in PIPES}
    for road in ground.roads:
        for kind, label, beside, sizes, owner in PIPES:
            run = road.line.offset_curve(beside).intersection(ground.outline)
            for line in _pieces(run):
                serial = next(serials[kind])
                middle: Point = line.interpolate(0.5, normalized=True).coords[0]
                street = road.name_at(road.line.project(ShapelyPoint(middle)))
                size = "voltage_kv" if kind == "power_line" else "diameter_mm"
                yield ground.thing(
                    f"{kind}:{serial:04d}", kind, f"{street}{label}{serial:03d}段", middle,
                    {
                        "street": street,
                        size: draw.choice(sizes),
                        "laid": draw.randrange(1995, 2025),
                        "owner": owner,
                    },
                    geometry=(tuple(ground.lonlat(p) for p in line.coords),),
                )  # fmt: skip


def _pieces(run: LineString) -> Iterator[LineString]:
    """A run cut to pieces that can be picked and told apart; crumbs are left out."""
    for part in getattr(run, "geoms", [run]):
        count = max(1, round(part.length / SEGMENT_M))
        for i in range(count):
            piece = substring(part, i / count, (i + 1) / count, normalized=True)
            if piece.length > 50.0:
                yield piece


def _sensors(ground: Ground, draw: Draw) -> Iterator[Entity]:
    def by_road(kind: str, label: str, number: int, low: float, high: float) -> Iterator[Entity]:
        measure, digits = {
            "drain_monitor": ("fill", 0),
            "water_monitor": ("water_pressure", 2),
            "substation": ("power_load", 0),
            "heat_station": ("supply_temp", 1),
        }[kind]
        for serial in range(1, number + 1):
            spot = ground.spot(draw, (4.0, 30.0))
            where = "street" if kind in ("drain_monitor", "water_monitor") else "address"
            attrs: dict[str, Scalar] = {where: spot.street if where == "street" else spot.address}
            if kind == "heat_station":
                attrs["households"] = draw.randrange(300, 2_400, 20)
            yield observing(
                ground, draw, f"{kind}:{serial:04d}", kind, draw.unique(f"{spot.address}{label}"),
                spot.point, {measure: round(draw.uniform(low, high), digits)}, attrs,
            )  # fmt: skip

    yield from by_road("drain_monitor", "排水监测点", DRAIN_MONITORS, 12.0, 46.0)
    yield from by_road("water_monitor", "水压监测点", WATER_MONITORS, 0.26, 0.38)
    start, end = HEATING
    day = beijing_day(draw.now)[4:]
    warm = (52.0, 61.0) if day >= start or day <= end else (19.0, 24.0)
    yield from by_road("heat_station", "换热站", HEAT_STATIONS, *warm)
    yield from by_road("substation", "配电站", SUBSTATIONS, 35.0, 66.0)


def _along(ground: Ground, number: int) -> Iterator[tuple[int, Road, float]]:
    """(serial, road, metres along it): evenly over all roads of the district."""
    whole = sum(r.line.length for r in ground.roads)
    ends = list(itertools.accumulate(r.line.length for r in ground.roads))
    road = 0
    for i in range(number):
        at = (i + 0.5) / number * whole
        while at > ends[road]:
            road += 1
        yield i + 1, ground.roads[road], at - (ends[road] - ground.roads[road].line.length)


def _beside(ground: Ground, road: Road, at: float, metres: float) -> Point:
    """A point beside a road, on the other side or on it where that would leave the district."""
    a = road.line.interpolate(max(at - 2.0, 0.0)).coords[0]
    b = road.line.interpolate(min(at + 2.0, road.line.length)).coords[0]
    middle: Point = road.line.interpolate(at).coords[0]
    bearing = bearing_deg(a, b)
    for distance in (metres, -metres, 0.0):
        point = moved(middle, bearing + 90, distance)
        if ground.contains(point):
            return point
    return at_share(ground.roads[0].line, 0.5)


def _covers(ground: Ground, draw: Draw) -> Iterator[Entity]:
    serials: dict[str, itertools.count[int]] = {c[2]: itertools.count(1) for c in COVERS}
    for serial, road, at in _along(ground, MANHOLES):
        kind, label, code, owner = draw.choices(COVERS, (30, 30, 30, 10))[0]
        street = road.name_at(at)
        number = next(serials[code])
        yield ground.thing(
            part_id(code, number), "manhole", f"{street}{label}井盖{number:04d}",
            _beside(ground, road, at, 2.0 + serial % 3 * 2.0),
            {"part_type": kind, "owner": owner, "keeper_unit": owner, "street": street},
        )  # fmt: skip


def _lamps(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial, road, at in _along(ground, LAMPS):
        street = road.name_at(at)
        yield ground.thing(
            part_id("0118", serial), "street_lamp", f"{street}路灯{serial:04d}",
            _beside(ground, road, at, 11.0 if serial % 2 else -11.0),
            {
                "lamp": draw.choices(("led", "sodium"), (85, 15))[0],
                "owner": "区城建局",
                "keeper_unit": "市政路灯所",
                "street": street,
            },
        )  # fmt: skip


def _bridges(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """Where a road crosses a river, and footbridges at the busiest crossings."""
    crossings: list[tuple[str, Point]] = []
    for road in ground.roads:
        for river in ("湟水河", "沙塘川河"):
            met = road.line.intersection(ground.lines[river])
            for point in getattr(met, "geoms", [met]):
                if not point.is_empty and ground.contains(point.coords[0]):
                    street = road.name_at(road.line.project(point))
                    crossings.append((f"{street}{river}桥", point.coords[0]))
    made = [("river", "0208", name, at) for name, at in crossings]
    made += [
        ("foot", "0205", f"{j.name}过街天桥", moved(j.point, 60.0, 25.0))
        for j in ground.junctions[:8]
    ]
    serials = {code: itertools.count(1) for code in ("0205", "0208")}
    for kind, code, name, point in made:
        yield ground.thing(
            part_id(code, next(serials[code])), "bridge", draw.unique(name), point,
            {
                "bridge_type": kind,
                "condition": draw.choices(("a", "b", "c"), (60, 34, 6))[0],
                "owner": "区城建局",
                "keeper_unit": "市政养护所",
                "street": name,
            },
        )  # fmt: skip


def _amenities(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """Public toilets, refuse stations, signboards."""
    for serial in range(1, TOILETS + 1):
        spot = ground.spot(draw, (10.0, 40.0))
        yield ground.thing(
            part_id("0301", serial), "public_toilet", draw.unique(f"{spot.address}公厕"),
            spot.point,
            {
                "address": spot.address,
                "toilet_class": draw.choice(("one", "two", "three")),
                "open_24h": draw.random() < 0.4,
                "keeper_unit": "环卫所",
            },
        )  # fmt: skip
    for serial in range(1, WASTE + 1):
        spot = ground.spot(draw, (20.0, 60.0))
        yield observing(
            ground, draw, part_id("0304", serial), "waste_station",
            draw.unique(f"{spot.address}垃圾收集站"), spot.point,
            {"waste_fill": float(draw.randrange(20, 66))},
            {"address": spot.address, "keeper_unit": "环卫所"},
        )  # fmt: skip
    for serial in range(1, SIGNBOARDS + 1):
        spot = ground.spot(draw, (8.0, 16.0))
        yield ground.thing(
            part_id("0307", serial), "signboard", draw.unique(f"{spot.address}广告牌"), spot.point,
            {
                "street": spot.street,
                "approved": draw.random() < 0.9,
                "owner": f"广告单位{draw.randrange(1, 20):02d}",
                "checked": draw.choices(("passed", "due"), (85, 15))[0],
            },
        )  # fmt: skip
