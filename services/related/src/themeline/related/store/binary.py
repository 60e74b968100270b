"""Queries with binary results: arrays and bytes of thousands of rows, without a detour over text."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import psycopg
from sqlalchemy.orm import Session

from themeline.related.store.arrays import packed

# From so many numbers on an array is passed in binary form: psycopg writes a list as text, number by number.
# Measured with 100,000 articles stored: the ids of candidates took 1 ms of CPU an article.
LONG = 32


def fetch(session: Session, sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run `sql` (psycopg's placeholders) in the session's transaction; return every row."""
    with _driver(session).cursor(binary=True) as cursor:
        cursor.execute(sql.encode(), _binary(parameters))
        return cursor.fetchall()


def columns(session: Session, sql: str, parameters: dict[str, Any], types: Sequence[str]) -> list[npt.NDArray[Any]]:
    """Run a query of one row, an aggregate of bytes for each column, as arrays of these types (NumPy's names).

    Thousands of rows come without a Python object each: `string_agg(int8send(id), '')` is of type ">i8".
    """
    (row,) = fetch(session, sql, parameters)
    return [np.frombuffer(value or b"", kind) for value, kind in zip(row, types, strict=True)]


def execute(session: Session, sql: str, parameters: dict[str, Any]) -> int:
    """Run `sql` in the session's transaction; return the number of rows it touched."""
    with _driver(session).cursor() as cursor:
        cursor.execute(sql.encode(), _binary(parameters))
        return cursor.rowcount


def _driver(session: Session) -> psycopg.Connection[tuple[Any, ...]]:
    return cast("psycopg.Connection[tuple[Any, ...]]", session.connection().connection.driver_connection)


def _binary(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: _packed(value) for name, value in parameters.items()}


def _packed(value: Any) -> Any:
    """A long list of whole numbers as an int8[]; everything else as it is."""
    if not isinstance(value, list) or len(value) < LONG or type(value[0]) is not int:
        return value
    numbers = np.array(value)
    return packed(numbers) if numbers.dtype == np.int64 else value
