"""What fields of imported lines say, and that a word without a meaning is told, never guessed."""

from __future__ import annotations

import pytest
import shapely

from services.roads.importing import MOST_WORDS, RoadFields, RoadReport, road_lines
from tests.services.roads.town import RULES

LINE = shapely.LineString([(101.8, 36.6), (101.81, 36.6)])
FIELDS = RoadFields(one_way="way", bridge="bridge", tunnel="tunnel")


def read(*cells: tuple[str, str, str]) -> tuple[list[tuple[int, int]], RoadReport]:
    report = RoadReport()
    rows = [(LINE, dict(zip(("way", "bridge", "tunnel"), row, strict=True))) for row in cells]
    return [(r.one_way, r.level) for r in road_lines(rows, FIELDS, RULES, report)], report


@pytest.mark.parametrize(
    ("cells", "way", "level"),
    [
        (("yes", "yes", ""), 1, 1),
        (("-1", "", "隧道"), -1, -1),
        (("no", "no", "no"), 0, 0),
        (("B", "F", "F"), 0, 0),
        (("双向", "否", "0"), 0, 0),
        (("", "", ""), 0, 0),
    ],
)
def test_words_that_have_a_meaning_are_not_told(
    cells: tuple[str, str, str], way: int, level: int
) -> None:
    found, report = read(cells)
    assert found == [(way, level)]
    assert not report.unknown_ways
    assert not report.unknown_levels
    assert len(report.lines()) == 2


def test_words_without_a_meaning_are_told_with_what_they_count_as() -> None:
    found, report = read(
        ("alternating", "low_water", ""), ("Alternating", "", "半隧道"), ("yes", "", "")
    )
    assert found == [(0, 0), (0, 0), (1, 0)]
    assert report.unknown_ways == {"alternating": 2}
    assert report.unknown_levels == {"low_water": 1, "半隧道": 1}
    told = "\n".join(report.lines())
    assert "no direction means: 'alternating' (2); they count as open both ways" in told
    assert "no bridge or tunnel means: 'low_water' (1), '半隧道' (1)" in told


def test_a_column_of_names_fills_no_memory() -> None:
    _, report = read(*((f"name {n}", "", "") for n in range(MOST_WORDS + 500)))
    assert len(report.unknown_ways) == MOST_WORDS + 1
    assert sum(report.unknown_ways.values()) == MOST_WORDS + 500
