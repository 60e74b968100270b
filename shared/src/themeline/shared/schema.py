"""Which schema a database has and which this code knows, without loading the migration tool.

Alembic takes a second of start-up that a service does not need for two strings.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def known_revisions() -> list[str]:
    """Return the revisions that this code knows, the newest first: files are named `NNNN_what_it_does.py`."""
    return sorted((path.stem.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py")), reverse=True)


def current_revision(engine: Engine) -> str | None:
    """Return the revision that a database is at, or None when it has no schema."""
    with engine.connect() as connection:
        if connection.scalar(text("select to_regclass('alembic_version')")) is None:
            return None
        revision: str | None = connection.scalar(text("select version_num from alembic_version"))
        return revision


def database_check(engine: Engine) -> Callable[[], list[str]]:
    """Return a check that says what keeps the database from serving; an empty answer means that nothing does.

    A revision unknown here is newer and no fault: the next release migrates while this one still serves.
    """
    known = known_revisions()

    def check() -> list[str]:
        try:
            current = current_revision(engine)
        except SQLAlchemyError as error:
            return [f"the database cannot be reached ({type(error).__name__})"]
        if current is None:
            return ["the database has no schema; run the migrations"]
        if current in known[1:]:
            return [f"the schema is at {current}, this release needs {known[0]}; run the migrations"]
        return []

    return check
