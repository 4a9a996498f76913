"""Checks of a data directory: who may read it, its files, its event store, its audit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app.doctor.findings import Finding, Patient, ok, problem, warning
from services.access.tokens import TokenFile
from services.basemaps.catalogue import FILE as BASE_MAPS
from services.basemaps.catalogue import BasemapCatalogue
from services.domain.errors import KnownError
from services.hub.access import KEY_FILE as ACCESS_KEY
from services.hub.audit_keeper import DIRECTORY, KEY_FILE
from services.hub.audit_watch import check, kept_head
from services.packs.loader import default_directory, load
from services.storage.audit import AuditReader
from services.storage.examine import examine, spot_check
from services.storage.policy import read_policy
from services.storage.reader import LogReader
from services.video.registry import MediaRegistry

STORE = "onemap.sqlite"
PRIVATE = (STORE, "tokens.toml", "media.toml", KEY_FILE, ACCESS_KEY, "control.token", BASE_MAPS)
"""What nobody but its owner may read: personal data, or what opens doors."""
OLD_EXPORT_S = 3 * 86_400.0


def directory(patient: Patient) -> Iterator[Finding]:
    """The data directory and the rights on what lies in it."""
    data = patient.data
    if not data.exists():
        yield warning("data", f"{data} is not there", "the first start of a hub makes it")
        return
    if not data.is_dir():
        yield problem("data", f"{data} is not a directory", "name another with --data")
        return
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield problem(
            "data",
            f"{data} cannot be read and written by this user",
            "chown it, or ask as its owner",
        )
        return
    open_ = [n for n in PRIVATE if (data / n).exists() and (data / n).stat().st_mode & 0o077]
    if open_:
        names = " ".join(str(data / n) for n in open_)
        yield problem("data", f"others may read {', '.join(open_)}", f"chmod 600 {names}")
    else:
        yield ok("data", f"{data}: what is private is")


def configuration(patient: Patient) -> Iterator[Finding]:
    """Accounts, camera addresses, base maps, the policy and the packs, as they are read."""
    data = patient.data
    yield from _read("accounts", data / "tokens.toml", lambda path: TokenFile(path).account(""))
    yield from _read("cameras", data / "media.toml", MediaRegistry)
    yield from _read("base maps", data / BASE_MAPS, _base_maps)
    yield from _read("policy", data / "hub.toml", read_policy)
    try:
        catalogue = load(default_directory(), *patient.packs)
    except KnownError as error:
        yield problem("packs", str(error), "mend it; onemap packs check says more")
    else:
        yield ok("packs", f"{len(catalogue.packs)} packs, {len(catalogue.kinds)} kinds")


def _base_maps(path: Path) -> None:
    trouble = BasemapCatalogue(path).trouble
    if trouble is not None:
        raise trouble


def event_store(patient: Patient) -> Iterator[Finding]:
    """SQLite's pages, the schema, and every event (``quick``: the newest and samples)."""
    path = patient.data / STORE
    if not path.exists():
        yield ok("store", "there is none yet")
        return
    todo = "stop the hub; onemap doctor --fold says more, onemap restore brings a backup back"
    try:
        if patient.quick:
            with closing(LogReader(path)) as reader:
                spot_check(reader)
                last = reader.bounds().last_offset
            yield ok("store", f"the newest of {last:,} events and samples of the others are whole")
            return
        found = examine(path)
    except KnownError as error:
        if error.code == "older_schema":
            yield warning("store", error.text, "start the hub once")
        else:
            yield problem("store", error.text, todo)
        return
    yield ok(
        "store",
        f"schema {found.schema}, {found.events:,} events up to {found.offset:,} and"
        f" {found.snapshots} snapshots are whole",
    )


def audit(patient: Patient) -> Iterator[Finding]:
    """The chain, its signatures, and the files to carry away."""
    path, place = patient.data / STORE, patient.data / DIRECTORY
    if not path.exists():
        return
    with closing(AuditReader(path)) as reader:
        since = reader.newest_checkpoint() if patient.quick else None
        verdict = check(reader, place, since)
    if verdict.problem is not None:
        yield problem(
            "audit",
            f"broken at record {verdict.problem.seq}: {verdict.problem.text}",
            "keep the data directory as it is, tell who is in charge of the audit; the truth may"
            " be in the daily files and in backups",
        )
    else:
        yield ok(
            "audit",
            f"records {verdict.first:,} to {verdict.count:,} are as they were written, signed up to"
            f" {verdict.signed_count:,}",
        )
    if not (patient.data / KEY_FILE).exists():
        yield warning(
            "audit",
            "the signing key is not there",
            f"put {KEY_FILE} back from a backup; else the hub makes a new one and records that",
        )
    if kept_head(place) is None and verdict.checkpoints:
        yield warning(
            "audit",
            f"{place / 'head.json'} is missing or cannot be read",
            "the next checkpoint writes it; until then an end that is cut off may not be noticed",
        )
    yield from _exports(place, patient.clock())


def _exports(place: Path, now: float) -> Iterator[Finding]:
    files = sorted(place.glob("audit-*.jsonl"))
    if not files:
        return  # the first is written when a day has passed
    age = now - files[-1].stat().st_mtime
    if age > OLD_EXPORT_S:
        when = datetime.fromtimestamp(files[-1].stat().st_mtime, UTC).date()
        yield warning(
            "audit",
            f"the newest daily file is of {when}",
            "a hub that runs writes one every day: see its log",
        )


def _read(area: str, path: Path, read: Callable[[Path], object]) -> Iterator[Finding]:
    """Whether a hub could read a file; what is not there has its defaults."""
    if not path.exists():
        return
    try:
        read(path)
    except KnownError as error:
        yield problem(area, str(error), f"mend {path}")
    else:
        yield ok(area, f"{path} can be read")
