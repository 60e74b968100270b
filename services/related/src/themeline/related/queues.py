"""What the queues in Redis look like, read without touching them."""

import json
import time
from dataclasses import dataclass

from redis import Redis

from themeline.shared.events import QueueName


@dataclass(frozen=True)
class QueueState:
    """A queue's messages, and the seconds since its oldest was sent (0 when it is empty)."""

    name: str
    length: int
    oldest_age: float


def queue_states(redis: Redis) -> list[QueueState]:
    """Look at every queue. New messages enter at the head of the list; the oldest is at its tail."""
    return [_state(redis, name) for name in QueueName]


def _state(redis: Redis, name: str) -> QueueState:
    length = redis.llen(name)
    oldest = redis.lindex(name, -1)
    return QueueState(name, length, _age(oldest))


def _age(message: bytes | str | None) -> float:
    if message is None:
        return 0.0
    try:
        sent_at = json.loads(message)["headers"]["sent_at"]
        return max(0.0, time.time() - float(sent_at))
    except (ValueError, KeyError, TypeError):
        return 0.0
