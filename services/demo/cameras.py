"""The 3,492 cameras of the source document, each with an id after GB/T 28181 and a view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.demo.draw import Draw
from services.demo.ground import Ground
from services.demo.plane import Point, bearing_deg, moved
from services.domain.model import Entity, Link

TOTAL = 3_492
SOCIETY, COMPOUND, FACE, STATION, EAGLE, HILL = 424, 324, 488, 52, 10, 2
COMPOUNDS = 69
STREET = TOTAL - SOCIETY - COMPOUND - FACE - STATION - EAGLE - HILL
OFFLINE, UNKNOWN, STATION_OFFLINE = 119, 61, 2
SEEN_WITHIN_S = 600.0

CENTRE = "63010200"  # 6 administrative code + 2 basic unit
INDUSTRY = {"street": "08", "face": "00", "compound": "01", "society": "02"}
TYPE_IPC, NETWORK_EXTRANET = "132", "6"
OWNER = {
    "society": "社会单位",
    "face": "市公安局城东分局",
    "station": "西宁站地区管委会",
}
DIRECTIONS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
SHOPS = ("便民超市", "银行网点", "酒店", "写字楼", "商场", "停车场", "农贸市场", "药店")


@dataclass(frozen=True, slots=True)
class Compound:
    """An old compound 老旧楼院 that nobody manages."""

    name: str
    point: Point
    bearing: float


@dataclass(frozen=True, slots=True)
class View:
    """One camera before it gets its number."""

    category: str
    site: str
    name: str
    point: Point
    bearing: float
    fov_deg: float
    range_m: float
    ptz: bool = False
    kind: str = "camera"


def direction(bearing: float) -> str:
    """The direction in words: 0 is 北."""
    return DIRECTIONS[round(bearing / 45.0) % 8]


def compounds(ground: Ground, draw: Draw) -> list[Compound]:
    """The 69 old compounds, beside streets of the inner town, no two at one address."""
    found: dict[str, Compound] = {}
    while len(found) < COMPOUNDS:
        spot = ground.spot(draw, (45.0, 160.0))
        name = f"{spot.address}家属院"
        if ground.density(spot.point) > 0.35 and name not in found:
            found[name] = Compound(name, spot.point, spot.bearing)
    return list(found.values())


def build(ground: Ground, draw: Draw, old_compounds: list[Compound]) -> list[Entity]:
    """All cameras, numbered from 1, the ones at 康乐十字 first."""
    views = [
        *_junction_views(ground, draw),
        *_eagle_views(ground),
        *_hill_views(ground),
        *_station_views(ground),
        *_face_views(ground, draw),
        *_compound_views(draw, old_compounds, ground),
        *_society_views(ground, draw),
    ]
    villages = list(_village_views(ground, draw))
    banks = list(_bank_views(ground, draw))
    street = sum(v.category == "street" for v in views) + len(villages) + len(banks)
    views += [*villages, *banks, *_road_views(ground, draw, STREET - street)]
    return _numbered(ground, draw, views)


def _numbered(ground: Ground, draw: Draw, views: list[View]) -> list[Entity]:
    links = _links(draw, views)
    entities = []
    for serial, (view, link) in enumerate(zip(views, links, strict=True), start=1):
        industry = INDUSTRY.get(view.category, "08")
        entities.append(
            ground.thing(
                f"{CENTRE}{industry}{TYPE_IPC}{NETWORK_EXTRANET}{serial:06d}",
                view.kind,
                draw.unique(view.name),
                view.point,
                {
                    "category": view.category,
                    "fov_deg": view.fov_deg,
                    "range_m": view.range_m,
                    "ptz": view.ptz,
                    "site": view.site,
                    "owner": OWNER.get(view.category, "区城运中心"),
                },
                heading_deg=round(view.bearing % 360.0, 1) % 360.0,
                link=link,
                observed_at=draw.seen(link, SEEN_WITHIN_S),
            )
        )
    return entities


def _links(draw: Draw, views: list[View]) -> list[Link]:
    """3,312 answer, 119 do not, of 61 nobody knows; the high points and hills all answer."""
    station = iter(draw.links(STATION, STATION_OFFLINE, 0))
    common = sum(v.kind == "camera" for v in views)
    rest = iter(draw.links(common, OFFLINE - STATION_OFFLINE, UNKNOWN))
    source = {"camera_station": station, "camera": rest}
    return [next(source[v.kind]) if v.kind in source else Link.ONLINE for v in views]


def _junction_views(ground: Ground, draw: Draw) -> Iterator[View]:
    """Along every arm one looking out and one looking at the crossing, and a dome in between."""
    for junction in ground.junctions:
        for arm in junction.arms:
            out = bearing_deg(junction.point, arm)
            towards = direction(out)
            for bearing, text, at in (
                (out, f"{towards}向", moved(junction.point, out + 40, 16.0)),
                (out + 180, f"{towards}口", moved(junction.point, out + 12, 34.0)),
            ):
                name = f"{junction.name}-{text}"
                yield View("street", junction.name, name, at, bearing % 360, 70.0, 120.0)
        at = moved(junction.point, draw.uniform(0, 360), 12.0)
        bearing = draw.uniform(0, 360)
        yield View(
            "street", junction.name, f"{junction.name}-球机", at, bearing, 60.0, 300.0, ptz=True
        )


def _road_views(ground: Ground, draw: Draw, number: int) -> Iterator[View]:
    for _ in range(number):
        spot = ground.spot(draw)
        bearing = (spot.bearing + draw.choice((0, 180)) + draw.gauss(0, 8)) % 360
        name = f"{spot.address}{direction(bearing)}向"
        fov, reach = draw.choice(((60.0, 150.0), (75.0, 120.0), (90.0, 80.0)))
        yield View("street", spot.address, name, spot.point, bearing, fov, reach)


def _village_views(ground: Ground, draw: Draw, each: int = 14) -> Iterator[View]:
    spots = ("村口", "文化广场", "村委会", "主路", "停车场", "河渠边", "林地口")
    for name, point in sorted(ground.villages.items()):
        for i in range(each):
            at = ground.near(draw, point, 260.0)
            site = f"{name}{spots[i % len(spots)]}"
            yield View("street", site, site, at, draw.uniform(0, 360), 90.0, 80.0)


def _bank_views(ground: Ground, draw: Draw, number: int = 90) -> Iterator[View]:
    rivers = {n: ground.lines[n].intersection(ground.outline) for n in ("湟水河", "沙塘川河")}
    for _ in range(number):
        river, line = draw.choices(list(rivers.items()), [v.length for v in rivers.values()])[0]
        at = line.interpolate(draw.random() * line.length).coords[0]
        point = ground.near(draw, at, 60.0)
        site = f"{river}滨河步道"
        yield View("street", site, site, point, draw.uniform(0, 360), 75.0, 150.0)


def _eagle_views(ground: Ground) -> Iterator[View]:
    tops = (
        "西宁站", "中惠万达广场", "青海省人民医院", "建国路客运站", "青海民族大学",
        "城东区人民政府", "康乐十字", "东稍门", "乐家湾镇", "韵家口镇",
    )  # fmt: skip
    for i, place in enumerate(tops):
        point = moved(ground.places[place], 36.0 * i, 40.0)
        name = f"高点鹰眼 {i + 1:02d} {place}楼顶"
        yield View(
            "eagle_eye", f"{place}楼顶", name, point, 36.0 * i, 180.0, 2_000.0,
            ptz=True, kind="camera_eagle",
        )  # fmt: skip


def _hill_views(ground: Ground) -> Iterator[View]:
    for name, place, bearing in (("北山", "泮子山村", 200.0), ("南山", "塔尔山", 20.0)):
        yield View(
            "hill_ptz", f"{name}林区", f"{name}云台", moved(ground.places[place], bearing, 300.0),
            bearing, 45.0, 8_000.0, ptz=True, kind="camera_ptz",
        )  # fmt: skip


def _station_views(ground: Ground) -> Iterator[View]:
    """Two rows along the underpass beneath the tracks, looking along it by turns."""
    middle, along = ground.places["西宁站"], 35.0
    for i in range(STATION):
        row, column = divmod(i, STATION // 2)
        at = moved(middle, along, (column - STATION / 4) * 9.0)
        point = moved(at, along + 90, -4.0 if row else 4.0)
        bearing = along if column % 2 else along + 180
        name = f"西宁站地下通道{'西' if row else '东'}侧{column + 1:02d}"
        yield View(
            "station", "西宁站地下通道", name, point, bearing, 90.0, 30.0, kind="camera_station"
        )


def _face_views(ground: Ground, draw: Draw) -> Iterator[View]:
    """At schools, entrances of villages and crossings, as the source document says."""
    schools = [
        (
            f"{unit.name.removesuffix('街道').removesuffix('镇')}第{n}小学",
            ground.near(draw, at, 500),
        )
        for unit, at in ground.townships
        for n in "一二"
    ]
    sites = [(name + "校门", at, 8) for name, at in schools]
    sites += [(name + "入口", at, 6) for name, at in sorted(ground.villages.items())]
    made = 0
    for site, at, number in sites:
        for _ in range(number):
            point = ground.near(draw, at, 120.0)
            yield View("face", site, f"{site}人脸抓拍", point, draw.uniform(0, 360), 40.0, 25.0)
            made += 1
    while made < FACE:
        junction = ground.junctions[made % len(ground.junctions)]
        arm = draw.choice(junction.arms)
        out = bearing_deg(junction.point, arm)
        point = moved(junction.point, out + draw.uniform(-50, 50), draw.uniform(14, 30))
        name = f"{junction.name}斑马线人脸抓拍"
        yield View("face", junction.name, name, point, (out + 90) % 360, 40.0, 25.0)
        made += 1


def _compound_views(draw: Draw, old: list[Compound], ground: Ground) -> Iterator[View]:
    """Four or five in each compound: gate, yard, stairs."""
    spots = ("大门", "院内", "楼道口", "车棚", "后院")
    extra = COMPOUND - 4 * len(old)
    for i, compound in enumerate(old):
        for spot in spots[: 5 if i < extra else 4]:
            at = ground.near(draw, compound.point, 35.0)
            bearing = bearing_deg(at, compound.point)
            yield View("compound", compound.name, compound.name + spot, at, bearing, 90.0, 40.0)


def _society_views(ground: Ground, draw: Draw, each: int = 4) -> Iterator[View]:
    for i in range(SOCIETY // each):
        spot = ground.spot(draw, (18.0, 50.0))
        site = spot.address + SHOPS[i % len(SHOPS)]
        for place in ("门前", "大堂", "收银区", "停车位")[:each]:
            at = moved(spot.point, draw.uniform(0, 360), draw.uniform(2, 12))
            bearing = draw.uniform(0, 360)
            yield View("society", site, site + place, at, bearing, 90.0, 30.0)
