"""Runs the migrations in one transaction each, one runner at a time, never waiting long for a lock."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from themeline.shared.migrations import MIGRATION_LOCK
from themeline.shared.models import Base

# A migration that queues behind a long reader blocks every writer behind itself: fail instead.
LOCK_TIMEOUT = "5s"


def run() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        # two runners at once: the second waits here, then finds nothing to do
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


run()
