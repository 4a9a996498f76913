"""Loads of files that were begun at this hub, as rows; what they did stands in the log.

Reading is for any thread; writing belongs to the store's and takes the audit's entries into the
same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from services.audit.record import Entry
from services.storage.reader import LogReader
from services.storage.schema import load_spans, loads
from services.storage.writer import LogWriter

MAX_KEPT = 1_000
"""Loads of one account; the oldest beyond are forgotten, and cannot be undone any more."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """One load: whose, of which file, as what, and where in the log it began.

    ``reverted``: so many of its ids, in their order, were taken back. ``undo_at``: when its undo
    began, after which it takes no rows; ``undone_at``: when that ended. UNIX seconds, None: not.
    """

    id: str
    user: str
    file: str
    kind: str
    epoch: str
    first: int
    began_at: float
    reverted: int = 0
    undo_at: float | None = None
    undone_at: float | None = None


class LoadTable:
    """The two tables. Every method raises KnownError where the store cannot be used."""

    def __init__(self, writer: LogWriter, reader: LogReader) -> None:
        self._writer, self._reader = writer, reader

    def find(self, id_: str) -> Load | None:
        """One load; None where nothing is known of it."""
        with self._reader.connected() as connection:
            row = connection.execute(select(loads).where(loads.c.id == id_)).one_or_none()
        return None if row is None else Load(**row._mapping)

    def spans(self, id_: str) -> list[tuple[int, int]]:
        """Where in the log its rows stand: (first, last], in order."""
        query = select(load_spans.c.first, load_spans.c.last).where(load_spans.c.load == id_)
        with self._reader.connected() as connection:
            rows = connection.execute(query.order_by(load_spans.c.first)).all()
        return [(int(first), int(last)) for first, last in rows]

    def begin(self, load: Load, audit: Sequence[Entry]) -> None:
        """Keep a load that begins, and forget the account's oldest beyond so many."""

        def work(connection: Connection) -> None:
            connection.execute(insert(loads).values(msgspec.structs.asdict(load)))
            mine = select(loads.c.id).where(loads.c.user == load.user)
            newest = mine.order_by(loads.c.began_at.desc(), loads.c.id.desc())
            old = [row[0] for row in connection.execute(newest.offset(MAX_KEPT))]
            if old:
                connection.execute(delete(load_spans).where(load_spans.c.load.in_(old)))
                connection.execute(delete(loads).where(loads.c.id.in_(old)))

        self._writer.transact(work, audit)

    def keep(self, load: Load, audit: Sequence[Entry]) -> None:
        """Keep how far its undo is."""
        values = {
            "reverted": load.reverted,
            "undo_at": load.undo_at,
            "undone_at": load.undone_at,
        }
        self._writer.transact(
            lambda c: c.execute(update(loads).where(loads.c.id == load.id).values(values)), audit
        )
