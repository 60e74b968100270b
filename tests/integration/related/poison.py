"""Articles that the database refuses, or makes a worker wait for: trouble without touching the code under test."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

# Any number will do: who holds it keeps the workers waiting.
GATE = 4_711

_REFUSE = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.article_id IN (SELECT id FROM articles WHERE title LIKE '%poison%') THEN
            RAISE EXCEPTION 'this article is poison';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse();
"""

_GATE = """
    CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared({gate});
        RETURN NULL;
    END $$;
    CREATE TRIGGER gate BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION gate();
"""


def refuse_poison(engine: Engine, table: str) -> None:
    """Make the database refuse to store in `table` anything of an article with poison in its title."""
    _run(engine, _REFUSE.format(table=table))


def cure(engine: Engine, table: str) -> None:
    _run(engine, f"DROP TRIGGER refuse ON {table}")


@contextmanager
def gate(engine: Engine, table: str) -> Iterator[None]:
    """Keep everyone waiting who writes to `table`, until the block ends."""
    _run(engine, _GATE.format(table=table, gate=GATE))
    with engine.connect() as holder:
        holder.execute(text("SELECT pg_advisory_lock(:gate)"), {"gate": GATE})
        try:
            yield
        finally:
            holder.execute(text("SELECT pg_advisory_unlock(:gate)"), {"gate": GATE})


def waiting(engine: Engine) -> int:
    """How many transactions wait for a lock on this database."""
    with engine.connect() as connection:
        found = connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )
    return int(found or 0)


def _run(engine: Engine, sql: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(sql))
