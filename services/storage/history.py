"""Cases, dispatches and alarms of the whole record, far beyond what the World keeps in memory."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, select

from services.domain.model import Alarm, Case, Dispatch, Severity
from services.storage.schema import alarms, cases, dispatches

MAX_PAGE = 500
MAX_SEARCH = 100
_CASE = msgspec.msgpack.Decoder(Case)
_DISPATCH = msgspec.msgpack.Decoder(Dispatch)
_ALARM = msgspec.msgpack.Decoder(Alarm)
T = TypeVar("T")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which records: all conditions hold together, "" and None are no condition.

    ``start`` and ``end`` (UNIX seconds, both included) are about when a case was reported or an
    alarm raised. ``states`` are case states, or ``standing`` and ``gone`` for alarms. ``before`` is
    the ``next`` of the page before. ``text`` is looked for anywhere in ids, titles, places, notes.
    """

    id: str = ""
    states: tuple[str, ...] = ()
    category: str = ""
    object_id: str = ""
    severity: Severity | None = None
    text: str = ""
    start: float | None = None
    end: float | None = None
    before: int | None = None
    limit: int = 100


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some records, newest first; ``next`` continues, None at the end."""

    rows: list[T]
    next: int | None


class PastAlarm(msgspec.Struct, frozen=True):
    """One time an alarm stood. ``opened`` is the offset at which it was raised."""

    opened: int
    raised_at: float
    gone: bool
    gone_at: float | None
    alarm: Alarm


def cases_of(connection: Connection, wanted: Wanted) -> Page[Case]:
    """One page of cases."""
    where = _common(cases, wanted, cases.c.reported_at)
    if wanted.id:
        where.append(cases.c.id == wanted.id)
    if wanted.states:
        where.append(cases.c.state.in_(wanted.states))
    if wanted.category:
        where.append(cases.c.category == wanted.category)
    columns = (cases.c.opened, cases.c.body)
    rows, after = _page(connection, cases, columns, where, wanted)
    return Page([_CASE.decode(row[1]) for row in rows], after)


def alarms_of(connection: Connection, wanted: Wanted) -> Page[PastAlarm]:
    """One page of alarms."""
    where = _common(alarms, wanted, alarms.c.raised_at)
    if wanted.id:
        where.append(alarms.c.key == wanted.id)
    if wanted.object_id:
        where.append(alarms.c.object_id == wanted.object_id)
    if wanted.category:
        where.append(alarms.c.rule == wanted.category)
    if wanted.severity is not None:
        where.append(alarms.c.severity == int(wanted.severity))
    if len(set(wanted.states)) == 1:
        where.append(alarms.c.gone.is_(wanted.states[0] == "gone"))
    c = alarms.c
    columns = (c.opened, c.raised_at, c.gone, c.gone_at, c.body)
    rows, after = _page(connection, alarms, columns, where, wanted)
    found = [PastAlarm(o, at, bool(g), ended, _ALARM.decode(b)) for o, at, g, ended, b in rows]
    return Page(found, after)


def dispatches_of(connection: Connection, case_id: str) -> list[Dispatch]:
    """The dispatches of a case, oldest first."""
    query = (
        select(dispatches.c.body)
        .where(dispatches.c.case_id == case_id)
        .order_by(dispatches.c.opened)
        .limit(MAX_PAGE)
    )
    return [_DISPATCH.decode(row[0]) for row in connection.execute(query)]


def _common(table: Table, wanted: Wanted, time: ColumnElement[float]) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.start is not None:
        where.append(time >= wanted.start)
    if wanted.end is not None:
        where.append(time <= wanted.end)
    if wanted.before is not None:
        where.append(table.c.opened < wanted.before)
    if wanted.text:
        where.append(table.c.text.contains(wanted.text.casefold()[:MAX_SEARCH], autoescape=True))
    return where


def _page(
    connection: Connection,
    table: Table,
    columns: tuple[ColumnElement[Any], ...],
    where: list[ColumnElement[bool]],
    wanted: Wanted,
) -> tuple[list[Any], int | None]:
    limit = min(max(wanted.limit, 1), MAX_PAGE)
    query = select(*columns).where(*where).order_by(table.c.opened.desc()).limit(limit + 1)
    rows = list(connection.execute(query))
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], int(rows[limit - 1][0])
