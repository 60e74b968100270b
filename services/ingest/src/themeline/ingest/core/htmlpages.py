"""A saved HTML page of one article: title, time and the rest from what the page says of itself."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import lxml.html
from lxml.etree import LxmlError

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url
from themeline.ingest.core.html import page_text
from themeline.ingest.core.pages import NotANewsPageError
from themeline.ingest.core.titles import clean_title, normalised_title

# schema.org types of an article; anything that ends so (`NewsArticle`, `ReportageNewsArticle`) counts.
_ARTICLE_ENDINGS = ("Article", "BlogPosting", "Report")
# Depth at which lists and graphs of JSON-LD are no longer followed: none seen is deeper than four.
MAX_DEPTH = 8

_TIMES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date.issued",
    "dcterms.created",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publish-date",
    "cxenseparse:recs:publishtime",
)
_UPDATES = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")


class PageProblem(StrEnum):
    """Why a page is not taken for an article, by a name that lasts."""

    NOT_HTML = "not-html"
    TOO_LARGE = "too-large"
    FORWARDING = "forwarding-page"
    ERROR_PAGE = "error-page"
    ACCESS_WALL = "access-wall"
    NO_TITLE = "no-title"
    NO_ARTICLE = "no-article"
    TOO_LITTLE_TEXT = "too-little-text"


@dataclass(frozen=True, slots=True)
class PageArticle:
    """One page, read: the article and what the page says of it. All text is plain and cleaned.

    Attributes:
        url: the address that the page wants to be known by, canonical; else the one it was read from.
        amp_url: the page's AMP variant, canonical.
        published: as written; `published_evidence` names where it stood (`json-ld.datePublished`, `htmldate` ...).
        site_name: what the page calls its publisher.
        paywalled: whether readers have to pay; None when the page does not say.
        opt_outs: what the page asks robots not to do: `noindex`, `noarchive`, `nosnippet`, `noai`, `tdm` ...
        problem: why this is no article, or None. The other fields hold what was found all the same.
    """

    title: str = ""
    text: str = ""
    url: str | None = None
    amp_url: str | None = None
    published: str | None = None
    published_evidence: str | None = None
    updated: str | None = None
    updated_evidence: str | None = None
    site_name: str | None = None
    language: str | None = None
    image: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    paywalled: bool | None = None
    opt_outs: frozenset[str] = frozenset()
    problem: PageProblem | None = None

    @property
    def is_article(self) -> bool:
        """Whether the page may be stored as an article."""
        return self.problem is None


def read_page(
    markup: bytes | str, *, url: str | None = None, charset: str | None = None, today: date | None = None
) -> PageArticle:
    """Read the page of one article. Never raises; safe to send to another process.

    Args:
        markup: the page; bytes are decoded by byte-order mark, `charset`, `<meta charset>`, UTF-8, Windows-1252.
        url: the address that the page was read from, after redirects.
        charset: what the HTTP header `Content-Type` says.
        today: the last day that may be taken from the visible page when nothing is marked up as its time;
            without it such a day is not looked for.
    """
    raise NotImplementedError


def parse_html_page(markup: str, *, source: str | None = None) -> dict[str, Any]:
    """The article of a saved page, as an item to push.

    JSON-LD comes first, then Open Graph and other meta elements, then the visible page. Times are as written.

    Args:
        markup: the page, decoded.
        source: the publisher; without it what the page names, else its host (found on pushing).

    Raises:
        NotANewsPageError: the page has no title.
    """
    try:
        tree = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=_parser())
    except (LxmlError, ValueError) as error:
        raise NotANewsPageError("the file holds no HTML") from error
    linked = _linked_article(tree)
    meta = _meta(tree)
    title = clean_title(_text(linked.get("headline")) or meta.get("og:title") or _visible_title(tree))
    if not title:
        raise NotANewsPageError("the page has no title")
    item = {
        "title": title,
        "text": _body(markup, title),
        "url": _address(tree, linked, meta),
        "published": _text(linked.get("datePublished")) or _first(meta, _TIMES) or _visible_time(tree, markup),
        "updated": _text(linked.get("dateModified")) or _first(meta, _UPDATES),
        "source": source or _name(linked.get("publisher")) or meta.get("og:site_name"),
        "language": tree.get("lang") or _text(linked.get("inLanguage")),
        "image": meta.get("og:image"),
        "section": meta.get("article:section") or _text(linked.get("articleSection")),
        "authors": _authors(linked.get("author")),
    }
    return {field: value for field, value in item.items() if value}


def _body(markup: str, title: str) -> str:
    """The text of the page without the headline that stands above it."""
    first, _, rest = page_text(markup).partition("\n\n")
    repeated = bool(rest) and normalised_title(first) == normalised_title(title)
    return rest if repeated else f"{first}\n\n{rest}".strip()


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", no_network=True)


def _linked_article(tree: Any) -> dict[str, Any]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data, MAX_DEPTH):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and name.endswith(_ARTICLE_ENDINGS) for name in names):
                return node
    return {}


def _nodes(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(data, list):
        for part in data:
            yield from _nodes(part, depth - 1)
    elif depth and isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            yield from _nodes(data.get(key), depth - 1)


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _visible_title(tree: Any) -> str:
    for tag in ("h1", "title"):
        for element in tree.iter(tag):
            text = " ".join(element.text_content().split())
            if text:
                return text
    return ""


def _visible_time(tree: Any, markup: str) -> str | None:
    for element in tree.iter("time"):
        written = element.get("datetime")
        if written:
            return str(written)
    import trafilatura  # as in `html`: loaded when the first page comes

    try:
        metadata = trafilatura.extract_metadata(markup)
    except Exception:  # noqa: BLE001 - a page on which the search for a date breaks has no date for us
        return None
    return metadata.date if metadata is not None else None


def _address(tree: Any, linked: dict[str, Any], meta: dict[str, str]) -> str | None:
    links = [link.get("href") for link in tree.iterfind(".//link[@rel='canonical']")]
    for candidate in (*links, meta.get("og:url"), _text(linked.get("url"))):
        try:
            return canonical_url(candidate or "")
        except UnusableUrlError:
            continue
    return None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _name(value: object) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _authors(value: object) -> list[str]:
    people = value if isinstance(value, list) else [value]
    return [name for name in map(_name, people) if name]
