"""Reading pages for the text of their articles, where source, host and page allow it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from newsstand import Newsstand
from sites import Answer, Site, entry, feed, page
from themeline.ingest import sources
from themeline.ingest.core.sourceforms import SourceForm
from themeline.shared.db import unit_of_work
from themeline.shared.models import Host, Page, Source

TEXT = [
    "Dockers in Haldermouth voted on Friday to return to work after nine days, the port's director said.",
    "The strike had closed four of the five terminals and left ninety ships waiting off the coast of the town.",
    "Under the agreement wages rise by six per cent this year, and the port gives up its plan for night shifts.",
    "Shipping lines expect that it will take two weeks until the last of the containers has left the yards.",
]
TITLE = "Harbour strike ends"


def teaser(site: Site, path: str = "/harbour", **more: str) -> dict[str, str]:
    link = f"{site.url}{path}"
    return entry(TITLE, guid=f"guid-{path}", link=link, description="Dockers go back to work.", **more)


def publish(site: Site, *entries: dict[str, str]) -> None:
    site.answers["/feed"] = feed(entries)


@pytest.fixture
def wanted(newsstand: Newsstand, site: Site) -> Page:
    """A page that a feed's teaser links to."""
    publish(site, teaser(site))
    site.answers["/harbour"] = Answer(page(TITLE, TEXT))
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    (waiting,) = newsstand.waiting()
    return waiting


def test_a_teaser_is_there_at_once_and_gets_its_text_from_the_page(newsstand: Newsstand, wanted: Page) -> None:
    (article,) = newsstand.articles()
    assert (article.text, article.version) == ("Dockers go back to work.", 1)
    assert newsstand.read(wanted).outcome == "read"
    (article,) = newsstand.articles()
    assert article.text == "\n\n".join(TEXT)
    assert (article.title, article.version, article.cause) == (TITLE, 2, "completed")
    (read,) = newsstand.waiting()
    assert (read.state, read.article_id) == ("read", article.id)


def test_the_teaser_of_the_next_poll_does_not_replace_the_text(newsstand: Newsstand, site: Site, wanted: Page) -> None:
    newsstand.read(wanted)
    assert wanted.feed_id is not None
    publish(site, teaser(site), entry("Tunnel opens", guid="2", link="https://news.example/tunnel"))
    newsstand.poll(wanted.feed_id)
    article = newsstand.articles()[0]
    assert (article.text, article.version) == ("\n\n".join(TEXT), 2)


def test_a_teaser_that_says_something_else_has_its_page_read_again(
    newsstand: Newsstand, site: Site, wanted: Page
) -> None:
    newsstand.read(wanted)
    assert wanted.feed_id is not None
    publish(site, teaser(site) | {"title": "Harbour strike is over"})
    newsstand.poll(wanted.feed_id)
    site.answers["/harbour"] = Answer(
        page("Harbour strike is over", [*TEXT, "The first ship left at noon on Saturday."])
    )
    (waiting,) = newsstand.waiting()
    assert waiting.state == "waiting"
    newsstand.read(waiting)
    (article,) = newsstand.articles()
    assert article.title == "Harbour strike is over"
    assert article.text.endswith("at noon on Saturday.")
    assert article.cause == "changed"


def test_an_entry_with_its_full_text_needs_no_page(newsstand: Newsstand, site: Site) -> None:
    full = "".join(f"<p>{one}</p>" for one in TEXT * 4)
    publish(site, teaser(site) | {"content:encoded": full})
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    assert newsstand.waiting() == []


def test_a_plain_sitemap_becomes_articles_through_its_pages(newsstand: Newsstand, site: Site) -> None:
    yesterday, last_year = (datetime.now(UTC) - timedelta(days=days) for days in (1, 365))
    urls = "".join(
        f"<url><loc>{site.url}/{path}</loc><lastmod>{at.isoformat()}</lastmod></url>"
        for path, at in (("harbour", yesterday), ("old", last_year))
    )
    site.answers["/sitemap.xml"] = Answer(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "application/xml"
    )
    site.answers["/harbour"] = Answer(page(TITLE, TEXT))
    newsstand.poll(newsstand.add(f"{site.url}/sitemap.xml"))
    assert newsstand.articles() == []
    (waiting,) = newsstand.waiting()  # what is old is not news
    assert newsstand.read(waiting).outcome == "read"
    (article,) = newsstand.articles()
    assert (article.title, article.url) == (TITLE, f"{site.url}/harbour")


def test_robots_txt_is_asked_first_and_obeyed(newsstand: Newsstand, site: Site, wanted: Page) -> None:
    site.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /harbour\n", "text/plain")
    came = newsstand.read(wanted)
    assert (came.outcome, came.reason) == ("refused", "robots.txt does not allow it")
    assert "/harbour" not in site.paths()
    assert newsstand.articles()[0].version == 1


def test_robots_txt_is_asked_once_for_all_pages_of_a_host(newsstand: Newsstand, site: Site) -> None:
    publish(site, *(teaser(site, f"/{number}") | {"title": f"News {number}"} for number in range(3)))
    newsstand.poll(newsstand.add(f"{site.url}/feed"))
    for number, waiting in enumerate(newsstand.waiting()):
        site.answers[f"/{number}"] = Answer(page(f"News {number}", TEXT))
        newsstand.read(waiting)
    assert site.paths().count("/robots.txt") == 1


def test_a_host_cannot_ask_for_more_than_a_pause(newsstand: Newsstand, site: Site, wanted: Page) -> None:
    site.answers["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 86400\n", "text/plain")
    assert newsstand.read(wanted).outcome == "read"
    (next_turn,) = newsstand.session.scalars(select(Host.next_request_at))
    assert timedelta(seconds=20) < next_turn - datetime.now(UTC) <= timedelta(seconds=30)


def test_a_host_whose_robots_txt_fails_is_left_alone_for_now(newsstand: Newsstand, site: Site, wanted: Page) -> None:
    site.answers["/robots.txt"] = Answer("broken", status=503)
    assert newsstand.read(wanted).outcome == "again"
    assert "/harbour" not in site.paths()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"headers": {"X-Robots-Tag": "noarchive"}}, "does not want it to be kept"),
        ({"headers": {"tdm-reservation": "1"}}, "does not want it to be kept"),
        ({"content_type": "application/pdf"}, "it is application/pdf"),
        ({"status": 403}, "it answered 403"),
        ({"body": page("Sign in", ["Please sign in."])}, "not the page of an article"),
        (
            {"body": page(TITLE, TEXT, head='<meta name="robots" content="noarchive">')},
            "the page does not want to be kept",
        ),
    ],
)
def test_a_page_that_may_not_be_kept_or_is_no_article_is_refused_with_the_reason(
    newsstand: Newsstand, site: Site, wanted: Page, answer: dict[str, Any], reason: str
) -> None:
    site.answers["/harbour"] = Answer(**({"body": page(TITLE, TEXT)} | answer))
    came = newsstand.read(wanted)
    assert came.outcome == "refused"
    assert reason in (came.reason or "")
    (article,) = newsstand.articles()
    assert (article.text, article.version) == ("Dockers go back to work.", 1)


def test_a_source_that_does_not_permit_it_has_no_pages_read(newsstand: Newsstand, site: Site, wanted: Page) -> None:
    newsstand.session.execute(update(Source).values(full_text=False))
    newsstand.session.commit()
    assert newsstand.read(wanted).outcome == "refused"
    assert "/harbour" not in site.paths()


def test_the_page_of_a_withdrawn_article_is_not_read(newsstand: Newsstand, site: Site, wanted: Page) -> None:
    (article,) = newsstand.articles()
    article.withdrawn_at = datetime.now(UTC)
    newsstand.session.commit()
    assert newsstand.read(wanted).outcome == "refused"
    assert "/harbour" not in site.paths()


def test_a_page_that_fails_for_a_while_is_tried_again_and_then_given_up(
    newsstand: Newsstand, site: Site, wanted: Page
) -> None:
    site.answers["/harbour"] = Answer("busy", status=503)
    outcomes = [newsstand.read(wanted).outcome for _ in range(5)]
    assert outcomes == ["again"] * 4 + ["failed"]
    (given_up,) = newsstand.waiting()
    assert (given_up.state, given_up.status) == ("failed", 503)
    assert "503" in (given_up.reason or "")


def test_a_page_behind_a_paywall_says_so(newsstand: Newsstand, site: Site, wanted: Page) -> None:
    says = '{"@type": "NewsArticle", "headline": "Harbour strike ends", "isAccessibleForFree": false}'
    mark = f'<script type="application/ld+json">{says}</script>'
    site.answers["/harbour"] = Answer(page(TITLE, TEXT, head=mark))
    newsstand.read(wanted)
    assert newsstand.articles()[0].paywalled is True


def test_two_feeds_of_one_page_with_identifiers_of_their_own_both_get_its_text(
    newsstand: Newsstand, site: Site, wanted: Page
) -> None:
    site.answers["/other"] = feed([teaser(site) | {"guid": "another identifier"}])
    newsstand.poll(newsstand.add(f"{site.url}/other"))
    for waiting in newsstand.waiting():
        assert newsstand.read(waiting).outcome == "read"
    assert [article.text for article in newsstand.articles()] == ["\n\n".join(TEXT)] * 2


def test_a_page_that_a_plain_sitemap_and_a_feed_name_is_one_article(
    newsstand: Newsstand, site: Site, wanted: Page
) -> None:
    url = f"<url><loc>{site.url}/harbour</loc></url>"
    xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    site.answers["/sitemap.xml"] = Answer(f'<urlset xmlns="{xmlns}">{url}</urlset>', "application/xml")
    newsstand.poll(newsstand.add(f"{site.url}/sitemap.xml"))
    outcomes = [newsstand.read(waiting).outcome for waiting in newsstand.waiting()]
    assert outcomes == ["read", "read"]
    (article,) = newsstand.articles()
    assert article.text == "\n\n".join(TEXT)


def test_a_page_at_an_address_that_must_not_be_asked_is_tried_once(
    newsstand: Newsstand, site: Site, wanted: Page
) -> None:
    site.answers["/harbour"] = Answer(status=302, headers={"Location": "http://192.168.7.7/secret"})
    came = newsstand.read(wanted)
    assert came.outcome == "failed"
    assert "address-refused" in (came.reason or "")


def test_pages_are_read_when_the_source_comes_to_permit_it(newsstand: Newsstand, site: Site) -> None:
    publish(site, teaser(site))
    feed_id = newsstand.add(f"{site.url}/feed")
    with unit_of_work(newsstand.sessions) as session:
        sources.change(session, "Example News", SourceForm(full_text=False))
    newsstand.poll(feed_id)
    assert newsstand.waiting() == []
    with unit_of_work(newsstand.sessions) as session:
        sources.change(session, "Example News", SourceForm(full_text=True))
    newsstand.poll(feed_id)
    assert len(newsstand.waiting()) == 1
    assert [article.version for article in newsstand.articles()] == [1]
