"""Loads that can be undone: begun, gone on with after a crash, taken back. One thread.

The hub keeps the truth: it is told that a load begins and ends and which rows are its, and it takes
back what a load did, from its own log. Here is kept which rows a load sent, to go on with it after
a crash (``services.ingest.batches``).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

import msgspec
from msgspec.structs import replace

from services.domain.clock import BEIJING
from services.domain.errors import KnownError
from services.ingest.batches import MAX_LEFT, Batch, BatchStore, Kept, Line, not_written
from services.ingest.http_client import HubClient, IngestResult, Item

PATH = "/api/v1/imports"
Stop = Callable[[], bool]


def begin(
    store: BatchStore,
    client: HubClient,
    hub: str,
    file: Path,
    kind: str,
    by: str,
    *,
    digest: str = "",
    options: Kept | None = None,
) -> Recording:
    """Tell the hub that a load begins, and keep it. Close what is given."""
    now = store.now()
    moment = datetime.fromtimestamp(now, BEIJING)
    id_ = f"{moment:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    told = client.ask(PATH, {"batch": id_, "file": file.name[:200], "kind": kind})
    place = msgspec.convert(told, _Place)
    batch = Batch(
        id=id_,
        file=str(file.resolve()),
        kind=kind,
        hub=hub,
        epoch=place.epoch,
        first=place.offset,
        source=place.source,
        by=by,
        began_at=now,
        digest=digest,
        options=options or {},
    )
    store.keep(batch)
    store.prune()
    return Recording(store, batch)


def resume(store: BatchStore, id_: str, digest: str) -> Recording:
    """Go on with a load that did not end; ``digest``: of its file now. KnownError
    ``not_resumable``, ``file_changed``, ``batch_busy``, ``batch_damaged``."""
    batch = store.get(id_)
    if batch.state not in ("loading", "stopped"):
        raise KnownError("not_resumable", f"batch {id_} has ended ({batch.state})")
    if batch.digest != digest:
        raise KnownError("file_changed", f"{batch.file} is not the file that was being loaded")
    return Recording(store, batch)


def undo(
    store: BatchStore,
    client: HubClient,
    id_: str,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    wait: Callable[[float], object] = time.sleep,
) -> Batch:
    """Take back what a load did. May be called again after a crash, or when it was stopped: the
    hub knows how far it is.

    ``progress`` hears (ids done, all). KnownError ``unknown_batch``, ``batch_busy``,
    ``already_undone``, and those of the hub: ``not_your_load``, ``other_epoch``, ``too_old``.
    """
    batch = store.get(id_)
    if batch.state == "undone":
        raise KnownError("already_undone", f"batch {id_} was undone already")
    with store.locked(id_):
        whole = False
        while not whole:
            if stop():
                raise KnownError("stopped", "undoing was stopped; it can be gone on with")
            told = _undo(client, batch, stop, wait)
            whole = told is None or told.done >= told.total
            if told is not None:
                batch = _told(batch, told)
                if progress is not None:
                    progress(told.done, told.total)
            batch = replace(
                batch,
                state="undone" if whole else "undoing",
                ended_at=store.now() if whole else batch.ended_at,
            )
            store.keep(batch)
    return batch


class _Place(msgspec.Struct):
    epoch: str
    offset: int
    source: str


class _Left(msgspec.Struct):
    id: str
    error: dict[str, object]


class _Undone(msgspec.Struct):
    waiting: bool = False
    deleted: int = 0
    restored: int = 0
    nothing: int = 0
    left: list[_Left] = []
    done: int = 0
    total: int = 0


def _undo(
    client: HubClient, batch: Batch, stop: Callable[[], bool], wait: Callable[[float], object]
) -> _Undone | None:
    """The next part; None where the hub had done the last one, and its answer was lost."""
    while True:
        try:
            answer = client.ask(f"{PATH}/undo", {"batch": batch.id})
        except KnownError as error:
            if error.code == "already_undone":
                return None
            raise
        told = msgspec.convert(answer, _Undone)
        if not told.waiting:
            return told
        if stop():
            raise KnownError("stopped", "undoing was stopped; it can be gone on with")
        wait(0.5)


def _told(batch: Batch, told: _Undone) -> Batch:
    left = [
        (each.id, str(each.error.get("code", "")), str(each.error.get("text", "")))
        for each in told.left
    ]
    return replace(
        batch,
        deleted=batch.deleted + told.deleted,
        restored=batch.restored + told.restored,
        left=(*batch.left, *left)[:MAX_LEFT],
        left_count=batch.left_count + len(left),
    )


class Recording:
    """A load under way: the ``Recorder`` of an import. A context manager; on leaving it without an
    end the batch stays as one that did not end."""

    def __init__(self, store: BatchStore, batch: Batch) -> None:
        self._store, self._batch_ = store, batch
        with contextlib.ExitStack() as stack:
            self._file = stack.enter_context(store.locked(batch.id))
            self.done = frozenset(store.answered(batch.id))
            self._stack = stack.pop_all()  # what cannot be read stays locked for nobody

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    @property
    def batch(self) -> str:
        """The id by which it can be undone."""
        return self._batch_.id

    @property
    def record(self) -> Batch:
        """What is known of it now."""
        return self._batch_

    def sending(self, items: Sequence[Item]) -> None:
        """Keep the ids, on the disk, before they go."""
        self._add(Line(ids=[str(item["id"]) for item in items]), sync=True)

    def sent(self, result: IngestResult) -> None:
        """Keep that they were answered. Not synced: what is lost of it counts as unanswered."""
        self._add(Line(done=True, last=result.last), sync=False)
        if result.last > self._batch_.last:
            self._batch_ = replace(self._batch_, last=result.last)

    def end(
        self, client: HubClient, read: int, loaded: int, refused: int, *, stopped: bool
    ) -> None:
        """The load has ended; the hub is told too."""
        self._batch_ = replace(
            self._batch_,
            state="stopped" if stopped else "loaded",
            read=read,
            loaded=loaded,
            refused=refused,
            ended_at=self._store.now(),
        )
        self._store.keep(self._batch_)
        client.ask(f"{PATH}/end", {"batch": self.batch, "loaded": loaded, "refused": refused})

    def _add(self, line: Line, *, sync: bool) -> None:
        try:
            data = msgspec.json.encode(line) + b"\n"
            while data:
                data = data[self._file.write(data) :]
            if sync:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise not_written(self._store.directory, error) from error


def digest_of(path: Path) -> str:
    """SHA-256 of a file, by which it is known again."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
