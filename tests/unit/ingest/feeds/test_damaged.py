"""Feeds that are broken, cut off, too long or hostile: what can be read is, the rest is refused by name."""

import pickle

import pytest

from themeline.ingest.core.feeds.model import FeedEntry, NotAFeedError, ParsedFeed
from themeline.ingest.core.feeds.parsing import MAX_ENTRIES, parse_feed
from themeline.ingest.core.feeds.words import FULL_TEXT_WORDS

URL = "https://example.org/news/feed.xml"
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS_0_9 = "http://my.netscape.com/rdf/simple/0.9/"
LONG = "word " * FULL_TEXT_WORDS


def parse(document: str | bytes, content_type: str | None = None) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return parse_feed(body, content_type=content_type, url=URL)


def rss(item: str = "", *, head: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel>{head}<item>{item}</item></channel></rss>'


def entry(item: str) -> FeedEntry:
    (only,) = parse(rss(item)).entries
    return only


def atom(inside: str, attributes: str = "") -> FeedEntry:
    document = f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><entry>{inside}</entry></feed>'
    (only,) = parse(document).entries
    return only


def refusal(body: bytes) -> str:
    with pytest.raises(NotAFeedError) as caught:
        parse(body)
    return caught.value.type


def test_what_breaks_xml_most_often_is_mended() -> None:
    feed = parse(rss("<title>AT&T &eacute;t&eacute; &nbsp;&#0;&#xD800;\x01 &bogus; <![CDATA[A & B &amp;]]></title>"))
    assert feed.entries[0].title == "AT&T été \xa0 &bogus; A & B &amp;"
    assert feed.notices == ()


def test_what_is_beyond_mending_is_read_all_the_same() -> None:
    feed = parse(
        rss("<title>AT&T &#55296;&#99999999999;<b>x</title><link>/?a=1&b=2</link>", head="<link>/?c=1&d=2</link>")
    )
    assert feed.entries[0].url == "https://example.org/?a=1&b=2"
    assert feed.site_url == "https://example.org/?c=1&d=2"
    assert "not well-formed" in feed.notices[0]


def test_a_feed_that_was_cut_off_gives_its_complete_entries_and_says_so() -> None:
    feed = parse(rss("<title>a</title>").partition("</channel>")[0] + "<item><link>https://exam")
    assert [found.title for found in feed.entries] == ["a"]
    assert "not well-formed" in feed.notices[0]


@pytest.mark.parametrize(
    "junk", ["\n\n  ", "\ufeff", "<br />\n<b>Warning</b>: oops in <b>x.php</b><br />\n", "\0\0", "\ufeff\n"]
)
def test_junk_before_the_feed_is_passed_over(junk: str) -> None:
    feed = parse(junk + rss("<title>a</title>"))
    assert [found.title for found in feed.entries] == ["a"]
    assert feed.notices == ()


def test_no_more_entries_are_read_than_can_be_worked_on_at_once() -> None:
    items = "</item><item>".join(f"<title>{number}</title>" for number in range(MAX_ENTRIES + 1))
    feed = parse(rss(items))
    assert [found.title for found in feed.entries] == [str(number) for number in range(MAX_ENTRIES)]
    assert "1,001 entries" in feed.notices[0]


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b"", "empty"),
        (b" \n\t\0 ", "empty"),
        (b"Not found", "not-a-feed"),
        (b"<!DOCTYPE html><html><body>Hello</body></html>", "html-page"),
        (b"\n<HTML><head></head></HTML>", "html-page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-a-feed"),
        (b"<opml version='2.0'><body/></opml>", "not-a-feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not-a-feed"),
        (b"<", "not-a-feed"),
    ],
)
def test_what_is_no_feed_is_refused_by_name(body: bytes, type_: str) -> None:
    assert refusal(body) == type_


def test_feeds_and_refusals_travel_between_processes() -> None:
    feed = parse(rss("<title>a</title>"))
    assert pickle.loads(pickle.dumps(feed)) == feed
    refused = pickle.loads(pickle.dumps(NotAFeedError("empty", "it is empty")))
    assert (refused.type, refused.reason, str(refused)) == ("empty", "it is empty", "it is empty")


def test_entities_do_not_explode() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">\n' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?>\n<!DOCTYPE rss [\n<!ENTITY e0 "{"ha" * 50}">\n{levels}]>\n'
    feed = parse(bomb + '<rss version="2.0"><channel><item><title>&e11;&e0;</title></item></channel></rss>')
    assert len(feed.entries[0].title) < 200


def test_many_uses_of_one_long_entity_do_not_explode() -> None:
    bomb = f'<!DOCTYPE rss [\n<!ENTITY long "{"x" * 100_000}">\n]>\n'
    feed = parse(bomb + f'<rss version="2.0"><channel><item><title>{"&long;" * 1_000}</title></item></channel></rss>')
    assert len(feed.entries[0].title) < 10_000


def test_external_entities_are_not_read() -> None:
    document = (
        '<!DOCTYPE rss [\n<!ENTITY secret SYSTEM "file:///etc/hostname">\n]>\n' + rss("<title>[&secret;]</title>")[21:]
    )
    assert parse(document).entries[0].title == "[&secret;]"


def test_a_body_is_never_taken_for_the_name_of_a_file() -> None:
    assert refusal(b"/etc/hostname") == "not-a-feed"
