"""Writes the projections of events, inside the transaction that writes the events themselves."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, func, literal_column, select

from services.domain.events import AlarmChanged, CaseChanged, DispatchChanged, Event
from services.storage.compacted import Mark
from services.storage.projections import (
    Row,
    Series,
    alarm_row,
    bucket_of,
    case_row,
    dispatch_row,
    is_gone,
    measured,
    never_raised,
)
from services.storage.schema import (
    STANDING,
    alarms,
    cases,
    dispatches,
    readings,
    rollups_due,
    series,
)

SERIES_REMEMBERED = 200_000
"""Numbers of series kept in memory; looked up again when there are more."""
ASK = 500


def insert_sql(table: Table, *, verb: str = "INSERT") -> str:
    """The table's plain insert for rows in the order of its columns. Given to the driver as it
    stands, with a list of rows: that takes a third of the time of a compiled insert."""
    names = ", ".join(f'"{c.name}"' for c in table.columns)
    marks = ", ".join("?" for _ in table.columns)
    return f"{verb} INTO {table.name} ({names}) VALUES ({marks})"


_READINGS = insert_sql(readings, verb="INSERT OR REPLACE")
_DUE = insert_sql(rollups_due, verb="INSERT OR IGNORE")
_SERIES = insert_sql(series)


def _upsert(table: Table) -> str:
    """Insert, or bring an existing row up to date while its ``opened`` stays."""
    key = next(iter(table.primary_key.columns)).name
    news = [f'"{c.name}"' for c in table.columns if c.name not in (key, "opened")]
    sets = ", ".join(f"{name} = excluded.{name}" for name in news)
    return f'{insert_sql(table)} ON CONFLICT ("{key}") DO UPDATE SET {sets}'


_CASES, _DISPATCHES, _ALARMS = _upsert(cases), _upsert(dispatches), _upsert(alarms)


class Projector:
    """Keeps the projections of one store. The writer's thread; ``forget`` after a rollback."""

    def __init__(self) -> None:
        self._series: dict[Series, int] = {}
        self._last = -1

    def forget(self) -> None:
        """Trust nothing that a transaction that failed may have brought."""
        self._series.clear()
        self._last = -1

    def project(
        self, connection: Connection, batch: Sequence[Event], let_go: Mark | None = None
    ) -> None:
        """Take events in, in their order; the same ones again change nothing.

        When they are taken in again, readings up to ``let_go`` are in the rollups already and left
        out.
        """
        self._readings(connection, batch, let_go)
        opened: dict[str, int] = {}  # where this batch knows it first; the table may know better
        changed_cases: dict[str, Row] = {}
        changed_dispatches: dict[str, Row] = {}
        changed_alarms: list[tuple[Event, AlarmChanged]] = []
        for event in batch:
            body = event.body
            if isinstance(body, AlarmChanged):
                if not never_raised(body.alarm):
                    changed_alarms.append((event, body))
            elif isinstance(body, CaseChanged):
                case = body.case
                first = opened.setdefault(f"case {case.id}", event.offset)
                changed_cases[case.id] = case_row(case, first, event.offset)
            elif isinstance(body, DispatchChanged):
                order = body.dispatch
                first = opened.setdefault(f"dispatch {order.id}", event.offset)
                changed_dispatches[order.id] = dispatch_row(order, first, event.offset)
        if changed_cases:
            connection.exec_driver_sql(_CASES, list(changed_cases.values()))
        if changed_dispatches:
            connection.exec_driver_sql(_DISPATCHES, list(changed_dispatches.values()))
        if changed_alarms:
            self._alarms(connection, changed_alarms)

    # -- readings -----------------------------------------------------------------
    def _readings(
        self, connection: Connection, batch: Sequence[Event], let_go: Mark | None
    ) -> None:
        found = list(measured(batch))
        if not found:
            return
        numbers = self._numbers(connection, {row[0] for row in found})
        rows = [
            (bucket_of(time), numbers[key], time, offset, value)
            for key, time, offset, value in found
        ]
        if let_go is not None:
            rows = [row for row in rows if row[:2] > let_go]
        rows.sort()  # neighbours in the table are written together
        if rows:
            connection.exec_driver_sql(_READINGS, rows)
            connection.exec_driver_sql(_DUE, [(b,) for b in sorted({row[0] for row in rows})])

    def _numbers(self, connection: Connection, wanted: set[Series]) -> dict[Series, int]:
        known = self._series
        missing = [key for key in wanted if key not in known]
        if missing:
            if len(known) + len(missing) > SERIES_REMEMBERED:
                known.clear()
                missing = list(wanted)
            self._look_up(connection, sorted({entity for entity, _ in missing}))
            self._add(connection, sorted(key for key in missing if key not in known))
        return known

    def _look_up(self, connection: Connection, entities: list[str]) -> None:
        for start in range(0, len(entities), ASK):
            some = entities[start : start + ASK]
            query = select(series.c.entity, series.c.measure, series.c.id)
            for entity, measure, number in connection.execute(
                query.where(series.c.entity.in_(some))
            ):
                self._series[entity, measure] = number

    def _add(self, connection: Connection, new: list[Series]) -> None:
        if not new:
            return
        if self._last < 0:
            self._last = connection.execute(select(func.max(series.c.id))).scalar() or 0
        rows = [(self._last + i, *key) for i, key in enumerate(new, 1)]
        connection.exec_driver_sql(_SERIES, rows)
        self._last += len(new)
        self._series.update((key, self._last - len(new) + i) for i, key in enumerate(new, 1))

    # -- alarms -------------------------------------------------------------------
    def _alarms(
        self, connection: Connection, changed: Sequence[tuple[Event, AlarmChanged]]
    ) -> None:
        """An alarm that stands is brought up to date; one that had gone stands anew."""
        standing = _standing(connection, sorted({body.alarm.key for _, body in changed}))
        rows: dict[int, Row] = {}
        for event, body in changed:
            key = body.alarm.key
            opened, raised_at = standing.get(key, (event.offset, event.recv_time))
            rows[opened] = alarm_row(body.alarm, opened, raised_at, event)
            if is_gone(body.alarm):
                standing.pop(key, None)
            else:
                standing[key] = (opened, raised_at)
        connection.exec_driver_sql(_ALARMS, list(rows.values()))


def _standing(connection: Connection, keys: list[str]) -> dict[str, tuple[int, float]]:
    found: dict[str, tuple[int, float]] = {}
    for start in range(0, len(keys), ASK):
        query = select(alarms.c.key, alarms.c.opened, alarms.c.raised_at).where(
            literal_column(STANDING), alarms.c.key.in_(keys[start : start + ASK])
        )
        found.update((key, (opened, at)) for key, opened, at in connection.execute(query))
    return found
