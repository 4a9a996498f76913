"""What ``onemap backup``, ``restore`` and ``doctor`` do: with a running hub's help, or without one.

No Qt. Every refusal is KnownError with text for a person.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import httpx

from app.hubs import find_ca, find_hub
from services.audit.record import entry
from services.domain.clock import BEIJING
from services.domain.errors import KnownError, in_words
from services.storage import restore as stores
from services.storage.backup import STORE, Manifest, copy_store, other_files
from services.storage.catch_up import catch_up, start_anew
from services.storage.examine import Findings, examine
from services.storage.lock import StoreLock
from services.storage.writer import LogWriter
from services.tls.contexts import client_context, tls_problem

TIMEOUT_S = 10.0
LOOK_S = 0.2
TELL_S = 1.0
CONTROL = "control.token"
NICE = 10


class Teller:
    """Says on standard error what is being done, once a second while it lasts."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        """Hear how far something is."""
        if time.monotonic() - self._told >= TELL_S:
            self._told = time.monotonic()
            print(f"{what}: {done:,} of {of:,}", file=sys.stderr, flush=True)


def backup(data: Path, target: Path, packs: Sequence[Path], ca: Path | None = None) -> Manifest:
    """Back a data directory up, through the hub that runs on it or, where none does, directly. One
    that only desks used has no event store: then its other files are all there is.

    ``ca``: the authority of a hub that serves over TLS, where its data directory does not tell it.
    """
    stores.check_target(target)
    has_store = (data / STORE).is_file()
    if not has_store:
        _check_desk(data)
    told = Teller()

    def fetch(place: Path) -> Sequence[Path]:
        lock = _lock(data)
        if lock is None:
            return _from_hub(data, place, told, ca)
        with contextlib.closing(lock):
            copy_store(data / STORE, place, lambda d, a: told("pages", d, a), alone=True)
        return packs

    def work() -> Manifest:
        _step_back()
        return stores.make(
            data,
            target,
            fetch if has_store else None,
            packs=packs,
            program=_program(),
            now=time.time(),
            told=told,
        )

    with ThreadPoolExecutor(1, thread_name_prefix="backup") as pool:
        return pool.submit(work).result()


def _check_desk(data: Path) -> None:
    """KnownError ``no_store`` where a directory without an event store is no desk's either."""
    if (data / stores.HEAD).exists():
        raise KnownError(
            "no_store",
            f"a hub has worked in {data}, and its event store {STORE} is gone: look for it, or"
            " bring back a backup with onemap restore",
        )
    if next(other_files(data), None) is None:
        raise KnownError(
            "no_store",
            f"there is nothing to back up in {data}: neither a hub's event store nor what a desk"
            " keeps; name the directory with --data",
        )


def verify(source: Path, *, fold: bool) -> Manifest:
    """Check a backup as thoroughly as a restore would."""
    if not source.exists():
        raise KnownError("no_backup", f"there is no {source}")
    return stores.verify(source, Teller(), fold=fold)


def restore(source: Path, data: Path, *, force: bool) -> Manifest:
    """Bring a backup into a data directory."""
    stamp = datetime.now(BEIJING).strftime("%Y%m%d-%H%M%S")
    return stores.restore(source, data, Teller(), force=force, stamp=stamp)


def doctor(data: Path, *, fold: bool, rebuild: bool, accept_loss: bool) -> Findings:
    """Look a store over; with ``rebuild`` make its projections anew, with ``accept_loss`` open a
    log whose end is lost and give it a new epoch. Both need the hub to be stopped."""
    store = data / STORE
    if not store.is_file():
        raise KnownError("no_store", f"there is no event store in {data}")
    if rebuild or accept_loss:
        writer = LogWriter(store, accept_loss=accept_loss)
        try:
            if accept_loss:
                writer.new_epoch(lost=True)
                writer.append([], (), [entry("store.loss_accepted", time=time.time())])
            if rebuild:
                writer.transact(start_anew)
                catch_up(writer.transact, writer.projector)
        finally:
            writer.close()
    return examine(store, Teller(), fold=fold)


def _step_back() -> None:
    """Leave the processor to the hub: what verifies here has time. Of Linux's threads, this one
    alone: a process cannot take back what it gave away."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


# -- inside ---------------------------------------------------------------------------------
def _lock(data: Path) -> StoreLock | None:
    """The store's lock, None where a hub has it."""
    try:
        return StoreLock(data / "onemap.lock")
    except KnownError as error:
        if error.code != "data_in_use":
            raise
        return None


def _from_hub(data: Path, place: Path, told: Teller, ca: Path | None) -> Sequence[Path]:
    """Have the running hub make a copy, and take it over."""
    try:
        token = (data / CONTROL).read_text("utf-8").strip()
    except OSError as error:
        raise KnownError(
            "no_control",
            f"{data / CONTROL} cannot be read; ask as the hub's own user ({in_words(error)})",
        ) from error
    address = find_hub(data, "")
    with httpx.Client(
        base_url=address,
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT_S,
        trust_env=False,
        verify=client_context(find_ca(data, "", ca)),
    ) as client:
        state = _ask(client, "POST")
        while state["state"] == "running":
            told("copying pages", int(state.get("pages", 0)), int(state.get("of", 0)))
            time.sleep(LOOK_S)
            state = _ask(client, "GET")
    if state["state"] != "done":
        raise KnownError("backup_failed", str(state.get("error") or "the hub made no copy"))
    copy = data / "backups" / os.path.basename(str(state["name"]))
    try:
        shutil.move(copy, place)
    except OSError as error:
        raise KnownError(
            "backup_failed", f"{copy} cannot be taken over: {in_words(error)}"
        ) from error
    return [Path(p) for p in state.get("packs", ())]


def _ask(client: httpx.Client, method: str) -> dict[str, Any]:
    try:
        answer = client.request(method, "/api/v1/backup")
        body: dict[str, Any] = answer.json()
        if answer.is_error:
            raise KnownError("refused", str(body["error"]["text"]))
        return body
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        if (problem := tls_problem(error, client.base_url.host)) is not None:
            raise problem from error
        raise KnownError(
            "hub_unreachable", f"the hub at {client.base_url} did not answer ({error})"
        ) from error


def _program() -> str:
    try:
        return f"onemap-console {version('onemap-console')}"
    except PackageNotFoundError:
        return "onemap-console"


def lines(manifest: Manifest) -> Iterator[str]:
    """A backup in words."""
    made = datetime.fromtimestamp(manifest.made_at, BEIJING).isoformat(timespec="seconds")
    size = sum(f.size for f in manifest.files)
    if not manifest.has_store:
        yield f"made {made}, of what a desk keeps: there is no event store in it"
        yield f"{len(manifest.files)} files, {size / 1e6:.1f} MB"
        return
    yield f"made {made}, schema {manifest.schema}, epoch {manifest.epoch}"
    yield (
        f"{manifest.events:,} events up to {manifest.offset:,}, replay from "
        f"{manifest.first_offset:,} on; {len(manifest.files)} files, {size / 1e6:.1f} MB"
    )
    yield f"state {manifest.digest}"
