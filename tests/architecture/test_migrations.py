"""The migrations make the tables that the models describe, and can be taken back."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, pool

from themeline.shared import migrations
from themeline.shared.models import Base
from themeline.shared.schema import current_revision, known_revisions


def tables(url: str) -> set[str]:
    engine = create_engine(url, poolclass=pool.NullPool)
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_models_and_the_migrated_schema_are_the_same(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_an_empty_database_can_be_migrated_up_down_and_up_again(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url)
    assert tables(empty_database_url) == set(Base.metadata.tables)
    migrations.downgrade(empty_database_url, "base")
    assert tables(empty_database_url) == set()
    migrations.upgrade(empty_database_url)
    assert tables(empty_database_url) == set(Base.metadata.tables)


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrations.upgrade(database_url)
    assert tables(database_url) == set(Base.metadata.tables)


def test_the_services_know_the_newest_revision_without_the_migration_tool(engine: Engine) -> None:
    assert known_revisions()[0] == migrations.head() == current_revision(engine)


def test_a_database_without_a_schema_is_at_no_revision(empty_database_url: str) -> None:
    assert current_revision(create_engine(empty_database_url, poolclass=pool.NullPool)) is None
