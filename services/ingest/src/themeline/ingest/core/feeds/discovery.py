"""Where a site keeps its feeds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml.etree import LxmlError

from themeline.ingest.core.feeds.addresses import absolute
from themeline.ingest.core.feeds.decoding import decoded

MAX_CANDIDATES = 50  # a newspaper names some thirty sections; directories of feeds are imported as OPML

# The usual places by how usual they are: WordPress, then what site generators and newspapers call theirs.
FEED_PATHS = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
NEWS_SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap_news.xml")

_TYPES = {
    "application/rss+xml": "rss", "application/rdf+xml": "rss", "application/atom+xml": "atom",
    "application/feed+json": "json", "application/json": "json", "application/xml": None, "text/xml": None,
}  # fmt: skip
# `application/json` is also what WordPress calls its interface, XML may be anything: the address must say feed.
_SPECIFIC = frozenset(kind for kind in _TYPES if kind.endswith(("+xml", "+json")))
_FEED_ADDRESS = re.compile(r"(?:^|[/._-])(?:feeds?|rss\d?|atom|rdf)(?:[/._?-]|$)|[?&]feed=", re.IGNORECASE)
# Of readers, in the languages of most newspapers; commentary, and what is most commented on, are articles. No word of
# its own: `latest_comments`, `feed=comments-rss2`, `Leserkommentare`.
_COMMENTS = re.compile(
    r"comment(?!a[^i]|ed)|kommentar|kommentit|koment[aá]|coment[aá]ri|reacties|yorumlar|bình luận|\brepl(?:y|ies)\b"
    r"|ком+ентар|评论|評論|コメント|댓글|تعليقات",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed's. `format`: `rss`, `atom`, `json`, `sitemap`, or None when nothing tells."""

    url: str
    title: str | None = None
    format: str | None = None


def find_feeds(html: bytes, url: str, *, content_type: str | None = None) -> list[Candidate]:
    """The feeds that a page names, best first: what it declares, then what it links to, those of comments last.

    Args:
        html: the page.
        url: where it came from.
        content_type: of the answer.

    Never raises.
    """
    try:
        text = decoded(html, content_type).encode("utf-8", "replace")
        tree = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError, AssertionError):
        return []
    base = next(filter(None, (absolute(url, element.get("href")) for element in tree.iter("base"))), url)
    found: dict[str, Candidate] = {}
    for candidate in (*_declared(tree, base), *_linked(tree, base)):
        if candidate.url != url:
            found.setdefault(candidate.url, candidate)
    return sorted(found.values(), key=_of_comments)[:MAX_CANDIDATES]


def well_known(url: str, *, robots_sitemaps: Iterable[str] = ()) -> list[Candidate]:
    """Addresses where sites usually keep feeds, most usual first, to be tried one after the other.

    Args:
        url: any page of the site; of `https://example.org/blog`, the blog's own feed comes first.
        robots_sitemaps: what robots.txt names; those of news first.
    """
    path = urlsplit(url).path.rstrip("/")
    own = [f"{path}/feed"] if path and "." not in path.rpartition("/")[2] else []
    named = [found for address in robots_sitemaps if (found := absolute(url, address)) is not None]
    news = [address for address in named if "news" in address.lower()]
    guessed = [found for path in NEWS_SITEMAP_PATHS if (found := absolute(url, path)) is not None]
    feeds = [found for path in (*own, *FEED_PATHS) if (found := absolute(url, path)) is not None]
    candidates = [Candidate(address) for address in feeds]
    candidates += [Candidate(address, format="sitemap") for address in (*news, *guessed, *named)]
    unique: dict[str, Candidate] = {}
    for candidate in candidates:
        unique.setdefault(candidate.url, candidate)
    return list(unique.values())


def _declared(tree: Any, base: str) -> Iterator[Candidate]:
    for link in tree.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        address = absolute(base, link.get("href"))
        if address is None or not {"alternate", "feed"} & set(relations) or kind not in _TYPES:
            continue
        if kind in _SPECIFIC or _FEED_ADDRESS.search(address) is not None:
            yield Candidate(address, _line(link.get("title")), _TYPES[kind])


def _linked(tree: Any, base: str) -> Iterator[Candidate]:
    for link in tree.iter("a"):
        address = absolute(base, link.get("href"))
        if address is not None:
            parts = urlsplit(address)
            if _FEED_ADDRESS.search(f"{parts.path}?{parts.query}") is not None:
                yield Candidate(address, _line(link.get("title") or link.text_content()))


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split())[:200] or None


def _of_comments(candidate: Candidate) -> bool:
    parts = urlsplit(candidate.url)
    return _COMMENTS.search(f"{unquote(parts.path)} {parts.query} {candidate.title or ''}") is not None
