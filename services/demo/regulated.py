"""What is supervised: lifts, shops, food, venues, firms, building sites, houses."""

from __future__ import annotations

from collections.abc import Iterator

from shapely.ops import substring

from services.demo.draw import INVENTED, Draw
from services.demo.ground import Ground, Spot
from services.demo.observing import observing
from services.domain.model import Entity, Link, Scalar

LIFTS, LIFTS_OFFLINE, LIFTS_UNKNOWN = 3_000, 26, 12
MALLS, VENUES, RESTAURANTS, PHARMACIES, ENTERPRISES = 12, 80, 420, 120, 40
SITES, ROAD_WORKS, ILLEGAL = 60, 12, 45
SELF_BUILT, UNSAFE = 320, 80

# place, what the building is called, how many lifts in all, lifts in one building
_LIFTS = (
    ("home", "小区", 2_200, 8),
    ("office", "写字楼", 480, 6),
    ("shop", "商场", 180, 15),
    ("hospital", "医院", 100, 10),
    ("station", "车站", 40, 40),
)
_SCENIC = ("东关清真大寺", "中惠万达广场", "小峡口", "青海民族大学", "塔尔山", "建国路客运站")
CLOSED = "七一路"
"""The street whose works close it; elsewhere they narrow it."""
_SUPERVISOR = "市场监管局"
_FOOD = ("面馆", "火锅店", "清真餐厅", "快餐店", "茶园", "小吃店", "食堂")
_FUN = (("ktv", "歌厅"), ("netbar", "网吧"), ("game", "游艺厅"), ("cinema", "影院"))
_FIRMS = (
    ("chemical", "化工库"),
    ("metal", "金属加工厂"),
    ("food", "食品厂"),
    ("logistics", "物流园"),
)


def build(ground: Ground, draw: Draw) -> list[Entity]:
    """Special equipment and places first, then what is being built, then houses."""
    return [
        *_lifts(ground, draw),
        *_crowds(ground, draw),
        *_shops(ground, draw),
        *_sites(ground, draw),
        *_road_works(ground, draw),
        *_illegal(ground, draw),
        *_houses(ground, draw),
    ]


def _inspected(draw: Draw) -> Scalar:
    return draw.choices(("passed", "rectify", "closed"), (92, 7, 1))[0]


def _lifts(ground: Ground, draw: Draw) -> Iterator[Entity]:
    links = iter(draw.links(LIFTS, LIFTS_OFFLINE, LIFTS_UNKNOWN))
    serial = 0
    for place, label, number, each in _LIFTS:
        for first in range(0, number, each):
            spot = _building(ground, draw, place)
            name = draw.unique(f"{spot.address}{label}")
            for i in range(min(each, number - first)):
                serial += 1
                yield observing(
                    ground, draw, f"lift:{serial:04d}", "lift", f"{name}{i + 1}号梯",
                    ground.near(draw, spot.point, 12.0 + 3.0 * each),
                    {"trapped": 0.0, "stopped_min": 0.0},
                    {
                        "register_code": f"31106301022026{serial:06d}",
                        "address": spot.address,
                        "place": place,
                        "maker": f"维保单位{draw.randrange(1, 13):02d}",
                        "next_inspection": f"2026-{draw.randrange(8, 13):02d}",
                        "supervisor": _SUPERVISOR,
                        "inspection": _inspected(draw),
                    },
                    next(links),
                )  # fmt: skip


def _building(ground: Ground, draw: Draw, place: str) -> Spot:
    """By a road; the station's lifts are at the station."""
    if place == "station":
        return Spot(ground.places["西宁站"], "西宁站", 1, 0.0)
    return ground.spot(draw, (40.0, 180.0))


def _crowds(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """Shopping areas and tourist places, with the visitors that they count."""
    for serial in range(1, MALLS + 1):
        spot = ground.spot(draw, (25.0, 60.0))
        point = ground.places["中惠万达广场"] if serial == 1 else spot.point
        name = "中惠万达广场" if serial == 1 else draw.unique(f"{spot.street}商圈")
        yield observing(
            ground, draw, f"mall:{serial:04d}", "mall", name, point,
            {"load": float(draw.randrange(25, 48))},
            {
                "address": spot.address if serial > 1 else name,
                "capacity": draw.randrange(3_000, 20_000, 500),
                "operator": f"运营单位{serial:02d}",
                "supervisor": "市公安局城东分局",
                "inspection": _inspected(draw),
            },
        )  # fmt: skip
    for serial, place in enumerate(_SCENIC, start=1):
        yield observing(
            ground, draw, f"scenic_spot:{serial:04d}", "scenic_spot", f"{place}客流点",
            ground.near(draw, ground.places[place], 60.0),
            {"load": float(draw.randrange(15, 40))},
            {
                "address": place,
                "capacity": draw.randrange(2_000, 12_000, 500),
                "supervisor": "区文体旅游科技局",
            },
        )  # fmt: skip


def _shops(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """Venues, restaurants, pharmacies, key enterprises: a street address each."""

    def thing(kind: str, serial: int, label: str, attrs: dict[str, Scalar]) -> Entity:
        spot = ground.spot(draw, (14.0, 45.0))
        told: dict[str, Scalar] = {
            "address": spot.address,
            "operator": f"经营单位{serial:04d}",
            "supervisor": _SUPERVISOR,
            "inspection": _inspected(draw),
        }
        name = draw.unique(f"{spot.address}{label}")
        return ground.thing(f"{kind}:{serial:04d}", kind, name, spot.point, told | attrs)

    for serial in range(1, VENUES + 1):
        fun, label = _FUN[serial % len(_FUN)]
        attrs: dict[str, Scalar] = {"type": fun, "capacity": draw.randrange(60, 600, 20)}
        yield thing(
            "entertainment_venue", serial, label, attrs | {"supervisor": "区文体旅游科技局"}
        )
    for serial in range(1, RESTAURANTS + 1):
        hygiene = draw.choices(("a", "b", "c"), (40, 50, 10))[0]
        yield thing("restaurant", serial, draw.choice(_FOOD), {"hygiene": hygiene})
    for serial in range(1, PHARMACIES + 1):
        yield thing("pharmacy", serial, "药店", {})
    for serial in range(1, ENTERPRISES + 1):
        industry, label = _FIRMS[serial % len(_FIRMS)]
        risk = draw.choices(("red", "orange", "yellow", "blue"), (1, 3, 8, 20))[0]
        attrs = {"industry": industry, "risk": risk, "supervisor": "区应急管理局"}
        yield thing("key_enterprise", serial, label, attrs)


def _sites(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial in range(1, SITES + 1):
        spot = ground.spot(draw, (40.0, 160.0))
        yield observing(
            ground, draw, f"construction_site:{serial:04d}", "construction_site",
            draw.unique(f"{spot.address}工地"), spot.point,
            {
                "site_pm10": float(draw.randrange(50, 112)),
                "site_noise": round(draw.uniform(52.0, 66.0), 1),
            },
            {
                "address": spot.address,
                "stage": draw.choice(("earthwork", "structure", "fitting")),
                "builder": f"施工单位{serial:02d}",
                "supervisor": "区城建局",
                "inspection": _inspected(draw),
                "manager": draw.person(),
                "phone": draw.phone(),
            },
            Link.OFFLINE if serial % 29 == 0 else Link.ONLINE,
        )  # fmt: skip


def _road_works(ground: Ground, draw: Draw) -> Iterator[Entity]:
    roads = [r for r in ground.roads if r.line.length > 600.0]
    for serial in range(1, ROAD_WORKS + 1):
        road = draw.choice(roads)
        start = draw.uniform(0.1, 0.6) * road.line.length
        line = substring(road.line, start, start + draw.uniform(150.0, 320.0))
        street = road.name_at(start)
        middle = line.interpolate(0.5, normalized=True).coords[0]
        state = draw.choice(("planned", "working", "working", "finished"))
        traffic = "open" if state != "working" else "closed" if street == CLOSED else "narrowed"
        yield ground.thing(
            f"road_work:{serial:04d}", "road_work", draw.unique(f"{street}道路工程"), middle,
            {
                "street": street,
                "builder": f"施工单位{serial:02d}",
                "until": "2026-10",
                "traffic": traffic,
            },
            geometry=(tuple(ground.lonlat(p) for p in line.coords),),
            state=state,
        )  # fmt: skip


def _illegal(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial in range(1, ILLEGAL + 1):
        spot = ground.spot(draw, (40.0, 240.0))
        yield ground.thing(
            f"illegal_building:{serial:04d}", "illegal_building", f"违建图斑 {serial:04d}",
            spot.point,
            {
                "address": spot.address + INVENTED,
                "area_m2": draw.randrange(8, 260),
                "found_by": draw.choice(("image", "patrol", "report")),
                "owner_name": draw.person(),
            },
            state=draw.choices(("found", "ordered", "removed"), (20, 15, 10))[0],
        )  # fmt: skip


def _houses(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """In and round the villages; a number for a name, for somebody lives there."""
    villages = [point for _, point in sorted(ground.villages.items())]
    for serial in range(1, SELF_BUILT + 1):
        point = ground.near(draw, villages[serial % len(villages)], 320.0)
        yield ground.thing(
            f"self_built_house:{serial:04d}", "self_built_house", f"自建房 {serial:04d}", point,
            {
                "address": f"{ground.township(point).name}{serial}号院{INVENTED}",
                "owner_name": draw.person(),
                "phone": draw.phone(),
                "floors": draw.randrange(1, 6),
                "use": draw.choices(("dwelling", "let", "trade"), (60, 25, 15))[0],
                "grade": draw.choices(("a", "b", "c"), (60, 34, 6))[0],
                "supervisor": "区城建局",
            },
        )  # fmt: skip
    for serial in range(1, UNSAFE + 1):
        point = ground.near(draw, villages[serial % len(villages)], 280.0)
        dangerous = serial % 4 == 0
        yield observing(
            ground, draw, f"unsafe_house:{serial:04d}", "unsafe_house", f"危房 {serial:04d}", point,
            {"tilt": round(draw.uniform(1.0, 5.6), 1)},
            {
                "address": f"{ground.township(point).name}{serial}号危房{INVENTED}",
                "owner_name": draw.person(),
                "phone": draw.phone(),
                "grade": "d" if dangerous else "c",
                "residents": 0 if dangerous else draw.randrange(1, 7),
                "supervisor": "区城建局",
                "measure_taken": "vacated" if dangerous else draw.choice(("propped", "watched")),
            },
            Link.OFFLINE if serial % 40 == 0 else Link.ONLINE,
        )  # fmt: skip
