"""Rows of a file of lines as roads: class, direction, bridges, speed, name from its fields. Pure.

What a field says that no class or word means is counted and told, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely

from services.domain.errors import KnownError
from services.domain.text import plain
from services.roads.noding import RoadLine
from services.roads.rules import RoadRules

MOST_KMH = 200.0
MOST_NAME = 100
SHOWN = 12
"""Unknown words that a report names."""
MOST_WORDS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadFields:
    """Which columns say what; "" for what no column says."""

    klass: str = ""
    name: str = ""
    one_way: str = ""
    speed: str = ""
    bridge: str = ""
    tunnel: str = ""
    level: str = ""

    def check(self, columns: Iterable[str]) -> None:
        """KnownError ``unknown_column`` for one that the file does not have."""
        known = set(columns)
        for column in (getattr(self, name) for name in self.__slots__):
            if column and column not in known:
                have = ", ".join(sorted(known)[:20]) or "none"
                raise KnownError(
                    "unknown_column", f"The file has no field “{column[:60]}”; it has {have}."
                )


@dataclass(slots=True)
class RoadReport:
    """What became of the rows: lines taken, rows left out by reason, and words of which the rules
    know no meaning: as a class, a direction, a bridge or a tunnel."""

    roads: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    unknown_ways: Counter[str] = field(default_factory=Counter)
    unknown_levels: Counter[str] = field(default_factory=Counter)
    one_way: int = 0
    raised: int = 0

    def lines(self) -> list[str]:
        """The report, one fact a line."""
        told = [f"roads: {self.roads:,} ({self.one_way:,} one-way, {self.raised:,} not on ground)"]
        told += [f"  {name}: {count:,}" for name, count in self.classes.most_common()]
        told += [f"left out, {why}: {n:,}" for why, n in self.left_out.most_common(SHOWN)]
        for words, what, taken in (
            (self.unknown, "no class means", "they count as the last class"),
            (self.unknown_ways, "no direction means", "they count as open both ways"),
            (self.unknown_levels, "no bridge or tunnel means", "they count as on the ground"),
        ):
            if words:
                most = ", ".join(f"{w!r} ({n:,})" for w, n in words.most_common(SHOWN))
                told.append(f"{what}: {most}; {taken}")
        return told


def road_lines(
    rows: Iterable[tuple[Any, Mapping[str, str]]],
    fields: RoadFields,
    rules: RoadRules,
    report: RoadReport,
) -> Iterator[RoadLine]:
    """The roads of rows of (shapely shape in degrees or None, cells)."""
    for shape, cells in rows:
        parts = _parts(shape)
        if not parts:
            report.left_out["no line"] += 1
            continue
        try:
            told = _told(cells, fields, rules, report)
        except KnownError as error:
            tally(report.left_out, error.text, 120)
            continue
        for part in parts:
            points = tuple((float(x), float(y)) for x, y in shapely.get_coordinates(part))
            report.roads += 1
            yield RoadLine(points=points, **told)


def _parts(shape: Any) -> list[Any]:
    if shape is None:
        return []
    return [p for p in shapely.get_parts(shape) if p.geom_type == "LineString" and not p.is_empty]


def _told(
    cells: Mapping[str, str], fields: RoadFields, rules: RoadRules, report: RoadReport
) -> dict[str, Any]:
    word = cells.get(fields.klass, "").strip() if fields.klass else ""
    found = rules.class_of(word) if word else None
    if word and found is None:
        tally(report.unknown, word)
    klass = found if found is not None else rules.classes[-1]
    level = _level(cells, fields, rules, report)
    way = _direction(cells.get(fields.one_way, ""), rules, report) if fields.one_way else 0
    kmh = _speed(cells.get(fields.speed, "")) if fields.speed else 0.0
    name = plain(cells.get(fields.name, "")[:MOST_NAME], "name") if fields.name else ""
    report.classes[klass.id] += 1
    report.one_way += way != 0
    report.raised += level != 0
    return {"names": (name,), "klass": klass.id, "one_way": way, "level": level, "kmh": kmh}


def _level(
    cells: Mapping[str, str], fields: RoadFields, rules: RoadRules, report: RoadReport
) -> int:
    """The layer where it is told as a number, else 1 on a bridge and -1 in a tunnel."""
    layer = cells.get(fields.level, "").strip() if fields.level else ""
    if layer:
        try:
            return max(-9, min(9, round(float(layer))))
        except (ValueError, OverflowError):
            raise KnownError("not_a_number", "a layer that is no number") from None
    for column, words, level in (
        (fields.bridge, rules.bridge_words, 1),
        (fields.tunnel, rules.tunnel_words, -1),
    ):
        word = cells.get(column, "").strip().lower() if column else ""
        if word in words:
            return level
        if word and word not in rules.ground_words:
            tally(report.unknown_levels, word)
    return 0


def _direction(word: str, rules: RoadRules, report: RoadReport) -> int:
    word = word.strip().lower()
    if word and word not in (*rules.forward_words, *rules.backward_words, *rules.both_words):
        tally(report.unknown_ways, word)
    return 1 if word in rules.forward_words else -1 if word in rules.backward_words else 0


def tally(words: Counter[str], word: str, most: int = 40) -> None:
    """Count a word by its first ``most`` signs. Of ever new ones only some thousand are kept apart:
    a column of names is no class."""
    word = word[:most]
    words[word if word in words or len(words) < MOST_WORDS else "…"] += 1


def _speed(text: str) -> float:
    """km/h; 0 where nothing is told. A speed that cannot be is refused."""
    text = text.strip().lower().removesuffix("km/h").strip()
    if not text or text in ("none", "0"):
        return 0.0
    try:
        kmh = float(text)
    except ValueError:
        raise KnownError("not_a_number", "a speed that is no number of km/h") from None
    if not 1.0 <= kmh <= MOST_KMH:
        raise KnownError("out_of_range", f"a speed outside 1 to {MOST_KMH:g} km/h")
    return kmh
