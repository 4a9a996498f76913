"""Alarm flood 报警洪泛: when it is one, and the standing alarms as few groups. Pure.

A flood begins with ten alarms in ten minutes at a seat and ends below five (ISA-18.2). Then one
cause in one place is one group: the same rule of the same source, in one township, or near to each
other where no area is known. Nothing leaves the list by it; a group says how many it holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from services.domain.geodesy import distance_m
from services.domain.model import Alarm, Record, Severity

WINDOW_S = 600.0
BEGINS, ENDS = 10, 5
RADIUS_M = 1_000.0
LEAST_DEGREE_M = 110_000.0
"""A degree of latitude is nowhere shorter, so a cell is nowhere narrower than the radius."""

Cause = tuple[str, str]


class Group(Record, frozen=True, kw_only=True):
    """Alarms of one cause in one place, worst first. ``place``: an area's name, or "" where they
    are only near to ``lon``, ``lat`` or nowhere known. ``id`` stays while its oldest member does.
    """

    id: str
    source: str
    rule: str
    place: str
    members: tuple[Alarm, ...]
    lon: float | None = None
    lat: float | None = None

    @property
    def worst(self) -> Severity:
        """The worst severity in it, of an abnormal one if there is any."""
        active = [a.severity for a in self.members if a.active]
        return max(active or [a.severity for a in self.members])


def is_flood(times: Iterable[float], now: float, was: bool = False) -> bool:
    """Whether a seat is in a flood: ``times`` it was asked at; ``was`` it in one already."""
    recent = sum(1 for time in times if now - WINDOW_S < time <= now)
    return recent >= (ENDS if was else BEGINS)


def grouped(
    alarms: Iterable[Alarm], area_of: Callable[[Alarm], str], radius_m: float = RADIUS_M
) -> list[Group]:
    """The alarms as groups, each in exactly one; worst and then largest groups first.

    ``area_of`` names the township or grid of an alarm, "" where none is known.
    """
    by_area: dict[tuple[Cause, str], list[Alarm]] = {}
    loose: dict[Cause, list[Alarm]] = {}
    for alarm in sorted(alarms, key=lambda a: (a.first_time, a.key)):
        cause, area = (alarm.source, alarm.rule), area_of(alarm)
        if area:
            by_area.setdefault((cause, area), []).append(alarm)
        else:
            loose.setdefault(cause, []).append(alarm)
    groups = [_group(members, area) for (_cause, area), members in by_area.items()]
    for members in loose.values():
        groups += [_group(near, "") for near in _near(members, radius_m)]
    return sorted(groups, key=lambda g: (-g.worst, -len(g.members), g.id))


def _near(alarms: Sequence[Alarm], radius_m: float) -> list[list[Alarm]]:
    """Around the oldest, then around the oldest of what is left; those without a place together.

    Only clusters that began in the same or a neighbouring cell, each as wide as the radius, are
    measured: thousands of alarms cost milliseconds.
    """
    nowhere = [a for a in alarms if a.lon is None or a.lat is None]
    placed = [(a, a.lon, a.lat) for a in alarms if a.lon is not None and a.lat is not None]
    high = radius_m / LEAST_DEGREE_M
    furthest = max((abs(lat) for _, _, lat in placed), default=0.0)
    wide = high / max(math.cos(math.radians(furthest)), 0.01)
    clusters: list[list[Alarm]] = []
    began: list[tuple[float, float]] = []
    cells: dict[tuple[int, int], list[int]] = {}
    for alarm, lon, lat in placed:
        row, column = math.floor(lat / high), math.floor(lon / wide)
        around = [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        close = sorted(n for cell in around for n in cells.get(cell, ()))
        found = next((n for n in close if distance_m(*began[n], lon, lat) <= radius_m), None)
        if found is not None:
            clusters[found].append(alarm)
            continue
        cells.setdefault((row, column), []).append(len(clusters))
        clusters.append([alarm])
        began.append((lon, lat))
    return [*clusters, nowhere] if nowhere else clusters


def _group(members: Sequence[Alarm], area: str) -> Group:
    oldest = members[0]
    worst_first = sorted(members, key=lambda a: (not a.active, -a.severity, a.first_time, a.key))
    return Group(
        id=f"{oldest.source}|{oldest.rule}|{area or oldest.key}",
        source=oldest.source,
        rule=oldest.rule,
        place=area,
        members=tuple(worst_first),
        lon=oldest.lon,
        lat=oldest.lat,
    )
