"""What pages say of themselves."""

import json
from datetime import date
from typing import Any

import pytest

from themeline.ingest.core.htmlpages import PageArticle, read_page

URL = "https://example.com/2025/bridge"
BODY = """<article><h1>Harbour bridge closed after storm</h1>
  <p>The bridge over the harbour was closed on Sunday morning, hours after high waves hit its piers.</p>
  <p>Ferries take commuters across while divers look at the foundations, the harbour master said.</p>
  <p>Buses wait on both sides of the water, and the school on the island stays shut until Wednesday at least.</p>
  <p>The bridge was built in 1931 and last inspected four years ago; a report is due in summer.</p></article>"""
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Harbour bridge closed after storm",
    "datePublished": "2025-11-09T18:20Z",
}


def read(head: str = "", body: str = BODY, *, url: str | None = URL, today: date | None = None) -> PageArticle:
    page = f'<!doctype html><html lang="en-GB"><head><title>Bridge</title>{head}</head><body>{body}</body></html>'
    return read_page(page, url=url, today=today)


def linked(*nodes: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def meta(**values: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in values.items())


@pytest.mark.parametrize(
    "block",
    [
        json.dumps(ARTICLE),
        json.dumps([{"@type": "BreadcrumbList"}, ARTICLE]),
        json.dumps({"@graph": [{"@type": "WebPage"}, ARTICLE]}),
        json.dumps({"@type": "WebPage", "mainEntity": ARTICLE}),
        json.dumps(ARTICLE | {"@type": ["ReportageNewsArticle"]}),
        json.dumps(ARTICLE | {"@type": "http://schema.org/LiveBlogPosting"}),
        json.dumps(ARTICLE).replace('"', "&quot;"),
        json.dumps(ARTICLE).replace("}", ",}"),
        json.dumps(ARTICLE) + ";",
        f"//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]>",
        f"<!-- {json.dumps(ARTICLE)} -->",
        json.dumps(ARTICLE | {"description": "two\nlines"}).replace("\\n", "\n"),
    ],
)
def test_json_ld_is_read_as_publishers_write_it(block: str) -> None:
    page = read(f'<script type="application/ld+json; charset=utf-8">{block}</script>')
    assert (page.published, page.published_evidence) == ("2025-11-09T18:20Z", "json-ld.datePublished")


@pytest.mark.parametrize(
    "block", ['{"@type": ', "[" * 100_000, "", "null", '"x"', "{}", '{"@type": 5}', '{"@graph": 5}']
)
def test_broken_json_ld_is_passed_over(block: str) -> None:
    page = read(f'<script type="application/ld+json">{block}</script>' + linked(ARTICLE))
    assert page.published == "2025-11-09T18:20Z"


def test_of_several_articles_the_one_at_this_address_is_the_pages_own() -> None:
    other = ARTICLE | {"headline": "Ferry sinks", "url": "https://example.com/ferry", "datePublished": "2024-01-01"}
    own = ARTICLE | {"headline": "Bridge shut", "mainEntityOfPage": {"@id": "https://www.example.com/2025/bridge/"}}
    assert read(linked(other, own)).published == "2025-11-09T18:20Z"
    assert read(linked(other, own)).title == "Bridge shut"


def test_of_several_articles_without_address_the_one_with_the_pages_headline_is_its_own() -> None:
    other = {"@type": "Article", "headline": "Ferry sinks", "datePublished": "2024-01-01"}
    assert read(linked(other, ARTICLE)).published == "2025-11-09T18:20Z"


def test_of_several_articles_none_is_taken_where_nothing_tells_which() -> None:
    others = [{"@type": "Article", "headline": name, "datePublished": "2024-01-01"} for name in ("Ferry", "Mayor")]
    assert read(linked(*others)).published is None


def test_articles_that_a_page_recommends_are_not_its_own() -> None:
    listed = {"@type": "WebPage", "relatedLink": ARTICLE, "hasPart": ARTICLE, "itemListElement": [ARTICLE]}
    assert read(linked(listed)).published is None


def test_references_between_nodes_are_followed() -> None:
    graph = [
        ARTICLE | {"author": {"@id": "#ada"}, "publisher": {"@id": "#us"}, "image": {"@id": "#image"}},
        {"@type": "Person", "@id": "#ada", "name": "Ada Quay"},
        {"@type": "Organization", "@id": "#us", "name": "Harbour Courier"},
        {"@type": "ImageObject", "@id": "#image", "url": "/bridge.jpg"},
    ]
    page = read(linked({"@graph": graph}))
    assert (page.authors, page.site_name, page.image) == (
        ("Ada Quay",),
        "Harbour Courier",
        "https://example.com/bridge.jpg",
    )


def test_a_headline_shortened_for_search_engines_gives_way_to_the_whole_one() -> None:
    page = read(linked(ARTICLE | {"headline": "Harbour bridge closed\u2026"}))
    assert page.title == "Harbour bridge closed after storm"


def test_the_sites_name_is_no_title_and_is_cut_from_one() -> None:
    head = meta(og__title="Example News", og__site_name="Example News")
    assert read(head).title == "Harbour bridge closed after storm"
    head = meta(og__title="Harbour bridge closed | World | Example News", og__site_name="Example News")
    assert read(head).title == "Harbour bridge closed"


@pytest.mark.parametrize(
    ("head", "body", "published", "evidence"),
    [
        (meta(article__published_time="2025-11-09T16:20Z"), BODY, "2025-11-09T16:20Z", "og.article:published_time"),
        ('<meta name="pubdate" content="2025-11-09T16:20Z">', BODY, "2025-11-09T16:20Z", "meta.pubdate"),
        (
            "",
            BODY.replace("<p>", '<span itemprop="datePublished" content="2025-11-09T16:20Z"></span><p>', 1),
            "2025-11-09T16:20Z",
            "microdata.datePublished",
        ),
        ("", BODY.replace("<p>", '<time datetime="2025-11-09">Sunday</time><p>', 1), "2025-11-09", "time.datetime"),
        (linked(ARTICLE | {"datePublished": "0000-00-00"}) + meta(article__published_time="2025-11-09"), BODY,
         "2025-11-09", "og.article:published_time"),
        (linked(ARTICLE | {"datePublished": "2025-11-09"}) + meta(article__published_time="2025-11-09T23:59+02:00"),
         BODY, "2025-11-09T23:59+02:00", "og.article:published_time"),
        (linked(ARTICLE | {"datePublished": "2025-11-09"}) + meta(article__published_time="2025-11-12T10:00Z"), BODY,
         "2025-11-09", "json-ld.datePublished"),
        (linked(ARTICLE | {"datePublished": "soon"}), BODY, "soon", "json-ld.datePublished"),
    ],
)  # fmt: skip
def test_the_publication_time_is_taken_from_where_it_is_most_to_be_trusted(
    head: str, body: str, published: str, evidence: str
) -> None:
    page = read(head, body)
    assert (page.published, page.published_evidence) == (published, evidence)


@pytest.mark.parametrize("place", ["nav", "aside", "footer", "header"])
def test_times_beside_the_article_are_not_its_own(place: str) -> None:
    assert read(body=f'<{place}><time datetime="2025-11-20">today</time></{place}>{BODY}').published is None


def test_a_visible_day_is_taken_only_up_to_today_and_only_when_asked_for() -> None:
    body = BODY.replace("<p>", '<p class="date">9 November 2025</p><p>', 1)
    assert read(body=body).published is None
    found = read(body=body, today=date(2025, 11, 10))
    assert (found.published, found.published_evidence) == ("2025-11-09", "htmldate")
    assert read(body=body, today=date(2025, 11, 8)).published is None
    marked = read(meta(article__published_time="2025-11-07"), body, today=date(2025, 11, 10))
    assert marked.published == "2025-11-07"


def test_days_that_the_text_speaks_of_are_not_its_date() -> None:
    body = BODY.replace("in 1931", "on 4 May 2011")
    assert read(body=body, url="https://example.com/bridge", today=date(2025, 11, 10)).published is None


def test_the_time_of_the_last_change_is_read() -> None:
    page = read(linked(ARTICLE | {"dateModified": "2025-11-10T08:00Z"}))
    assert (page.updated, page.updated_evidence) == ("2025-11-10T08:00Z", "json-ld.dateModified")
    assert read(meta(og__updated_time="2025-11-10")).updated_evidence == "og.updated_time"


@pytest.mark.parametrize(
    ("href", "read_from", "url"),
    [
        ("https://example.com/bridge?utm_source=x", URL, "https://example.com/bridge"),
        ("/bridge", URL, "https://example.com/bridge"),
        ("https://www.example.com/bridge", "https://m.example.com/bridge", "https://www.example.com/bridge"),
        ("https://news.example.co.uk/a", "https://amp.example.co.uk/b", "https://news.example.co.uk/a"),
        ("https://example.com/", URL, URL),
        ("https://example.com", URL, URL),
        ("https://other.org/bridge", URL, URL),
        ("https://other.co.uk/bridge", "https://example.co.uk/b", "https://example.co.uk/b"),
        ("javascript:alert(1)", URL, URL),
        ("https://example.com/bridge", "https://example-com.cdn.ampproject.org/wp/b", "https://example.com/bridge"),
        ("https://example.com/bridge", None, "https://example.com/bridge"),
        ("https://example.com/", None, None),
        ("https://[", URL, URL),
    ],
)  # fmt: skip
def test_a_page_may_name_an_address_of_its_own_site(href: str, read_from: str | None, url: str | None) -> None:
    assert read(f'<link rel="nofollow Canonical" href="{href}">', url=read_from).url == url


def test_the_amp_variant_is_found() -> None:
    assert read('<link rel="amphtml" href="/amp/bridge">').amp_url == "https://example.com/amp/bridge"


@pytest.mark.parametrize(
    ("head", "paywalled"),
    [
        (linked(ARTICLE), None),
        (linked(ARTICLE | {"isAccessibleForFree": False}), True),
        (linked(ARTICLE | {"isAccessibleForFree": "False"}), True),
        (linked(ARTICLE | {"isAccessibleForFree": "http://schema.org/False"}), True),
        (linked(ARTICLE | {"isAccessibleForFree": True}), False),
        (linked(ARTICLE | {"isAccessibleForFree": "perhaps"}), None),
        (linked(ARTICLE | {"isAccessibleForFree": True, "hasPart": {"isAccessibleForFree": False}}), True),
        (linked(ARTICLE | {"hasPart": [{"isAccessibleForFree": "false", "cssSelector": ".paid"}]}), True),
        (meta(article__content_tier="metered"), True),
        (meta(article__content_tier="locked"), True),
        (meta(article__content_tier="free"), False),
        ('<meta itemprop="isAccessibleForFree" content="false">', True),
    ],
)
def test_a_page_says_whether_readers_have_to_pay(head: str, paywalled: bool | None) -> None:  # noqa: FBT001
    assert read(head).paywalled is paywalled


def test_what_robots_are_asked_not_to_do_is_read() -> None:
    head = '<meta name="ROBOTS" content="NoArchive, follow"><meta name="robots" content="noai">'
    assert read(head + '<meta name="tdm-reservation" content="1">').opt_outs == {"noarchive", "noai", "tdm"}
    assert read('<meta name="robots" content="none">').opt_outs == {"noindex"}
    assert read('<meta name="robots" content="index, follow, max-image-preview:large">').opt_outs == frozenset()


def test_names_tags_and_section_are_read_and_cleaned() -> None:
    node = ARTICLE | {
        "author": [{"name": "By Ada Quay"}, "Ben &amp; Co", {"name": "https://example.com/x"}, {}, None, 5],
        "keywords": "storm, bridge,storm", "articleSection": ["Harbour", "News"],
    }  # fmt: skip
    page = read(linked(node))
    assert (page.authors, page.tags, page.section) == (("Ada Quay", "Ben & Co"), ("storm", "bridge"), "Harbour")
    tags = '<meta property="article:tag" content="a, b"><meta property="article:tag" content="c">'
    assert read(tags).tags == ("a, b", "c")


def test_the_language_is_that_of_the_page() -> None:
    assert read(meta(og__locale="de_DE")).language == "en-GB"
    page = f"<html><head>{meta(og__locale='de_DE')}</head><body>{BODY}"
    assert read_page(page).language == "de_DE"
