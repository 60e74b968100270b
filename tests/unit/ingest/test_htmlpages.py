"""Saved HTML pages, and the text of HTML bodies."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from themeline.ingest.core.html import html_to_text
from themeline.ingest.core.htmlpages import parse_html_page
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
