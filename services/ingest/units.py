"""Units of values that come in, and what they are in the unit that a pack declares. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.domain.errors import KnownError
from services.ingest.rows import shorten

_TABLE: dict[str, tuple[str, float, float]] = {
    # unit: what it measures, times, plus: value * times + plus is in the first unit of its kind
    "m": ("length", 1.0, 0.0),
    "cm": ("length", 0.01, 0.0),
    "mm": ("length", 0.001, 0.0),
    "km": ("length", 1_000.0, 0.0),
    "ft": ("length", 0.3048, 0.0),
    "in": ("length", 0.0254, 0.0),
    "dm": ("length", 0.1, 0.0),
    "m²": ("area", 1.0, 0.0),
    "km²": ("area", 1e6, 0.0),
    "ha": ("area", 1e4, 0.0),
    "亩": ("area", 2_000.0 / 3.0, 0.0),
    "ft²": ("area", 0.3048**2, 0.0),
    "m³": ("volume", 1.0, 0.0),
    "L": ("volume", 0.001, 0.0),
    "10⁴ m³": ("volume", 1e4, 0.0),
    "m³/s": ("flow", 1.0, 0.0),
    "L/s": ("flow", 0.001, 0.0),
    "m³/h": ("flow", 1 / 3_600, 0.0),
    "ft³/s": ("flow", 0.3048**3, 0.0),
    "m/s": ("speed", 1.0, 0.0),
    "km/h": ("speed", 1 / 3.6, 0.0),
    "kn": ("speed", 1_852 / 3_600, 0),
    "mm/h": ("rain", 1.0, 0.0),
    "in/h": ("rain", 25.4, 0.0),
    "°C": ("temperature", 1.0, 0.0),
    "°F": ("temperature", 5 / 9, -160 / 9),
    "K": ("temperature", 1.0, -273.15),
    "MPa": ("pressure", 1.0, 0.0),
    "kPa": ("pressure", 0.001, 0.0),
    "Pa": ("pressure", 1e-6, 0.0),
    "hPa": ("pressure", 1e-4, 0.0),
    "bar": ("pressure", 0.1, 0.0),
    "min": ("time", 1.0, 0.0),
    "s": ("time", 1 / 60, 0.0),
    "h": ("time", 60.0, 0.0),
    "%": ("share", 1.0, 0.0),
    "‰": ("share", 0.1, 0.0),
    "µg/m³": ("density", 1.0, 0.0),
    "mg/m³": ("density", 1_000.0, 0.0),
    "t": ("mass", 1.0, 0.0),
    "kg": ("mass", 0.001, 0.0),
    "g": ("mass", 1e-6, 0.0),
    "mg/L": ("content", 1.0, 0.0),
    "µg/L": ("content", 0.001, 0.0),
    "g/L": ("content", 1_000.0, 0.0),
    "kV": ("voltage", 1.0, 0.0),
    "V": ("voltage", 0.001, 0.0),
    "ppm": ("trace", 1.0, 0.0),
    "ppb": ("trace", 0.001, 0.0),
    "kW": ("power", 1.0, 0.0),
    "W": ("power", 0.001, 0.0),
    "MW": ("power", 1_000.0, 0.0),
}
_SAME = {
    word: unit
    for unit, words in {
        "m": "米 metre meter metres meters",
        "cm": "厘米",
        "mm": "毫米",
        "km": "公里 千米",
        "dm": "分米",
        "ft": "feet",
        "in": "inch inches",
        "m²": "平方米 m2",
        "km²": "平方公里 km2",
        "ha": "公顷",
        "亩": "mu",
        "m³": "立方米 m3",
        "L": "升 l",
        "10⁴ m³": "万立方米 万m3",
        "m³/s": "m3/s",
        "L/s": "l/s",
        "m³/h": "m3/h",
        "ft³/s": "ft3/s cfs",
        "°C": "c ℃ 摄氏度",
        "°F": "f ℉",
        "min": "分钟",
        "h": "小时",
        "s": "秒",
        "µg/m³": "μg/m³ ug/m3",
        "mg/m³": "mg/m3",
        "t": "吨",
        "kg": "千克 公斤",
        "MPa": "mpa",
        "kPa": "kpa",
        "Pa": "pa",
        "hPa": "hpa",
        "kW": "kw",
        "W": "w",
        "MW": "mw",
    }.items()
    for word in words.split()
}
"""Other words for them."""
_IN_NAME = re.compile(r"[(（\[【/_]\s*([^()（）\[\]【】/_]{1,8}(?:/[smhd])?)\s*[)）\]】]?$")


@dataclass(frozen=True, slots=True)
class Conversion:
    """``value * times + plus``, rounded to nine figures so that no dust of arithmetic is stored."""

    unit: str
    times: float
    plus: float

    def of(self, value: float) -> float:
        """A value in the unit that the pack declares."""
        return float(f"{value * self.times + self.plus:.9g}")


def known_unit(word: str) -> str:
    """The unit meant by a word, "" where it is none."""
    plain = word.strip()
    return plain if plain in _TABLE else _SAME.get(plain, _SAME.get(plain.lower(), ""))


def conversion(word: str, wanted: str, field: str) -> Conversion:
    """From a unit by its word to the unit of a field. KnownError ``unknown_unit``, or
    ``wrong_unit`` where the two do not measure the same thing."""
    told, target = known_unit(word), known_unit(wanted)
    if not told and word.strip() != wanted:
        raise KnownError(
            "unknown_unit",
            f"“{shorten(word)}” is no unit that is known here; there are {', '.join(_TABLE)}",
            field="unit",
        )
    if word.strip() == wanted or told == target:
        return Conversion(wanted, 1.0, 0.0)
    if not target or _TABLE[told][0] != _TABLE[target][0]:
        raise KnownError(
            "wrong_unit",
            f"{field} is in {wanted or 'no unit'}, which {told} cannot be turned into",
            field="unit",
        )
    _, times, plus = _TABLE[told]
    _, per, less = _TABLE[target]
    return Conversion(told, times / per, (plus - less) / per)


def unit_in(column: str) -> str:
    """The unit that a column's name ends in, such as 水位(cm); "" where it names none."""
    found = _IN_NAME.search(column.strip())
    return known_unit(found[1]) if found else ""
