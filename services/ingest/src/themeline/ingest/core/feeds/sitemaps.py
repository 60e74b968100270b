"""Sitemaps, those of news, and their indexes."""

from collections.abc import Iterator
from typing import Any

from lxml.etree import XMLSyntaxError

from themeline.ingest.core.feeds.addresses import absolute
from themeline.ingest.core.feeds.markup import declares_entities, elements, local_name, mended, without_torn_end
from themeline.ingest.core.feeds.model import ChildSitemap, FeedEntry, Format, NotAFeedError, ParsedFeed

CUT_OFF = "The sitemap was cut off; it was read up to its last complete entry."
ROOTS = frozenset(("urlset", "sitemapindex"))


def parse_sitemap(text: str, *, root: str, url: str) -> ParsedFeed:
    """A sitemap or an index of sitemaps.

    Raises:
        NotAFeedError: entities are declared, or nothing can be read.
    """
    if declares_entities(text):
        raise NotAFeedError("unsafe-xml", "it declares entities")
    whole = without_torn_end(text)
    notices = () if whole == text else (CUT_OFF,)
    try:
        if root == "sitemapindex":
            return ParsedFeed(format="sitemap-index", children=tuple(_children(mended(whole), url)), notices=notices)
        entries = tuple(_entries(mended(whole), url))
    except XMLSyntaxError as error:
        raise NotAFeedError("damaged", "its XML cannot be read") from error
    format_: Format = "news-sitemap" if any(entry.title for entry in entries) else "sitemap"
    return ParsedFeed(format=format_, entries=entries, notices=notices)


def _children(text: str, base: str) -> Iterator[ChildSitemap]:
    for element in elements(text, "sitemap"):
        fields = dict(_fields(element))
        address = absolute(base, fields.get("loc"))
        if address is not None:
            yield ChildSitemap(address, fields.get("lastmod"))


def _entries(text: str, base: str) -> Iterator[FeedEntry]:
    for element in elements(text, "url"):
        fields = dict(_fields(element))
        address = absolute(base, fields.get("loc"))
        if address is not None:
            yield _entry(fields, address, base)


def _entry(fields: dict[str, str], address: str, base: str) -> FeedEntry:
    keywords = (word.strip() for word in fields.get("news/keywords", "").split(","))
    return FeedEntry(
        url=address,
        title=fields.get("news/title", ""),
        published=fields.get("news/publication_date"),
        updated=fields.get("lastmod"),
        language=fields.get("publication/language"),
        image=absolute(base, fields.get("image/loc")),
        tags=tuple(dict.fromkeys(word for word in keywords if word)),
        source=fields.get("publication/name"),
    )


def _fields(element: Any) -> Iterator[tuple[str, str]]:
    """Texts by the names of element and parent, the first of each name last: a dictionary keeps it."""
    for child in reversed(list(element.iterdescendants())):
        text = (child.text or "").strip()
        if text:
            parent = child.getparent()
            yield local_name(child) if parent is element else f"{local_name(parent)}/{local_name(child)}", text
