"""Feeds of very many entries."""

import time

import pytest

from themeline.ingest.core.feeds.cutting import shortened
from themeline.ingest.core.feeds.model import ParsedFeed
from themeline.ingest.core.feeds.parsing import MAX_ENTRIES, parse_feed

MANY = MAX_ENTRIES * 10
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS, ATOM, RSS_1 = (
    ('<?xml version="1.0"?><rss version="2.0"><channel><title>Example</title>', "<link>/</link></channel></rss>\n"),
    ('<feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title>', "</feed>"),
    (f'<r:RDF xmlns:r="{RDF}" xmlns="http://purl.org/rss/1.0/"><channel><title>Example</title></channel>', "</r:RDF>"),
)


def items(number: int, inside: str = "", name: str = "item") -> str:
    return "".join(f"<{name}><title>{at}</title>{inside}</{name}>\n" for at in range(number))


def parse(document: str) -> ParsedFeed:
    return parse_feed(document.encode(), content_type=None, url="https://example.org/feed")


@pytest.mark.parametrize(
    ("start", "name", "end"),
    [(RSS[0], "item", RSS[1]), (ATOM[0], "entry", ATOM[1]), (RSS_1[0], "item", RSS_1[1])],
    ids=["rss", "atom", "rdf"],
)
def test_of_a_feed_with_very_many_entries_the_first_are_read_and_no_others_parsed(
    start: str, name: str, end: str
) -> None:
    started = time.process_time()
    feed = parse(start + items(MANY, name=name) + end)
    assert time.process_time() - started < 4, "all of them take more than ten seconds"
    assert feed.title == "Example"
    assert [entry.title for entry in feed.entries] == [str(at) for at in range(MAX_ENTRIES)]
    assert feed.notices == (f"It has {MANY:,} entries; the newest {MAX_ENTRIES:,} were read.",)


def test_what_stands_behind_the_entries_is_read() -> None:
    assert parse(RSS[0] + items(MAX_ENTRIES + 1) + RSS[1]).site_url == "https://example.org/"


def test_a_feed_with_very_many_entries_that_was_cut_off_is_read() -> None:
    feed = parse(RSS[0] + items(MAX_ENTRIES + 5) + "<item><title>to")
    assert len(feed.entries) == MAX_ENTRIES
    assert any("1,005 entries" in notice for notice in feed.notices)


@pytest.mark.parametrize(
    "inside",
    [
        "<description><![CDATA[An </item> as text]]></description>",
        "<!-- </item> --><description>no end</description>",
        "<description>An &lt;/item&gt; as text</description>",
    ],
)
def test_ends_that_are_text_are_no_ends_of_entries(inside: str) -> None:
    document = RSS[0] + items(3, inside) + RSS[1]
    assert shortened(document, kept=3) == (document, 3)
    cut, total = shortened(document, kept=2)
    assert (total, cut) == (3, (RSS[0] + items(2, inside)).rstrip("\n") + "\n" + RSS[1])
    assert len(parse(cut).entries) == 2


def test_a_cut_that_falls_wrong_does_not_cost_the_feed() -> None:
    nested = "<junk>" + "</item>" * (MAX_ENTRIES + 1) + "</junk>"
    feed = parse(RSS[0] + nested + items(2) + RSS[1])
    assert [entry.title for entry in feed.entries] == ["0", "1"]


@pytest.mark.parametrize("piece", ["<!--", "<![CDATA[", "</item", "</item ", "</entry>", "<", "]]>"])
def test_no_document_takes_long_to_cut(piece: str) -> None:
    started = time.process_time()
    shortened(piece * 200_000, kept=MAX_ENTRIES)
    assert time.process_time() - started < 5
