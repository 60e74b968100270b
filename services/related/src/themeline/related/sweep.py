"""The sweep: `python -m themeline.related.sweep` finds articles that fell behind and sends them again.

PostgreSQL says what is not related yet; whatever was sent longer ago than its queue is old, and
still has no outcome, was lost on the way. This comparison, not the queue, is the guarantee.
"""

import sys
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from celery import Celery
from redis import Redis
from sqlalchemy import Engine

from themeline.related import metrics
from themeline.related.queues import queue_states
from themeline.related.settings import SweepSettings
from themeline.related.store import encodings
from themeline.related.store.backlog import Stale, mark_resent, stale
from themeline.shared import queue
from themeline.shared.db import Sessions, make_engine, make_sessions, read_only, unit_of_work
from themeline.shared.events import ArticlePublished, QueueName, VectorsWanted
from themeline.shared.process import first_line, run_passes, stop_on_signals
from themeline.shared.schema import database_check
from themeline.shared.settings import read
from themeline.shared.telemetry import exposition, logging

PRIORITIES = {"fresh": QueueName.FRESH, "backfill": QueueName.BACKFILL}

log = logging.logger(__name__)


class Sweep:
    """One pass compares what is stored with what is related. Two sweeps at once only repeat themselves."""

    def __init__(self, settings: SweepSettings, sessions: Sessions, redis: Redis, app: Celery) -> None:
        self._settings = settings
        self._sessions = sessions
        self._redis = redis
        self._app = app

    def once(self) -> int:
        """Send again what fell behind; return the number of articles."""
        grace = timedelta(seconds=self._settings.sweep_grace_seconds)
        queues = {state.name: state for state in queue_states(self._redis)}
        ages = {name: timedelta(seconds=state.oldest_age) for name, state in queues.items()}
        patience = {priority: grace + ages[name] for priority, name in PRIORITIES.items()}
        with read_only(self._sessions) as session:
            found = stale(session, patience)
        for priority, group in groupby(sorted(found, key=lambda item: item.priority), lambda item: item.priority):
            self._send(PRIORITIES[priority], list(group))
        if not queues[QueueName.REINDEX].length:
            self._send_wanted(grace)
        metrics.SWEEPS.labels("done").inc()
        if found:
            log.warning("articles had fallen behind and were sent again", articles=len(found))
        return len(found)

    def _send_wanted(self, grace: timedelta) -> None:
        """Send the step of each re-index that has stopped: its message was lost, or its encoder was down."""
        with read_only(self._sessions) as session:
            stopped = encodings.idle(session, grace)
        for state in stopped:
            log.info("a re-index goes on", encoder=state.encoder, after=state.cursor)
            arguments = [state.encoder, state.cursor]
            queue.send(self._app, VectorsWanted.name, QueueName.REINDEX, arguments, {"sent_at": time.time()})

    def failed(self, error: Exception) -> None:
        metrics.SWEEPS.labels("failed").inc()
        log.warning("sweep failed, will try again", error=first_line(error))

    def _send(self, name: QueueName, items: Sequence[Stale]) -> None:
        size = self._settings.sweep_batch
        for batch in (items[at : at + size] for at in range(0, len(items), size)):
            correlation = f"sweep-{logging.new_correlation_id()}"
            headers = {"correlation_ids": [correlation] * len(batch), "sent_at": time.time()}
            queue.send(self._app, ArticlePublished.name, name, [[item.article_id for item in batch]], headers)
            with unit_of_work(self._sessions) as session:
                mark_resent(session, list(batch))
            metrics.RESENT.inc(len(batch))


def _serve_pages(settings: SweepSettings, engine: Engine, sessions: Sessions, redis: Redis) -> None:
    if settings.metrics_port is not None:
        exposition.serve(
            settings.metrics_host,
            settings.metrics_port,
            ready=database_check(engine),
            sampled=[metrics.BacklogCollector(sessions, redis)],
        )


def run(settings: SweepSettings, stop: threading.Event) -> None:
    engine = make_engine(settings.database_url, application="themeline-sweep", pool_size=2)
    sessions = make_sessions(engine)
    redis = Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=3)
    sweep = Sweep(settings, sessions, redis, queue.make_celery("themeline.sweep", settings.redis_url))
    _serve_pages(settings, engine, sessions, redis)
    log.info("sweep started")
    run_passes(sweep.once, lambda: stop.wait(settings.sweep_interval_seconds), stop, failed=sweep.failed)
    engine.dispose()
    redis.close()
    log.info("sweep stopped")


def main() -> int:
    settings = read(SweepSettings)
    logging.configure("sweep", settings.log_level)
    run(settings, stop_on_signals())
    return 0


if __name__ == "__main__":
    sys.exit(main())
