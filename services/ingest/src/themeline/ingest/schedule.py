"""The scheduler: puts feeds and pages whose time has come on their queues. Several may run at once."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from celery import Celery
from sqlalchemy.orm import Session

from themeline.ingest import metrics
from themeline.ingest.store import hosts, pages, polls
from themeline.ingest.store.leases import FEEDS, PAGES, Leased
from themeline.shared import queue
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.events import FeedDue, PageWanted, QueueName
from themeline.shared.process import first_line
from themeline.shared.telemetry.logging import logger

log = logger(__name__)

# A message that has not been taken by then is taken for lost, and sent again.
QUEUED_FOR = timedelta(minutes=5)
# Sent in one transaction, a few milliseconds each.
AT_ONCE = 200
# Messages of one kind that wait at most: a fetcher reads as many in less time than `QUEUED_FOR`.
AHEAD = 1_000
# Entries that no feed lists any more, pages that are done with, and hosts that are not asked any more are forgotten
# after this.
KEPT_FOR = timedelta(days=60)
TIDIED_EVERY = timedelta(minutes=10)
TIDIED_AT_ONCE = 5_000


class Scheduler:
    """One pass sends everything that is due. Messages are sent before the mark is committed: at least once."""

    def __init__(self, sessions: Sessions, app: Celery) -> None:
        self._sessions = sessions
        self._app = app
        self._tidied = datetime.now(UTC)

    def once(self) -> None:
        now = datetime.now(UTC)
        while self._send(FEEDS, FeedDue.name, QueueName.FEEDS, now) == AT_ONCE:
            pass
        while self._send(PAGES, PageWanted.name, QueueName.PAGES, now) == AT_ONCE:
            pass
        if now - self._tidied > TIDIED_EVERY:
            self._tidied = now
            self._tidy(now)

    def failed(self, error: Exception) -> None:
        metrics.SCHEDULER_FAILURES.inc()
        log.warning("scheduling failed, will try again", error=first_line(error))

    def _send(self, table: Leased, name: str, to: QueueName, now: datetime) -> int:
        with unit_of_work(self._sessions) as session:
            due = table.take_due(session, now=now, queued_for=QUEUED_FOR, limit=AT_ONCE, ahead=AHEAD)
            for id_ in due:
                queue.send(self._app, name, to, [id_], {"sent_at": time.time()})
        metrics.SCHEDULED.labels(to).inc(len(due))
        return len(due)

    def _tidy(self, now: datetime) -> None:
        for forget in (polls.forget_entries, pages.forget, hosts.forget):
            while self._forgotten(forget, now - KEPT_FOR) == TIDIED_AT_ONCE:
                pass

    def _forgotten(self, forget: Callable[[Session, datetime, int], int], before: datetime) -> int:
        with unit_of_work(self._sessions) as session:
            return forget(session, before, TIDIED_AT_ONCE)
