"""Runs the migrations in one transaction each, one runner at a time, never waiting long for a lock."""

import time

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from themeline.shared.migrations import MIGRATION_LOCK
from themeline.shared.models import Base

# A migration that queues behind a long reader blocks every writer behind itself: fail instead.
LOCK_TIMEOUT = "5s"


# How often a second runner asks whether the first is done.
POLL_S = 0.2


def _wait_for_lock(connection: Connection) -> None:
    # Asking again and again rather than waiting in the database: an index that is built concurrently waits for
    # every statement that runs, this one too.
    while not connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": MIGRATION_LOCK}):
        connection.commit()
        time.sleep(POLL_S)


def run() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        # two runners at once: the second waits here, then finds nothing to do
        _wait_for_lock(connection)
        connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


run()
