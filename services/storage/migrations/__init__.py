"""Alembic migrations of the event store, run in code when the hub starts."""
