"""Where a site keeps its feeds."""

import pytest

from themeline.ingest.core.feeds.discovery import MAX_CANDIDATES, Candidate, find_feeds, well_known

URL = "https://example.org/blog/"


def find(head: str = "", body: str = "") -> list[Candidate]:
    return find_feeds(f"<html><head>{head}</head><body>{body}</body></html>".encode(), URL)


def test_what_a_page_declares_comes_before_what_it_links_to_and_comments_last() -> None:
    found = find(
        '<link rel="alternate" type="application/rss+xml" title="Example &raquo; Comments Feed" href="/comments/feed/">'
        '<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" title="Example" href="atom.xml">'
        '<link rel="alternate" type="application/feed+json" href="/feed.json">',
        '<a href="/rss">All news</a><a href="/comments/rss">Comments</a>',
    )
    assert found == [
        Candidate("https://example.org/blog/atom.xml", "Example", "atom"),
        Candidate("https://example.org/feed.json", None, "json"),
        Candidate("https://example.org/rss", "All news"),
        Candidate("https://example.org/comments/feed/", "Example » Comments Feed", "rss"),
        Candidate("https://example.org/comments/rss", "Comments"),
    ]


@pytest.mark.parametrize(
    ("title", "href"),
    [
        ("Comments", "/comments.xml"), ("Comments", "/a.xml"), ("Comments on: Rain", "/rain/feed"),
        ("", "/comments/feed"), ("", "/?feed=comments-rss2"), ("", "/latest_comments.rss"), ("", "/commentsfeed.xml"),
        ("Example: neueste Kommentare", "/k.xml"), ("Leserkommentare", "/k.xml"), ("Derniers commentaires", "/c.xml"),
        ("Comentarios", "/c.xml"), ("Coment\u00e1rios", "/c.xml"), ("Commenti", "/c.xml"), ("Reacties", "/r.xml"),
        ("Komentarze", "/k.xml"), ("Комментарии", "/k.xml"), ("Коментарі", "/k.xml"), ("Yorumlar", "/y.xml"),
        ("\u8bc4\u8bba", "/c.xml"), ("\u30b3\u30e1\u30f3\u30c8", "/c.xml"), ("Replies to Rain", "/r.xml"),
        ("B\u00ecnh lu\u1eadn", "/b.xml"), ("Kommentit", "/k.xml"), ("Kommentarer", "/k.xml"),
    ],
)  # fmt: skip
def test_feeds_of_comments_come_last_wherever_they_say_so(title: str, href: str) -> None:
    found = find(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'
        '<link rel="alternate" type="application/rss+xml" title="News" href="/rss.xml">'
    )
    assert [one.url.removeprefix("https://example.org") for one in found] == ["/rss.xml", href]


@pytest.mark.parametrize("title", ["Commentary", "Most commented", "Our commentators"])
def test_what_editors_comment_on_is_no_comment(title: str) -> None:
    found = find(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="/commentary/rss">'
        '<link rel="alternate" type="application/rss+xml" title="News" href="/rss.xml">'
    )
    assert found[0].title == title


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" type="application/rss+xml" href="/feed">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?format=json">',
        '<link rel="alternate" hreflang="fr" href="/fr/">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml">',
    ],
)
def test_other_links_are_no_feeds(head: str) -> None:
    assert find(head) == []


@pytest.mark.parametrize(
    "href", ["/feed", "/rss.xml", "/news/feeds/all", "/index.rdf", "/?feed=rss2", "/a.rss", "/rss2/"]
)
def test_links_that_look_like_feeds_are_candidates(href: str) -> None:
    assert [found.url for found in find(body=f'<a href="{href}">x</a>')] == [f"https://example.org{href}"]


@pytest.mark.parametrize(
    "href", ["/feedback", "/about", "/atomic-energy", "/news/feeding-birds", "#rss", "/x.html#feed"]
)
def test_links_that_only_sound_like_feeds_are_not(href: str) -> None:
    assert find(body=f'<a href="{href}">x</a>') == []


def test_addresses_are_resolved_against_the_pages_base_and_named_once() -> None:
    head = '<base href="https://cdn.example/x/"><link rel="alternate" type="application/rss+xml" href="feed">'
    assert [found.url for found in find(head, '<a href="feed">again</a>')] == ["https://cdn.example/x/feed"]


def test_a_page_of_links_gives_no_endless_list() -> None:
    assert len(find(body="".join(f'<a href="/feed/{n}">x</a>' for n in range(500)))) == MAX_CANDIDATES


def test_usual_places_are_tried_in_order() -> None:
    assert [found.url.removeprefix("https://example.org") for found in well_known("https://example.org")] == [
        "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json", "/news-sitemap.xml",
        "/sitemap_news.xml",
    ]  # fmt: skip


def test_a_blog_below_a_site_is_asked_first_and_a_page_is_no_blog() -> None:
    assert well_known("https://example.org/blog/")[0].url == "https://example.org/blog/feed"
    assert well_known("https://example.org/index.html")[0].url == "https://example.org/feed"


def test_sitemaps_that_robots_txt_names_are_tried_those_of_news_first() -> None:
    named = ["/sitemap.xml", "https://example.org/Google-News.xml", "ftp://example.org/x", "/news-sitemap.xml"]
    found = [candidate for candidate in well_known("https://example.org/", robots_sitemaps=named) if candidate.format]
    assert found == [
        Candidate(f"https://example.org/{name}", format="sitemap")
        for name in ("Google-News.xml", "news-sitemap.xml", "sitemap_news.xml", "sitemap.xml")
    ]


def test_an_address_that_is_none_has_no_usual_places() -> None:
    assert well_known("mailto:a@example.org") == []
