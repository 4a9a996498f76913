"""Brings a database to this version's schema, and refuses one that a newer version wrote."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from urllib.parse import quote

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
    config = _config()
    config.attributes["connection"] = connection
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    if current is not None:
        _check_known(current)
    command.upgrade(config, "head")
    connection.commit()
    if current is not None:
        _let_it_shrink(connection)


def check_revision(path: Path) -> str:
    """The schema of a store that is not open here, without changing anything.

    KnownError ``newer_schema``, or ``not_a_store`` for any other file.
    """
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise KnownError("not_a_store", f"{path} is no event store ({error})") from error
    if row is None:
        raise KnownError("not_a_store", f"{path} is no event store (it names no schema)")
    _check_known(str(row[0]))
    return str(row[0])


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _check_known(revision: str) -> None:
    try:
        ScriptDirectory.from_config(_config()).get_revision(revision)
    except CommandError as error:
        raise KnownError(
            "newer_schema",
            f"the event store has schema {revision}, which a newer version of this program "
            "wrote; start that version, or another data directory",
        ) from error


def _let_it_shrink(connection: Connection) -> None:
    """Have a file from before incremental vacuum rewritten once, if that is quickly done.

    A larger one keeps its size: what is deleted is used again. A restore rewrites it.
    """
    automatic = connection.exec_driver_sql("PRAGMA auto_vacuum").scalar_one()
    pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    size = pages * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    connection.commit()
    plain = connection.connection.driver_connection  # VACUUM refuses to run in a transaction
    if automatic == 0 and size <= QUICK_BYTES and plain is not None:
        plain.execute("PRAGMA auto_vacuum=INCREMENTAL").close()
        plain.execute("VACUUM").close()
