"""The tables as SQLAlchemy sees them now; how they came to be is in ``migrations/versions``.

``meta``, ``events``, ``snapshots``, ``idempotency`` and the loads are the record. Projections are
written in the same transaction, and can be made anew from what the log holds (``catch_up.py``).
``compacted`` says what was taken out of the log on purpose.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
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
STANDING = "gone = 0"
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
    Column("crc", Integer),  # records.checksum; NULL only until catch_up has been there
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

compacted = Table(
    "compacted",
    metadata,
    Column("what", String(16), primary_key=True),  # "observed" or "all"
    Column("last_offset", Integer, nullable=False),  # events 1 … last_offset of this class may go
    Column("done_offset", Integer, nullable=False),  # and up to here they are gone
    Column("time", Float, nullable=False),
)

# -- projections ---------------------------------------------------------------------------
series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("entity", String(500), nullable=False),
    Column("measure", String(200), nullable=False),
    UniqueConstraint("entity", "measure"),
)

BUCKET_S = 600
"""Seconds of source's time that lie together in ``readings``: what is written now touches few
pages, one measure of a few hours is a few short ranges, and what is old lies in one piece."""

readings = Table(
    "readings",
    metadata,
    Column("bucket", Integer, primary_key=True),  # event_time // BUCKET_S
    Column("series", Integer, primary_key=True),
    Column("time", Float, primary_key=True),
    Column("offset", Integer, primary_key=True),
    Column("value", Float, nullable=False),
    sqlite_with_rowid=False,
)

MINUTE_S, HOUR_S = 60, 3_600
STEPS = (MINUTE_S, HOUR_S)
BLOCK_STEPS = 60
"""Rollup rows of one measure that lie together: an hour of minutes, two and a half days of hours"""

rollups = Table(
    "rollups",
    metadata,
    Column("step", Integer, primary_key=True),  # seconds: one of STEPS
    Column("block", Integer, primary_key=True),  # time // (step * BLOCK_STEPS)
    Column("series", Integer, primary_key=True),
    Column("time", Integer, primary_key=True),  # start of the minute or hour, UNIX seconds
    Column("count", Integer, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("total", Float, nullable=False),
    sqlite_with_rowid=False,
)

rollups_due = Table(
    "rollups_due",
    metadata,
    Column("bucket", Integer, primary_key=True, autoincrement=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("opened", Integer, nullable=False, unique=True),  # offset of its first event
    Column("changed", Integer, nullable=False),  # offset of its newest
    Column("state", String(32), nullable=False),
    Column("category", String(64), nullable=False),
    Column("reported_at", Float, nullable=False),
    Column("closed_at", Float),
    Column("text", String, nullable=False),  # what a search looks through, in lower case
    Column("body", LargeBinary, nullable=False),
    Index("ix_cases_state", "state", "opened"),
    Index("ix_cases_category", "category", "opened"),
    Index("ix_cases_closed_at", "closed_at"),
)

dispatches = Table(
    "dispatches",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("opened", Integer, nullable=False, unique=True),
    Column("changed", Integer, nullable=False),
    Column("case_id", String(200), nullable=False),
    Column("state", String(32), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_dispatches_case", "case_id"),
)

alarms = Table(
    "alarms",
    metadata,
    # one row for each time an alarm stood: from its raising until it was normal and acknowledged
    Column("opened", Integer, primary_key=True, autoincrement=False),
    Column("changed", Integer, nullable=False),
    Column("key", String(700), nullable=False),
    Column("object_id", String(500), nullable=False),
    Column("rule", String(200), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("raised_at", Float, nullable=False),
    Column("gone_at", Float),
    Column("text", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_alarms_standing", "key", unique=True, sqlite_where=text(STANDING)),
    Index("ix_alarms_object", "object_id", "opened"),
    Index("ix_alarms_raised_at", "raised_at"),
    Index("ix_alarms_gone_at", "gone_at"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("user", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

logins = Table(
    "logins",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user", String(64), nullable=False),
    Column("ends_at", Float, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_logins_user", "user"),
)

loads = Table(
    "loads",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("user", String(64), nullable=False),
    Column("file", String(200), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("epoch", String(32), nullable=False),
    Column("first", Integer, nullable=False),  # the newest offset when it began
    Column("began_at", Float, nullable=False),
    Column("reverted", Integer, nullable=False),  # so many of its ids, sorted, were taken back
    Column("undo_at", Float),  # from then on it takes no rows
    Column("undone_at", Float),
    Index("ix_loads_user", "user", "began_at"),
)

load_spans = Table(
    "load_spans",
    metadata,
    Column("load", String(100), primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),  # events after it …
    Column("last", Integer, nullable=False),  # … up to here came of the load's rows
    sqlite_with_rowid=False,
)
"""Written with the events themselves: what a load did is known as surely as what is in the log."""
