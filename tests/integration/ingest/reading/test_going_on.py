"""What must go on over months: sitemaps, entries, subscriptions, names of sources, restarts."""

from typing import Any

from sqlalchemy import select, update

from newsstand import Newsstand
from sites import Answer, Site, entry, feed, page
from themeline.shared.models import Host, Source

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
