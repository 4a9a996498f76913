"""What the retention policy takes away never changes what is kept, and is refused by name."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.domain.events import Event, Observed, is_state
from services.replay.session import ReplaySession
from services.storage import upkeep as upkeep_module
from services.storage.catch_up import catch_up, start_anew
from services.storage.policy import DAY_S, FOREVER, Policy
from services.storage.reader import LogReader
from services.storage.records import pack_snapshot
from services.storage.schema import MINUTE_S
from services.storage.upkeep import Upkeep
from services.storage.writer import LogWriter
from tests.services.storage.dumps import dump, scratch, sql, store
from tests.services.storage.histories import HISTORIES, START, fold

SLOW = settings(max_examples=30, deadline=None)


def run(writer: LogWriter, reader: LogReader, policy: Policy, now: float) -> None:
    upkeep = Upkeep(writer, reader, policy)
    for _ in upkeep.roll_up(now):
        pass
    for _ in upkeep.compact(upkeep.plan(now)):
        pass


def days(seconds: float) -> float:
    return seconds / DAY_S


def fill(writer: LogWriter, history: list[Event], cuts: set[int]) -> None:
    writer.append(history)
    for cut in sorted(cuts):
        state = fold(history[:cut])
        writer.add_snapshot(state.offset, state.time, pack_snapshot(state.parts(2)))


@SLOW
@given(HISTORIES, st.data())
def test_inside_the_kept_span_nothing_changes_and_before_it_is_refused(
    history: list[Event], data: st.DataObject
) -> None:
    cuts = data.draw(st.sets(st.integers(1, len(history)), max_size=5), label="snapshots")
    now = history[-1].recv_time + data.draw(st.sampled_from([0.5, 3.0, 100.0]))
    kept = data.draw(st.sampled_from([0.0, 1.0, 5.0, 20.0]), label="observed kept")
    lossless = data.draw(st.sampled_from([0.0, 5.0, 25.0]).filter(lambda v: not v or v >= kept))
    policy = msgspec.structs.replace(
        FOREVER, observed_days=days(kept), lossless_days=days(lossless)
    )
    with scratch() as (writer, reader):
        fill(writer, history, cuts)
        before = dump(writer.path)
        run(writer, reader, policy, now)
        floor = reader.floor()
        old = {c for c in cuts if kept and fold(history[:c]).time <= now - kept}
        assert floor == max((c for c in old if c < len(history)), default=0)

        for offset in range(floor, len(history) + 1):
            assert reader.world_at(offset, "e").digest() == fold(history[:offset]).digest()
        assert list(reader.tail(floor, len(history))) == history[floor:]
        bounds = reader.bounds()
        assert (bounds.first_offset, bounds.last_offset) == (floor + 1, len(history))
        assert bounds.first_time == history[floor].recv_time
        for offset in range(floor):
            with pytest.raises(KnownError, match="kept from") as caught:
                reader.world_at(offset, "e")
            assert caught.value.code == "too_old"
            with pytest.raises(KnownError) as caught:
                list(reader.tail(offset, len(history)))
            assert caught.value.code == "too_old"

        left = reader.events(1, floor)
        assert not any(is_state(e.body) for e in left)
        since = now - lossless if lossless else 0.0
        assert left == [e for e in history[:floor] if not is_state(e.body) and e.recv_time > since]
        assert dump(writer.path) == before  # projections have a policy of their own
        writer.transact(start_anew)
        catch_up(writer.transact, writer.projector)
        assert dump(writer.path) == before


@SLOW
@given(HISTORIES, st.data())
def test_a_replay_inside_the_kept_span_is_that_of_the_whole_log(
    history: list[Event], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(history)))
    with scratch() as (whole, all_of_it), scratch() as (writer, reader):
        whole.append(history)
        fill(writer, history, {cut})
        run(writer, reader, msgspec.structs.replace(FOREVER, observed_days=days(1.0)), START + 1e6)
        start = reader.bounds().first_time
        mine, wanted = ReplaySession(reader, start, None), ReplaySession(all_of_it, start, None)
        assert (mine.start, mine.end, mine.offset) == (wanted.start, wanted.end, wanted.offset)
        assert reader.world_at(mine.offset, "e").digest() == fold(history[: mine.offset]).digest()
        if cut < len(history) and start > history[0].recv_time:
            with pytest.raises(KnownError) as caught:
                ReplaySession(reader, None, START - 1)
            assert caught.value.code == "too_old"


def test_nothing_is_deleted_behind_a_snapshot_that_cannot_be_read(tmp_path: Path) -> None:
    history = [_reading(i) for i in range(1, 11)]
    for broken in (4, 8):  # the one to begin with, and the newest one
        path = tmp_path / f"{broken}.sqlite"
        with store(path) as (writer, reader):
            fill(writer, history, {4, 8})
            sql(path, 'UPDATE snapshots SET blob = zeroblob(40) WHERE "offset" = ?', broken)
            policy = msgspec.structs.replace(FOREVER, observed_days=days(5.5))
            with pytest.raises(KnownError) as caught:
                run(writer, reader, policy, START + 10)
            assert caught.value.code == "snapshot_broken"
            assert reader.events(1, 10) == history
            assert reader.floor() == 0


def test_a_hole_inside_the_kept_span_is_damage_not_compaction(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    history = [_reading(i) for i in range(1, 11)]
    with store(path) as (writer, reader):
        fill(writer, history, {4})
        run(writer, reader, msgspec.structs.replace(FOREVER, observed_days=days(1)), START + 100)
        assert reader.floor() == 4
        sql(path, 'DELETE FROM events WHERE "offset" = 7')
        with pytest.raises(KnownError, match="event 7") as caught:
            reader.world_at(10, "e")
        assert caught.value.code == "log_broken"
        sql(path, "DELETE FROM snapshots")
        with pytest.raises(KnownError, match="event 4") as caught:
            reader.world_at(6, "e")
        assert caught.value.code == "log_broken"


def test_curves_keep_their_rollups_when_single_points_go_and_count_late_ones_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep_module, "ROWS", 3)  # so that a bucket goes in several steps
    policy = msgspec.structs.replace(FOREVER, readings_days=days(3_600))
    with store(tmp_path / "log.sqlite") as (writer, reader):
        history = [_reading(i, f"level:{i % 5}") for i in range(1, 41)]
        writer.append(history)
        now = START + 3 * 3_600
        run(writer, reader, policy, now)
        assert reader.readings("level:1", "level", START, now, 100) == []
        slot = int(START // MINUTE_S) * MINUTE_S

        def counts(step: int) -> int:
            rows = reader.rolled("level:1", "level", START - 3_600, now, step)
            return sum(r.count for r in rows)

        assert (counts(60), counts(3_600)) == (8, 8)
        late = msgspec.structs.replace(_reading(41, "level:1"), event_time=slot + 30.0)
        writer.append([late])
        assert len(reader.readings("level:1", "level", slot, now, 100)) == 1
        for _ in range(2):
            run(writer, reader, policy, now)
            assert (counts(60), counts(3_600)) == (9, 9)
        writer.transact(start_anew)
        catch_up(writer.transact, writer.projector)
        run(writer, reader, policy, now)
        assert (counts(60), counts(3_600)) == (9, 9)
        shorter = msgspec.structs.replace(policy, minutes_days=days(3_700), hours_days=1.0)
        run(writer, reader, shorter, now)
        assert (counts(60), counts(3_600)) == (0, 9)
        run(writer, reader, shorter, now + 10 * DAY_S)
        assert counts(3_600) == 0


def test_space_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep_module, "KEPT_FREE", 10)
    path = tmp_path / "log.sqlite"
    history = [_reading(i) for i in range(1, 20_001)]
    with store(path) as (writer, reader):
        fill(writer, history, {19_000})
        before = sql(path, "PRAGMA page_count")[0][0]
        policy = Policy(
            observed_days=days(10), lossless_days=days(10), readings_days=days(10),
            minutes_days=days(10), hours_days=days(10), history_days=days(10),
        )  # fmt: skip
        run(writer, reader, policy, START + 1e6)
        after = sql(path, "PRAGMA page_count")[0][0]
        assert isinstance(before, int)
        assert isinstance(after, int)
        assert after < before / 3
        assert sql(path, "PRAGMA integrity_check") == [("ok",)]


def _reading(offset: int, id_: str = "level:1") -> Event:
    return Event(
        offset=offset,
        event_time=START + offset,
        recv_time=START + offset,
        source="test",
        body=Observed(id=id_, values={"level": float(offset)}),
    )
