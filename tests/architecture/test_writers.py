"""Each table has one writer, and the database enforces it."""

import ast
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import ProgrammingError

from repository import ROOT, SERVICES, python_sources
from themeline.shared.models import INGEST_TABLES, RELATED_TABLES, Base

ROLES = (ROOT / "deploy/postgres/roles.sql").read_text(encoding="utf-8")
GRANT = re.compile(r"grant insert, update, delete on\s+([a-z_,\s]+?)\s+to themeline_(\w+);")
OWNERS_ALONE = "alembic_version"
WRITES = ("insert", "update", "delete")


def granted() -> dict[str, set[str]]:
    return {role: set(re.split(r",\s*", tables)) for tables, role in GRANT.findall(ROLES)}


def test_each_role_may_write_the_tables_of_its_service_alone() -> None:
    assert granted() == {
        "ingest": {model.__tablename__ for model in INGEST_TABLES},
        "related": {model.__tablename__ for model in RELATED_TABLES},
    }


def test_each_table_has_exactly_one_writer() -> None:
    owned = [model.__tablename__ for model in (*INGEST_TABLES, *RELATED_TABLES)]
    assert sorted(owned) == sorted(Base.metadata.tables)


def test_the_docstring_of_a_table_names_its_writer() -> None:
    for service, models in (("ingest", INGEST_TABLES), ("related", RELATED_TABLES)):
        for model in models:
            assert f"Written by {service}" in (model.__doc__ or ""), model.__tablename__


def test_no_code_of_a_service_writes_a_table_of_another() -> None:
    owned = {"ingest": INGEST_TABLES, "related": RELATED_TABLES, "api": ()}
    for service in SERVICES:
        foreign = {model.__name__ for name, models in owned.items() if name != service for model in models}
        found = [
            f"{path}:{node.lineno}"
            for path, tree in python_sources()
            if path.parts[:2] == ("services", service)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in WRITES
            and {argument.id for argument in node.args if isinstance(argument, ast.Name)} & foreign
        ]
        assert found == []


@pytest.fixture
def guarded(database_url: str) -> Iterator[Connection]:
    """A connection of the owner, to a migrated database with the roles of the services."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        # Roles belong to the whole server: tests that run beside this one must not make them at once.
        connection.execute(text("select pg_advisory_lock(hashtext('test_writers'))"))
        for _ in range(2):  # a second run changes nothing
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute(ROLES)
        yield connection
        connection.execute(text("drop owned by themeline_ingest, themeline_related, themeline_api"))


def may(connection: Connection, role: str, action: str, table: str) -> bool:
    question = text("select has_table_privilege(:role, :table, :action)")
    return bool(connection.scalar(question, {"role": role, "table": table, "action": action}))


def test_the_database_lets_a_service_write_its_own_tables_alone(guarded: Connection) -> None:
    for service in SERVICES:
        for table in {*Base.metadata.tables, OWNERS_ALONE}:
            own = table in granted().get(service, set())
            writes = {action: may(guarded, f"themeline_{service}", action, table) for action in WRITES}
            assert set(writes.values()) == {own}, (service, table, writes)
            assert may(guarded, f"themeline_{service}", "select", table)
            assert not may(guarded, f"themeline_{service}", "truncate", table)


def test_the_api_cannot_change_an_article(guarded: Connection) -> None:
    guarded.execute(text("set role themeline_api"))
    assert guarded.scalar(text("select count(*) from articles")) == 0
    with pytest.raises(ProgrammingError, match="permission denied for table articles"):
        guarded.execute(text("update articles set title = 'another'"))
    with pytest.raises(ProgrammingError, match="permission denied for schema public"):
        guarded.execute(text("create table stray (id int)"))
    guarded.execute(text("reset role"))


def test_related_may_index_the_vectors_of_an_encoder_and_others_may_not(guarded: Connection) -> None:
    add = text("select add_vector_index('an encoder', 3)")
    guarded.execute(text("set role themeline_related"))
    guarded.execute(add)
    guarded.execute(text("select drop_vector_index('an encoder')"))
    with pytest.raises(ProgrammingError, match="must be owner of table vectors"):
        guarded.execute(text("create index stray on vectors (article_id)"))
    guarded.execute(text("set role themeline_api"))
    with pytest.raises(ProgrammingError, match="permission denied for function add_vector_index"):
        guarded.execute(add)
    guarded.execute(text("reset role"))
