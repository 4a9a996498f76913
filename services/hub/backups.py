"""``/api/v1/backup``: a copy of the store while the hub works, for ``onemap backup``.

Who may order one: an administrator of the system, or whoever can read the data directory, proved by
the token that a hub leaves there at each start. The copy stays in the data directory; nobody names
a path over the network.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import secrets
import shutil
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.access.roles import SYSTEM, allowed
from services.audit.record import entry
from services.audit.sink import AuditSink
from services.domain.errors import KnownError
from services.hub.web import Door, answer
from services.storage.backup import STORE, copy_store

log = logging.getLogger(__name__)
CONTROL = "control.token"
FOLDER = "backups"
ROOM = 1.05
"""So much of the store's size must be free before a copy is begun."""


class Progress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a copy stands: ``running``, ``done`` with the file's name in ``backups``, ``failed``."""

    state: str
    name: str = ""
    pages: int = 0
    of: int = 0
    packs: tuple[str, ...] = ()
    error: str = ""


class Backups:
    """Makes one copy at a time. Event loop's thread; the copying happens off it."""

    def __init__(self, data: Path, packs: tuple[Path, ...], door: Door, audit: AuditSink) -> None:
        self._data, self._door, self._audit = data, door, audit
        self._packs = tuple(str(p.absolute()) for p in packs)
        self._progress = Progress(state="none")
        self._task: asyncio.Task[None] | None = None
        self._stop = False
        shutil.rmtree(data / FOLDER, ignore_errors=True)  # what a killed hub left half done
        self._control = secrets.token_urlsafe(32)
        _write_private(data / CONTROL, self._control)

    async def start(self, request: Request) -> Response:
        """Begin a copy; its progress is the answer to ``state``."""
        who = self._who(request)
        if self._task is not None and not self._task.done():
            raise KnownError("busy", "a backup is being made already; wait for it")
        size = sum(p.stat().st_size for p in self._data.glob(f"{STORE}*"))
        free = shutil.disk_usage(self._data).free
        if free < size * ROOM:
            raise KnownError(
                "disk_full",
                f"a backup needs {size * ROOM / 1e6:.0f} MB in the data directory for a moment; "
                f"{free / 1e6:.0f} MB are free",
            )
        await self._audit.record(entry("export.backup", actor=who, seat="http"))
        name = f"{secrets.token_hex(8)}.sqlite"
        self._progress = Progress(state="running", name=name, packs=self._packs)
        self._task = asyncio.create_task(self._copy(name))
        return answer(self._progress)

    async def state(self, request: Request) -> Response:
        """How the newest copy stands."""
        self._who(request)
        return answer(self._progress)

    async def close(self) -> None:
        """Wait for a copy that is being made to give up."""
        self._stop = True
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    # -- inside -------------------------------------------------------------------
    async def _copy(self, name: str) -> None:
        folder = self._data / FOLDER
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            await asyncio.to_thread(copy_store, self._data / STORE, folder / name, self._told)
        except (KnownError, OSError) as error:
            log.warning("a backup failed: %s", error)
            (folder / name).unlink(missing_ok=True)
            self._set(state="failed", error=str(error))
        else:
            self._set(state="done")

    def _told(self, done: int, all_: int) -> None:
        """On the copying thread: an attribute of a frozen record is all that is set."""
        if self._stop:
            raise KnownError("hub_stopping", "the hub is stopping; make the backup again")
        self._set(pages=done, of=all_)

    def _set(self, **news: object) -> None:
        self._progress = msgspec.structs.replace(self._progress, **news)

    def _who(self, request: Request) -> str:
        _, _, token = request.headers.get("authorization", "").partition(" ")
        if hmac.compare_digest(token.encode(), self._control.encode()):
            return "operator of the machine"
        account = self._door.account(request)
        if not allowed(account.roles, SYSTEM):
            raise KnownError("not_allowed", f"{account.name} may not make backups")
        return account.user


def _write_private(path: Path, text: str) -> None:
    """A file that only its owner reads, in one piece."""
    draft = path.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w") as out:
        out.write(text)
    draft.replace(path)
