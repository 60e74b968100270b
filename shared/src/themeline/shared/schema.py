"""Which schema a database has and which this code knows, without loading the migration tool.

Alembic takes a second of start-up that a service does not need for two strings.
"""

from pathlib import Path

from sqlalchemy import Engine, text

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
