"""Saved HTML pages, and the text of HTML bodies."""

import pickle
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from themeline.ingest.core.html import html_to_text
from themeline.ingest.core.htmlpages import MAX_MARKUP, PageArticle, PageProblem, parse_html_page, read_page
from themeline.ingest.core.pages import NotANewsPageError

LINKED = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "WebPage", "name": "Home"},
  {"@type": ["NewsArticle"], "headline": "Harbour bridge &amp; ferry", "datePublished": "2025-11-09T18:20:05+02:00",
   "dateModified": "2025-11-09T19:00:00+02:00", "author": [{"@type": "Person", "name": "Ada Quay"}],
   "publisher": {"@type": "Organization", "name": "Harbour Courier"}}]}</script>"""
META = """<meta property="og:title" content="Harbour bridge"><meta property="og:site_name" content="Courier">
  <meta property="article:published_time" content="2025-11-09T16:20:05Z">
  <meta property="og:image" content="https://example.com/i.jpg">"""
BODY = """<nav>Home | News | Sport</nav><article><h1>Harbour bridge and ferry</h1>
  <p>The bridge over the harbour was closed on Sunday morning, hours after high waves hit its piers.</p>
  <p>Ferries take commuters across while divers look at the foundations, the harbour master said.</p>
  <p>Buses wait on both sides of the water, and the school on the island stays shut until Wednesday at least.</p>
  <p>The bridge was built in 1931 and last inspected four years ago; the next report is due in the summer.</p>
  <time datetime="2025-11-09">Sunday</time></article><footer>All rights reserved</footer>"""


def page(head: str = "", body: str = BODY) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>Bridge - Courier</title>{head}</head><body>{body}</body></html>'
    )


def test_what_a_page_says_of_itself_in_json_ld_comes_first() -> None:
    link = '<link rel="canonical" href="https://example.com/bridge?utm_source=x">'
    item = parse_html_page(page(LINKED + META + link))
    assert item["title"] == "Harbour bridge & ferry"
    assert item["published"] == "2025-11-09T18:20:05+02:00"
    assert item["updated"] == "2025-11-09T19:00:00+02:00"
    assert item["source"] == "Harbour Courier"
    assert item["authors"] == ["Ada Quay"]
    assert item["url"] == "https://example.com/bridge"
    assert item["language"] == "en"


def test_open_graph_comes_second() -> None:
    item = parse_html_page(page(META))
    assert (item["title"], item["published"]) == ("Harbour bridge", "2025-11-09T16:20:05Z")
    assert (item["source"], item["image"]) == ("Courier", "https://example.com/i.jpg")


def test_the_visible_page_comes_last() -> None:
    item = parse_html_page(page())
    assert (item["title"], item["published"]) == ("Harbour bridge and ferry", "2025-11-09")
    assert "url" not in item


def test_the_text_is_the_article_without_navigation_and_headline() -> None:
    text = parse_html_page(page())["text"]
    assert text.startswith("The bridge over")
    assert "Ferries take commuters" in text
    assert "Sport" not in text
    assert "\n\n" in text


def test_the_given_publisher_wins() -> None:
    assert parse_html_page(page(META), source="Mine")["source"] == "Mine"


def test_broken_json_ld_is_passed_over() -> None:
    broken = '<script type="application/ld+json">{"@type": </script>'
    assert parse_html_page(page(broken + META))["title"] == "Harbour bridge"


@pytest.mark.parametrize("markup", ["", "   ", "<html><body><p>No headline</p></body></html>", "\0", "<!---->"])
def test_a_page_without_title_says_so(markup: str) -> None:
    with pytest.raises(NotANewsPageError):
        parse_html_page(markup)


@given(st.text("<>/=\"' abphdivscrt!-&;\n", max_size=200))
@example("<div>" * 3_000)
@example("<title>x</title>" + "<b>" * 3_000)
@example("<?xml version='1.0' encoding='utf-8'?><p>a")
@example("<!DOCTYPE x [<!ENTITY a 'b'>]><html>&a;")
def test_no_markup_raises(markup: str) -> None:
    assert isinstance(html_to_text(markup), str)
    try:
        parse_html_page(markup)
    except NotANewsPageError:
        return


def test_a_fragment_is_taken_whole() -> None:
    fragment = "Lead<p>One <b>bold</b></p><ul><li>a</li><li>b</li></ul><script>x()</script><!-- c -->tail &amp; end"
    assert html_to_text(fragment) == "Lead\n\nOne bold\n\na\n\nb\n\ntail & end"


def test_short_bodies_are_not_lost() -> None:
    assert html_to_text("<p>Yes.</p>") == "Yes."
    assert html_to_text("<html><body><p>Yes.</p></body></html>") == "Yes."


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        (b"", PageProblem.NOT_HTML),
        ("", PageProblem.NOT_HTML),
        (" \n ", PageProblem.NOT_HTML),
        ("just words, 1 < 2", PageProblem.NOT_HTML),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", PageProblem.NOT_HTML),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", PageProblem.NOT_HTML),
        (b"PK\x03\x04\0\0", PageProblem.NOT_HTML),
        ("https://example.com/a", PageProblem.NOT_HTML),  # libraries would fetch it
        ("<p>", PageProblem.NO_TITLE),
        ("<!---->", PageProblem.NOT_HTML),
        ("<html><head></head></html>", PageProblem.NO_TITLE),
        ("<title>Bridge closed</title>", PageProblem.TOO_LITTLE_TEXT),
        ("<p>x" * (MAX_MARKUP // 4 + 1), PageProblem.TOO_LARGE),
        ("<title>Bridge closed</title>" + "<a href=x>" * 60_000, PageProblem.TOO_LARGE),
        ("<div>" * 30_000, PageProblem.NO_TITLE),
        ("<title>Bridge closed</title>" + "<b><i>" * 25_000, PageProblem.TOO_LITTLE_TEXT),
        ("<title>Bridge closed</title>" + "<table><tr><td>" * 10_000, PageProblem.TOO_LITTLE_TEXT),
        ("<title>Bridge closed</title><p " + "a=1 " * 500_000, PageProblem.TOO_LITTLE_TEXT),
        ("<title>Bridge closed</title>" + "<meta name=keywords content=x>" * 20_000, PageProblem.TOO_LITTLE_TEXT),
        ("<html><?php echo 1 ?><title>Bridge closed</title>", PageProblem.TOO_LITTLE_TEXT),
        (
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><title>Bridge &b;</title>',
            PageProblem.TOO_LITTLE_TEXT,
        ),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(markup: bytes | str, problem: PageProblem) -> None:
    assert read_page(markup, url="https://example.com/a", today=date(2025, 11, 10)).problem == problem


def test_pictures_saved_into_a_page_do_not_make_it_too_large() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * MAX_MARKUP}">'
    assert read_page(page(META, BODY + picture)).is_article


def test_a_long_page_is_read() -> None:
    paragraphs = "".join(f"<p>Paragraph {number} of a report on the harbour bridge.</p>" for number in range(10_000))
    assert read_page(page(META, f"<article>{paragraphs}</article>")).text.count("\n\n") > 9_000


def test_a_page_is_read_in_its_own_encoding() -> None:
    markup = page(META, BODY.replace("high waves", "caf\u00e9s"))
    for encoded, charset in (
        (markup.encode("cp1252"), None),
        (markup.encode("utf-16"), None),
        (markup.encode(), "latin1"),
    ):
        assert "caf\u00e9s" in read_page(encoded, charset=charset).text


def test_a_page_and_what_it_is_read_into_can_be_sent_to_another_process() -> None:
    read = read_page(page(LINKED + META))
    assert pickle.loads(pickle.dumps((read_page, read))) == (read_page, read)


PIECES = st.sampled_from(
    [
        "<html>", "<head>", "<title>", "</title>", "<body>", "<article>", "<p>", "</p>", "<frameset>", "<meta ",
        "<link rel=canonical href=", "property=og:title content='", "'>", "http-equiv=refresh content='0;url=x'>",
        "<script type=application/ld+json>", "</script>", '{"@type": "NewsArticle", "headline": ', '"x"}',
        "<time datetime=", "2025-13-45>", "https://[", "<![CDATA[", "\x00", "\ud800", "&#0;",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join) | st.binary(max_size=200))
@example(b"\xff\xfe<")
@example("<html lang='\x01'><title>\x02")
def test_no_page_breaks_the_reader(markup: bytes | str) -> None:
    read = read_page(markup, url="https://example.com/a/b", today=date(2025, 11, 10))
    assert isinstance(read, PageArticle)
    assert read.problem in {None, *PageProblem}
    assert read.is_article == (read.problem is None)
    f"{read.title}{read.text}{read.published}".encode()
