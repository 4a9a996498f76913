"""The event log, snapshots and command keys in SQLite; the only package that knows SQL."""
