"""Alembic migrations of every table; run with `python -m themeline.shared.migrations`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

# Any number will do; it keeps two migrations from running at once.
MIGRATION_LOCK = 7_424_117


def configuration(url: str) -> Config:
    """Return the Alembic configuration for the database at `url`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema of the database at `url` up to `revision`."""
    command.upgrade(configuration(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Bring the schema of the database at `url` down to `revision`."""
    command.downgrade(configuration(url), revision)


def head() -> str:
    """Return the revision that this code expects."""
    revision = ScriptDirectory.from_config(configuration("")).get_current_head()
    if revision is None:
        raise RuntimeError("no migrations are packaged with themeline.shared")
    return revision
