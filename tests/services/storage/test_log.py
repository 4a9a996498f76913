"""The event store: durable order, honest refusals, questions answered as a plain fold would."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.domain.events import AlarmChanged, EntityUpserted, Event, Observed, is_state
from services.domain.model import Severity
from services.domain.world import World
from services.storage.database import writer_engine
from services.storage.reader import LogReader
from services.storage.records import KeyRow, pack_snapshot, unpack_snapshot
from services.storage.schema import readings, series
from services.storage.writer import LogWriter
from tests.services.storage.dumps import scratch, store
from tests.services.storage.histories import HISTORIES, START, fold

SLOW = settings(max_examples=25, deadline=None)


@SLOW
@given(HISTORIES, st.data())
def test_snapshot_and_tail_give_the_state_of_a_full_fold(
    history: list[Event], data: st.DataObject
) -> None:
    with scratch() as (writer, reader):
        writer.append(history)
        cut = data.draw(st.integers(0, len(history)))
        state = fold(history[:cut])
        writer.add_snapshot(state.offset, state.time, pack_snapshot(state.parts(2)))
        for offset in {0, cut, data.draw(st.integers(0, len(history))), len(history)}:
            assert reader.world_at(offset, "e").digest() == fold(history[:offset]).digest()
        assert reader.events(1, len(history)) == history


@SLOW
@given(HISTORIES, st.data())
def test_questions_answer_as_a_plain_search_would(
    history: list[Event], data: st.DataObject
) -> None:
    with scratch() as (writer, reader):
        writer.append(history)
        time = data.draw(st.sampled_from([e.recv_time for e in history])) + data.draw(
            st.sampled_from([-0.1, 0.0, 0.1])
        )
        before = [e.offset for e in history if e.recv_time <= time]
        assert reader.offset_at(time) == (before[-1] if before else 0)

        at = data.draw(st.integers(0, len(history)))
        lossless = [e.offset for e in history if not is_state(e.body)]
        assert reader.lossless(at, 3) == [o for o in lossless if o > at][:3]
        assert reader.lossless(at, -3) == [o for o in reversed(lossless) if o < at][:3]

        width = 2.5
        buckets = reader.alarm_counts(START, START + 10, width)
        wanted = [[0, 0, 0, 0] for _ in range(4)]
        for event in history:
            body = event.body
            raised = (
                isinstance(body, AlarmChanged)
                and body.change == "raised"
                and not body.alarm.suppressed
            )
            if raised and START <= event.recv_time < START + 10:
                assert isinstance(body, AlarmChanged)
                slot = int((event.recv_time - START) / width)
                wanted[slot][body.alarm.severity - Severity.INFO] += 1
        assert [list(b[1:]) for b in buckets] == wanted

        asked = [
            (e.recv_time, e.body.alarm.key, int(e.body.alarm.severity))
            for e in reversed(history)
            if isinstance(e.body, AlarmChanged)
            and e.body.change == "raised"
            and not e.body.alarm.suppressed
            and e.recv_time > START
        ]
        rows = reader.alarm_raises(START, START + 999, 2)
        assert [(row[0], row[1], row[5]) for row in rows] == asked[:2]


@SLOW
@given(HISTORIES, st.integers(1, 5))
def test_readings_are_the_newest_points_of_one_measure(history: list[Event], limit: int) -> None:
    with scratch() as (writer, reader):
        writer.append(history)
        points = []
        for event in history:
            body = event.body
            if isinstance(body, Observed) and body.id == "level:1" and "level" in body.values:
                points.append((event.event_time, event.offset, body.values["level"]))
            if isinstance(body, EntityUpserted) and body.entity.id == "level:1":
                values = body.entity.values.values()
                points += [(event.event_time, event.offset, v) for v in values]
        found = reader.readings("level:1", "level", START, START + 100, limit)
        inside = sorted(p for p in points if p[0] >= START)
        assert found == [(time, value) for time, _, value in inside[-limit:]]


def test_a_commit_that_fails_leaves_nothing_and_the_next_one_works(tmp_path: Path) -> None:
    broken = True

    def hook() -> None:
        if broken:
            raise OSError(28, "No space left on device")

    broken = False
    writer = LogWriter(tmp_path / "log.sqlite", before_commit=hook)
    reader = LogReader(tmp_path / "log.sqlite")
    history = [_reading(1), _reading(2)]
    try:
        writer.append(history[:1])
        broken = True
        with pytest.raises(KnownError, match="full") as caught:
            writer.append(history[1:], [KeyRow("k", b"f", b"r", 1.0)])
        assert caught.value.code == "disk_full"
        assert reader.bounds().last_offset == 1
        assert reader.keys(["k"]) == {}
        broken = False
        writer.reopen()
        writer.append(history[1:], [KeyRow("k", b"f", b"r", 1.0)])
        assert reader.bounds().last_offset == 2
        assert reader.keys(["k", "other"])["k"].result == b"r"
    finally:
        reader.close()
        writer.close()


def test_after_a_bug_in_a_transaction_nothing_it_brought_is_believed(tmp_path: Path) -> None:
    bugs = [RuntimeError("a bug"), sqlite3.OperationalError("database or disk is full")]

    def hook() -> None:
        if bugs and armed:
            raise bugs.pop(0)

    armed = False
    writer = LogWriter(tmp_path / "log.sqlite", before_commit=hook)
    reader = LogReader(tmp_path / "log.sqlite")
    try:
        armed = True
        with pytest.raises(RuntimeError, match="a bug"):
            writer.append([_reading(1)])
        with pytest.raises(KnownError) as caught:  # of SQLite itself, not of SQLAlchemy
            writer.append([_reading(1)])
        assert caught.value.code == "storage_failed"
        writer.reopen()
        writer.append([_reading(1)])
        ((entity, name),) = _series(reader)
        assert len(reader.readings(entity, name, 0.0, 1e12, 10)) == 1
    finally:
        reader.close()
        writer.close()


def _series(reader: LogReader) -> list[tuple[str, str]]:
    """Of which things and measures the store has readings."""
    query = sa.select(series.c.entity, series.c.measure).where(
        series.c.id.in_(sa.select(readings.c.series))
    )
    return [(entity, measure) for entity, measure in reader.rows(query)]


def test_a_full_database_is_named_as_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    writer = LogWriter(path)
    try:
        with writer._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}").close()
        with pytest.raises(KnownError) as caught:
            writer.append([_reading(i, note="x" * 900) for i in range(1, 200)])
        assert caught.value.code == "disk_full"
        assert writer.last_offset() == 0
    finally:
        writer.close()


def test_a_second_hub_and_a_newer_schema_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    with store(path) as (first, reader):
        epoch = first.epoch
        assert reader.bounds().epoch == epoch
        with pytest.raises(KnownError) as twice:
            LogWriter(path)
        assert twice.value.code == "data_in_use"
    engine = writer_engine(path)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(KnownError, match="9999") as newer:
        LogWriter(path)
    assert newer.value.code == "newer_schema"


def test_a_gap_in_the_log_is_found_and_a_damaged_snapshot_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    history = [_reading(i) for i in range(1, 6)]
    with store(path) as (writer, reader):
        writer.append(history)
        blob = bytearray(pack_snapshot(fold(history[:3]).parts()))
        blob[len(blob) // 2] ^= 0xFF
        writer.add_snapshot(3, START, bytes(blob))
        with pytest.raises(KnownError, match="snapshot"):
            list(unpack_snapshot(bytes(blob)))
        assert reader.world_at(5, "e").digest() == fold(history).digest()
    engine = writer_engine(path)
    with engine.begin() as connection:
        connection.execute(sa.text('DELETE FROM events WHERE "offset" = 4'))
    engine.dispose()
    with store(path) as (_, reader), pytest.raises(KnownError, match="event 4") as caught:
        reader.world_at(5, "e")
    assert caught.value.code == "log_broken"


def test_a_snapshot_cut_short_is_refused() -> None:
    blob = pack_snapshot(World("e").parts())
    assert len(list(unpack_snapshot(blob))) == 1
    with pytest.raises(KnownError) as caught:
        list(unpack_snapshot(blob[:-3]))
    assert caught.value.code == "snapshot_broken"


def _reading(offset: int, note: str = "") -> Event:
    return Event(
        offset=offset,
        event_time=START + offset,
        recv_time=START + offset,
        source="test" + note,
        body=Observed(id="level:1", values={"level": float(offset)}),
    )
