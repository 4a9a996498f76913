"""Emergency resources: warehouses with stock lines, teams at their bases, shelters."""

from __future__ import annotations

from collections.abc import Iterator

from services.demo.draw import Draw
from services.demo.ground import Ground
from services.demo.plane import Point
from services.domain.model import Entity, Link, StockLine

WAREHOUSES, TEAMS, SHELTERS = 12, 40, 31
TEAMS_OFFLINE = 2

# name, longitude, latitude, what is on hand: the flood stocks stand along the valley floor
_WAREHOUSES: tuple[tuple[str, float, float, dict[str, int]], ...] = (
    ("八一路应急仓库", 101.8187, 36.6035, {
        "sandbag": 800, "pump": 3, "barrier": 120, "generator": 4, "light_tower": 2,
        "life_jacket": 60, "first_aid": 20,
    }),
    ("夏都大街排涝物资点", 101.8090, 36.6040, {"sandbag": 300, "pump": 2, "barrier": 40}),
    ("南山东路排涝点", 101.8085, 36.5896, {"sandbag": 400, "pump": 2, "barrier": 60}),
    ("区应急管理局中心库", 101.8025, 36.6003, {
        "sandbag": 1_500, "pump": 4, "generator": 8, "light_tower": 4, "tent": 200, "quilt": 600,
        "life_jacket": 150, "rescue_boat": 2, "barrier": 200, "first_aid": 60,
        "fire_extinguisher": 80, "gas_detector": 4,
    }),
    ("东关大街街道物资站", 101.7938, 36.6180, {"sandbag": 200, "barrier": 40, "first_aid": 10}),
    ("火车站街道物资站", 101.8128, 36.6188, {"sandbag": 260, "pump": 1, "quilt": 120}),
    ("韵家口镇防汛仓库", 101.8420, 36.6000, {
        "sandbag": 1_200, "pump": 2, "life_jacket": 80, "rescue_boat": 1, "oil_boom": 200,
    }),
    ("乐家湾镇应急仓库", 101.8470, 36.5800, {
        "sandbag": 600, "pump": 1, "generator": 3, "tent": 80, "quilt": 200,
    }),
    ("北山森林防火物资库", 101.8372, 36.6205, {
        "fire_beater": 300, "fire_extinguisher": 120, "generator": 2, "first_aid": 20,
    }),
    ("南山森林防火物资库", 101.8300, 36.5560, {
        "fire_beater": 400, "fire_extinguisher": 150, "generator": 2, "first_aid": 20,
    }),
    ("燃气抢险器材库", 101.8265, 36.5962, {
        "gas_detector": 24, "barrier": 160, "fire_extinguisher": 60, "generator": 2,
    }),
    ("市政抢修材料库", 101.8020, 36.5965, {
        "steel_plate": 30, "manhole_cover": 60, "barrier": 240, "light_tower": 2, "pump": 1,
    }),
)  # fmt: skip

# speciality, name, department, how many, members, vehicles, equipment
_TEAMS = (
    ("drainage", "排涝", "市排水公司", 6, (5, 8), 2, "大泵 2 台"),
    ("traffic", "交警", "交警一大队", 6, (4, 8), 3, "警车、锥桶"),
    ("gas", "燃气抢修", "燃气公司", 4, (4, 6), 2, "检测仪、堵漏器材"),
    ("road", "市政抢修", "区城建局", 4, (5, 9), 2, "小型机具"),
    ("fire", "消防", "城东消防大队", 4, (7, 12), 2, "水罐车、破拆器材"),
    ("medical", "医疗救护", "青海省人民医院", 3, (3, 4), 1, "救护车"),
    ("sanitation", "环卫", "环卫所", 5, (6, 12), 2, "清扫车"),
    ("enforcement", "综合执法", "执法中队", 4, (4, 8), 2, "执法车"),
    ("lift", "电梯救援", "市场监管局", 2, (2, 3), 1, "盘车工具"),
    ("forest_fire", "森林防火", "区自然资源和林业局", 2, (10, 20), 2, "风力灭火机"),
)
_NUMERALS = "一二三四五六"
# where the first teams of a speciality have their base; the others stand at street corners
_BASES = {
    "drainage": ((101.8150, 36.6056), (101.8062, 36.5985), (101.8395, 36.5890)),
    "traffic": ((101.8105, 36.6090), (101.8010, 36.6140)),
    "gas": ((101.8262, 36.5960),),
    "fire": ((101.8075, 36.6085), (101.8430, 36.5995)),
    "medical": ((101.7995, 36.6130),),
    "forest_fire": ((101.8372, 36.6200), (101.8300, 36.5565)),
}

_SHELTER_PLACES = (
    "青海民族大学",
    "中惠万达广场",
    "西宁站",
    "城东区人民政府",
    "乐家湾镇",
    "韵家口镇",
)


def warehouses(ground: Ground, draw: Draw) -> tuple[list[Entity], list[StockLine]]:
    """Twelve warehouses, and a line for every item they hold."""
    entities, stock = [], []
    for serial, (name, lon, lat, lines) in enumerate(_WAREHOUSES, start=1):
        point = ground.plane.xy(lon, lat)
        entity = ground.thing(
            f"warehouse:{serial:04d}",
            "warehouse",
            name,
            point,
            {"address": f"{name}院内", "keeper": draw.person(), "phone": draw.phone()},
        )
        entities.append(entity)
        stock += [StockLine(warehouse_id=entity.id, item=i, on_hand=n) for i, n in lines.items()]
    return entities, stock


def teams(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """Forty teams, idle at their bases; two have no signal."""
    links = iter(draw.links(TEAMS - len(_TEAMS), TEAMS_OFFLINE, 0))
    serial = 0
    for speciality, name, department, number, members, vehicles, equipment in _TEAMS:
        for i in range(number):
            serial += 1
            # The first of each answers, so that a drill can always send one.
            link = Link.ONLINE if i == 0 else next(links)
            yield ground.thing(
                f"team:{serial:04d}",
                "team",
                f"{name}{_NUMERALS[i]}队",
                _base(ground, draw, speciality, i),
                {
                    "speciality": speciality,
                    "members": draw.randint(*members),
                    "vehicles": vehicles,
                    "equipment": equipment,
                    "department": department,
                    "leader": draw.person(),
                    "phone": draw.phone(),
                },
                state="idle",
                link=link,
                observed_at=draw.seen(link, 60.0),
            )


def shelters(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """Squares, stadiums and village yards."""
    sites = [(p, ground.places[p], "广场") for p in _SHELTER_PLACES]
    sites += [(n, p, "文化广场") for n, p in sorted(ground.villages.items())]
    sites += [(u.name, p, "中心小学操场") for u, p in ground.townships]
    for serial, (name, point, label) in enumerate(sites[:SHELTERS], start=1):
        yield ground.thing(
            f"shelter:{serial:04d}",
            "shelter",
            f"{name.removesuffix('广场')}{label}避难场所",
            ground.near(draw, point, 90.0),
            {"address": name, "capacity": draw.randrange(300, 6_000, 100), "indoor": False},
        )


def _base(ground: Ground, draw: Draw, speciality: str, index: int) -> Point:
    bases = _BASES.get(speciality, ())
    if index < len(bases):
        return ground.plane.xy(*bases[index])
    return ground.spot(draw, (20.0, 40.0)).point
