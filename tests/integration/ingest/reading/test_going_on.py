"""What must go on over months: sitemaps, entries, subscriptions, names of sources, restarts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from newsstand import Newsstand
from sites import Answer, Site, entry, feed, page
from themeline.ingest.store import polls
from themeline.ingest.turns import LONG_PATIENCE
from themeline.shared.db import unit_of_work
from themeline.shared.models import Feed, FeedEntry, Host, Source

HARBOUR = entry("Harbour strike ends", guid="1", link="https://news.example/harbour", description="Back to work.")
TUNNEL = entry("Tunnel opens", guid="2", link="https://news.example/tunnel", description="On Friday.")
SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


class Ending(dict[str, Answer]):
    """Answers of a site; at one path the newsstand is told to stop, and the connection breaks."""

    def __init__(self, newsstand: Newsstand, path: str, answers: dict[str, Answer]) -> None:
        super().__init__(answers)
        self._newsstand, self._path = newsstand, path

    def get(self, path: str, default: Any = None) -> Any:
        if path == self._path:
            self._newsstand.stop.set()
            return Answer("busy", status=200, headers={"Content-Encoding": "none of the web"})
        return super().get(path, default)


def news_sitemap(*names: str) -> Answer:
    urls = "".join(
        f"<url><loc>https://news.example/{name}</loc><news:news><news:publication_date>2026-11-20"
        f"</news:publication_date><news:title>News of {name}</news:title></news:news></url>"
        for name in names
    )
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return Answer(f"<urlset {SITEMAPS} {news}>{urls}</urlset>", "application/xml")


@pytest.mark.parametrize("lastmod", ["", "<lastmod>2026-11-20</lastmod>"])
@pytest.mark.parametrize("etag", [None, '"one"'])
def test_sitemaps_are_read_although_their_index_is_the_same(
    newsstand: Newsstand, site: Site, lastmod: str, etag: str | None
) -> None:
    index = f"<sitemapindex {SITEMAPS}><sitemap><loc>{site.url}/news.xml</loc>{lastmod}</sitemap></sitemapindex>"
    site.answers["/index.xml"] = Answer(index, "application/xml", etag=etag)
    site.answers["/news.xml"] = news_sitemap("Monday")
    feed_id = newsstand.add(f"{site.url}/index.xml")
    newsstand.poll(feed_id)
    site.answers["/news.xml"] = news_sitemap("Monday", "Tuesday")
    assert newsstand.poll(feed_id).taken.statuses == ["created"]


def test_an_index_that_says_when_its_sitemaps_changed_is_believed(newsstand: Newsstand, site: Site) -> None:
    sitemap = f"<sitemap><loc>{site.url}/news.xml</loc><lastmod>2026-11-20T09:00:00Z</lastmod></sitemap>"
    site.answers["/index.xml"] = Answer(f"<sitemapindex {SITEMAPS}>{sitemap}</sitemapindex>", "application/xml")
    site.answers["/news.xml"] = news_sitemap("Monday")
    feed_id = newsstand.add(f"{site.url}/index.xml")
    newsstand.poll(feed_id)
    assert newsstand.poll(feed_id).outcome == "unchanged"


def test_a_sitemap_that_failed_is_read_with_the_next_poll(newsstand: Newsstand, site: Site) -> None:
    lastmod = "<lastmod>2026-11-20T09:00:00Z</lastmod>"
    sitemaps = "".join(f"<sitemap><loc>{site.url}/{name}.xml</loc>{lastmod}</sitemap>" for name in ("one", "two"))
    site.answers["/index.xml"] = Answer(f"<sitemapindex {SITEMAPS}>{sitemaps}</sitemapindex>", "application/xml")
    site.answers["/one.xml"] = news_sitemap("Monday")
    feed_id = newsstand.add(f"{site.url}/index.xml")
    newsstand.poll(feed_id)
    site.answers["/two.xml"] = news_sitemap("Tuesday")
    assert newsstand.poll(feed_id).taken.statuses == ["created"]


def test_what_a_feed_lists_is_remembered_and_what_it_listed_is_forgotten(newsstand: Newsstand, site: Site) -> None:
    def pass_days(days: int) -> None:
        newsstand.session.execute(update(FeedEntry).values(seen_at=FeedEntry.seen_at - timedelta(days=days)))
        newsstand.session.commit()

    bridge = entry("Bridge closed", guid="3", link="https://news.example/bridge", description="For repairs.")
    site.answers["/feed"] = feed([HARBOUR, TUNNEL], etag='"one"')
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    pass_days(1)
    site.answers["/feed"] = feed([TUNNEL, bridge], etag='"two"')
    newsstand.poll(feed_id)
    for _ in range(30):
        pass_days(2)
        assert newsstand.poll(feed_id).outcome == "unchanged"
    with unit_of_work(newsstand.sessions) as session:
        assert polls.forget_entries(session, datetime.now(UTC) - timedelta(days=60), 10) == 1
    site.answers["/feed"] = feed([TUNNEL, bridge], etag='"three"', channel="<ttl>60</ttl>")
    assert newsstand.poll(feed_id).taken.new == 0


def test_a_source_may_be_renamed(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR])
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.session.execute(update(Source).values(name="The Haldermouth Courier"))
    newsstand.session.commit()
    newsstand.poll(feed_id)
    (article,) = newsstand.articles()
    assert article.source_id == newsstand.feed(feed_id).source_id


def test_a_host_is_not_in_trouble_because_we_stop(newsstand: Newsstand, site: Site) -> None:
    site.answers["/feed"] = feed([HARBOUR | {"link": f"{site.url}/harbour"}])
    site.answers["/harbour"] = Answer(page("Harbour strike ends", ["Dockers go back to work."]))
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    site.answers = Ending(newsstand, "/robots.txt", site.answers)
    (waiting,) = newsstand.waiting()
    assert newsstand.read(waiting).outcome == "postponed"
    assert newsstand.session.scalar(select(Host.robots_status)) is None


def test_a_feed_that_is_looked_for_when_we_stop_has_not_failed(newsstand: Newsstand, site: Site) -> None:
    site.answers["/"] = Answer(page("Example News", ["All the news."]))
    site.answers = Ending(newsstand, "/feed", site.answers)
    feed_id = newsstand.add(f"{site.url}/")
    assert newsstand.poll(feed_id).outcome == "postponed"
    assert newsstand.feed(feed_id).failures == 0


def test_a_subscription_is_renewed_although_the_feed_is_silent(newsstand: Newsstand, site: Site) -> None:
    hub = f'<atom:link rel="hub" href="{site.url}/hub"/><atom:link rel="self" href="https://news.example/topic"/>'
    site.answers["/hub"] = Answer(status=202)
    site.answers["/feed"] = feed([HARBOUR], channel=hub, etag='"one"')
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    token = newsstand.feed(feed_id).hub_token
    day = timedelta(days=1)
    ago, until = datetime.now(UTC) - 9 * day, datetime.now(UTC) + day
    values = {"hub_state": "active", "hub_requested_at": ago, "hub_lease_until": until}
    newsstand.session.execute(update(Feed).values(values))
    newsstand.session.commit()
    assert newsstand.poll(feed_id).outcome == "unchanged"
    assert site.paths("POST") == ["/hub", "/hub"]
    found = newsstand.feed(feed_id)
    assert (found.hub_token, found.hub_state, found.topic_url) == (token, "active", "https://news.example/topic")


def test_a_hub_named_by_the_server_is_not_another_one_when_nothing_is_new(newsstand: Newsstand, site: Site) -> None:
    topic = '<atom:link rel="self" href="https://news.example/topic"/>'
    site.answers["/hub"] = Answer(status=202)
    site.answers["/feed"] = feed(
        [HARBOUR], channel=topic, etag='"one"', headers={"Link": f'<{site.url}/hub>; rel="hub"'}
    )
    feed_id = newsstand.add(f"{site.url}/feed")
    newsstand.poll(feed_id)
    newsstand.session.execute(update(Feed).values(hub_requested_at=datetime.now(UTC) - timedelta(minutes=11)))
    newsstand.session.commit()
    token = newsstand.feed(feed_id).hub_token
    assert newsstand.poll(feed_id).outcome == "unchanged"
    found = newsstand.feed(feed_id)
    assert (found.hub_token, found.topic_url) == (token, "https://news.example/topic")


def test_a_source_that_wants_long_pauses_has_its_sitemaps_read(newsstand: Newsstand, site: Site) -> None:
    sitemaps = f"<sitemap><loc>{site.url}/news.xml</loc></sitemap>"
    site.answers["/index.xml"] = Answer(f"<sitemapindex {SITEMAPS}>{sitemaps}</sitemapindex>", "application/xml")
    site.answers["/news.xml"] = news_sitemap("Monday")
    feed_id = newsstand.add(f"{site.url}/index.xml")
    longer_than_patience = LONG_PATIENCE.total_seconds() + 2
    newsstand.session.execute(update(Source).values(crawl_delay_seconds=longer_than_patience))
    newsstand.session.commit()
    assert newsstand.poll(feed_id).taken.statuses == ["created"]
