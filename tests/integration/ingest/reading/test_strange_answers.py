"""Answers that nobody should give: each costs itself, and neither its neighbours nor the next poll."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newsstand import Newsstand
from sites import Answer, Site, entry, feed, page
from themeline.ingest.fetch import Fetcher
from themeline.ingest.poll import Poller
from themeline.ingest.reading import Reader
from themeline.ingest.sandbox import Sandbox
from themeline.ingest.turns import Turns

HARBOUR = entry("Harbour strike ends", guid="1", link="https://news.example/harbour", description="Back to work.")


def test_characters_that_no_database_takes_spoil_nothing(newsstand: Newsstand, site: Site) -> None:
    items = [
        {
            "id": "1\0",
            "url": "https://news.example/1",
            "title": "Harbour\0strike ends",
            "content_text": "Back\0to work",
        },
        {
            "id": "2",
            "url": "https://news.example/2",
            "title": "Tunnel opens \ud800",
            "content_text": "On \udfff Friday",
        },
    ]
    written = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Example\0News", "items": items})
    site.answers["/feed"] = Answer(written, "application/feed+json")
    feed_id = newsstand.add(f"{site.url}/feed")
    polled = newsstand.poll(feed_id)
    assert (polled.outcome, polled.error, polled.taken.statuses) == ("read", None, ["created", "created"])
    assert len(newsstand.waiting()) == 2
    assert newsstand.feed(feed_id).lease is None


@pytest.mark.parametrize("title", ["Harbour &#0; strike ends", "Harbour &amp;#0; strike &amp;#xD800; ends"])
def test_references_to_such_characters_spoil_nothing_either(newsstand: Newsstand, site: Site, title: str) -> None:
    said = feed([HARBOUR])
    assert isinstance(said.body, str)
    site.answers["/feed"] = Answer(said.body.replace("Harbour strike ends", title), said.content_type)
    assert newsstand.poll(newsstand.add(f"{site.url}/feed")).taken.statuses == ["created"]
    assert len(newsstand.waiting()) == 1


def test_a_validator_that_cannot_be_sent_back_is_not_kept(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR], headers={"ETag": '"\xff"', "Last-Modified": "gestern, \xfcbrigens"})
    feed_id = newsstand.add(f"{site.url}/feed")
    assert newsstand.poll(feed_id).outcome == "read"
    found = newsstand.feed(feed_id)
    assert (found.lease, found.etag, found.last_modified) == (None, None, None)
    assert newsstand.poll(feed_id).outcome == "unchanged"


def test_a_type_that_is_none_is_told_as_it_can_be(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR | {"link": f"{site.url}/harbour"}])
    site.answers["/harbour"] = Answer("?", "text/\xff")
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    (waiting,) = newsstand.waiting()
    assert newsstand.read(waiting).outcome == "refused"
    assert newsstand.waiting()[0].lease is None


@pytest.mark.parametrize("status", [520, 522, 530])
def test_a_server_error_without_a_name_passes_as_others_do(newsstand: Newsstand, site: Site, status: int) -> None:
    site.answers["/feed"] = feed([HARBOUR | {"link": f"{site.url}/harbour"}])
    site.answers["/harbour"] = Answer("origin is down", status=status)
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    (waiting,) = newsstand.waiting()
    came = newsstand.read(waiting)
    assert came.outcome == "again"
    assert str(status) in (came.reason or "")


def test_a_site_whose_feed_is_where_it_is_itself_fails_and_is_not_asked_at_once(
    newsstand: Newsstand, site: Site
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/?utm_source=feed">'
    site.answers["/"] = Answer(f"<!doctype html><html><head><title>News</title>{link}</head><body>News</body></html>")
    site.answers["/?utm_source=feed"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/")
    assert newsstand.poll(feed_id).outcome == "failed"
    assert newsstand.feed(feed_id).next_poll_at > datetime.now(UTC)


def test_a_page_that_names_many_feeds_is_not_asked_for_all_of_them(newsstand: Newsstand, site: Site) -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/feed/{n}">' for n in range(50))
    site.answers["/"] = Answer(f"<!doctype html><html><head><title>News</title>{links}</head><body>News</body></html>")
    assert newsstand.poll(newsstand.add(f"{site.url}/")).outcome == "failed"
    assert len(site.paths()) <= 1 + 16
    assert "/rss.xml" in site.paths()  # where feeds usually are is tried all the same


def test_a_site_that_takes_its_time_is_not_asked_any_further(
    newsstand: Newsstand, site: Site, sandbox: Sandbox
) -> None:
    site.answers["/"] = Answer(page("Example News", ["All the news."]))
    feed_id = newsstand.add(f"{site.url}/")
    turns = Turns(newsstand.sessions, pause=timedelta(0), stop=newsstand.stop)
    with closing(Fetcher(agent="Themeline/test", allowed_networks=["127.0.0.0/8"])) as fetcher:
        reader = Reader(fetcher, sandbox, turns, further_seconds=0)
        polled = Poller(newsstand.sessions, reader, turns, lambda *_: None).poll(feed_id, correlation_id="test")
    assert polled is not None
    assert polled.outcome == "failed"
    assert site.paths() == ["/"]
