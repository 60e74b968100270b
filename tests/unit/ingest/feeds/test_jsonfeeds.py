"""JSON Feed 1.0 and 1.1."""

import json
from typing import Any

import pytest

from themeline.ingest.core.feeds.model import FeedEntry, NotAFeedError, ParsedFeed
from themeline.ingest.core.feeds.parsing import parse_feed

ITEM = {"id": "https://example.org/rain", "title": "Rain"}


def parse(**fields: Any) -> ParsedFeed:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [ITEM]} | fields
    return parse_feed(
        json.dumps(feed).encode(), content_type="application/feed+json", url="https://example.org/feed.json"
    )


def item(**fields: Any) -> FeedEntry:
    return parse(items=[fields]).entries[0]


def test_a_json_feed_says_who_it_is() -> None:
    feed = parse(
        title="Example", home_page_url="/", feed_url="https://example.org/feed.json", language="en", favicon="/f.ico",
        hubs=[{"type": "rssCloud", "url": "https://cloud.example/"}, {"type": "WebSub", "url": "https://hub.example/"}],
    )  # fmt: skip
    assert (feed.format, feed.title, feed.site_url, feed.language) == ("json", "Example", "https://example.org/", "en")
    assert (feed.self_url, feed.hub_urls) == ("https://example.org/feed.json", ("https://hub.example/",))
    assert feed.icon == "https://example.org/f.ico"


def test_an_item_keeps_what_it_says() -> None:
    assert item(
        id="17", url="/rain", external_url="https://other.example/", title="Rain", content_html="<p>It rains.</p>",
        summary="Wet & cold", date_published="2026-01-01T10:00:00-05:00", date_modified="2026-01-02T10:00:00Z",
        image="i.png", tags=["Weather", 7, "Weather"], authors=[{"name": "Ada Low"}, {"url": "x"}], language="de",
    ) == FeedEntry(
        guid="17", url="https://example.org/rain", title="Rain", html="<p>It rains.</p>",
        summary="<p>Wet &amp; cold</p>", published="2026-01-01T10:00:00-05:00", updated="2026-01-02T10:00:00Z",
        image="https://example.org/i.png", tags=("Weather",), authors=("Ada Low",), language="de",
    )  # fmt: skip


def test_version_1_0_and_sloppy_types_are_understood() -> None:
    feed = parse(
        version="https://jsonfeed.org/version/1", author={"name": "Bo"}, items=[{"id": 17, "content_text": "a < b"}]
    )
    assert feed.entries == (FeedEntry(guid="17", html="<p>a &lt; b</p>", authors=("Bo",)),)


def test_an_item_leads_to_its_address_else_the_one_it_is_about_else_its_identifier() -> None:
    assert item(id="1", url="", external_url="https://other.example/").url == "https://other.example/"
    assert item(id="https://example.org/17").url == "https://example.org/17"


def test_an_identifier_that_is_no_address_leads_nowhere() -> None:
    assert item(id="17").url is None


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b"{}", "not-a-feed"), (b"[]", "not-a-feed"), (b'{"items": 3}', "not-a-feed"), (b"{", "damaged"),
        (b'{"version": "https://example.org/other/1", "items": []}', "not-a-feed"),
        (b'{"openapi": "3.1"}', "not-a-feed"),
    ],
)  # fmt: skip
def test_other_json_is_refused_by_name(body: bytes, type_: str) -> None:
    with pytest.raises(NotAFeedError) as caught:
        parse_feed(body, content_type="application/json", url="https://example.org/")
    assert caught.value.type == type_
