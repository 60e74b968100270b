"""From the bytes of RSS, RDF and Atom to entries."""

from datetime import timedelta

import pytest

from themeline.ingest.core.feeds.model import FeedEntry, NotAFeedError, ParsedFeed
from themeline.ingest.core.feeds.parsing import parse_feed
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


def test_an_item_keeps_what_its_feed_says_word_by_word() -> None:
    found = entry(
        "<title>Rain &amp; wind</title><link>https://example.org/rain</link><guid isPermaLink='false'> tag:17 </guid>"
        "<pubDate>Thu, 1 Jan 2026 10:00:00 EST</pubDate><description>&lt;b&gt;Wet&lt;/b&gt;</description>"
        "<category>Weather</category><category>Weather</category><dc:creator>Ada Low</dc:creator>"
        "<source url='https://other.example/feed'>Other Times</source>"
    )
    assert found == FeedEntry(
        guid="tag:17", url="https://example.org/rain", title="Rain & wind", summary="<b>Wet</b>",
        published="Thu, 1 Jan 2026 10:00:00 EST", tags=("Weather",), authors=("Ada Low",), source="Other Times",
    )  # fmt: skip


def test_a_feed_says_who_it_is_and_when_it_may_be_read() -> None:
    feed = parse(
        rss(
            head="<title>Example</title><link>/</link><language>en-gb</language><ttl>45</ttl>"
            "<skipHours><hour>0</hour><hour>24</hour><hour>3</hour><hour>99</hour></skipHours>"
            "<skipDays><day>Sunday</day><day>someday</day></skipDays>"
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
            "<atom:link rel='hub' href='https://hub.example/'/><atom:link rel='self' href='feed.xml'/>"
            "<image><url>/logo.png</url></image>"
        )
    )
    assert (feed.format, feed.title, feed.site_url, feed.language) == (
        "rss",
        "Example",
        "https://example.org/",
        "en-gb",
    )
    assert feed.hub_urls == ("https://hub.example/",)
    assert feed.self_url == URL
    assert feed.icon == "https://example.org/logo.png"
    assert feed.hints.ttl == timedelta(minutes=45)
    assert feed.hints.skip_hours == {0, 3}
    assert feed.hints.skip_days == {6}
    assert feed.hints.update_period == timedelta(hours=6)


@pytest.mark.parametrize("ttl", ["", "soon", "-5", "0", "9" * 40, "1.5"])
def test_a_ttl_that_makes_no_sense_is_no_hint(ttl: str) -> None:
    assert parse(rss(head=f"<ttl>{ttl}</ttl>")).hints.ttl is None


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ('<rss version="0.91"><channel><item><title>a</title></item></channel></rss>', "rss"),
        ('<rss version="2.0"><channel><item><title>a</title></item></channel></rss>', "rss"),
        (f'<r:RDF xmlns:r="{RDF}" xmlns="http://purl.org/rss/1.0/"><item><title>a</title></item></r:RDF>', "rdf"),
        (f'<r:RDF xmlns:r="{RDF}" xmlns="{RSS_0_9}"><item><title>a</title></item></r:RDF>', "rdf"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title></entry></feed>', "atom"),
        ('<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>a</a:title></a:entry></a:feed>', "atom"),
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>a</title></entry></feed>', "atom"),
    ],
)
def test_every_dialect_is_told_by_its_root(document: str, expected: str) -> None:
    feed = parse(document)
    assert feed.format == expected
    assert [found.title for found in feed.entries] == ["a"]


@pytest.mark.parametrize(
    "guid", ["  /relative/1 ", "HTTP://EXAMPLE.org/A", "tag:example.org,2026:1", "17", "a b", "//x"]
)
def test_an_identifier_is_opaque_even_where_a_base_address_is_given(guid: str) -> None:
    assert atom(f"<id>{guid}</id>", 'xml:base="https://base.example/x/"').guid == guid.strip()
    assert entry(f"<guid>{guid}</guid>").guid == guid.strip()


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>/a?x=1&y=2</link>", "https://example.org/a?x=1&y=2"),
        ("<link>\n https://example.org/\n   long/path \n</link>", "https://example.org/long/path"),
        ("<link>a</link><guid>https://example.org/guid</guid>", "https://example.org/news/a"),
        ("<guid>https://example.org/guid</guid>", "https://example.org/guid"),
        ("<guid>/guid</guid>", "https://example.org/guid"),
        ("<guid>17</guid>", None),
        ("<guid isPermaLink='false'>https://example.org/guid</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>http://[broken</link>", None),
        ("<link>mailto:a@example.org</link>", None),
        ("<link></link>", None),
        (
            "<link>https://feeds.example/~r/1</link><feedburner:origLink>https://example.org/o</feedburner:origLink>",
            "https://example.org/o",
        ),
        ("<link><![CDATA[https://example.org/?a=1&b=2]]></link>", "https://example.org/?a=1&b=2"),
    ],
)
def test_an_item_leads_where_a_reader_would_be_led(item: str, url: str | None) -> None:
    assert entry(item).url == url


def test_of_several_links_the_alternate_is_the_entry() -> None:
    found = atom(
        '<link rel="self" href="self"/><link rel="replies" href="replies"/>'
        '<link rel="alternate" type="text/html" href="page"/><link rel="enclosure" type="image/png" href="/i.png"/>',
        'xml:base="https://base.example/x/"',
    )
    assert found.url == "https://base.example/x/page"
    assert found.image == "https://base.example/i.png"


def test_a_date_of_dublin_core_is_the_publication_in_rss_and_an_update_in_atom() -> None:
    assert entry("<dc:date>2026-01-01T10:00Z</dc:date>").published == "2026-01-01T10:00Z"
    found = atom("<updated>2026-01-01T10:00:00Z</updated>")
    assert (found.published, found.updated) == (None, "2026-01-01T10:00:00Z")


@pytest.mark.parametrize(
    ("inside", "html", "summary"),
    [
        ("<content type='text'>a &lt; b\n\nc</content>", "<p>a &lt; b</p><p>c</p>", None),
        ("<content type='html'>&lt;p&gt;a b&lt;/p&gt;</content><summary>c</summary>", "<p>a b</p>", "<p>c</p>"),
        (
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a<em>b</em></p></div></content>",
            "<p>a<em>b</em></p>",
            None,
        ),
        ("<summary type='html'>&lt;i&gt;c&lt;/i&gt;</summary>", None, "<i>c</i>"),
    ],
)
def test_text_of_every_type_comes_out_as_markup(inside: str, html: str | None, summary: str | None) -> None:
    found = atom(inside)
    assert (found.html, found.summary) == (html, summary)


def test_the_caption_of_a_picture_is_neither_text_nor_summary() -> None:
    found = entry(
        "<description>What happened</description><media:content url='a.jpg' medium='image'>"
        "<media:description>A long caption of the picture that goes on and on</media:description></media:content>"
    )
    assert (found.html, found.summary) == (None, "What happened")
    assert entry("<media:description>Only this</media:description>").summary == "Only this"


def test_markup_is_kept_as_it_came_for_the_cleaning_that_follows() -> None:
    dangerous = "<script>alert(1)</script><img src='/a.png' onerror='x'>"
    assert entry(f"<content:encoded><![CDATA[{dangerous}]]></content:encoded>").html == dangerous


@pytest.mark.parametrize(
    ("item", "full"),
    [
        (f"<content:encoded>{LONG}</content:encoded>", True),
        (f"<description>{LONG}</description>", True),
        (f"<content:encoded>{'字' * FULL_TEXT_WORDS * 2}</content:encoded>", True),
        (f"<content:encoded>{'word ' * (FULL_TEXT_WORDS - 1)}</content:encoded>", False),
        (f"<content:encoded>{LONG} [&#8230;]</content:encoded>", False),
        (f"<content:encoded>{LONG} &lt;a href='x'&gt;Continue reading&lt;/a&gt;</content:encoded>", False),
        ("<description>A teaser.</description>", False),
        ("<title>Only a title</title>", False),
    ],
)
def test_an_article_is_told_from_a_teaser(item: str, *, full: bool) -> None:
    assert entry(item).has_full_text is full


@pytest.mark.parametrize(
    ("item", "image"),
    [
        ("<media:content url='a.jpg' width='10'/><media:content url='b.jpg' width='900' medium='image'/>", "b.jpg"),
        ("<media:content url='v.mp4' type='video/mp4'/><media:thumbnail url='t'/>", "t"),
        ("<enclosure url='p.mp3' type='audio/mpeg'/><enclosure url='p.png' type='image/png'/>", "p.png"),
        ("<itunes:image href='cover.jpg'/>", "cover.jpg"),
        ("<media:group><media:content url='g.webp'/></media:group>", "g.webp"),
        ("<media:thumbnail url='data:image/png;base64,AAAA'/>", None),
    ],
)
def test_the_picture_is_the_best_that_is_attached(item: str, image: str | None) -> None:
    assert entry(item).image == (f"https://example.org/news/{image}" if image else None)


def test_languages_are_inherited_and_overridden() -> None:
    feed = parse(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><entry><title>a</title></entry>'
        '<entry xml:lang="fr"><title>b</title></entry></feed>'
    )
    assert feed.language == "de"
    assert [found.language for found in feed.entries] == ["de", "fr"]
