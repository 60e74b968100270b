"""Polling a feed: what it brings, what it says of itself, and how it fails and recovers."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from newsstand import Newsstand
from sites import HTML, Answer, Site, entry, feed, page
from themeline.shared.models import OutboxEntry

HARBOUR = entry(
    "Harbour strike ends",
    guid="tag:news.example,2026:1",
    link="https://news.example/harbour",
    pubDate="Thu, 26 Nov 2026 09:00:00 GMT",
    description="Dockers go back to work.",
)
TUNNEL = entry("Tunnel opens", guid="tag:news.example,2026:2", link="https://news.example/tunnel")


def test_entries_become_articles_that_wait_to_be_related(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR, TUNNEL])
    polled = newsstand.poll(newsstand.add(f"{site.url}/feed"))
    assert (polled.outcome, polled.taken.statuses) == ("read", ["created", "created"])
    harbour, tunnel = newsstand.articles()
    assert {harbour.title, tunnel.title} == {"Harbour strike ends", "Tunnel opens"}
    assert {one.origin for one in (harbour, tunnel)} == {"feed"}
    stored = next(one for one in (harbour, tunnel) if one.title.startswith("Harbour"))
    assert stored.external_id == HARBOUR["guid"]
    assert stored.published_raw == HARBOUR["pubDate"]
    assert stored.feed_id is not None
    assert len(newsstand.session.scalars(select(OutboxEntry)).all()) == 2


def test_a_feed_that_is_the_same_is_not_read_again(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR], etag='"one"')
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    assert newsstand.poll(feed_id).outcome == "unchanged"
    assert site.asked[-1].headers["If-None-Match"] == '"one"'
    assert [one.version for one in newsstand.articles()] == [1]


def test_a_server_without_validators_is_known_by_the_body(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    assert newsstand.poll(feed_id).outcome == "unchanged"


def test_an_entry_that_says_something_else_is_a_new_version(newsstand: Newsstand, site: Site) -> None:
    full = {"content:encoded": "<p>" + "The dockers of Haldermouth voted to go back to work. " * 40 + "</p>"}
    site.answers["/feed"] = feed([HARBOUR | full, TUNNEL])
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    site.answers["/feed"] = feed([HARBOUR | full | {"title": "Harbour strike is over"}, TUNNEL])
    polled = newsstand.poll(feed_id)
    assert polled.taken.statuses == ["updated"]
    assert polled.taken.new == 0
    assert {one.title: one.version for one in newsstand.articles()} == {"Harbour strike is over": 2, "Tunnel opens": 1}


def test_a_bad_entry_spoils_no_neighbour_and_is_not_tried_again(newsstand: Newsstand, site: Site) -> None:
    bad = entry("x" * 2_000, guid="too-long", link="https://news.example/long")
    site.answers["/feed"] = feed([HARBOUR, bad])
    feed_id = newsstand.add(f"{site.url}/feed")
    assert sorted(newsstand.poll(feed_id).taken.statuses) == ["created", "rejected"]
    site.answers["/feed"] = feed([HARBOUR, bad, TUNNEL])
    assert newsstand.poll(feed_id).taken.statuses == ["created"]
    assert newsstand.feed(feed_id).rejected_entries == 1


def test_a_withdrawn_article_does_not_come_back_with_the_next_poll(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    (article,) = newsstand.articles()
    article.withdrawn_at = datetime.now(UTC)
    newsstand.session.commit()
    site.answers["/feed"] = feed([HARBOUR | {"title": "Harbour strike ends, again"}])
    assert newsstand.poll(feed_id).taken.statuses == ["rejected"]
    (article,) = newsstand.articles()
    assert article.withdrawn_at is not None
    assert article.title == "Harbour strike ends"


def test_what_is_left_out_of_a_feed_is_told(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([entry(f"News {number}", guid=f"{number}") for number in range(1_001)])
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    found = newsstand.feed(feed_id)
    assert found.entries == 1_000
    assert any("1,00" in notice for notice in found.notices)


def test_what_the_feed_says_of_itself_is_kept(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR], channel="<ttl>120</ttl>")
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    found = newsstand.feed(feed_id)
    assert (found.title, found.format, found.entries, found.created_articles) == ("Example News", "rss", 1, 1)
    assert found.succeeded_at is not None
    assert found.last_error is None
    assert found.next_poll_at > datetime.now(UTC) + timedelta(minutes=100)  # the ttl, less the jitter


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer("gone fishing", status=500), "http-status: it answered 500"),
        (Answer("<html><p>Nothing", HTML, status=404), "http-status: it answered 404"),
        (Answer(b"\x00\x01\x02" * 100, "application/octet-stream"), "not-a-feed"),
        (Answer("", "application/rss+xml"), "empty"),
    ],
)
def test_a_feed_that_fails_is_asked_again_later_and_recovers_by_itself(
    newsstand: Newsstand, site: Site, answer: Answer, error: str
) -> None:
    site.answers["/feed"] = answer
    feed_id = newsstand.add(f"{site.url}/feed")
    assert newsstand.poll(feed_id).outcome == "failed"
    assert newsstand.poll(feed_id).outcome == "failed"
    found = newsstand.feed(feed_id)
    assert (found.failures, found.state) == (2, "active")
    assert found.last_error is not None
    assert found.last_error.startswith(error)
    assert found.next_poll_at > datetime.now(UTC)
    site.answers["/feed"] = feed([HARBOUR])
    assert newsstand.poll(feed_id).outcome == "read"
    found = newsstand.feed(feed_id)
    assert (found.failures, found.last_error) == (0, None)


def test_a_feed_that_moved_for_good_is_read_at_its_new_address(newsstand: Newsstand, site: Site) -> None:
    site.answers["/old"] = Answer(status=301, headers={"Location": f"{site.url}/new"})
    site.answers["/new"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/old")
    newsstand.poll(feed_id)
    found = newsstand.feed(feed_id)
    assert (found.url, found.added_as) == (f"{site.url}/new", f"{site.url}/old")
    assert found.etag is None


def test_a_feed_that_moved_for_a_while_keeps_its_address(newsstand: Newsstand, site: Site) -> None:
    site.answers["/old"] = Answer(status=302, headers={"Location": f"{site.url}/new"})
    site.answers["/new"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/old")
    assert newsstand.poll(feed_id).outcome == "read"
    assert newsstand.feed(feed_id).url == f"{site.url}/old"


def test_two_feeds_that_come_to_one_address_are_read_once(newsstand: Newsstand, site: Site) -> None:
    site.answers["/old"] = Answer(status=301, headers={"Location": f"{site.url}/new"})
    site.answers["/new"] = feed([HARBOUR])
    newsstand.add(f"{site.url}/new")
    old = newsstand.add(f"{site.url}/old")
    newsstand.poll(old)
    found = newsstand.feed(old)
    assert found.state == "retired"
    assert found.reason is not None
    assert f"{site.url}/new" in found.reason


def test_a_feed_that_is_gone_is_retired_with_the_reason(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = Answer(status=410)
    feed_id = newsstand.add(f"{site.url}/feed")
    assert newsstand.poll(feed_id).outcome == "retired"
    found = newsstand.feed(feed_id)
    assert found.state == "retired"
    assert "410" in (found.reason or "")


def test_a_host_that_asks_to_wait_is_left_alone(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = Answer("slow down", status=429, headers={"Retry-After": "7200"})
    site.answers["/other"] = feed([TUNNEL])
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    assert newsstand.feed(feed_id).next_poll_at > datetime.now(UTC) + timedelta(seconds=7_100)
    # another feed of the same host waits as well
    other = newsstand.add(f"{site.url}/other")
    assert newsstand.poll(other).outcome == "postponed"
    assert newsstand.feed(other).next_poll_at > datetime.now(UTC) + timedelta(seconds=7_100)
    assert site.paths() == ["/feed"]


def test_the_feed_of_a_site_is_found_and_read(newsstand: Newsstand, site: Site) -> None:
    link = '<link rel="alternate" type="application/rss+xml" title="News" href="/news.rss">'
    site.answers["/"] = Answer(page("Example News", ["All the news."], head=link))
    site.answers["/news.rss"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/")
    assert newsstand.poll(feed_id).outcome == "found"
    assert newsstand.feed(feed_id).url == f"{site.url}/news.rss"
    assert newsstand.poll(feed_id).outcome == "read"


def test_a_site_that_names_no_feed_is_asked_where_feeds_usually_are(newsstand: Newsstand, site: Site) -> None:
    site.answers["/"] = Answer(page("Example News", ["All the news."]))
    site.answers["/rss.xml"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/")
    assert newsstand.poll(feed_id).outcome == "found"
    assert newsstand.feed(feed_id).url == f"{site.url}/rss.xml"


def test_a_site_without_a_feed_says_so(newsstand: Newsstand, site: Site) -> None:
    site.answers["/"] = Answer(page("Example News", ["All the news."]))
    feed_id = newsstand.add(f"{site.url}/")
    polled = newsstand.poll(feed_id)
    assert polled.outcome == "failed"
    assert "names no feed" in (polled.error or "")


def test_a_sitemap_index_is_read_through_its_newest_sitemaps(newsstand: Newsstand, site: Site) -> None:
    def sitemap(name: str) -> str:
        return f"<sitemap><loc>{site.url}/{name}.xml</loc><lastmod>2026-11-{name}</lastmod></sitemap>"

    names = ["01", "20", "21", "22"]
    index = "".join(sitemap(name) for name in names)
    xmlns = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    site.answers["/index.xml"] = Answer(f"<sitemapindex {xmlns}>{index}</sitemapindex>", "application/xml")
    for name in names:
        site.answers[f"/{name}.xml"] = Answer(
            f"<urlset {xmlns} {news}><url><loc>https://news.example/{name}</loc><news:news><news:publication>"
            "<news:name>Example News</news:name><news:language>en</news:language></news:publication>"
            f"<news:publication_date>2026-11-{name}</news:publication_date>"
            f"<news:title>News of the {name}th</news:title></news:news></url></urlset>",
            "application/xml",
        )
    assert newsstand.poll(newsstand.add(f"{site.url}/index.xml")).outcome == "read"
    assert {one.title for one in newsstand.articles()} == {f"News of the {name}th" for name in names[1:]}
