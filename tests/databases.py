"""Databases that live as long as a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import Engine, text


@contextmanager
def make_database(admin: Engine, template: str = "template0") -> Iterator[str]:
    """Create a database as a copy of `template`, yield its name, and drop it."""
    name = f"test_{uuid4().hex}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield name
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def url_of(admin: Engine, name: str) -> str:
    """The address of a database on the same server."""
    return admin.url.set(database=name).render_as_string(hide_password=False)
