"""Which article an entry of a feed is: publishers do not change each other's, and poor identifiers tell nothing."""

from sqlalchemy import select, update

from newsstand import Newsstand
from sites import Answer, Site, entry, feed, page
from themeline.ingest.accept import accept
from themeline.ingest.core.ways import PUSH
from themeline.shared.models import ArticleKey, Feed, FeedEntry, Page, Source

TEXT = [
    "The council of Haldermouth voted on Monday to rebuild the old bridge over the river, the mayor said.",
    "Work begins in the spring and is to last two years, during which ferries take commuters across for nothing.",
    "The town pays a third of the forty million; the rest comes from the county and a fund for historic places.",
    "Merchants on the left bank had asked for a tunnel instead, which engineers said the river bed cannot carry.",
]
DATE = "Thu, 26 Nov 2026 09:00:00 GMT"


def foreign_feed(newsstand: Newsstand, url: str) -> int:
    """Add a feed of another publisher."""
    feed_id = newsstand.add(url)
    other = Source(key="other-times", name="Other Times")
    newsstand.session.add(other)
    newsstand.session.flush()
    newsstand.session.execute(update(Feed).where(Feed.id == feed_id).values(source_id=other.id))
    newsstand.session.commit()
    return feed_id


def as_stored(newsstand: Newsstand) -> list[tuple[object, ...]]:
    """Everything of the articles that a feed could change, and how many keys they have."""
    keys = len(newsstand.session.scalars(select(ArticleKey)).all())
    return [
        (one.id, one.version, one.title, one.text, one.url, one.external_id, one.published_raw, one.feed_id, keys)
        for one in newsstand.articles()
    ]


def test_a_feed_that_links_to_another_publishers_article_leaves_it_alone(newsstand: Newsstand, site: Site) -> None:
    link = f"{site.url}/bridge"
    site.answers["/feed"] = feed([entry("Bridge to be rebuilt", guid="1", link=link, pubDate=DATE, description="Soon")])
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    (before,), (wanted,) = as_stored(newsstand), newsstand.waiting()
    site.answers["/links"] = feed([entry("You will not believe this bridge", link=link, description="Click here")])

    polled = newsstand.poll(foreign_feed(newsstand, f"{site.url}/links"))

    assert polled.taken.statuses == ["unchanged"]
    assert as_stored(newsstand) == [before]
    assert [waiting.id for waiting in newsstand.waiting()] == [wanted.id]
    read = newsstand.session.scalars(select(FeedEntry).where(FeedEntry.feed_id == polled.feed_id)).all()
    assert len(read) == 1


def test_a_page_that_a_foreign_feed_wanted_changes_no_article_of_another_publisher(
    newsstand: Newsstand, site: Site
) -> None:
    link = f"{site.url}/bridge"
    xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    sitemap = f'<urlset xmlns="{xmlns}"><url><loc>{link}</loc></url></urlset>'
    site.answers["/sitemap.xml"] = Answer(sitemap, "application/xml")
    site.answers["/bridge"] = Answer(page("You will not believe this bridge", TEXT))
    newsstand.poll(foreign_feed(newsstand, f"{site.url}/sitemap.xml"))
    ours = {"title": "Bridge to be rebuilt", "url": link, "text": "Ours.", "source": "Example News"}
    accept(newsstand.sessions, [ours], PUSH, correlation_id="test")
    before = as_stored(newsstand)
    (wanted,) = newsstand.waiting()

    newsstand.session.execute(update(Page).values(feed_id=None))  # as when the feed was removed meanwhile
    assert newsstand.read(wanted).outcome == "read"

    assert as_stored(newsstand) == before


def test_a_feed_with_new_identifiers_at_each_poll_keeps_its_articles(newsstand: Newsstand, site: Site) -> None:
    feed_id = newsstand.add(f"{site.url}/feed")
    site.answers["/bridge"] = Answer(page("Bridge to be rebuilt", TEXT))
    told = entry("Bridge to be rebuilt", link=f"{site.url}/bridge", pubDate=DATE, description="Soon")
    for guid in ("a", "b", "c"):
        site.answers["/feed"] = feed([told | {"guid": guid}])
        newsstand.poll(feed_id)
        for waiting in newsstand.waiting():
            if waiting.state == "waiting":
                newsstand.read(waiting)

    (article,) = newsstand.articles()
    assert (article.external_id, article.version, article.text) == ("a", 2, "\n\n".join(TEXT))
    assert site.paths().count("/bridge") == 1


def test_another_scheme_of_identifiers_in_another_feed_is_a_second_article(newsstand: Newsstand, site: Site) -> None:
    told = entry("Bridge to be rebuilt", link="https://news.example/bridge", pubDate=DATE)
    for path, guid in (("/feed", "1"), ("/other", "tag:news.example,2026:1")):
        site.answers[path] = feed([told | {"guid": guid}])
        newsstand.poll(newsstand.add(f"{site.url}{path}"))
    assert {article.external_id for article in newsstand.articles()} == {"1", "tag:news.example,2026:1"}


def test_entries_that_share_an_identifier_are_articles_of_their_own(newsstand: Newsstand, site: Site) -> None:
    told = [entry(f"News {n}", guid="0", link=f"https://news.example/{n}", pubDate=DATE) for n in range(3)]
    site.answers["/feed"] = feed(told)
    feed_id = newsstand.add(f"{site.url}/feed")
    assert newsstand.poll(feed_id).taken.statuses == ["created"] * 3
    site.answers["/feed"] = feed([*told[1:], told[2] | {"title": "News 3", "link": "https://news.example/3"}])
    assert newsstand.poll(feed_id).taken.statuses == ["created"]
    stored = {article.title: (article.url, article.external_id) for article in newsstand.articles()}
    assert stored == {f"News {n}": (f"https://news.example/{n}", None) for n in range(4)}


def test_entries_that_all_link_to_the_home_page_are_articles_of_their_own(newsstand: Newsstand, site: Site) -> None:
    told = [entry(f"News {n}", link="https://news.example/", pubDate=DATE) for n in range(3)]
    site.answers["/feed"] = feed(told)
    feed_id = newsstand.add(f"{site.url}/feed")
    assert newsstand.poll(feed_id).taken.statuses == ["created"] * 3
    site.answers["/feed"] = feed([told[2], told[1], told[0] | {"description": "More of it."}])
    assert newsstand.poll(feed_id).taken.statuses == ["updated"]
    assert {article.title: article.url for article in newsstand.articles()} == dict.fromkeys(
        ("News 0", "News 1", "News 2")
    )
    assert newsstand.waiting() == []
