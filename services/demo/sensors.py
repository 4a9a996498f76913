"""Level sensors, rain gauges, water stations, sound columns and conference terminals."""

from __future__ import annotations

from services.demo.cameras import CENTRE, NETWORK_EXTRANET
from services.demo.draw import Draw
from services.demo.ground import AdminUnit, Ground, at_share, foot
from services.demo.plane import Point, moved
from services.domain.model import Entity, Link, Scalar

TYPE_SOUND = "137"
COMMUNITIES_WITH_TERMINAL = 24
"""The source document counts 53 sets in 2 towns, 7 subdistricts, 20 villages and communities."""

# name, setting; the first four are named by the source document
LEVELS = (
    ("康乐十字", "road"),
    ("博文路口", "road"),
    ("大寺沟", "gully"),
    ("沙塘川河西侧", "river"),
    ("东稍门", "road"),
    ("西宁站下穿通道", "underpass"),
    ("七一路建国路路口", "road"),
    ("夏都大街德令哈路路口", "road"),
    ("八一路金桥路路口", "road"),
    ("互助路韵家口下穿", "underpass"),
)


def build(ground: Ground, draw: Draw) -> list[Entity]:
    """All of them; the sensors of the source document first."""
    return [
        *_levels(ground, draw),
        *_rain(ground, draw),
        *_water(ground, draw),
        *_sound(ground, draw),
        *_conference(ground, draw),
    ]


def _levels(ground: Ground, draw: Draw) -> list[Entity]:
    points = _level_points(ground)
    return [
        _observing(
            ground, draw, f"level_sensor:{i:04d}", "level_sensor", site, points[site],
            {"level": round(draw.uniform(0.02, 0.08), 2)},
            {"site": site, "setting": setting, "owner": "区城运中心"},
        )
        for i, (site, setting) in enumerate(LEVELS, start=1)
    ]  # fmt: skip


def _level_points(ground: Ground) -> dict[str, Point]:
    """Where the named places are: crossings, the gully, the river's west bank, underpasses."""
    gully, river = ground.lines["大寺沟"], ground.lines["沙塘川河"]
    east = ground.graph.plane.xy(101.8803, 36.598)
    road = next(r.line for r in ground.roads if r.name == "互助路")
    town = ground.places["韵家口镇"]
    points = {j.name: moved(j.point, 45.0, 6.0) for j in ground.junctions}
    points["大寺沟"] = gully.interpolate(gully.length * 0.8).coords[0]
    points["沙塘川河西侧"] = moved(foot(river, east), 270.0, 60.0)
    points["西宁站下穿通道"] = moved(ground.places["西宁站"], 215.0, 60.0)
    points["互助路韵家口下穿"] = foot(road, town)
    return points


def _rain(ground: Ground, draw: Draw) -> list[Entity]:
    sites = [(unit.name, at) for unit, at in ground.townships]
    sites += [
        (n, ground.places[n]) for n in ("泮子山村", "塔尔山", "王家庄村", "付家寨村", "杨沟湾村")
    ]
    return [
        _observing(
            ground, draw, f"rain_gauge:{i:04d}", "rain_gauge", f"{site}雨量站",
            ground.near(draw, at, 80.0), {"rain_1h": 0.0}, {"site": site},
        )
        for i, (site, at) in enumerate(sites, start=1)
    ]  # fmt: skip


def _water(ground: Ground, draw: Draw) -> list[Entity]:
    river = ground.lines["湟水河"].intersection(ground.outline)
    entities = []
    for i, (site, share) in enumerate(
        (("七一桥", 0.06), ("韵家口", 0.48), ("小峡口", 0.95)), start=1
    ):
        values = {
            "ph": round(draw.uniform(7.8, 8.3), 2),
            "dissolved_oxygen": round(draw.uniform(7.0, 8.5), 1),
            "ammonia_n": round(draw.uniform(0.2, 0.5), 2),
            "turbidity": round(draw.uniform(20.0, 60.0), 1),
        }
        entities.append(
            _observing(
                ground,
                draw,
                f"water_quality:{i:04d}",
                "water_quality",
                f"湟水河{site}断面",
                moved(at_share(river, share), 200.0, 15.0),
                values,
                {"river": "湟水河", "site": f"{site}断面"},
            )
        )
    return entities


def _sound(ground: Ground, draw: Draw) -> list[Entity]:
    """Sixteen along the three streets that the source document names, evenly spaced."""
    entities: list[Entity] = []
    for street, number in (("东关大街", 6), ("大众街", 5), ("建国路", 5)):
        line = next(r.line for r in ground.roads if r.name == street)
        for i in range(number):
            serial = len(entities) + 1
            point = moved(at_share(line, (i + 0.5) / number), 90.0, 9.0)
            entities.append(
                ground.thing(
                    f"{CENTRE}08{TYPE_SOUND}{NETWORK_EXTRANET}{serial:06d}",
                    "sound_column",
                    f"{street}音柱{i + 1:02d}",
                    point,
                    {"site": street, "reach_m": 80.0},
                    link=Link.ONLINE,
                    observed_at=draw.seen(Link.ONLINE, 600.0),
                )
            )
    return entities


def _conference(ground: Ground, draw: Draw) -> list[Entity]:
    units = [u for u in ground.units if u.kind in ("镇", "街道", "村")]
    communities = [u for u in ground.units if u.kind == "社区"]
    step = len(communities) / COMMUNITIES_WITH_TERMINAL
    units += [communities[int(i * step)] for i in range(COMMUNITIES_WITH_TERMINAL)]
    level = {"镇": "town", "街道": "subdistrict", "村": "village", "社区": "community"}
    links = draw.links(len(units), 2, 0)
    entities = []
    for unit, link in zip(units, links, strict=True):
        parent = unit if unit.level == "township" else _parent(ground, unit)
        entities.append(
            ground.thing(
                f"conference_terminal:{unit.code}",
                "conference_terminal",
                f"{unit.short_name}视频会议终端",
                _seat(ground, draw, unit, parent),
                {"unit": unit.name, "level": level[unit.kind], "admin_code": unit.code},
                link=link,
                observed_at=draw.seen(link, 1_200.0),
            )
        )
    return entities


def _parent(ground: Ground, unit: AdminUnit) -> AdminUnit:
    return next(u for u in ground.units if u.code == unit.parent)


def _seat(ground: Ground, draw: Draw, unit: AdminUnit, parent: AdminUnit) -> Point:
    """A village where the map draws it; else somewhere near its township's label."""
    village = ground.villages.get(unit.short_name)
    if village is not None:
        return ground.near(draw, village, 60.0)
    label = next(at for township, at in ground.townships if township.code == parent.code)
    return ground.near(draw, label, 40.0 if unit is parent else 550.0)


def _observing(
    ground: Ground,
    draw: Draw,
    identifier: str,
    kind: str,
    name: str,
    point: Point,
    values: dict[str, float],
    attrs: dict[str, Scalar],
) -> Entity:
    return ground.thing(
        identifier,
        kind,
        name,
        point,
        attrs,
        link=Link.ONLINE,
        values=values,
        observed_at=draw.seen(Link.ONLINE, 60.0),
    )
