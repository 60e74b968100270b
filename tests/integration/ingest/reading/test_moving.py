"""Feeds and pages behind redirects: who is gone, who is to be left alone, who may be read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from newsstand import Newsstand
from sites import Answer, Site, entry, feed, page, serving
from themeline.shared.models import Host

HARBOUR = entry("Harbour strike ends", guid="1", link="https://news.example/harbour", description="Back to work.")


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    """Another server, to which redirects lead."""
    with serving() as site:
        yield site


def test_what_is_gone_after_a_temporary_redirect_is_not_the_feed(
    newsstand: Newsstand, site: Site, elsewhere: Site
) -> None:
    site.answers["/feed"] = Answer(status=302, headers={"Location": f"{elsewhere.url}/holiday"})
    elsewhere.answers["/holiday"] = Answer(status=410)
    feed_id = newsstand.add(f"{site.url}/feed")
    assert newsstand.poll(feed_id).outcome == "failed"
    assert newsstand.feed(feed_id).state == "active"


def test_what_moved_for_good_and_is_gone_there_is_gone(newsstand: Newsstand, site: Site, elsewhere: Site) -> None:
    site.answers["/feed"] = Answer(status=301, headers={"Location": f"{elsewhere.url}/feed"})
    elsewhere.answers["/feed"] = Answer(status=410)
    assert newsstand.poll(newsstand.add(f"{site.url}/feed")).outcome == "retired"


def test_a_feed_that_moves_to_one_that_nobody_reads_is_read_where_it_was(newsstand: Newsstand, site: Site) -> None:
    site.answers["/old"] = Answer(status=301, headers={"Location": f"{site.url}/new"})
    site.answers["/new"] = feed([HARBOUR])
    newsstand.add(f"{site.url}/new", state="retired")
    old = newsstand.add(f"{site.url}/old")
    assert newsstand.poll(old).outcome == "read"
    assert (newsstand.feed(old).state, newsstand.feed(old).url) == ("active", f"{site.url}/old")


def test_the_host_that_asks_to_wait_is_the_one_that_answered(newsstand: Newsstand, site: Site, elsewhere: Site) -> None:
    site.answers["/feed"] = Answer(status=302, headers={"Location": f"{elsewhere.url}/feed"})
    elsewhere.answers["/feed"] = Answer(status=429, headers={"Retry-After": "7200"})
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    blocked = newsstand.session.scalars(select(Host.origin).where(Host.blocked_until > datetime.now(UTC)))
    assert list(blocked) == [elsewhere.url]


def test_a_page_behind_a_redirect_is_asked_for_again_when_it_may_be(
    newsstand: Newsstand, site: Site, elsewhere: Site
) -> None:
    site.answers["/feed"] = feed([HARBOUR | {"link": f"{site.url}/go"}])
    site.answers["/go"] = Answer(status=302, headers={"Location": f"{elsewhere.url}/harbour"})
    elsewhere.answers["/harbour"] = Answer(status=503, headers={"Retry-After": "7200"})
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    (waiting,) = newsstand.waiting()
    assert newsstand.read(waiting).outcome == "again"
    assert newsstand.waiting()[0].next_try_at > datetime.now(UTC) + timedelta(seconds=7_100)


def test_a_page_on_a_host_in_trouble_is_not_refused_for_good(newsstand: Newsstand, site: Site, elsewhere: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR | {"link": f"{site.url}/go"}])
    site.answers["/go"] = Answer(status=302, headers={"Location": f"{elsewhere.url}/harbour"})
    elsewhere.answers["/harbour"] = Answer(page("Harbour strike ends", ["Dockers go back to work."]))
    elsewhere.answers["/robots.txt"] = Answer(status=503)
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    (waiting,) = newsstand.waiting()
    assert newsstand.read(waiting).outcome == "again"
