"""Queries with binary results: arrays and bytes of thousands of rows, without a detour over text."""

from typing import Any, cast

import psycopg
from sqlalchemy.orm import Session


def fetch(session: Session, sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run `sql` (psycopg's placeholders) in the session's transaction; return every row."""
    with _driver(session).cursor(binary=True) as cursor:
        cursor.execute(sql.encode(), parameters)
        return cursor.fetchall()


def execute(session: Session, sql: str, parameters: dict[str, Any]) -> int:
    """Run `sql` in the session's transaction; return the number of rows it touched."""
    with _driver(session).cursor() as cursor:
        cursor.execute(sql.encode(), parameters)
        return cursor.rowcount


def _driver(session: Session) -> psycopg.Connection[tuple[Any, ...]]:
    return cast("psycopg.Connection[tuple[Any, ...]]", session.connection().connection.driver_connection)
