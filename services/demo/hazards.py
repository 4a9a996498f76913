"""Water on the roads and fire on the hills: pumps, places that flood, slopes, watch points."""

from __future__ import annotations

from collections.abc import Iterator

from services.demo.draw import Draw
from services.demo.ground import Ground, at_share
from services.demo.observing import observing
from services.demo.plane import moved
from services.domain.model import Entity

PUMP_STATIONS, FLOOD_POINTS, SLOPES = 8, 20, 24
WATCH_POINTS, FIRE_WEATHER, CHECKPOINTS, WATER_TANKS = 14, 4, 10, 8
HILL_PLACES = ("泮子山村", "塔尔山", "塔尔山村", "王家庄村")
SLOPE_PLACES = ("泮子山村", "塔尔山村", "王家庄村", "杨沟湾村", "付家寨村", "小寨村")


def build(ground: Ground, draw: Draw) -> list[Entity]:
    """Flood control first, then the hills."""
    return [
        *_pumps(ground, draw),
        *_flood_points(ground, draw),
        *_slopes(ground, draw),
        *_watch(ground, draw),
        *_weather(ground, draw),
        *_forest(ground, draw),
    ]


def _pumps(ground: Ground, draw: Draw) -> Iterator[Entity]:
    river = ground.lines["湟水河"].intersection(ground.outline)
    for serial in range(1, PUMP_STATIONS + 1):
        at = at_share(river, (serial - 0.5) / PUMP_STATIONS)
        point = ground.near(draw, at, 150.0)
        name = f"{ground.township(point).name}{serial}号排水泵站"
        yield observing(
            ground, draw, f"pump_station:{serial:04d}", "pump_station", name, point,
            {"water": round(draw.uniform(0.6, 1.4), 2), "pumps_on": 0.0},
            {"address": name, "capacity": draw.choice((0.8, 1.2, 2.0)), "operator": "市排水公司"},
        )  # fmt: skip


def _flood_points(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial, junction in enumerate(ground.junctions[:FLOOD_POINTS], start=1):
        yield ground.thing(
            f"flood_point:{serial:04d}",
            "flood_point",
            f"{junction.name}易涝点",
            moved(junction.point, 200.0, 20.0),
            {
                "site": junction.name,
                "depth_record_m": round(draw.uniform(0.15, 0.6), 2),
                "responsible": "市排水公司",
            },
        )


def _slopes(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial in range(1, SLOPES + 1):
        village = SLOPE_PLACES[serial % len(SLOPE_PLACES)]
        yield observing(
            ground, draw, f"slope:{serial:04d}", "slope", f"{village}边坡{serial:02d}",
            ground.near(draw, ground.places[village], 700.0),
            {"displacement": round(draw.uniform(0.5, 11.0), 1)},
            {
                "site": village,
                "type": draw.choice(("landslide", "collapse", "debris")),
                "threatened": draw.randrange(0, 24),
                "watcher": draw.person(),
                "phone": draw.phone(),
            },
        )  # fmt: skip


def _watch(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial in range(1, WATCH_POINTS + 1):
        place = HILL_PLACES[serial % len(HILL_PLACES)]
        yield observing(
            ground, draw, f"watch_point:{serial:04d}", "watch_point", f"{place}瞭望点{serial:02d}",
            ground.near(draw, ground.places[place], 900.0), {"hot_spots": 0.0},
            {
                "site": f"{place}林区",
                "elevation_m": draw.randrange(2_300, 2_800, 10),
                "ranger": draw.person(),
                "phone": draw.phone(),
            },
        )  # fmt: skip


def _weather(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial, place in enumerate(HILL_PLACES[:FIRE_WEATHER], start=1):
        values = {
            "temperature": round(draw.uniform(16.0, 22.0), 1),
            "humidity": float(draw.randrange(35, 60)),
            "wind": round(draw.uniform(1.0, 4.0), 1),
            "danger": float(draw.choice((2, 3))),
        }
        yield observing(
            ground, draw, f"fire_weather:{serial:04d}", "fire_weather", f"{place}火险站",
            ground.near(draw, ground.places[place], 300.0), values, {"site": place},
        )  # fmt: skip


def _forest(ground: Ground, draw: Draw) -> Iterator[Entity]:
    for serial in range(1, CHECKPOINTS + 1):
        place = HILL_PLACES[serial % len(HILL_PLACES)]
        yield ground.thing(
            f"forest_checkpoint:{serial:04d}",
            "forest_checkpoint",
            f"{place}防火检查站{serial:02d}",
            ground.near(draw, ground.places[place], 700.0),
            {"site": f"{place}林区", "keeper": draw.person(), "phone": draw.phone()},
        )
    for serial in range(1, WATER_TANKS + 1):
        place = HILL_PLACES[serial % len(HILL_PLACES)]
        yield ground.thing(
            f"forest_water:{serial:04d}",
            "forest_water",
            f"{place}蓄水池{serial:02d}",
            ground.near(draw, ground.places[place], 800.0),
            {"site": f"{place}林区", "volume": draw.choice((50, 100, 200))},
        )
