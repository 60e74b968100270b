"""What a page says of itself as JSON-LD, in the vocabulary of schema.org."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url, url_digest
from themeline.ingest.core.titles import clean_title, normalised_title

Node = Mapping[str, Any]

# Bounds for what a stranger wrote: the pages of publishers have up to a dozen blocks and some hundred nodes.
MAX_BLOCKS = 50
MAX_BLOCK = 1_000_000
MAX_NODES = 5_000
MAX_DEPTH = 8  # none seen is deeper than four

# schema.org types of an article; anything that ends so (`ReportageNewsArticle`, `LiveBlogPosting`) counts.
_ARTICLE_ENDINGS = ("Article", "BlogPosting", "Report")
_LIST_TYPES = frozenset({"ItemList", "CollectionPage", "SearchResultsPage", "ProfilePage"})
# Where a page keeps what it is about; all other keys lead to other things, such as articles that it recommends.
_OWN = ("@graph", "mainEntity", "mainEntityOfPage")
_WRAPPING = re.compile(r"^\s*(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?|(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?\s*$")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The JSON-LD of one page.

    Attributes:
        article: the node of the page's own article; empty when there is none, or no telling which.
        articles: how many different articles are described.
        is_list: the page calls itself a list.
        by_id: nodes by their `@id`, to which others refer.
    """

    article: Node
    articles: int
    is_list: bool
    by_id: Mapping[str, Node]

    def follow(self, value: object) -> object:
        """The node that `{"@id": ...}` refers to, or the value itself."""
        if isinstance(value, Mapping) and set(value) == {"@id"}:
            return self.by_id.get(str(value["@id"]), value)
        return value

    def each(self, value: object) -> list[object]:
        """The value as a list, references followed."""
        return [self.follow(part) for part in (value if isinstance(value, list) else [value]) if part is not None]

    def name(self, value: object) -> str:
        """The name of a person or organisation, given as a node or as words; empty when there is none."""
        value = self.follow(value)
        return text_of(value.get("name")) if isinstance(value, Mapping) else text_of(value)


def read_linked_data(blocks: Sequence[str], *, url: str | None, titles: Sequence[str]) -> LinkedData:
    """Read the blocks of a page.

    Args:
        blocks: the contents of its `application/ld+json` scripts; damaged ones are mended or passed over.
        url: the page's canonical address, if known.
        titles: what the page calls itself elsewhere: of several articles they tell which one is its own.
    """
    nodes: list[Node] = []
    for block in blocks[:MAX_BLOCKS]:
        nodes += _nodes(_parsed(block), MAX_DEPTH)
    nodes = nodes[:MAX_NODES]
    articles = [node for node in nodes if _kinds(node, _ARTICLE_ENDINGS)]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    is_list = any(kind in _LIST_TYPES for node in nodes for kind in _types(node))
    return LinkedData(_own(articles, url, titles), len({_headline(node) for node in articles}), is_list, by_id)


def text_of(value: object) -> str:
    """A value that should be words: those of a list's first entry, empty for anything else."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, Mapping):
        value = value.get("@value")
    return value.strip() if isinstance(value, str) else ""


def addresses_of(node: Node) -> list[str]:
    """Where an article says that it is."""
    page = node.get("mainEntityOfPage")
    page_id = page.get("@id") or page.get("url") if isinstance(page, Mapping) else page
    return [address for address in map(text_of, (node.get("url"), page_id, node.get("@id"))) if address]


def _own(articles: Sequence[Node], url: str | None, titles: Sequence[str]) -> Node:
    here = _digest(url)
    for node in articles:
        if here is not None and here in map(_digest, addresses_of(node)):
            return node
    known = {normalised_title(clean_title(title)) for title in titles} - {""}
    for node in articles:
        if _headline(node) and any(title.startswith(_headline(node)) for title in known):
            return node
    return articles[0] if len({_headline(node) for node in articles}) == 1 else {}


def _headline(node: Node) -> str:
    return normalised_title(clean_title(text_of(node.get("headline")) or text_of(node.get("name"))))


def _digest(address: str | None) -> bytes | None:
    try:
        return url_digest(canonical_url(address or ""))
    except UnusableUrlError:
        return None


def _types(node: Node) -> Iterator[str]:
    kinds = node.get("@type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if isinstance(kind, str):
            yield kind


def _kinds(node: Node, endings: tuple[str, ...]) -> bool:
    return any(kind.endswith(endings) for kind in _types(node))


def _parsed(block: str) -> object:
    """The JSON of a block, mended where mending is safe; None when it stays unreadable."""
    plain = _WRAPPING.sub("", block[:MAX_BLOCK]).strip()
    for mended in (plain, html.unescape(plain), _TRAILING_COMMA.sub("", plain)):
        try:
            return json.JSONDecoder(strict=False).raw_decode(mended)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(data: object, depth: int) -> Iterator[Node]:
    if depth and isinstance(data, list):
        for part in data:
            yield from _nodes(part, depth - 1)
    elif depth and isinstance(data, dict):
        yield data
        for key in _OWN:
            yield from _nodes(data.get(key), depth - 1)
