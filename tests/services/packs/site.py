"""A pack of a site's own: a kind of thing that no code of the product knows."""

from __future__ import annotations

from pathlib import Path

BEEHIVES = """\
id = "beehives"
version = 1
order = 5
label = { zh = "城市蜂场", en = "Beehives" }

[[kind]]
id = "beehive"
label = { zh = "蜂箱", en = "Beehives" }
geometry = "point"
traits = ["located", "observing"]
symbol = { shape = "hexagon", glyph = "bees", size = 18 }
stale_after_s = 3600.0
actions = ["new_case"]
map_label = "{name} {weight}"
search = ["keeper_unit"]
attribute = [
  { name = "keeper_unit", label = { zh = "养护单位", en = "Kept by" } },
  { name = "keeper", label = { zh = "养蜂人", en = "Keeper" }, data_class = "personal" },
]
measure = [
  { name = "weight", label = { zh = "重量", en = "Weight" }, unit = "kg", min = 0, max = 200 },
]
state = [
  { id = "well", label = { zh = "正常", en = "Well" } },
  { id = "light", label = { zh = "偏轻", en = "Light" }, severity = "minor" },
]
status = [{ measure = "weight", state = "light", below = 12.0 }]

[[rule]]
id = "hive_light"
kind = "beehive"
measure = "weight"
label = { zh = "蜂箱偏轻", en = "A hive is light" }
direction = "below"
limits = [{ severity = "minor", at = 8.0 }]
"""
TABLE = (
    "id,name,lon,lat,keeper_unit,keeper\n"
    "beehive:1,北山蜂箱 1,101.83,36.62,园林所,示例\n"
    "beehive:2,北山蜂箱 2,101.831,36.62,园林所,示例\n"
    "beehive:3,没有地方的蜂箱,,,园林所,示例\n"
)


def site_packs(folder: Path) -> Path:
    """A site's directory with that pack in it."""
    folder.mkdir(exist_ok=True)
    (folder / "beehives.toml").write_text(BEEHIVES, encoding="utf-8")
    return folder
