"""The record of a load on the disk: what a crash leaves of a line harms no other."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from services.domain.errors import KnownError
from services.ingest import batches, loads
from services.ingest.batches import Batch, BatchStore
from services.ingest.http_client import IngestResult

ID = "20260101-000000-abcd"


@pytest.fixture
def store(tmp_path: Path) -> BatchStore:
    made = BatchStore(tmp_path)
    made.keep(
        Batch(
            id=ID,
            file="f.csv",
            kind="fire_station",
            hub="h",
            epoch="e",
            first=0,
            source="duty1",
            by="t",
            began_at=1.0,
        )
    )
    return made


def _go_on(store: BatchStore, *ids: str, answered: bool = True) -> None:
    with loads.resume(store, ID, "") as recording:
        recording.sending([{"id": id_} for id_ in ids])
        if answered:
            recording.sent(IngestResult(accepted=len(ids), last=len(ids)))


@pytest.mark.parametrize("left", [b"{", b'{"ids":["c","d"', b'{"done":true}', b"x" * 200_000])
def test_half_a_line_goes_when_a_load_is_gone_on_with(store: BatchStore, left: bytes) -> None:
    path = store.directory / f"{ID}.ids"
    _go_on(store, "a", "b")
    _go_on(store, "c", answered=False)
    whole = path.read_bytes()
    path.write_bytes(whole + left)
    assert store.sent(ID) == {"a", "b", "c"}
    assert store.answered(ID) == {"a", "b"}  # that there was half a line is no news
    _go_on(store, "e", "f")
    assert path.read_bytes().startswith(whole + b'{"ids":["e","f"]}\n')
    assert store.sent(ID) == {"a", "b", "c", "e", "f"}
    assert store.answered(ID) == {"a", "b", "e", "f"}


def test_a_file_that_is_half_a_line_becomes_empty(
    store: BatchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "CHUNK", 7)
    path = store.directory / f"{ID}.ids"
    path.write_bytes(b'{"ids":["a","b","c"]')
    with loads.resume(store, ID, "") as recording:
        assert recording.done == frozenset()
        assert path.read_bytes() == b""
    path.write_bytes(b'{"ids":["a"]}\n{"done":true}\n{"ids":["long enough for chunks"')
    with loads.resume(store, ID, "") as recording:
        assert recording.done == {"a"}


def test_a_full_disk_is_said_and_nothing_goes(store: BatchStore) -> None:
    _go_on(store, "a")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
        with pytest.raises(KnownError) as caught:
            _go_on(store, "b" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.code == "not_written"
    _go_on(store, "c")
    assert store.answered(ID) == {"a", "c"}


def test_a_line_that_cannot_be_read_is_said(store: BatchStore) -> None:
    path = store.directory / f"{ID}.ids"
    good = b'{"ids":["a"]}\n{"done":true}\n'
    for bad in (b'{"ids":["c"{"ids":["d"]}\n', b'{"ids":["\xff"]}\n', b"\x00\x00\n", b"\n"):
        path.write_bytes(good + bad + good)
        with pytest.raises(KnownError) as caught:
            loads.resume(store, ID, "")
        assert (caught.value.code, caught.value.params["line"]) == ("batch_damaged", 3)
        assert path.read_bytes() == good + bad + good  # nothing is lost of it
        with store.locked(ID):  # and nothing is left locked
            pass
