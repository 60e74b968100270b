"""Task telemetry from Celery's signals: outcomes, durations, and the wait in the queue."""

import os
import time
from typing import Any

from celery import signals
from prometheus_client import Counter, Histogram, multiprocess

# A task carries one article or a batch of sixty-four; the wait grows with a backlog.
DURATION_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
WAIT_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0, 3600.0)

TASKS = Counter("themeline_tasks_total", "Celery tasks that ended.", ("task", "outcome"))
DURATION = Histogram("themeline_task_duration_seconds", "Time in a Celery task.", ("task",), buckets=DURATION_BUCKETS)
QUEUE_WAIT = Histogram(
    "themeline_queue_wait_seconds",
    "Time between sending a message and the start of its task.",
    ("queue",),
    buckets=WAIT_BUCKETS,
)


def install() -> None:
    """Connect the handlers; call once in the worker's composition root."""
    signals.task_prerun.connect(_on_start, weak=False)
    signals.task_postrun.connect(_on_end, weak=False)
    signals.task_rejected.connect(_on_rejected, weak=False)
    signals.task_unknown.connect(_on_rejected, weak=False)
    signals.worker_process_shutdown.connect(_on_process_end, weak=False)


def _on_start(task: Any = None, **_: Any) -> None:
    task.request.started_at = time.perf_counter()
    sent_at = (task.request.headers or {}).get("sent_at") or getattr(task.request, "sent_at", None)
    if isinstance(sent_at, int | float):
        queue = (task.request.delivery_info or {}).get("routing_key") or "unknown"
        QUEUE_WAIT.labels(queue).observe(max(0.0, time.time() - sent_at))


def _on_end(task: Any = None, state: str | None = None, **_: Any) -> None:
    TASKS.labels(task.name, (state or "unknown").lower()).inc()
    started = getattr(task.request, "started_at", None)
    if started is not None:
        DURATION.labels(task.name).observe(time.perf_counter() - started)


def _on_rejected(**_: Any) -> None:
    TASKS.labels("(unreadable)", "rejected").inc()


def _on_process_end(pid: int | None = None, **_: Any) -> None:
    if pid is not None and multiprocess_directory():
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def multiprocess_directory() -> str | None:
    """Return the folder of the multiprocess metrics, set outside Python, or None."""
    return os.environ.get("PROMETHEUS_MULTIPROC_DIR")
