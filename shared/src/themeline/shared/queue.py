"""The message queue: the Celery application that every process builds alike."""

import warnings
from collections.abc import Sequence
from socket import gethostname
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery import Celery
from celery.exceptions import CPendingDeprecationWarning
from celery.platforms import SecurityWarning
from kombu.connection import Connection
from kombu.entity import Exchange, Queue

from themeline.shared.events import QueueName

# A message that no worker has acknowledged for this long goes to another worker. It must
# exceed the longest task (a batch was measured below 5 s) and the longest retry countdown.
VISIBILITY_TIMEOUT_S = 120
# Measured: with the defaults, recovery after a killed worker took 102 s at a visibility
# timeout of 8 s; with these two, 9.4 to 9.9 s.
RESTORE_INTERVAL_S = 2
RESTORE_THROTTLE = 1
# Every visible retry delay of a task stays below the visibility timeout.
MAX_RETRY_DELAY_S = 30

# A consumer tries again this soon after it lost the broker, and this rarely in a long outage. Kombu's
# own pauses grow to 30 s: so long after the broker is back would articles wait.
RECONNECT_PAUSE_S = 0.5
LONGEST_RECONNECT_PAUSE_S = 3.0

# The default exchange routes by queue name without any binding stored in Redis: emptying
# Redis cannot lose the routes.
_DIRECT = Exchange("", type="direct")


class _EagerConnection(Connection):
    """A connection that is tried again sooner than kombu would."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Connection:
        pauses = {
            "interval_start": RECONNECT_PAUSE_S,
            "interval_step": RECONNECT_PAUSE_S,
            "interval_max": LONGEST_RECONNECT_PAUSE_S,
        }
        super().ensure_connection(*args, **pauses | kwargs)  # type: ignore[no-untyped-call]
        return self


def make_celery(name: str, redis_url: str, *, visibility_timeout: int = VISIBILITY_TIMEOUT_S) -> Celery:
    """Return a Celery application for `redis_url` with the queues of this system.

    Messages are acknowledged after the work, given back when a worker dies, and carry no result.
    """
    app = Celery(name, broker=broker_url(redis_url), set_as_current=False)
    app.conf.update(
        task_queues=[Queue(queue, _DIRECT, routing_key=queue) for queue in QueueName],
        task_default_queue=QueueName.FRESH,
        task_default_exchange="",
        task_default_routing_key=QueueName.FRESH,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_acks_on_failure_or_timeout=True,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # A batch that is under way when the broker goes away is finished: repeating it changes nothing.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_transport_options={
            "visibility_timeout": visibility_timeout,
            "unacked_restore_interval": RESTORE_INTERVAL_S,
            "unacked_restore_throttle": RESTORE_THROTTLE,
            "queue_order_strategy": "priority",
            "socket_timeout": 10,
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
        },
    )
    app.amqp.Connection = _EagerConnection
    return app


def make_worker(app: Celery, name: str, queues: Sequence[QueueName], **options: Any) -> Any:
    """Return a worker that consumes these queues, and is called by its name where processes are listed.

    Workers need not know of each other, and the supervisor and the logs say what the banner would. `options` are those
    of `celery.apps.worker.Worker`.
    """
    # Celery warns root of unpickling; these queues carry JSON alone.
    warnings.simplefilter("ignore", SecurityWarning)
    # At each lost connection it would be told that what is set above will be the default no longer.
    warnings.simplefilter("ignore", CPendingDeprecationWarning)
    quiet = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True, "quiet": True}
    return app.Worker(hostname=f"{name}@{gethostname()}", queues=list(queues), **quiet, **options)


def send(app: Celery, name: str, queue: QueueName, args: Sequence[Any], headers: dict[str, Any]) -> None:
    """Put one message on `queue`; raise `kombu.exceptions.OperationalError` when the broker is away."""
    app.send_task(name, args=args, queue=queue, headers=headers, retry=False, ignore_result=True)


def broker_url(redis_url: str) -> str:
    """Return `redis_url` in kombu's dialect: a Unix socket is written differently there."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = parse_qs(parts.query)
    database = query.get("db", ["0"])[0]
    credentials = parts.netloc if "@" in parts.netloc else ""
    return f"redis+socket://{credentials}{parts.path}?virtual_host={database}"
