"""The fixtures of this tier: real servers and real processes."""

from e2e.processes import processes
from servers import (
    admin,
    database_url,
    empty_database_url,
    engine,
    postgres_url,
    redis_url,
    server_folder,
    session,
    sessions,
    template,
    valkey,
)

__all__ = [
    "admin",
    "database_url",
    "empty_database_url",
    "engine",
    "postgres_url",
    "processes",
    "redis_url",
    "server_folder",
    "session",
    "sessions",
    "template",
    "valkey",
]
