"""Lists of feeds, read and written."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core.feeds.opml import BadOutline, NotOpmlError, Opml, OpmlFeed, parse_opml, render_opml

NOW = datetime(2026, 1, 1, 10, tzinfo=UTC)


def parse(outlines: str) -> Opml:
    return parse_opml(f'<?xml version="1.0"?><opml version="1.0"><head/><body>{outlines}</body></opml>'.encode())


def test_feeds_are_found_in_folders_however_deep() -> None:
    found = parse(
        '<outline text="News"><outline title="Local"><outline type="rss" text="Example" title="Example News" '
        'xmlUrl="https://example.org/feed" htmlUrl="https://example.org/"/></outline></outline>'
        '<outline XMLURL="https://example.org/other"/>'
    )
    assert found == Opml(
        feeds=(
            OpmlFeed("https://example.org/feed", "Example News", "https://example.org/", "News / Local"),
            OpmlFeed("https://example.org/other"),
        ),
        bad=(),
    )


def test_the_names_of_folders_cannot_be_made_to_fill_the_memory() -> None:
    feeds = "".join(f'<outline xmlUrl="https://example.org/{number}"/>' for number in range(200))
    long, short = f'<outline text="{"news " * 20_000}">', '<outline text="more">'
    nested = f"{short * 5}{long}{short * 5}{feeds}{'</outline>' * 11}"
    found = parse(nested)
    assert len(found.feeds) == 200
    assert max(len(feed.folder or "") for feed in found.feeds) < 500


@pytest.mark.parametrize(
    "address", ["feed://example.org/feed", "feed:https://example.org/feed", "FEED://example.org/feed"]
)
def test_the_scheme_of_old_readers_is_understood(address: str) -> None:
    (feed,) = parse(f'<outline xmlUrl="{address}"/>').feeds
    assert feed.url.endswith("://example.org/feed")


def test_a_feed_that_is_listed_twice_is_one_with_what_both_say() -> None:
    found = parse(
        '<outline xmlUrl="https://EXAMPLE.org/feed#a"/><outline text="B">'
        '<outline text="Example" xmlUrl="https://example.org/feed"/></outline>'
    )
    assert found.feeds == (OpmlFeed("https://example.org/feed", "Example", None, "B"),)


def test_outlines_that_cannot_be_read_are_reported_and_spoil_nothing() -> None:
    found = parse(
        '<outline text="Nothing" type="rss"/><outline text="Mail" xmlUrl="mailto:a@example.org"/>'
        '<outline text="AT&T &nbsp;" xmlUrl="https://example.org/?a=1&b=2"/>'
    )
    assert [bad.text for bad in found.bad] == ["Nothing", "Mail"]
    assert found.bad[0] == BadOutline("Nothing", "it names no feed (`xmlUrl`)")
    assert [(feed.url, feed.title) for feed in found.feeds] == [("https://example.org/?a=1&b=2", "AT&T")]


def test_an_empty_folder_is_passed_over_and_a_feed_without_its_address_is_not() -> None:
    found = parse(
        '<outline text="News" title="News"/><outline text="Open" isOpen="true"></outline><outline/>'
        '<outline text="Folder" type="folder"/>'
        '<outline text="Site" htmlUrl="https://example.org/"/><outline text="Feed" type="atom" xmlUrl=" "/>'
    )
    assert (found.feeds, [bad.text for bad in found.bad]) == ((), ["Site", "Feed"])


@pytest.mark.parametrize("address", ["https://ada:secret@example.org/feed", "feed://ada@example.org/feed"])
def test_an_address_with_a_password_is_reported_without_it(address: str) -> None:
    found = parse(f'<outline text="Example" xmlUrl="{address}"/><outline xmlUrl="{address}"/>')
    assert (found.feeds, [bad.text for bad in found.bad]) == ((), ["Example", ""])
    assert {bad.reason for bad in found.bad} == {"its address holds a user name or password, which would not be sent"}


def test_a_list_of_our_own_names_the_source() -> None:
    written = render_opml([OpmlFeed("https://example.org/feed", source="Zone & Times")], title="Mine", now=NOW)
    assert b'source="Zone &amp; Times"' in written
    assert parse_opml(written).feeds[0].source == "Zone & Times"
    assert b"source" not in render_opml([OpmlFeed("https://example.org/feed")], title="Mine", now=NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<rss/>", b"hello", b"<html><body/></html>",
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body><outline text="&x;"/></body></opml>',
        b"<opml>" + b" " * (10 * 1024 * 1024),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(NotOpmlError):
        parse_opml(body)


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).map(lambda text: " ".join(text.split()))
names = words.filter(lambda text: text and "/" not in text and text.isprintable())
feeds = st.lists(
    st.builds(
        OpmlFeed,
        url=st.integers(1, 10**6)
        .map("https://example.org/feed?id={}&x=<'\"".format)
        .map(lambda url: url.replace("<'\"", "1")),
        title=names,
        site_url=st.none() | st.just("https://example.org/?a=1&b=2"),
        folder=st.none() | st.lists(names, min_size=1, max_size=3).map(" / ".join),
        source=st.none() | names,
    ),
    max_size=6,
    unique_by=lambda feed: feed.url,
)


@given(feeds, st.text(max_size=20))
def test_a_list_comes_back_as_it_was_written(listed: list[OpmlFeed], title: str) -> None:
    found = parse_opml(render_opml(listed, title=title, now=NOW))
    assert set(found.feeds) == set(listed)
    assert found.bad == ()


def test_a_list_is_written_as_other_readers_expect_it() -> None:
    written = render_opml(
        [OpmlFeed("https://example.org/feed", "A & <b>\x00", None, "News / Local")], title="Mine", now=NOW
    ).decode()
    assert "<dateCreated>Thu, 01 Jan 2026 10:00:00 +0000</dateCreated>" in written
    assert (
        '<outline type="rss" text="A &amp; &lt;b&gt;" title="A &amp; &lt;b&gt;" xmlUrl="https://example.org/feed"'
        in written
    )
    assert written.index('text="News"') < written.index('text="Local"') < written.index("xmlUrl")
