"""Who polls a feed, when others do as well, want something else of it meanwhile, or die."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import text, update

from newsstand import Newsstand
from sites import Site, entry, feed
from themeline.ingest.poll import Polled
from themeline.ingest.store import polls
from themeline.shared.db import unit_of_work
from themeline.shared.models import Feed, FeedEntry

HARBOUR = entry(
    "Harbour strike ends",
    guid="tag:news.example,2026:1",
    link="https://news.example/harbour",
    pubDate="Thu, 26 Nov 2026 09:00:00 GMT",
    description="Dockers go back to work.",
)
TUNNEL = entry("Tunnel opens", guid="tag:news.example,2026:2", link="https://news.example/tunnel")


def test_one_feed_is_never_polled_twice_at_once(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/feed")

    def poll(_: int) -> Polled | None:
        return newsstand.poller.poll(feed_id, correlation_id="test")

    with ThreadPoolExecutor(4) as pool:
        polls = [one for one in pool.map(poll, range(4)) if one is not None]
    assert [one.outcome for one in polls] == ["read"]
    assert site.paths() == ["/feed"]


def test_who_asks_for_a_poll_while_one_runs_gets_another(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/feed")
    lease, claimed_at = uuid4(), datetime.now(UTC)
    with unit_of_work(newsstand.sessions) as session:
        assert polls.claim(session, feed_id, lease, now=claimed_at, until=claimed_at + timedelta(minutes=1))
    asked_at = claimed_at + timedelta(seconds=1)
    with unit_of_work(newsstand.sessions) as session:
        session.execute(update(Feed).where(Feed.id == feed_id).values(next_poll_at=asked_at))
    with unit_of_work(newsstand.sessions) as session:
        polls.release(session, feed_id, lease, {"next_poll_at": asked_at + timedelta(hours=1)}, claimed_at=claimed_at)
    assert newsstand.feed(feed_id).next_poll_at == asked_at


def test_who_gives_a_feed_a_title_while_it_is_polled_has_the_last_word(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/feed")
    lease, now = uuid4(), datetime.now(UTC)
    with unit_of_work(newsstand.sessions) as session:
        assert polls.claim(session, feed_id, lease, now=now, until=now + timedelta(minutes=1))
    with unit_of_work(newsstand.sessions) as session:
        session.execute(update(Feed).where(Feed.id == feed_id).values(title="Wire"))
    with unit_of_work(newsstand.sessions) as session:
        polls.release(session, feed_id, lease, {"title": "Example News"}, claimed_at=now)
    assert newsstand.feed(feed_id).title == "Wire"


def test_a_feed_has_not_failed_because_the_database_has(newsstand: Newsstand, site: Site) -> None:
    fails = "begin raise exception 'the database is shutting down' using errcode = '57P01'; end"
    newsstand.session.execute(text(f"create function fail() returns trigger language plpgsql as $${fails}$$"))
    newsstand.session.execute(text("create trigger fail before insert on feed_entries execute function fail()"))
    newsstand.session.commit()
    site.answers["/feed"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/feed")
    assert newsstand.poll(feed_id).outcome == "postponed"
    found = newsstand.feed(feed_id)
    assert (found.failures, found.last_error, found.lease) == (0, None, None)
    assert found.next_poll_at > datetime.now(UTC) + timedelta(seconds=30)
    newsstand.session.execute(text("drop trigger fail on feed_entries"))
    newsstand.session.commit()
    assert newsstand.poll(feed_id).outcome == "read"


def test_a_feed_whose_poller_died_is_polled_when_its_lease_is_over(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR])
    held = datetime.now(UTC) + timedelta(minutes=2)
    feed_id = newsstand.add(f"{site.url}/feed", lease_until=held)
    assert newsstand.poller.poll(feed_id, correlation_id="test") is None
    over = update(Feed).where(Feed.id == feed_id).values(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    newsstand.session.execute(over)
    newsstand.session.commit()
    assert newsstand.poll(feed_id).outcome == "read"


def test_a_poll_that_stored_and_died_repeats_itself_without_a_trace(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR, TUNNEL])
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    # as if it had died after storing the articles and before noting the entries
    newsstand.session.query(FeedEntry).delete()
    newsstand.session.execute(update(Feed).values(body_digest=None))
    newsstand.session.commit()
    assert newsstand.poll(feed_id).taken.statuses == ["unchanged", "unchanged"]
    assert [one.version for one in newsstand.articles()] == [1, 1]
