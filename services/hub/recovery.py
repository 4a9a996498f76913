"""A way back in where the security administrator is lost: on the hub's machine, hub stopped."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from services.access.accounts import AccountRecord
from services.access.policy import Policy
from services.audit.record import Entry, entry
from services.domain.clock import Clock
from services.hub.account_admin import first_account
from services.hub.logins import Logins
from services.storage.accounts import AccessChange, AccountStore
from services.storage.reader import LogReader
from services.storage.writer import LogWriter


class _Silent:
    """Nothing is noted here: what is done goes into the audit with the change itself."""

    async def record(self, *entries: Entry) -> None:
        """Not used."""

    def note(self, given: Entry) -> None:
        """Not used."""


def recover(data: Path, clock: Clock = time.time) -> tuple[str, str]:
    """Give the first security administrator a new one-time password: user and password.

    The account is made when it is not there, opened when it is locked or off, and loses its second
    factor. KnownError ``data_in_use`` while a hub runs on the directory. The audit records it.
    """
    writer = LogWriter(data / "onemap.sqlite")
    reader = LogReader(data / "onemap.sqlite")
    executor = ThreadPoolExecutor(1)
    store = AccountStore(writer, reader)
    logins = Logins(store, Policy(), clock, executor, _Silent())
    try:
        record, password = first_account(logins)
        change = AccessChange(
            {record.user: msgspec.msgpack.encode(record)},
            ended=[standing.record.id for standing in logins.of(record.user)],
        )
        store.write(change, [_told(record, clock())])
    finally:
        logins.close()
        executor.shutdown()
        reader.close()
        writer.close()
    return record.user, password


def _told(record: AccountRecord, now: float) -> Entry:
    return entry(
        "account.recovered", actor="system", object_=record.user, time=now,
        detail={"where": "command line"},
    )  # fmt: skip
