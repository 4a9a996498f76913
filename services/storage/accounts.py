"""Accounts and logins as rows. What a body says is ``services.access``'s affair.

Writing belongs to the store's thread and takes the audit's entries into the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from services.audit.record import Entry
from services.storage.database import storage_error
from services.storage.reader import LogReader
from services.storage.schema import accounts, logins
from services.storage.writer import LogWriter


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A login: whose, until when (UNIX seconds), and all else."""

    user: str
    ends_at: float
    body: bytes


@dataclass(frozen=True, slots=True)
class AccessChange:
    """What is written together: accounts by user, logins by id, and ids of logins that ended."""

    accounts: Mapping[str, bytes] = field(default_factory=dict)
    logins: Mapping[str, LoginRow] = field(default_factory=dict)
    ended: Sequence[str] = ()


class AccountStore:
    """The two tables. ``read`` from any thread, ``write`` on the store's."""

    def __init__(self, writer: LogWriter, reader: LogReader) -> None:
        self._writer, self._reader = writer, reader

    def read(self) -> tuple[list[bytes], list[bytes]]:
        """The bodies of all accounts and of all logins; KnownError ``storage_failed``."""
        try:
            with self._reader.connected() as connection:
                known = connection.execute(select(accounts.c.body).order_by(accounts.c.user)).all()
                open_ = connection.execute(select(logins.c.body).order_by(logins.c.id)).all()
        except SQLAlchemyError as error:
            raise storage_error(error) from error
        return [bytes(row[0]) for row in known], [bytes(row[0]) for row in open_]

    def write(self, change: AccessChange, audit: Sequence[Entry]) -> None:
        """All of it and its records, or KnownError and nothing."""

        def work(connection: Connection) -> None:
            for user, body in change.accounts.items():
                connection.execute(delete(accounts).where(accounts.c.user == user))
                connection.execute(insert(accounts).values(user=user, body=body))
            for id_ in (*change.ended, *change.logins):
                connection.execute(delete(logins).where(logins.c.id == id_))
            for id_, row in change.logins.items():
                connection.execute(
                    insert(logins).values(id=id_, user=row.user, ends_at=row.ends_at, body=row.body)
                )

        self._writer.transact(work, audit)


def end_logins(connection: Connection) -> None:
    """Forget every login of a store; accounts stay."""
    connection.execute(delete(logins))
