"""The tables as SQLAlchemy sees them now; how they came to be is in ``migrations/versions``."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", String(128), nullable=False),
)

LOSSLESS = "type <> 'entity.observed'"
ALARMS = "type = 'alarm.changed'"
"""Conditions of the partial indexes; a query must repeat them word for word to be served."""

events = Table(
    "events",
    metadata,
    Column("offset", Integer, primary_key=True, autoincrement=False),
    Column("recv_time", Float, nullable=False),
    Column("event_time", Float, nullable=False),
    Column("type", String(32), nullable=False),
    Column("subject", String(500), nullable=False),
    Column("source", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_events_subject", "subject", "offset"),
    Index("ix_events_recv_time", "recv_time"),
    Index("ix_events_lossless", "offset", sqlite_where=text(LOSSLESS)),
    Index("ix_events_alarms", "offset", sqlite_where=text(ALARMS)),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("offset", Integer, primary_key=True, autoincrement=False),
    Column("time", Float, nullable=False),
    Column("blob", LargeBinary, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("result", LargeBinary, nullable=False),
    Column("time", Float, nullable=False),
    Index("ix_idempotency_time", "time"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("time", Float, nullable=False),
    Column("type", String(80), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("object", String(400), nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Index("ix_audit_time", "time"),
    Index("ix_audit_actor", "actor", "seq"),
    Index("ix_audit_type", "type", "seq"),
)
"""All columns but ``body`` and ``hash`` repeat the body, for questions; triggers keep the rows."""

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("chain", String(32), nullable=False),
    Column("count", Integer, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("time", Float, nullable=False),
    Column("key", String(16), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)
