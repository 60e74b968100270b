"""A step in its own transaction, repeated when the database falters."""

from collections.abc import Callable
from typing import TypeVar

import psycopg
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from themeline.shared.db import Sessions, unit_of_work

T = TypeVar("T")

# A lost connection, a restart, a deadlock: as SQLAlchemy says it, and as psycopg does in binary queries.
FALTERING = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)

# A database that is away for longer than this fails the task, and the sweep sends it again; it
# leaves room for the work itself below the task's time limit.
DATABASE_PATIENCE_S = 30.0
LONGEST_PAUSE_S = 3.0


def repeated(sessions: Sessions, step: Callable[[Session], T]) -> T:
    """Run a step in a transaction, again when the connection is lost or two workers collide."""
    retrying = Retrying(
        retry=retry_if_exception_type(FALTERING),
        wait=wait_random_exponential(multiplier=0.1, max=LONGEST_PAUSE_S),
        stop=stop_after_delay(DATABASE_PATIENCE_S),
        reraise=True,
    )
    for attempt in retrying:
        with attempt, unit_of_work(sessions) as session:
            return step(session)
    raise RuntimeError("unreachable: the last attempt raises")
