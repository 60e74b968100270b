"""The doctor's checks of Valkey or Redis: reachable, set up as a queue needs it, and how much waits."""

from collections.abc import Iterator

from redis import Redis
from redis.exceptions import RedisError

from themeline.cli.findings import Finding
from themeline.shared.events import QueueName

# More than this waits only when the workers do not keep up or do not run: a worker does a hundred a second.
LONGEST_QUEUE = 10_000


def check_redis(url: str) -> Iterator[Finding]:
    try:
        with Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            yield from _server(client)
            yield from _queues(client)
    except ValueError as error:
        yield Finding("redis", f"the address is not usable ({error})", "correct THEMELINE_REDIS_URL")
    except (RedisError, OSError) as error:
        remedy = "is it running there? articles are accepted meanwhile, and related when it returns"
        yield Finding("redis", f"no answer ({str(error).splitlines()[0]})", remedy)


def _server(client: Redis) -> Iterator[Finding]:
    info = dict(client.info())
    name = str(info.get("server_name", "redis")).capitalize()
    yield Finding("redis", f"{name} {info.get('valkey_version', info.get('redis_version'))}")
    policy = str(info.get("maxmemory_policy", "noeviction"))
    remedy = "" if policy == "noeviction" else "set maxmemory-policy noeviction: it may throw messages away"
    yield Finding("redis", f"maxmemory-policy is {policy}", remedy)


def _queues(client: Redis) -> Iterator[Finding]:
    for queue in QueueName:
        length = int(client.llen(queue.value))
        remedy = "" if length <= LONGEST_QUEUE else "start more workers (--workers N), or see related.log"
        yield Finding("queue", f"{queue.value} holds {length:,} messages", remedy)
