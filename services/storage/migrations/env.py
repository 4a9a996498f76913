"""Alembic's entry: runs on the connection that the caller opened, never on one of its own."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
