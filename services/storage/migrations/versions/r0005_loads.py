"""Loads of files that were begun here, and where in the log their rows stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "loads",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("epoch", sa.String(32), nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("began_at", sa.Float, nullable=False),
        sa.Column("reverted", sa.Integer, nullable=False),
        sa.Column("undo_at", sa.Float),
        sa.Column("undone_at", sa.Float),
    )
    op.create_index("ix_loads_user", "loads", ["user", "began_at"])
    op.create_table(
        "load_spans",
        sa.Column("load", sa.String(100), primary_key=True),
        sa.Column("first", sa.Integer, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop both."""
    for table in ("load_spans", "loads"):
        op.drop_table(table)
