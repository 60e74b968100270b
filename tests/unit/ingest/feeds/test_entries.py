"""What an entry is recognised by, when it says something new, and the item it becomes."""

import time
from dataclasses import replace
from typing import Any, Literal

import pytest

from themeline.ingest.core.drafts import MAX_EXTERNAL_ID, MAX_LIST, Draft, parse_draft
from themeline.ingest.core.feeds.entries import entry_hash, entry_key, to_item
from themeline.ingest.core.feeds.model import FeedEntry, ParsedFeed

FEED = ParsedFeed(format="rss", language="en")
ENTRY = FeedEntry(
    guid="17", url="https://example.org/rain", title="Rain", html="<p>It rains.</p>", summary="Wet",
    published="Thu, 1 Jan 2026 10:00:00 GMT", updated="2026-01-02", language="de", image="https://example.org/i.png",
    authors=("Ada Low",), tags=("Weather", "Local"), section="News", source="Other Times",
)  # fmt: skip


def test_an_entry_is_recognised_by_its_identifier_else_its_address_else_title_and_time() -> None:
    assert entry_key(ENTRY) == entry_key(replace(ENTRY, url="https://example.org/other", title="Other"))
    assert entry_key(ENTRY) != entry_key(replace(ENTRY, guid="18"))
    addressed = replace(ENTRY, guid=None)
    assert entry_key(addressed) == entry_key(replace(addressed, url="https://EXAMPLE.org/rain?utm_source=rss#top"))
    assert entry_key(addressed) != entry_key(replace(addressed, url="https://example.org/rain?id=2"))
    bare = replace(addressed, url=None)
    assert entry_key(bare) == entry_key(replace(bare, html="Other"))
    assert entry_key(bare) != entry_key(replace(bare, published=None))


def test_keys_of_different_kinds_are_never_equal() -> None:
    url = "https://example.org/rain"
    assert entry_key(FeedEntry(guid=url)) != entry_key(FeedEntry(url=url)) != entry_key(FeedEntry(title=url))


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Rain again"}, {"html": "<p>It rained.</p>"}, {"summary": "Dry"}, {"published": "yesterday"},
        {"language": "fr"}, {"image": None}, {"section": "Sport"}, {"tags": ("Weather",)}, {"authors": ()},
        {"url": "https://example.org/moved"},
    ],
)  # fmt: skip
def test_what_a_reader_would_notice_is_a_change(change: dict[str, object]) -> None:
    assert entry_hash(replace(ENTRY, **change)) != entry_hash(ENTRY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"updated": "2026-01-03"},
        {"html": "<p class='x'>It\n rains.</p><img src='https://pixel.example/?1767225600'/>"},
        {"tags": ("Local", "Weather")},
        {"url": "https://example.org/rain?utm_campaign=feed"},
        {"source": "Another"},
        {"has_full_text": True},
    ],
)
def test_what_no_reader_would_notice_is_none(change: dict[str, object]) -> None:
    assert entry_hash(replace(ENTRY, **change)) == entry_hash(ENTRY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Points: 12<br># Comments: 3", "Points: 140<br># Comments: 86"),
        ("A text. 3 comments", "A text. 1,204 comments"),
        ("A text. 1 comment", "A text. 2 comments"),
    ],
)
def test_counters_in_the_text_are_no_news(before: str, after: str) -> None:
    assert entry_hash(replace(ENTRY, summary=before)) == entry_hash(replace(ENTRY, summary=after))
    assert entry_hash(replace(ENTRY, summary="12 dead")) != entry_hash(replace(ENTRY, summary="14 dead"))


def test_an_item_has_the_fields_of_the_entry() -> None:
    assert to_item(ENTRY, FEED, source="Example") == {
        "external_id": "17", "url": "https://example.org/rain", "title": "Rain", "html": "<p>It rains.</p>",
        "published": "Thu, 1 Jan 2026 10:00:00 GMT", "updated": "2026-01-02", "source": "Example", "language": "de",
        "image": "https://example.org/i.png", "section": "News", "tags": ["Weather", "Local"], "authors": ["Ada Low"],
        "teaser": True,
    }  # fmt: skip


def test_only_a_body_that_is_not_whole_is_a_teaser() -> None:
    assert "teaser" not in to_item(replace(ENTRY, has_full_text=True), FEED, source="Example")
    assert "teaser" not in to_item(FeedEntry(title="Rain"), FEED, source="Example")


def test_no_feed_speaks_in_another_publishers_name() -> None:
    assert to_item(replace(ENTRY, source="Big Agency"), FEED, source="Example")["source"] == "Example"


def test_what_the_entry_leaves_open_is_filled_from_feed_and_summary() -> None:
    item = to_item(FeedEntry(title="Rain", summary="Wet", updated="2026-01-02"), FEED, source="Example")
    assert item == {
        "title": "Rain", "html": "Wet", "published": "2026-01-02", "updated": "2026-01-02", "source": "Example",
        "language": "en", "teaser": True,
    }  # fmt: skip


def titled(title: str, feed_title: str | None) -> Any:
    return to_item(FeedEntry(title=title), replace(FEED, title=feed_title), source="127.0.0.1")["title"]


@pytest.mark.parametrize(
    "feed_title",
    [
        "Mill Lane Mail", "Mill Lane Mail: latest", "Mill Lane Mail - World", "World | Mill Lane Mail",
        "Mill Lane Mail &raquo; Feed", "The Mill Lane Mail",
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", [" | Mill Lane Mail", " - Mill Lane Mail", " &#8211; Mill Lane Mail"])
def test_the_publisher_that_the_feed_names_is_cut_from_titles(feed_title: str, end: str) -> None:
    assert titled(f"Harbour bridge closed{end}", feed_title) == "Harbour bridge closed"


@pytest.mark.parametrize(
    ("title", "feed_title"),
    [
        ("Brexit - what comes next for us", "Brexit"),
        ("A day that changed the - World", "World"),
        ("Storm at sea comes closer - latest", "Latest news"),
        ("Storm at sea comes closer - latest", "Mill Lane Mail: latest"),
        ("The world - as we know it", "The World"),
        ("Mill Lane Mail: we are moving", "Mill Lane Mail"),
        ("Rain | Mill Lane Mail", "Mill Lane Mail"),  # too little would be left
        ("Rain &amp; wind | Mill Lane Mail", None),
    ],
)
def test_titles_are_not_cut_by_what_may_be_a_section(title: str, feed_title: str | None) -> None:
    assert titled(title, feed_title) == title


def test_a_news_sitemap_names_its_publisher_in_each_entry_and_a_feed_somebody_else() -> None:
    entry = FeedEntry(title="Harbour bridge closed | Example", source="Example")
    assert to_item(entry, ParsedFeed(format="news-sitemap"), source="x")["title"] == "Harbour bridge closed"
    assert to_item(entry, FEED, source="x")["title"] == entry.title


@pytest.mark.parametrize("format_", ["sitemap", "news-sitemap"])
def test_the_last_change_that_a_sitemap_names_is_no_publication(format_: Literal["sitemap", "news-sitemap"]) -> None:
    sitemap = ParsedFeed(format=format_)
    changed = FeedEntry(title="Rain", url="https://example.org/rain", updated="2026-01-02")
    item = to_item(changed, sitemap, source="Example")
    assert ("published" in item, item["updated"]) == (False, "2026-01-02")
    named = to_item(replace(changed, published="2025-12-31"), sitemap, source="Example")
    assert (named["published"], named["updated"]) == ("2025-12-31", "2026-01-02")


def test_an_entry_is_not_lost_for_a_tag_or_an_identifier_that_is_too_long() -> None:
    entry = replace(
        ENTRY, guid="x" * (MAX_EXTERNAL_ID + 1), tags=tuple(map(str, range(MAX_LIST + 1))), authors=("A" * 1_000, "Bo"),
        section="S" * 1_000,
    )  # fmt: skip
    draft = parse_draft(to_item(entry, FEED, source="Example"))
    assert isinstance(draft, Draft)
    assert (draft.external_id, len(draft.tags), draft.authors, draft.section) == (None, MAX_LIST, ("Bo",), None)


@pytest.mark.parametrize("piece", ["1,", "1.", "12 ", "1 comment: ", "# ", "<a ", "&nbsp;"])
def test_no_text_takes_long_to_compare(piece: str) -> None:
    hostile = piece * 100_000
    started = time.process_time()
    entry_hash(FeedEntry(guid="1", title=hostile, html=hostile))
    assert time.process_time() - started < 5
