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
