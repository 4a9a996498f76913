"""The fire service: stations, hydrants, micro stations, alarm panels, key units."""

from __future__ import annotations

from collections.abc import Iterator

from services.demo.draw import Draw
from services.demo.ground import Ground
from services.demo.observing import observing
from services.domain.model import Entity, Link

HYDRANTS, SMART_HYDRANTS, PANELS, KEY_UNITS, MICRO = 300, 120, 90, 110, 45
FIRE_STATIONS = (
    ("城东消防站", 101.8075, 36.6085),
    ("韵家口消防站", 101.8430, 36.5995),
    ("火车站消防站", 101.8128, 36.6180),
    ("乐家湾消防站", 101.8480, 36.5795),
)


def build(ground: Ground, draw: Draw) -> list[Entity]:
    """What puts fires out first, then what may burn."""
    return [*_fire(ground, draw), *_panels(ground, draw)]


def _fire(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial, (name, lon, lat) in enumerate(FIRE_STATIONS, start=1):
        point = ground.plane.xy(lon, lat)
        township = ground.township(point).name
        yield ground.thing(
            f"fire_station:{serial:04d}",
            "fire_station",
            name,
            point,
            {"classification": "普通消防站", "area_name": township, "address": f"{township}{name}"},
        )
    for serial in range(1, HYDRANTS + 1):
        spot = ground.spot(draw, (8.0, 14.0))
        yield ground.thing(
            f"hydrant:{serial:04d}",
            "hydrant",
            draw.unique(f"{spot.address}消火栓"),
            spot.point,
            {
                "street": spot.street,
                "diameter_mm": draw.choice((100, 150)),
                "kept_by": "市供水公司",
            },
        )
    for serial in range(1, SMART_HYDRANTS + 1):
        spot = ground.spot(draw, (8.0, 14.0))
        yield observing(
            ground,
            draw,
            f"smart_hydrant:{serial:04d}",
            "smart_hydrant",
            draw.unique(f"{spot.address}智能消火栓"),
            spot.point,
            {"hydrant_pressure": round(draw.uniform(0.22, 0.36), 2)},
            {"street": spot.street, "kept_by": "城东消防大队"},
            Link.OFFLINE if serial % 40 == 0 else Link.ONLINE,
        )
    for serial in range(1, MICRO + 1):
        spot = ground.spot(draw, (20.0, 90.0))
        yield ground.thing(
            f"micro_fire_station:{serial:04d}",
            "micro_fire_station",
            draw.unique(f"{spot.address}微型消防站"),
            spot.point,
            {
                "address": spot.address,
                "members": draw.randrange(4, 13),
                "leader": draw.person(),
                "phone": draw.phone(),
            },
        )


def _panels(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """Alarm panels of large buildings, and the units that the fire service looks after."""
    uses = ("商场", "写字楼", "医院", "学校", "宾馆")
    for serial in range(1, PANELS + 1):
        spot, use = ground.spot(draw, (25.0, 90.0)), uses[serial % len(uses)]
        yield observing(
            ground,
            draw,
            f"fire_alarm_host:{serial:04d}",
            "fire_alarm_host",
            draw.unique(f"{spot.address}{use}消防主机"),
            spot.point,
            {"fire_points": 0.0, "fault_points": float(draw.choice((0, 0, 0, 1, 2)))},
            {
                "address": spot.address,
                "building_use": use,
                "operator": f"管理单位{serial:03d}",
                "supervisor": "城东消防大队",
            },
            Link.OFFLINE if serial % 30 == 0 else Link.ONLINE,
        )
    for serial in range(1, KEY_UNITS + 1):
        spot, use = ground.spot(draw, (20.0, 90.0)), uses[serial % len(uses)]
        yield ground.thing(
            f"key_fire_unit:{serial:04d}",
            "key_fire_unit",
            draw.unique(f"{spot.address}{use}"),
            spot.point,
            {
                "address": spot.address,
                "risk": draw.choices(("high", "middle", "low"), (10, 40, 50))[0],
                "operator": f"管理单位{serial:03d}",
                "supervisor": "城东消防大队",
                "inspection": draw.choices(("passed", "rectify"), (90, 10))[0],
            },
        )
