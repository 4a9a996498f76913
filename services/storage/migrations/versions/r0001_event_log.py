"""The event log, its snapshots, and the keys of commands already done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "meta",
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(128), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("offset", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("recv_time", sa.Float, nullable=False),
        sa.Column("event_time", sa.Float, nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_events_subject", "events", ["subject", "offset"])
    op.create_index("ix_events_recv_time", "events", ["recv_time"])
    for name, where in (
        ("ix_events_lossless", "type <> 'entity.observed'"),
        ("ix_events_alarms", "type = 'alarm.changed'"),
    ):
        op.create_index(name, "events", ["offset"], sqlite_where=sa.text(where))
    op.create_table(
        "snapshots",
        sa.Column("offset", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time", sa.Float, nullable=False),
        sa.Column("blob", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "idempotency",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary(32), nullable=False),
        sa.Column("result", sa.LargeBinary, nullable=False),
        sa.Column("time", sa.Float, nullable=False),
    )
    op.create_index("ix_idempotency_time", "idempotency", ["time"])


def downgrade() -> None:
    """Drop everything."""
    for table in ("idempotency", "snapshots", "events", "meta"):
        op.drop_table(table)
