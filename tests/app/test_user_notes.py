"""What a user keeps: whole after any stop, one file each, and nothing lost when it is damaged."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import msgspec
import pytest

from app.user_notes import MAX_BOOKMARKS, MAX_BYTES, Bookmark, Notes, UserNotes
from services.domain.errors import KnownError

HERE = Bookmark("康乐十字", 101.8, 36.6, 15.5)


def test_notes_are_each_user_s_own_and_there_again(tmp_path: Path) -> None:
    one = UserNotes(tmp_path, "duty1")
    one.change(bookmarks=(HERE,), coordinates="zone", area_unit="mu")
    one.save()
    assert UserNotes(tmp_path, "duty1").notes == one.notes
    assert UserNotes(tmp_path, "duty2").notes == Notes()
    assert one.path is not None
    assert one.path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [one.path]


def test_a_name_of_a_user_is_no_path(tmp_path: Path) -> None:
    notes = UserNotes(tmp_path, "../../etc/passwd")
    notes.change(coordinates="dms")
    notes.save()
    assert [p.parent for p in tmp_path.rglob("*")] == [tmp_path]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"coordinates":"mars"}',
        b'{"bookmarks":[{"name":"","lon":1,"lat":1,"zoom":1}]}',
        b'{"bookmarks":[{"name":"x","lon":999,"lat":1,"zoom":1}]}',
        b"\xff\xfe",
        b" " * (MAX_BYTES + 1),
    ],
)
def test_a_damaged_file_is_put_aside_and_not_lost(tmp_path: Path, content: bytes) -> None:
    path = UserNotes(tmp_path, "duty1").path
    assert path is not None
    path.write_bytes(content)
    again = UserNotes(tmp_path, "duty1")
    assert again.notes == Notes()
    assert (tmp_path / again.trouble).read_bytes() == content
    again.change(coordinates="bd09")
    again.save()
    assert UserNotes(tmp_path, "duty1").notes.coordinates == "bd09"


def test_fields_of_a_newer_version_do_no_harm(tmp_path: Path) -> None:
    path = UserNotes(tmp_path, "duty1").path
    assert path is not None
    path.write_bytes(b'{"coordinates":"dms","something":[1,2]}')
    assert UserNotes(tmp_path, "duty1").notes.coordinates == "dms"


def test_as_many_bookmarks_as_are_allowed_fit_the_file(tmp_path: Path) -> None:
    notes = UserNotes(tmp_path, "duty1")
    many = tuple(
        Bookmark("字" * 80, 101.123456789, 36.123456789, 15.123456789) for _ in range(MAX_BOOKMARKS)
    )
    notes.change(bookmarks=many)
    notes.save()
    assert UserNotes(tmp_path, "duty1").notes.bookmarks == many
    assert len(msgspec.json.encode(notes.notes)) < MAX_BYTES


def test_a_disk_that_takes_nothing_is_said_and_the_notes_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = UserNotes(tmp_path, "duty1")
    notes.change(coordinates="dms")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(KnownError, match="No space left") as error:
            notes.save()
    assert error.value.code == "notes_not_kept"
    assert notes.notes.coordinates == "dms"
    notes.save()  # there is room again
    assert UserNotes(tmp_path, "duty1").notes.coordinates == "dms"


def test_the_newest_notes_are_in_the_file_whichever_thread_comes_last(tmp_path: Path) -> None:
    notes = UserNotes(tmp_path, "duty1")
    threads = []
    for number in range(20):
        notes.change(bookmarks=(Bookmark(f"view {number}", 0.0, 0.0, 3.0),))
        threads.append(threading.Thread(target=notes.save))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert UserNotes(tmp_path, "duty1").notes == notes.notes


def test_without_a_directory_nothing_is_written() -> None:
    notes = UserNotes()
    notes.change(coordinates="gcj02")
    notes.save()
    assert notes.notes.coordinates == "gcj02"
