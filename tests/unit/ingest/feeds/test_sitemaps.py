"""Sitemaps, sitemaps of news, their indexes."""

import gzip

import pytest

from themeline.ingest.core.feeds.model import ChildSitemap, FeedEntry, NotAFeedError, ParsedFeed
from themeline.ingest.core.feeds.parsing import MAX_CHILDREN, MAX_ENTRIES, parse_feed

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = (
    "<url><loc> https://example.org/rain </loc><lastmod>2026-01-02</lastmod><news:news><news:publication>"
    "<news:name>Example</news:name><news:language>en</news:language></news:publication>"
    "<news:publication_date>2026-01-01T10:00:00+02:00</news:publication_date><news:title>Rain &amp; wind</news:title>"
    "<news:keywords>Weather, Local, Weather,</news:keywords></news:news>"
    "<image:image><image:loc>/a.png</image:loc></image:image><image:image><image:loc>/b.png</image:loc></image:image></url>"
)


def parse(document: str | bytes) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return parse_feed(body, content_type="text/xml", url="https://example.org/sitemap.xml")


@pytest.mark.parametrize("namespaces", [NAMESPACES, NAMESPACES.replace("http:", "https:"), ""])
def test_a_news_sitemap_says_almost_what_a_feed_does(namespaces: str) -> None:
    feed = parse(f"<?xml version='1.0' encoding='UTF-8'?><!-- made --><urlset {namespaces}>{NEWS}</urlset>")
    assert feed.format == "news-sitemap"
    assert feed.entries == (
        FeedEntry(
            url="https://example.org/rain", title="Rain & wind", published="2026-01-01T10:00:00+02:00",
            updated="2026-01-02", language="en", image="https://example.org/a.png", tags=("Weather", "Local"),
            source="Example",
        ),
    )  # fmt: skip


def test_a_plain_sitemap_gives_links_to_read() -> None:
    feed = parse(f"<urlset {NAMESPACES}><url><loc>/a</loc></url><url><loc>mailto:x</loc></url><url/></urlset>")
    assert feed.format == "sitemap"
    assert feed.entries == (FeedEntry(url="https://example.org/a"),)


def test_an_index_gives_its_sitemaps() -> None:
    feed = parse(
        f"<sitemapindex {NAMESPACES}><sitemap><loc>/1.xml.gz</loc><lastmod>2026-01-01</lastmod></sitemap>"
        "<sitemap><loc>https://other.example/2.xml</loc></sitemap></sitemapindex>"
    )
    assert feed.format == "sitemap-index"
    assert feed.entries == ()
    assert feed.children == (
        ChildSitemap("https://example.org/1.xml.gz", "2026-01-01"), ChildSitemap("https://other.example/2.xml"),
    )  # fmt: skip


def test_sitemaps_stored_as_gzip_are_unpacked() -> None:
    assert parse(gzip.compress(f"<urlset {NAMESPACES}>{NEWS}</urlset>".encode())).format == "news-sitemap"


def test_of_a_large_sitemap_the_newest_are_read() -> None:
    urls = "".join(
        f"<url><loc>https://example.org/{day}</loc><lastmod>{2000 + day:04}-01-01</lastmod></url>"
        for day in range(MAX_ENTRIES + 5)
    )
    feed = parse(f"<urlset>{urls}</urlset>")
    assert len(feed.entries) == MAX_ENTRIES
    assert feed.entries[0].url == f"https://example.org/{MAX_ENTRIES + 4}"
    assert "1,005" in feed.notices[0]


def test_of_a_large_index_the_newest_are_read() -> None:
    children = "".join(f"<sitemap><loc>/{n}</loc><lastmod>{n:06}</lastmod></sitemap>" for n in range(MAX_CHILDREN + 1))
    feed = parse(f"<sitemapindex>{children}</sitemapindex>")
    assert len(feed.children) == MAX_CHILDREN
    assert feed.children[0].modified == f"{MAX_CHILDREN:06}"


def test_a_sitemap_that_was_cut_off_gives_its_complete_entries_and_says_so() -> None:
    feed = parse(f"<urlset {NAMESPACES}>{NEWS}<url><loc>https://exam")
    assert [entry.url for entry in feed.entries] == ["https://example.org/rain"]
    assert "cut off" in feed.notices[0]


def test_a_sitemap_that_declares_entities_is_refused() -> None:
    with pytest.raises(NotAFeedError) as caught:
        parse('<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset><url><loc>&x;</loc></url></urlset>')
    assert caught.value.type == "unsafe-xml"
