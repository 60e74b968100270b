"""What the service needs before it can answer, looked at when asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine

from themeline.shared.schema import database_check

# A probe's own patience is a second or more.
REDIS_TIMEOUT_S = 0.5


@dataclass(frozen=True, slots=True)
class Readiness:
    """needed: without it nothing can be read. wanted: without it new articles do not reach the boxes."""

    needed: tuple[str, ...]
    wanted: tuple[str, ...]


def make_check(engine: Engine, redis_url: str) -> Callable[[], Readiness]:
    """Return the check of a database and of the transport."""
    redis = Redis.from_url(redis_url, socket_connect_timeout=REDIS_TIMEOUT_S, socket_timeout=REDIS_TIMEOUT_S)
    database = database_check(engine)

    def check() -> Readiness:
        return Readiness(tuple(database()), tuple(_redis_faults(redis)))

    return check


def _redis_faults(redis: Redis) -> Iterator[str]:
    try:
        redis.ping()
    except (RedisError, OSError) as error:
        yield f"Redis cannot be reached ({type(error).__name__}); articles are served, new ones wait"
