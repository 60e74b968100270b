"""The Celery tasks of the fetcher: decode, read, count each outcome once."""

import time
from typing import Any

from celery import Celery

from themeline.ingest import metrics
from themeline.ingest.pages import PageReader
from themeline.ingest.poll import Poller
from themeline.shared.events import FeedDue, PageWanted
from themeline.shared.telemetry.logging import logger, new_correlation_id

log = logger(__name__)


def register(app: Celery, poller: Poller, reader: PageReader) -> None:
    """Make `app` handle the events `feed.due` and `page.wanted`."""

    @app.task(name=FeedDue.name)  # type: ignore[untyped-decorator]
    def on_feed_due(feed_id: int) -> None:
        correlation, started = f"feed-{new_correlation_id()}", time.perf_counter()
        polled = poller.poll(feed_id, correlation_id=correlation)
        if polled is not None:
            if polled.outcome != "postponed":
                metrics.POLL_SECONDS.observe(time.perf_counter() - started)
            metrics.POLLS.labels(polled.outcome).inc()
            for status in polled.taken.statuses:
                metrics.ENTRIES.labels(status).inc()
            _log("feed polled", polled.outcome, polled.error, feed=polled.feed_id, url=polled.url, new=polled.taken.new)

    @app.task(name=PageWanted.name)  # type: ignore[untyped-decorator]
    def on_page_wanted(page_id: int) -> None:
        correlation, started = f"page-{new_correlation_id()}", time.perf_counter()
        came = reader.read(page_id, correlation_id=correlation)
        if came is not None:
            if came.outcome != "postponed":
                metrics.PAGE_SECONDS.observe(time.perf_counter() - started)
            metrics.PAGES.labels(came.outcome).inc()
            _log("page tried", came.outcome, came.reason, page=came.page_id, url=came.url)


def _log(event: str, outcome: str, reason: str | None, **what: Any) -> None:
    say = log.warning if outcome in {"failed", "retired", "again"} else log.info
    say(event, outcome=outcome, reason=reason, **what)
