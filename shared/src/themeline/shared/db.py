"""Database access: one engine a process, one transaction a unit of work.

Only this module begins and commits transactions.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]

# A statement that runs longer than this is stuck: the longest honest one (a batch of
# relations) was measured below 1 s.
STATEMENT_TIMEOUT_MS = 60_000
# A transaction left open blocks vacuum and the event order; nothing here waits for people.
IDLE_TRANSACTION_TIMEOUT_MS = 60_000
CONNECT_TIMEOUT_S = 5
# A request that waits longer for a connection is answered 503: the client may try again.
POOL_TIMEOUT_S = 5


def make_engine(url: str, *, application: str, pool_size: int = 5) -> Engine:
    """Return an engine with a fixed pool of `pool_size` connections.

    A pool that overflows hides a leak and exhausts the server instead, so there is no overflow.
    """
    options = (
        f"-c statement_timeout={STATEMENT_TIMEOUT_MS}"
        f" -c idle_in_transaction_session_timeout={IDLE_TRANSACTION_TIMEOUT_MS}"
        " -c timezone=UTC"
        # The vector searches are estimated as expensive and are not: compiling costs more than running.
        " -c jit=off"
    )
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        connect_args={
            "application_name": application,
            "connect_timeout": CONNECT_TIMEOUT_S,
            "options": options,
        },
    )


def make_sessions(engine: Engine) -> Sessions:
    """Return a factory of sessions bound to `engine`."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def unit_of_work(sessions: Sessions) -> Iterator[Session]:
    """Run a block in one transaction: committed at its end, rolled back on an exception."""
    with sessions.begin() as session:
        yield session


@contextmanager
def read_only(sessions: Sessions) -> Iterator[Session]:
    """Run a block in one read-only snapshot: every statement sees the same state."""
    with sessions() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        yield session
