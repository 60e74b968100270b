"""The metrics of ingest, declared here and incremented at its entry points (what was lost on the way, where it is)."""

from collections.abc import Iterable
from typing import get_args

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from themeline.ingest.core.health import Health
from themeline.ingest.store import pages, polls
from themeline.shared.db import Sessions, read_only
from themeline.shared.events import QueueName
from themeline.shared.models import OutboxEntry
from themeline.shared.process import first_line
from themeline.shared.telemetry.logging import logger

log = logger(__name__)

# A local answer takes milliseconds, the slowest that is waited for 30 s, and a turn at the host may come first.
FETCH_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

RECEIVED = Counter(
    "themeline_articles_received_total",
    "Items of pushed requests, by what became of them: created, updated, unchanged or rejected.",
    ("status",),
)
WITHDRAWALS = Counter("themeline_article_withdrawals_total", "Articles withdrawn or restored by request.", ("action",))
RELAYED_MESSAGES = Counter("themeline_relay_messages_total", "Messages that the relay put on a queue.", ("queue",))
RELAYED_ARTICLES = Counter("themeline_relay_articles_total", "Articles in those messages.", ("queue",))
RELAY_FAILURES = Counter("themeline_relay_failures_total", "Passes of the relay that ended in an error.")
REJECTED_LOST = Counter("themeline_rejected_items_lost_total", "Rejected items whose reason could not be kept.")
POLLS = Counter(
    "themeline_feed_polls_total",
    "Polls of feeds, by what came of them: read, unchanged, found, postponed, retired or failed.",
    ("outcome",),
)
POLL_SECONDS = Histogram(
    "themeline_feed_poll_seconds",
    "Time of one poll, from its turn at the host to what is stored.",
    buckets=FETCH_BUCKETS,
)
ENTRIES = Counter(
    "themeline_feed_entries_total",
    "Entries of feeds that were new or said something new, by what became of them.",
    ("status",),
)
PAGES = Counter(
    "themeline_pages_total", "Pages tried, by what came of it: read, refused, postponed, again or failed.", ("outcome",)
)
PAGE_SECONDS = Histogram("themeline_page_seconds", "Time of reading one page.", buckets=FETCH_BUCKETS)
WEBSUB = Counter("themeline_websub_total", "What hubs and we told each other.", ("event",))
SCHEDULED = Counter("themeline_fetches_scheduled_total", "Feeds and pages put on the queue as due.", ("queue",))
SCHEDULER_FAILURES = Counter("themeline_scheduler_failures_total", "Passes of the scheduler that ended in an error.")

# The values of each label, so that a rate is 0 before the first of its kind and not absent.
_KNOWN = (
    (POLLS, ("read", "unchanged", "found", "postponed", "retired", "failed")),
    (ENTRIES, ("created", "updated", "unchanged", "rejected")),
    (PAGES, ("read", "refused", "postponed", "again", "failed")),
    (WEBSUB, ("verified", "refused", "notified", "bad_signature")),
    (SCHEDULED, (QueueName.FEEDS, QueueName.PAGES)),
)


def count_from_zero() -> None:
    """Let every counter of reading be there from the start."""
    for counter, values in _KNOWN:
        for value in values:
            counter.labels(value)


class OutboxCollector(Collector):
    """The outbox, counted when Prometheus asks."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Without the database these two are missing; what the process counted itself is still served."""
        try:
            entries, age = self._sample()
        except SQLAlchemyError as error:
            log.warning("outbox not counted", error=first_line(error))
            return
        yield GaugeMetricFamily("themeline_outbox_entries", "Article versions waiting for the relay.", entries)
        yield GaugeMetricFamily("themeline_outbox_oldest_age_seconds", "Age of the oldest of them.", age)

    def _sample(self) -> tuple[int, float]:
        with read_only(self._sessions) as session:
            age = func.extract("epoch", func.now() - func.min(OutboxEntry.created_at))
            entries, seconds = session.execute(select(func.count(OutboxEntry.id), func.coalesce(age, 0))).one()
        return entries, float(seconds)


class FeedsCollector(Collector):
    """Feeds and pages, counted when Prometheus asks."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Without the database these are missing."""
        try:
            with read_only(self._sessions) as session:
                healths = polls.healths(session)
                overdue = polls.longest_overdue(session)
                waiting, oldest = pages.backlog(session)
        except SQLAlchemyError as error:
            log.warning("feeds not counted", error=first_line(error))
            return
        found = GaugeMetricFamily("themeline_feeds", "Feeds, by how they are.", labels=["health"])
        for name in get_args(Health):
            found.add_metric([name], healths.get(name, 0))
        yield found
        yield GaugeMetricFamily(
            "themeline_feeds_overdue_seconds", "How long the feed that waits longest has been due.", overdue
        )
        yield GaugeMetricFamily("themeline_pages_waiting", "Pages that wait to be read.", waiting)
        yield GaugeMetricFamily("themeline_pages_oldest_due_seconds", "How long the page due longest has been.", oldest)
