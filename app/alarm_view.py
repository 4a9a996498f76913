"""From alarms of a session to what their list shows: aside, groups, load. Pure, no Qt widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from services.alarms import load
from services.alarms.flood import Group
from services.alarms.load import Frequent, Raise
from services.domain.geodesy import area_m2, bounds, contains
from services.domain.model import Alarm, Entity, Severity
from services.domain.suppression import reason_of, stands
from services.packs.model import Catalogue
from widgets.alarm_load import LoadLine, LoadShown
from widgets.alarm_suppressed import THING_PREFIX
from widgets.format import span_hms
from widgets.rows import GroupRow, SuppressedRow, alarm_row, suppressed_row

LOAD_HOURS = 8


class Known(Protocol):
    """The session's own tables as they are at the moment."""

    @property
    def entities(self) -> Mapping[str, Entity]:
        """Things by id."""

    @property
    def alarms(self) -> Mapping[str, Alarm]:
        """Alarms by key."""


class AlarmView:
    """Looks things up for the lines of alarms. What the tables say is never kept, but for which
    area an outline puts a place in."""

    def __init__(self, catalogue: Catalogue, lang: str, known: Known) -> None:
        self._catalogue, self._lang, self._known = catalogue, lang, known
        self._areas: dict[tuple[float, float], str] = {}
        self._area_kinds = {kind.id for kind in catalogue.with_trait("area")}

    def forget(self) -> None:
        """The outlines are others now."""
        self._areas.clear()

    # -- put aside --------------------------------------------------------------
    def aside(
        self, alarms: Iterable[Alarm], things: Iterable[str], now: float
    ) -> dict[str, SuppressedRow]:
        """Lines of alarms that are suppressed at ``now``, and of ``things`` that are out of
        service without any."""
        rows: dict[str, SuppressedRow] = {}
        for alarm in alarms:
            why = reason_of(alarm, now)
            if why is not None:
                entity = self._known.entities.get(alarm.object_id)
                rows[alarm.key] = suppressed_row(alarm, why, self._catalogue, entity, self._lang)
        told = {row.object_id for row in rows.values()}
        for id_ in things:
            entity = self._known.entities.get(id_)
            if id_ in told or entity is None or entity.out_of_service is None:
                continue
            out = entity.out_of_service
            rows[THING_PREFIX + id_] = SuppressedRow(
                THING_PREFIX + id_, "", entity.name, id_, out, out.reason
            )
        return rows

    # -- groups -------------------------------------------------------------------
    def area_of(self, alarm: Alarm) -> str:
        """The township or grid an alarm is in: what its thing says, else by the outlines."""
        entity = self._known.entities.get(alarm.object_id)
        township = entity.attrs.get("township") if entity is not None else None
        if isinstance(township, str) and township:
            return township
        if alarm.lon is None or alarm.lat is None:
            return ""
        place = (alarm.lon, alarm.lat)
        if place not in self._areas:
            self._areas[place] = self._area_at(*place)
        return self._areas[place]

    def group_row(self, group: Group) -> GroupRow:
        """The line of a group."""
        first = alarm_row(
            group.members[0],
            self._catalogue,
            self._known.entities.get(group.members[0].object_id),
            self._lang,
        )
        return GroupRow(
            id=group.id,
            text=self._cause(group.source, group.rule),
            place=group.place or f"{first.place} …",
            keys=tuple(a.key for a in group.members),
            worst=group.worst,
            active=any(a.active for a in group.members),
            waiting=sum(not a.acknowledged for a in group.members),
            last_time=max(a.last_time for a in group.members),
        )

    # -- load ---------------------------------------------------------------------
    def load(self, raises: Sequence[Raise], now: float, *, complete: bool) -> LoadShown:
        """The load of the last hours and what makes it. ``raises``: of the last day."""
        found = load.load_of(raises, now, LOAD_HOURS)
        standing = [
            a for a in self._known.alarms.values() if stands(a, now) and a.severity >= Severity.INFO
        ]
        return LoadShown(
            hours=found.hours,
            shares=found.shares,
            bad_actors=tuple(self._often(f, share=True) for f in load.bad_actors(raises)),
            chattering=tuple(self._often(f) for f in load.chattering(raises)),
            stale=tuple(
                LoadLine(a.key, self._point(a.source, a.rule, a.object_id), self._stood(a, now))
                for a in load.stale(standing, now)
            ),
            complete=complete,
        )

    def _often(self, point: Frequent, *, share: bool = False) -> LoadLine:
        number = f"×{point.count}"
        if share:
            number += f" · {point.share:.0f} %"
        return LoadLine(point.key, self._point(point.source, point.rule, point.object_id), number)

    def _stood(self, alarm: Alarm, now: float) -> str:
        return span_hms(now - load.raised_at(alarm))

    def _point(self, source: str, rule: str, object_id: str) -> str:
        entity = self._known.entities.get(object_id)
        return f"{self._cause(source, rule)} · {entity.name if entity else object_id}"

    def _cause(self, source: str, rule: str) -> str:
        known = self._catalogue.rules.get(rule)
        return known.label.text(self._lang) if known is not None else rule or source

    def _area_at(self, lon: float, lat: float) -> str:
        holding: list[tuple[float, str]] = []
        for entity in self._known.entities.values():
            if entity.kind not in self._area_kinds or not entity.geometry:
                continue
            west, south, east, north = bounds(entity.geometry[0])
            inside = west <= lon <= east and south <= lat <= north
            if inside and contains(entity.geometry, lon, lat):
                township = entity.attrs.get("township")
                name = township if isinstance(township, str) and township else entity.name
                holding.append((area_m2(entity.geometry), name))
        return min(holding)[1] if holding else ""


def object_of(key: str) -> str:
    """The thing that an alarm's key, or a line about a thing, is about."""
    if key.startswith(THING_PREFIX):
        return key.removeprefix(THING_PREFIX)
    parts = key.split("|", 2)
    return parts[2] if len(parts) == 3 else ""
