"""Traffic, communities and halls, vehicles, and the data centre's nodes."""

from __future__ import annotations

from collections.abc import Iterator

from services.demo.draw import Draw
from services.demo.ground import Ground
from services.demo.observing import observing
from services.demo.plane import moved
from services.domain.model import Entity, Link, Scalar

FLOW_POINTS, SIGNALS, CAR_PARKS = 46, 60, 18
MEDIATION, POLICE, CARE_HOMES = 10, 20, 12
VEHICLES = (
    ("command", "指挥车", 2),
    ("pump", "排涝车", 6),
    ("supply", "物资运输车", 8),
    ("power", "发电车", 4),
    ("lighting", "照明车", 4),
)
CENTRE = "城东区人民政府"
DEPARTMENTS = (
    "公安城东分局",
    "区政法委",
    "区民政局",
    "区司法局",
    "区卫生健康局",
    "区教育局",
    "区应急管理局",
    "区城管局",
    "区生态环境局",
    "区市场监管局",
    "区自然资源和林业局",
    "区政务服务监管局",
)
ZONES = (
    ("internet", "互联网区"),
    ("extranet", "政务外网区"),
    ("iot", "物联网区"),
    ("cloud", "政务云"),
)


def build(ground: Ground, draw: Draw) -> list[Entity]:
    """By service."""
    return [
        *_traffic(ground, draw),
        *_communities(ground, draw),
        *_halls(ground, draw),
        *_schools(ground, draw),
        *_vehicles(ground, draw),
        *_nodes(ground, draw),
    ]


def _traffic(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial in range(1, FLOW_POINTS + 1):
        spot = ground.spot(draw, (3.0, 8.0))
        lanes = draw.choice((2, 4, 6))
        values = {
            "flow": float(lanes * draw.randrange(180, 420)),
            "speed": float(draw.randrange(30, 48)),
        }
        yield observing(
            ground,
            draw,
            f"flow_point:{serial:04d}",
            "flow_point",
            draw.unique(f"{spot.address}流量点"),
            spot.point,
            values,
            {"street": spot.street, "lanes": lanes},
        )
    for serial in range(1, SIGNALS + 1):
        junction = ground.junctions[(serial - 1) % len(ground.junctions)]
        point = moved(junction.point, draw.uniform(0, 360), 14.0)
        yield ground.thing(
            f"traffic_signal:{serial:04d}",
            "traffic_signal",
            draw.unique(f"{junction.name}信号灯"),
            point,
            {"junction": junction.name, "adaptive": draw.random() < 0.5},
            link=Link.ONLINE,
            observed_at=draw.seen(Link.ONLINE, 1_200.0),
        )
    for serial in range(1, CAR_PARKS + 1):
        spot = ground.spot(draw, (20.0, 70.0))
        yield observing(
            ground,
            draw,
            f"parking:{serial:04d}",
            "parking",
            draw.unique(f"{spot.address}停车场"),
            spot.point,
            {"taken": float(draw.randrange(35, 72))},
            {
                "address": spot.address,
                "spaces": draw.randrange(60, 800, 20),
                "operator": f"停车单位{serial:02d}",
            },
        )
    for serial, place in enumerate(("建国路客运站", "西宁站", "韵家口镇", "乐家湾镇"), start=1):
        yield ground.thing(
            f"bus_hub:{serial:04d}",
            "bus_hub",
            f"{place}公交枢纽",
            ground.near(draw, ground.places[place], 120.0),
            {"address": place, "lines": draw.randrange(4, 16)},
        )


def _communities(ground: Ground, draw: Draw) -> Iterator[Entity]:
    labels = {unit.code: at for unit, at in ground.townships}
    for unit in ground.units:
        if unit.kind not in ("社区", "村"):
            continue
        village = ground.villages.get(unit.short_name)
        at = village if village is not None else labels.get(unit.parent)
        if at is None:
            continue
        yield ground.thing(
            f"community_station:{unit.code}",
            "community_station",
            f"{unit.short_name}综治中心",
            ground.near(draw, at, 60.0 if village is not None else 550.0),
            {
                "admin_code": unit.code,
                "grids": draw.randrange(5, 18),
                "households": draw.randrange(600, 4_800, 20),
                "secretary": draw.person(),
                "phone": draw.phone(),
            },
        )
    for serial in range(1, POLICE + 1):
        spot = ground.spot(draw, (10.0, 30.0))
        yield ground.thing(
            f"police_post:{serial:04d}",
            "police_post",
            draw.unique(f"{spot.street}警务站"),
            spot.point,
            {"address": spot.address},
        )


def _halls(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """A mediation centre and a service hall for the district and every township."""
    seats = [("区", ground.places[CENTRE])] + [(u.name, at) for u, at in ground.townships]
    for serial, (name, at) in enumerate(seats[:MEDIATION], start=1):
        yield observing(
            ground,
            draw,
            f"mediation_centre:{serial:04d}",
            "mediation_centre",
            f"{name}矛盾纠纷调处中心",
            ground.near(draw, at, 120.0),
            {
                "open_disputes": float(draw.randrange(2, 18)),
                "settled_week": float(draw.randrange(3, 20)),
            },
            {"address": name, "mediators": draw.randrange(3, 16)},
        )
    for serial, (name, at) in enumerate(seats, start=1):
        yield observing(
            ground,
            draw,
            f"service_hall:{serial:04d}",
            "service_hall",
            f"{name}便民服务大厅",
            ground.near(draw, at, 120.0),
            {
                "waiting": float(draw.randrange(4, 30)),
                "satisfied": round(draw.uniform(95.5, 99.5), 1),
            },
            {"address": name, "windows": draw.randrange(6, 40)},
        )


def _schools(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """Schools by community, care homes, the hospital and the health centres."""
    labels = {unit.code: at for unit, at in ground.townships}
    communities = [u for u in ground.units if u.kind == "社区" and u.parent in labels]
    for serial, unit in enumerate(communities[::2], start=1):
        kind, label = (("primary", "小学"), ("middle", "中学"), ("kindergarten", "幼儿园"))[
            serial % 3
        ]
        yield ground.thing(
            f"school:{serial:04d}",
            "school",
            f"{unit.short_name.removesuffix('社区')}{label}",
            ground.near(draw, labels[unit.parent], 600.0),
            {"address": unit.short_name, "type": kind, "pupils": draw.randrange(180, 2_400, 20)},
        )
    for serial in range(1, CARE_HOMES + 1):
        spot = ground.spot(draw, (30.0, 140.0))
        yield ground.thing(
            f"care_home:{serial:04d}",
            "care_home",
            draw.unique(f"{spot.street}养老服务中心"),
            spot.point,
            {
                "address": spot.address,
                "beds": draw.randrange(20, 240, 10),
                "operator": f"运营单位{serial:02d}",
                "supervisor": "区民政局",
                "inspection": draw.choices(("passed", "rectify"), (92, 8))[0],
            },
        )
    clinics = [("青海省人民医院", ground.places["青海省人民医院"], "tertiary")]
    clinics += [
        (f"{u.name}卫生服务中心", ground.near(draw, at, 260.0), "primary")
        for u, at in ground.townships
    ]
    for serial, (name, point, level) in enumerate(clinics, start=1):
        beds = 1_800 if level == "tertiary" else draw.randrange(10, 60, 5)
        yield ground.thing(
            f"hospital:{serial:04d}",
            "hospital",
            name,
            point,
            {
                "address": name,
                "level": level,
                "beds": beds,
                "emergency_department": level != "primary",
            },
        )


def _vehicles(ground: Ground, draw: Draw) -> Iterator[Entity]:
    serial = 0
    for kind, label, number in VEHICLES:
        for i in range(1, number + 1):
            serial += 1
            spot = ground.spot(draw, (20.0, 60.0))
            yield ground.thing(
                f"emergency_vehicle:{serial:04d}",
                "emergency_vehicle",
                f"{label}{i:02d}",
                spot.point,
                {
                    "plate": f"青A·示例{serial:02d}",
                    "type": kind,
                    "department": "市排水公司" if kind == "pump" else "区应急管理局",
                    "driver": draw.person(),
                    "phone": draw.phone(),
                },
                state="ready",
                link=Link.ONLINE,
                observed_at=draw.seen(Link.ONLINE, 300.0),
            )


def _nodes(ground: Ground, draw: Draw) -> Iterator[Entity]:
    """Shared data, network security and computing: all in the government's building."""

    def node(
        kind: str, serial: int, name: str, values: dict[str, float], attrs: dict[str, Scalar]
    ) -> Entity:
        point = ground.near(draw, ground.places[CENTRE], 70.0)
        return observing(ground, draw, f"{kind}:{serial:04d}", kind, name, point, values, attrs)

    for serial, department in enumerate(DEPARTMENTS, start=1):
        yield node(
            "data_node",
            serial,
            f"{department}数据节点",
            {
                "records_1h": float(draw.randrange(200, 24_000, 50)),
                "delay_min": float(draw.randrange(1, 20)),
            },
            {"department": department, "catalogues": draw.randrange(20, 260)},
        )
    for serial, (zone, label) in enumerate(ZONES, start=1):
        blocked = draw.randrange(400, 2_600) if zone == "internet" else draw.randrange(5, 160)
        yield node(
            "security_node",
            serial,
            f"{label}安全监测",
            {"blocked_1h": float(blocked), "open_incidents": 0.0},
            {"zone": zone, "level": "three" if zone in ("internet", "cloud") else "two"},
        )
    for serial, label in enumerate(("政务云", "绿色算力"), start=1):
        yield node(
            "compute_node",
            serial,
            f"{label}节点",
            {
                "utilisation": float(draw.randrange(38, 66)),
                "pue": round(draw.uniform(1.18, 1.3), 2),
            },
            {"operator": "区信息中心", "racks": draw.randrange(20, 160, 10)},
        )
