"""Brings a database to this version's schema, and refuses one that a newer version wrote."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from services.domain.errors import KnownError

QUICK_BYTES = 64 * 1024 * 1024


def upgrade(connection: Connection) -> None:
    """Run what is missing, on a connection outside any transaction.

    Raises KnownError ``newer_schema`` when the database knows a revision that we do not.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    if current is not None:
        try:
            ScriptDirectory.from_config(config).get_revision(current)
        except CommandError as error:
            raise KnownError(
                "newer_schema",
                f"the event store has schema {current}, which a newer version of this program "
                "wrote; start that version, or another data directory",
            ) from error
    command.upgrade(config, "head")
    connection.commit()
    if current is not None:
        _let_it_shrink(connection)


def _let_it_shrink(connection: Connection) -> None:
    """Have a file from before incremental vacuum rewritten once, if that is quickly done.

    A larger one keeps its size: what is deleted is used again, and a restored backup is small.
    """
    automatic = connection.exec_driver_sql("PRAGMA auto_vacuum").scalar_one()
    pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    size = pages * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    connection.commit()
    plain = connection.connection.driver_connection  # VACUUM refuses to run in a transaction
    if automatic == 0 and size <= QUICK_BYTES and plain is not None:
        plain.execute("PRAGMA auto_vacuum=INCREMENTAL").close()
        plain.execute("VACUUM").close()
