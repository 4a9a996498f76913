"""Stations of the ecology map: air, noise, soil, greenhouse gases, ground water, outlets."""

from __future__ import annotations

from collections.abc import Iterator

from services.demo.draw import Draw
from services.demo.ground import Ground, at_share
from services.demo.observing import observing
from services.domain.model import Entity

AIR, NOISE, SOIL, GHG, WELLS = 16, 12, 7, 5, 4
"""Air, noise, soil and greenhouse gases are the forty of the source document."""
SOURCES = (
    ("sewage_works", "污水处理厂", 1),
    ("outfall", "入河排污口", 8),
    ("landfill", "填埋场", 1),
    ("hospital", "医疗机构排口", 2),
)
SOIL_PLACES = ("泮子山村", "王家庄村", "付家寨村", "杨沟湾村", "小寨村", "塔尔山村", "联合村")
GHG_PLACES = ("塔尔山", "泮子山村", "小峡口", "韵家口镇", "西宁站")


def build(ground: Ground, draw: Draw) -> list[Entity]:
    """Stations by what they measure, then the outlets."""
    return [
        *_air(ground, draw),
        *_noise(ground, draw),
        *_ground_stations(ground, draw),
        *_outlets(ground, draw),
    ]


def _air(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial in range(1, AIR + 1):
        spot = ground.spot(draw, (15.0, 60.0))
        level = "national" if serial == 1 else "provincial" if serial < 4 else "micro"
        values = {
            "pm25": float(draw.randrange(18, 42)),
            "pm10": float(draw.randrange(45, 95)),
            "o3": float(draw.randrange(60, 120)),
        }
        yield observing(
            ground, draw, f"air_station:{serial:04d}", "air_station",
            draw.unique(f"{spot.street}空气站"), spot.point, values,
            {"site": spot.address, "level": level},
        )  # fmt: skip


def _noise(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial in range(1, NOISE + 1):
        spot = ground.spot(draw, (10.0, 30.0))
        yield observing(
            ground, draw, f"noise_station:{serial:04d}", "noise_station",
            draw.unique(f"{spot.street}噪声站"), spot.point,
            {"leq": round(draw.uniform(52.0, 64.0), 1)},
            {"site": spot.address, "area_class": draw.choice(("c1", "c2", "c4"))},
        )  # fmt: skip


def _ground_stations(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial, place in enumerate(SOIL_PLACES[:SOIL], start=1):
        yield observing(
            ground, draw, f"soil_station:{serial:04d}", "soil_station", f"{place}土壤点",
            ground.near(draw, ground.places[place], 400.0),
            {
                "soil_ph": round(draw.uniform(7.6, 8.4), 2),
                "soil_moisture": round(draw.uniform(9.0, 18.0), 1),
            },
            {"site": place},
        )  # fmt: skip
    for serial, place in enumerate(GHG_PLACES[:GHG], start=1):
        yield observing(
            ground, draw, f"ghg_station:{serial:04d}", "ghg_station", f"{place}温室气体站",
            ground.near(draw, ground.places[place], 300.0),
            {
                "co2": round(draw.uniform(418.0, 436.0), 1),
                "methane": float(draw.randrange(1_930, 2_080)),
            },
            {"site": place},
        )  # fmt: skip
    river = ground.lines["沙塘川河"].intersection(ground.outline)
    for serial in range(1, WELLS + 1):
        point = ground.near(draw, at_share(river, (serial - 0.5) / WELLS), 300.0)
        yield observing(
            ground, draw, f"groundwater_well:{serial:04d}", "groundwater_well",
            f"沙塘川监测井{serial:02d}", point,
            {
                "depth": round(draw.uniform(6.0, 14.0), 2),
                "conductivity": float(draw.randrange(600, 900)),
            },
            {"site": ground.township(point).name},
        )  # fmt: skip


def _outlets(ground: Ground, draw: Draw) -> Iterator[Entity]:
    river = ground.lines["湟水河"].intersection(ground.outline)
    serial = 0
    for kind, label, number in SOURCES:
        for _ in range(number):
            serial += 1
            point = ground.near(draw, at_share(river, draw.uniform(0.05, 0.95)), 120.0)
            township = ground.township(point).name
            yield observing(
                ground, draw, f"pollution_source:{serial:04d}", "pollution_source",
                draw.unique(f"{township}{label}"), point,
                {"cod": round(draw.uniform(22.0, 36.0), 1)},
                {
                    "type": kind,
                    "address": f"{township}沿河",
                    "supervisor": "区生态环境局",
                    "permit": f"示例{serial:04d}",
                },
            )  # fmt: skip
