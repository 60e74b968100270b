"""Whatever comes, it is a feed or it is refused: nothing else is raised, and nothing takes long."""

import json
import random
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themeline.ingest.core.drafts import Draft, Rejection, parse_draft
from themeline.ingest.core.feeds.discovery import find_feeds
from themeline.ingest.core.feeds.entries import entry_hash, entry_key, to_item
from themeline.ingest.core.feeds.model import NotAFeedError, ParsedFeed
from themeline.ingest.core.feeds.opml import NotOpmlError, Opml, parse_opml, render_opml
from themeline.ingest.core.feeds.parsing import parse_feed

URL = "https://example.org/feed"
# fmt: off
PIECES = (
    "<?xml version='1.0' encoding='utf-16'?>", "<!DOCTYPE rss [ <!ENTITY a '&a;'> ]>", "<rss version='2.0'>",
    "<channel>", "</channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "</link>", "<guid>", "</guid>",
    "<pubDate>",
    "<description>", "</description>", "<![CDATA[", "]]>", "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='//['>",
    "</feed>", "<entry>", "</entry>", "<content type='xhtml'>", "</content>", "<link href='http://[::1' rel='self'/>",
    "<source url='x'>", "<media:content url='//' width='９9'/>", "<enclosure/>", "<hour>", "7", "<urlset>", "<url>",
    "<loc>http://a/</loc>", "</url>", "<sitemapindex>", "<sitemap>", "<svg>", "<math>", "<html>",
    "<outline xmlUrl='x'>",
    "&a;", "&#xFFFFFFF;", "&#55296;", "&", "<", ">", "\x00", "\ufeff", "é", "{", "}", "[", "]", '"', "<ttl>",
    "99999999999999", "<!--", "-->", "<!-", "<?", "?>",
)
# fmt: on
soup = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("name", "url", "type")), inner),
    max_leaves=5,
)
JSON_KEYS = (
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "date_published", "tags", "author",
    "authors", "image", "language",
)  # fmt: skip


def read(body: bytes, content_type: str | None = None) -> None:
    try:
        feed = parse_feed(body, content_type=content_type, url=URL)
    except NotAFeedError:
        return
    assert isinstance(feed, ParsedFeed)
    for entry in feed.entries:
        assert len(entry_key(entry)) == len(entry_hash(entry)) == 16
        assert isinstance(parse_draft(to_item(entry, feed, source="Example")), Draft | Rejection)


@given(st.binary(max_size=500), st.none() | st.text(max_size=20))
def test_any_bytes_are_a_feed_or_refused(body: bytes, content_type: str | None) -> None:
    read(body, content_type)


@settings(max_examples=400, deadline=None)
@given(soup)
def test_a_soup_of_markup_is_a_feed_or_refused(text: str) -> None:
    read(text.encode("utf-8", "surrogatepass"))
    read(("<rss version='2.0'>" + text).encode("utf-8", "surrogatepass"))


@given(st.lists(st.dictionaries(st.sampled_from(JSON_KEYS), json_values), max_size=3), json_values)
def test_any_json_is_a_feed_or_refused(items: list[object], other: object) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items, "hubs": other, "authors": other}
    read(json.dumps(feed).encode())
    read(json.dumps(other).encode())


@given(st.binary(max_size=200) | soup.map(lambda text: f"<opml>{text}".encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_list_of_feeds_or_refused(body: bytes) -> None:
    try:
        found = parse_opml(body)
    except NotOpmlError:
        return
    assert isinstance(found, Opml)
    render_opml(found.feeds, title="Again", now=datetime(2026, 1, 1, tzinfo=UTC))


@given(st.binary(max_size=200) | soup.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_page_is_searched_for_feeds(body: bytes) -> None:
    for candidate in find_feeds(body, URL):
        assert candidate.url.startswith(("http://", "https://"))


def test_a_feed_with_any_byte_changed_is_a_feed_or_refused() -> None:
    body = (
        b'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Example</title><item>'
        b"<title>One &amp; two</title><link>https://example.org/1</link><guid>1</guid>"
        b"<description><![CDATA[<p>Text</p>]]></description></item></channel></rss>"
    )
    dice = random.Random(17)
    for position in range(len(body)):
        changed = bytearray(body)
        changed[position] = dice.randrange(256)
        read(bytes(changed))
        read(body[:position])


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel><item>" + b"<a>" * 20_000,
        b"<!--" * 50_000,
        b"<![CDATA[" * 30_000,
        b"<rss><title>" + b"&" * 200_000,
        b"<rss>" + b"<item><link>" + b" \n" * 100_000 + b"x",
        b"<urlset>" + b"<url>" * 50_000,
        b"<urlset>" + b"<url><loc>http://example.org/</loc></url>" * 20_000,
        b"[" * 200_000,
        b'{"items":' * 50_000,
        b"<" * 200_000,
        b"<?" * 100_000,
        b"<rss version='2.0'><channel><item><description>" + b"<![CDATA[<" * 20_000,
    ],
)
def test_hostile_shapes_take_no_longer_than_their_size(body: bytes) -> None:
    began = process_time()
    read(body)
    assert process_time() - began < 10
