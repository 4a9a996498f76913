"""Exports the audit of a data directory whose hub does not run; the export itself is recorded."""

from __future__ import annotations

import getpass
import time
from contextlib import closing
from pathlib import Path

from services.audit.record import entry
from services.audit.signing import load_signer, write_public
from services.domain.errors import KnownError
from services.hub.audit_export import write_file
from services.hub.audit_keeper import DIRECTORY, KEY_FILE
from services.storage.audit import AuditReader
from services.storage.writer import LogWriter


def export_offline(data: Path, out: Path, after: int) -> tuple[Path, int, int]:
    """Write records behind ``after`` to a file in ``out``: its path, first and last record.

    The record of this export and a checkpoint over it are the file's last. KnownError
    ``data_in_use`` while a hub runs.
    """
    store = data / "onemap.sqlite"
    with closing(AuditReader(store)) as reader:
        if after >= reader.head().count:
            raise KnownError("bad_option", "there is no later record", field="after")
        newest = reader.newest_checkpoint()
    now = time.time()
    with closing(LogWriter(store)) as writer:
        signer, new = load_signer(data / KEY_FILE)
        entries = [
            entry(
                "audit.exported",
                actor=f"os:{_user()}",
                time=now,
                object_=str(out),
                detail={"after": after, "why": "onemap audit export"},
            )
        ]
        if new:
            write_public(signer, data / DIRECTORY)
            entries.append(entry("audit.key", time=now, object_=signer.id, detail={"new": True}))
        writer.append([], (), entries)
        number = 1 if newest is None else newest.number + 1
        made = signer.checkpoint(writer.audit_head, number, now)
        writer.add_checkpoint(made)
    with closing(AuditReader(store)) as reader:
        return write_file(reader, out, after, made, now), after + 1, made.count


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
