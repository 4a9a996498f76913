"""Projections say what a search through the whole log would, whatever way they were filled."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.domain.events import AlarmChanged, CaseChanged, DispatchChanged, Event, Observed
from services.domain.model import Alarm, Case, Severity
from services.storage.catch_up import catch_up, start_anew
from services.storage.history import Wanted
from services.storage.policy import FOREVER
from services.storage.projections import measured
from services.storage.records import pack_snapshot
from services.storage.schema import BUCKET_S, HOUR_S, MINUTE_S
from services.storage.upkeep import Upkeep
from services.storage.writer import LogWriter
from tests.services.storage.dumps import dump, scratch, sql, store
from tests.services.storage.histories import HISTORIES, START, fold

SLOW = settings(max_examples=25, deadline=None)


def in_batches(writer: LogWriter, history: list[Event], size: int) -> None:
    for start in range(0, len(history), size):
        writer.append(history[start : start + size])


@SLOW
@given(HISTORIES, st.integers(1, 70))
def test_cases_and_alarms_are_those_of_the_log(history: list[Event], size: int) -> None:
    with scratch() as (writer, reader):
        in_batches(writer, history, size)
        newest: dict[str, tuple[int, Case]] = {}
        for event in history:
            if isinstance(event.body, CaseChanged):
                case = event.body.case
                newest[case.id] = newest.get(case.id, (event.offset, case))[0], case
        wanted = [case for _, case in sorted(newest.values(), key=lambda p: -p[0])]
        assert reader.cases(Wanted()).rows == wanted

        standing: dict[str, list[object]] = {}
        past: list[list[object]] = []
        for event in history:
            if not isinstance(event.body, AlarmChanged):
                continue
            alarm = event.body.alarm
            row = standing.get(alarm.key)
            if row is None:
                row = standing[alarm.key] = [event.offset, alarm]
                past.append(row)
            row[1] = alarm
            if not alarm.stays:
                del standing[alarm.key]
        found = reader.alarms(Wanted(limit=500)).rows
        assert [(a.opened, a.alarm) for a in found] == [tuple(row) for row in reversed(past)]
        world = fold(history)
        kept = {a.alarm.key: a.alarm for a in found if not a.gone}
        assert kept == world.alarms


@SLOW
@given(HISTORIES, st.integers(1, 70))
def test_what_is_made_anew_from_the_log_is_what_was_maintained(
    history: list[Event], size: int
) -> None:
    with scratch() as (writer, _):
        in_batches(writer, history, size)
        before = dump(writer.path)
        told = [e for e in history if isinstance(e.body, CaseChanged | DispatchChanged)]
        assert bool(told) == bool(before["cases"] or before["dispatches"])
        for table in before:
            sql(writer.path, f"DELETE FROM {table}")
        writer.transact(start_anew)
        catch_up(writer.transact, writer.projector)
        assert dump(writer.path) == before


@SLOW
@given(HISTORIES, st.sampled_from([5.0, 200.0, 5_000.0]), st.integers(1, 70))
def test_rollups_are_those_of_a_plain_count(history: list[Event], spread: float, size: int) -> None:
    """Also for readings that come late, into minutes and hours that were rolled up already."""
    spaced = [
        msgspec.structs.replace(e, event_time=START + (e.offset * 7 % 11) * spread) for e in history
    ]
    half = len(spaced) // 2
    end = START + 20 * spread + 4_000
    with scratch() as (writer, reader):
        upkeep = Upkeep(writer, reader, FOREVER)
        for part in (spaced[:half], spaced[half:]):
            in_batches(writer, part, size)
            for _ in upkeep.roll_up(end):
                pass
        for step in (MINUTE_S, HOUR_S):
            groups: dict[tuple[str, str, int], list[float]] = defaultdict(list)
            for key, time, _, value in measured(spaced):
                groups[(*key, int(time // step) * step)].append(value)
            for (entity, measure, slot), values in groups.items():
                (row,) = reader.rolled(entity, measure, slot, slot, step)
                assert (row.time, row.count) == (slot, len(values))
                assert (row.low, row.high) == (min(values), max(values))
                assert row.mean == pytest.approx(sum(values) / len(values))


def test_an_interrupted_filling_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.sqlite"
    history = [_reading(i) for i in range(1, 11)]
    with store(path) as (writer, _):
        writer.append(history)
        before = dump(path)
        writer.transact(start_anew)
    sql(path, "UPDATE events SET crc = NULL")
    monkeypatch.setattr("services.storage.catch_up.CHUNK", 4)
    calls = []

    def killed(self: object, *_args: object, **_kw: object) -> None:
        calls.append(1)
        raise KnownError("storage_failed", "the power is gone")

    with monkeypatch.context() as broken:
        broken.setattr("services.storage.projector.Projector.project", killed)
        with pytest.raises(KnownError, match="power"):
            LogWriter(path)
    assert calls
    with store(path) as (_, reader):
        assert dump(path) == before
        assert reader.events(1, 10) == history  # checksums are there again as well
    assert sql(path, "SELECT value FROM meta WHERE key = 'caught_up_to'") == []


def test_a_search_finds_by_every_condition_page_by_page(tmp_path: Path) -> None:
    def case(n: int, **other: object) -> Event:
        body = {"category": "E05-06", "title": f"积水 100% {n}", "reported_at": START + n}
        body = {"id": f"c{n}", "state": "handling", **body, **other}
        made = Case(severity=Severity.MINOR, **body)
        return Event(
            offset=n,
            event_time=START + n,
            recv_time=START + n,
            source="t",
            body=CaseChanged(case=made, action="a"),
        )

    history = [case(n) for n in range(1, 8)]
    history += [case(8, state="closed", category="E01-01"), case(9, address="康乐Cross")]
    with store(tmp_path / "log.sqlite") as (writer, reader):
        writer.append(history)

        def ids(**wanted: object) -> list[str]:
            return [c.id for c in reader.cases(Wanted(**wanted)).rows]

        assert ids(id="c3") == ["c3"]
        assert ids(states=("closed", "voided")) == ["c8"]
        assert ids(category="E01-01") == ["c8"]
        assert ids(text="康乐cROSS") == ["c9"]
        assert ids(text="100% 7") == ["c7"]
        assert ids(text="100_ 7") == []  # what people type is no pattern
        assert ids(start=START + 2, end=START + 3) == ["c3", "c2"]
        first = reader.cases(Wanted(limit=4))
        second = reader.cases(Wanted(limit=4, before=first.next))
        third = reader.cases(Wanted(limit=4, before=second.next))
        assert [len(p.rows) for p in (first, second, third)] == [4, 4, 1]
        assert third.next is None
        together = [*first.rows, *second.rows, *third.rows]
        assert [c.id for c in together] == [f"c{n}" for n in range(9, 0, -1)]


def test_an_alarm_that_comes_back_is_two_rows_and_one_that_only_waited_is_none(
    tmp_path: Path,
) -> None:
    alarm = Alarm(key="s|r|level:1", source="s", rule="r", object_id="level:1", severity=3)
    gone = msgspec.structs.replace(alarm, active=False, acknowledged=True, ack_note="已查看")
    waiting = msgspec.structs.replace(gone, key="s|r|x", object_id="x", count=0)
    bodies = [
        AlarmChanged(alarm=alarm, change="raised"),
        AlarmChanged(alarm=gone, change="acknowledged"),
        AlarmChanged(alarm=waiting, change="withdrawn"),
        AlarmChanged(alarm=alarm, change="raised"),
    ]
    history = [
        Event(offset=i, event_time=START + i, recv_time=START + i, source="t", body=body)
        for i, body in enumerate(bodies, 1)
    ]
    with store(tmp_path / "log.sqlite") as (writer, reader):
        writer.append(history)
        rows = reader.alarms(Wanted()).rows
        assert [(r.opened, r.gone, r.gone_at) for r in rows] == [
            (4, False, None),
            (1, True, START + 2),
        ]
        assert [r.opened for r in reader.alarms(Wanted(states=("gone",))).rows] == [1]
        assert [r.opened for r in reader.alarms(Wanted(states=("standing",))).rows] == [4]
        assert [r.opened for r in reader.alarms(Wanted(text="已查看")).rows] == [1]
        assert len(reader.alarms(Wanted(object_id="level:1", category="r")).rows) == 2
        assert reader.alarms(Wanted(severity=Severity.CRITICAL)).rows == []


def test_a_curve_of_many_buckets_gives_the_newest_points(tmp_path: Path) -> None:
    with store(tmp_path / "log.sqlite") as (writer, reader):
        history = [
            msgspec.structs.replace(_reading(i), event_time=START + i * BUCKET_S / 3)
            for i in range(1, 31)
        ]
        writer.append(history)
        points = [(e.event_time, float(e.offset)) for e in history]
        assert reader.readings("level:1", "level", START, START + 1e9, 100) == points
        assert reader.readings("level:1", "level", START, points[19][0], 5) == points[15:20]
        assert reader.readings("level:1", "other", START, START + 1e9, 100) == []


def _reading(offset: int) -> Event:
    return Event(
        offset=offset,
        event_time=START + offset,
        recv_time=START + offset,
        source="test",
        body=Observed(id="level:1", values={"level": float(offset)}),
    )


def test_what_a_lost_tail_told_is_forgotten_with_it(tmp_path: Path) -> None:
    """Else a snapshot or a curve of the lost life would be taken for one of the new."""
    path = tmp_path / "log.sqlite"
    history = [_reading(i) for i in range(1, 11)]
    with store(path) as (writer, reader):
        writer.append(history[:6])
        kept = dump(path)
        writer.append(history[6:])
        state = fold(history)
        writer.add_snapshot(10, state.time, pack_snapshot(state.parts()))
        sql(path, 'DELETE FROM events WHERE "offset" > 6')
        before = writer.epoch
        assert writer.new_epoch(lost=True) != before
        assert dump(path) == kept
        assert reader.snapshot_times() == []
