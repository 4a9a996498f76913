"""Checksums of events; projections beside the log; what was compacted.

Only tables are made here. What they hold is filled from the log afterwards, in small transactions
that can be interrupted (``services/storage/catch_up.py``): the note that it is due is left in
``meta``.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make them. The index of subjects goes: the readings are found in a table of their own."""
    op.add_column("events", sa.Column("crc", sa.Integer))
    op.drop_index("ix_events_subject", "events")
    op.create_table(
        "compacted",
        sa.Column("what", sa.String(16), primary_key=True),
        sa.Column("last_offset", sa.Integer, nullable=False),
        sa.Column("done_offset", sa.Integer, nullable=False),
        sa.Column("time", sa.Float, nullable=False),
    )
    _readings()
    _cases()
    _alarms()
    op.execute("INSERT INTO meta (key, value) SELECT 'caught_up_to', '0' FROM events LIMIT 1")


def _readings() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entity", sa.String(500), nullable=False),
        sa.Column("measure", sa.String(200), nullable=False),
        sa.UniqueConstraint("entity", "measure"),
    )
    op.create_table(
        "readings",
        sa.Column("bucket", sa.Integer, primary_key=True),
        sa.Column("series", sa.Integer, primary_key=True),
        sa.Column("time", sa.Float, primary_key=True),
        sa.Column("offset", sa.Integer, primary_key=True),
        sa.Column("value", sa.Float, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollups",
        sa.Column("step", sa.Integer, primary_key=True),
        sa.Column("block", sa.Integer, primary_key=True),
        sa.Column("series", sa.Integer, primary_key=True),
        sa.Column("time", sa.Integer, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("low", sa.Float, nullable=False),
        sa.Column("high", sa.Float, nullable=False),
        sa.Column("total", sa.Float, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollups_due",
        sa.Column("bucket", sa.Integer, primary_key=True, autoincrement=False),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("opened", sa.Integer, nullable=False, unique=True),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("reported_at", sa.Float, nullable=False),
        sa.Column("closed_at", sa.Float),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_cases_state", "cases", ["state", "opened"])
    op.create_index("ix_cases_category", "cases", ["category", "opened"])
    op.create_index("ix_cases_closed_at", "cases", ["closed_at"])
    op.create_table(
        "dispatches",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("opened", sa.Integer, nullable=False, unique=True),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String(200), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_dispatches_case", "dispatches", ["case_id"])


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("opened", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("key", sa.String(700), nullable=False),
        sa.Column("object_id", sa.String(500), nullable=False),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("raised_at", sa.Float, nullable=False),
        sa.Column("gone_at", sa.Float),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    standing = sa.text("gone = 0")
    op.create_index("ix_alarms_standing", "alarms", ["key"], unique=True, sqlite_where=standing)
    op.create_index("ix_alarms_object", "alarms", ["object_id", "opened"])
    op.create_index("ix_alarms_raised_at", "alarms", ["raised_at"])
    op.create_index("ix_alarms_gone_at", "alarms", ["gone_at"])


def downgrade() -> None:
    """Take them away again; nothing of the log is lost."""
    for table in ("alarms", "dispatches", "cases", "rollups_due", "rollups", "readings", "series"):
        op.drop_table(table)
    op.drop_table("compacted")
    op.drop_column("events", "crc")
    op.create_index("ix_events_subject", "events", ["subject", "offset"])
