"""What the fetcher counts of what it does."""

from datetime import UTC, datetime, timedelta

from celery import Celery
from prometheus_client import REGISTRY
from sqlalchemy import update

from newsstand import Newsstand
from sites import Site, entry, feed
from themeline.ingest.store import hosts
from themeline.ingest.tasks import register
from themeline.shared.db import unit_of_work
from themeline.shared.events import FeedDue
from themeline.shared.models import Host

HARBOUR = entry("Harbour strike ends", guid="1", link="https://news.example/harbour", description="Back to work.")


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


def test_a_poll_that_is_put_off_is_counted_and_not_timed(newsstand: Newsstand, site: Site) -> None:
    app = Celery("test", set_as_current=False)
    register(app, newsstand.poller, newsstand.pages)
    site.answers["/feed"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/feed")
    with unit_of_work(newsstand.sessions) as session:
        hosts.leave_alone(session, site.url, datetime.now(UTC) + timedelta(hours=1))
    before = [counted("themeline_feed_polls_total", outcome=one) for one in ("postponed", "read")]
    timed = counted("themeline_feed_poll_seconds_count")
    app.tasks[FeedDue.name](feed_id)
    newsstand.session.execute(update(Host).values(blocked_until=None))
    newsstand.session.commit()
    newsstand.make_due(feed_id)
    app.tasks[FeedDue.name](feed_id)
    after = [counted("themeline_feed_polls_total", outcome=one) for one in ("postponed", "read")]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1]
    assert counted("themeline_feed_poll_seconds_count") - timed == 1
