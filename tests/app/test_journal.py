"""The journal of orders that wait: whole or not at all, one console's, one account's."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.journal import Journal, open_journal
from app.orders import Kept
from services.feed.frames import ErrorInfo

HUB = "http://127.0.0.1:8630"


def kept(key: str, **more: object) -> Kept:
    facts = {"name": "case.create", "args": {"title": "积水", "lon": 101.8}, "state": "queued"}
    return Kept(key=key, given_at=5.0, **{**facts, **more})  # type: ignore[arg-type]  # as given


def opened(folder: Path, user: str = "duty1", hub: str = HUB) -> Journal:
    journal = open_journal(folder, hub, user)
    assert journal is not None
    return journal


def test_what_is_saved_is_there_after_the_console_has_gone(tmp_path: Path) -> None:
    orders = (
        kept("a"),
        kept("b", state="refused", sent=True, error=ErrorInfo(code="wrong_state", text="no")),
        kept("c", state="held", expect_version=4),
    )
    first = opened(tmp_path)
    assert first.load() == ()
    first.save(orders, first.turn())
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    first.close()
    again = opened(tmp_path)
    assert again.load() == orders
    again.save((), again.turn())
    assert again.load() == ()
    assert not again.path.exists()
    again.close()


def test_an_older_content_that_is_written_late_does_not_win(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    early, late = journal.turn(), journal.turn()
    journal.save((kept("new"),), late)
    journal.save((kept("old"),), early)
    assert [o.key for o in journal.load()] == ["new"]
    journal.close()


def test_another_console_and_another_account_have_journals_of_their_own(tmp_path: Path) -> None:
    mine = opened(tmp_path)
    mine.save((kept("a"),), mine.turn())
    beside = opened(tmp_path)
    other = opened(tmp_path, user="duty2")
    elsewhere = opened(tmp_path, hub="http://127.0.0.1:1")
    paths = {j.path for j in (mine, beside, other, elsewhere)}
    assert len(paths) == 4
    assert [j.load() for j in (beside, other, elsewhere)] == [(), (), ()]
    for journal in (mine, beside, other, elsewhere):
        journal.close()


@pytest.mark.parametrize("content", [b"", b"{", b'{"version": 1}', b"\xff\xfe", b"[" * 50_000])
def test_a_journal_that_cannot_be_read_is_put_aside_not_lost(
    tmp_path: Path, content: bytes
) -> None:
    journal = opened(tmp_path)
    journal.path.write_bytes(content)
    assert journal.load() == ()
    assert journal.path.with_suffix(".unreadable").read_bytes() == content
    journal.save((kept("a"),), journal.turn())
    assert len(journal.load()) == 1
    journal.close()


def test_no_journal_where_there_is_no_room_for_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert open_journal(tmp_path / "file" / "journal", HUB, "duty1") is None
