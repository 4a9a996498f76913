"""The audit in a database file: whatever is done to its rows is found."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.audit.page import AuditQuery
from services.audit.record import entry
from services.audit.signing import Signer
from services.audit.verify import Anchor, Verdict
from services.domain.errors import KnownError
from services.storage.audit import AuditReader
from services.storage.audit_check import check_store
from services.storage.writer import LogWriter

SIGNER = Signer(Ed25519PrivateKey.generate())
START = 1_750_000_000.0
COUNT = 40
FIXTURE = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLES = {
    "audit": ("seq", "time", "type", "actor", "object", "outcome", "body", "hash"),
    "audit_checkpoint": ("number", "chain", "count", "hash", "time", "key", "signature"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with COUNT records and a checkpoint behind every tenth, its triggers removed."""
    path = tmp_path_factory.mktemp("store") / "onemap.sqlite"
    with contextlib.closing(LogWriter(path)) as writer:
        for number in range(1, COUNT + 1):
            told = entry(
                "command.case.create" if number % 2 else "session.opened",
                actor=f"duty{number % 3}",
                object_=f"case {number}",
                reason="" if number % 5 else "not_allowed",
                time=START + number,
            )
            writer.append([], (), [told])
            if number % 10 == 0:
                made = SIGNER.checkpoint(writer.audit_head, number // 10, START + number)
                writer.add_checkpoint(made)
    with changing(path) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            database.execute(f"DROP TRIGGER {name}")
    return path


@contextlib.contextmanager
def changing(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        yield database
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    return fresh(whole, tmp_path)


def fresh(whole: Path, directory: Path) -> Path:
    path = directory / "onemap.sqlite"
    for old in directory.glob("onemap.sqlite*"):
        old.unlink()
    shutil.copy(whole, path)
    return path


def check(path: Path, *anchors: Anchor, since: int | None = None) -> Verdict:
    with contextlib.closing(AuditReader(path)) as reader:
        start = None if since is None else reader.newest_checkpoint(since)
        return check_store(reader, {SIGNER.id: SIGNER.public}, anchors, start)


def first_bad(path: Path, *anchors: Anchor) -> int:
    verdict = check(path, *anchors)
    assert verdict.problem is not None, "nothing was found"
    return verdict.problem.seq


def test_an_untouched_store_is_good(store: Path) -> None:
    verdict = check(store)
    assert verdict.problem is None
    assert (verdict.count, verdict.checkpoints, verdict.signed_count) == (COUNT, 4, COUNT)


@FIXTURE
@given(data=st.data())
def test_any_byte_of_any_row_is_guarded(whole: Path, tmp_path: Path, data: st.DataObject) -> None:
    path = fresh(whole, tmp_path)
    table = data.draw(st.sampled_from(sorted(TABLES)))
    column = data.draw(st.sampled_from(TABLES[table]))
    key = TABLES[table][0]
    last = COUNT if table == "audit" else 4
    row = data.draw(st.integers(1, last))
    with changing(path) as database:
        told = database.execute(f'SELECT "{column}" FROM {table} WHERE {key} = ?', (row,))
        value = told.fetchone()[0]
        place = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
        database.execute(
            f'UPDATE {table} SET "{column}" = {place} WHERE {key} = ?', (changed(value, data), row)
        )
    seq = first_bad(path)
    if table == "audit" and column != "seq":
        assert seq == row


def changed(value: Any, data: st.DataObject) -> Any:
    """A value with one bit turned, whatever its bytes are then; or another number."""
    match value:
        case str() | bytes():
            raw = value.encode() if isinstance(value, str) else value
            at = data.draw(st.integers(0, len(raw) - 1))
            turned = bytes([raw[at] ^ (1 << data.draw(st.integers(0, 7)))])
            return raw[:at] + turned + raw[at + 1 :]
        case int():
            return value + 1_000 * data.draw(st.integers(1, 9))
        case _:
            return value + data.draw(st.floats(0.001, 9.0))


@FIXTURE
@given(row=st.integers(1, COUNT - 1))
def test_a_deleted_row_is_missed(whole: Path, tmp_path: Path, row: int) -> None:
    path = fresh(whole, tmp_path)
    with changing(path) as database:
        database.execute("DELETE FROM audit WHERE seq = ?", (row,))
    assert first_bad(path) == row


@FIXTURE
@given(row=st.integers(1, COUNT), source=st.integers(1, COUNT))
def test_an_inserted_row_is_found(whole: Path, tmp_path: Path, row: int, source: int) -> None:
    path = fresh(whole, tmp_path)
    with changing(path) as database:
        for seq in range(COUNT, row - 1, -1):
            database.execute("UPDATE audit SET seq = ? WHERE seq = ?", (seq + 1, seq))
        moved = source + 1 if source >= row else source
        rest = "time, type, actor, object, outcome, body, hash"
        database.execute(
            f"INSERT INTO audit SELECT ?, {rest} FROM audit WHERE seq = ?", (row, moved)
        )
    # a copy of a record in its own place is that record; what was moved behind it is not
    assert first_bad(path) == (row + 1 if row == source else row)


@FIXTURE
@given(st.lists(st.integers(1, COUNT), min_size=2, max_size=2, unique=True))
def test_rows_that_changed_places_are_found(whole: Path, tmp_path: Path, two: list[int]) -> None:
    path = fresh(whole, tmp_path)
    with changing(path) as database:
        for old, new in ((two[0], 0), (two[1], two[0]), (0, two[1])):
            database.execute("UPDATE audit SET seq = ? WHERE seq = ?", (new, old))
    assert first_bad(path) == min(two)


@FIXTURE
@given(left=st.integers(0, COUNT - 1), checkpoints=st.booleans())
def test_an_end_that_was_cut_off_is_missed(
    whole: Path, tmp_path: Path, left: int, checkpoints: bool
) -> None:
    path = fresh(whole, tmp_path)
    with contextlib.closing(AuditReader(path)) as reader:
        head = reader.head()
    with changing(path) as database:
        database.execute("DELETE FROM audit WHERE seq > ?", (left,))
        if checkpoints:
            database.execute("DELETE FROM audit_checkpoint WHERE count > ?", (left,))
    kept = [Anchor(head.count, head.hash)] if checkpoints else []
    assert first_bad(path, *kept) == left + 1


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_deleted_checkpoint_is_missed(store: Path, number: int) -> None:
    with changing(store) as database:
        database.execute("DELETE FROM audit_checkpoint WHERE number = ?", (number,))
    verdict = check(store)
    assert verdict.problem is not None
    assert verdict.problem.code == "checkpoint_missing"


def test_a_damaged_file_is_a_finding(store: Path) -> None:
    data = bytearray(store.read_bytes())
    for at in range(len(data) // 2, len(data)):
        data[at] = 0
    store.write_bytes(data)
    verdict = check(store)
    assert verdict.problem is not None


def test_a_store_on_a_medium_that_cannot_be_written_is_checked(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # as a disc or a stick with its switch set
    assert check(store).problem is None
    assert [p.name for p in store.parent.iterdir()] == [store.name]  # nothing was put beside it


def test_only_what_lies_behind_a_checkpoint_can_be_checked(store: Path) -> None:
    with changing(store) as database:
        database.execute("UPDATE audit SET actor = 'x' WHERE seq = 5")
    assert first_bad(store) == 5
    later = check(store, since=30)
    assert later.problem is None
    assert (later.first, later.count) == (31, COUNT)
    with changing(store) as database:
        database.execute("UPDATE audit SET actor = 'x' WHERE seq = 35")
    problem = check(store, since=30).problem
    assert problem is not None
    assert problem.seq == 35


def test_a_store_without_audit_says_so(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with changing(path) as database:
        database.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    with contextlib.closing(AuditReader(path)) as reader, pytest.raises(KnownError, match="older"):
        reader.chain()
    with pytest.raises(KnownError, match="no event store"):
        AuditReader(tmp_path / "none.sqlite")


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        (AuditQuery(), lambda _: True),
        (AuditQuery(actor="duty1"), lambda n: n % 3 == 1),
        (AuditQuery(type="command."), lambda n: n % 2 == 1),
        (AuditQuery(type="command.case.create"), lambda n: n % 2 == 1),
        (AuditQuery(type="%"), lambda _: False),
        (AuditQuery(object="case 1"), lambda n: str(n).startswith("1")),
        (AuditQuery(outcome="failure"), lambda n: n % 5 == 0),
        (AuditQuery(start=START + 10, end=START + 20), lambda n: 10 <= n < 20),
        (AuditQuery(actor="duty0", outcome="failure"), lambda n: n % 15 == 0),
    ],
)
def test_questions_find_what_they_ask_for_page_by_page(
    store: Path, query: AuditQuery, matches: Any
) -> None:
    found: list[int] = []
    with contextlib.closing(AuditReader(store)) as reader:
        while page := reader.page(query, found[-1] if found else None, 7):
            found += [r.seq for r in page]
        assert reader.types() == ["command.case.create", "session.opened"]
    assert found == [n for n in range(COUNT, 0, -1) if matches(n)]
