"""RSS, RDF and Atom: from feedparser's words to ours."""

from collections.abc import Iterable, Iterator
from typing import Any

from themeline.ingest.core.feeds import images, words
from themeline.ingest.core.feeds.addresses import absolute, is_absolute
from themeline.ingest.core.feeds.cutting import left_out, shortened
from themeline.ingest.core.feeds.hints import syndication_hints
from themeline.ingest.core.feeds.markup import root_name, without_torn_end
from themeline.ingest.core.feeds.model import FeedEntry, Format, NotAFeedError, ParsedFeed
from themeline.ingest.core.feeds.tolerant import Read, read

_RDF_VERSIONS = frozenset(("rss10", "rss090"))
_READABLE = frozenset(("text/html", "application/xhtml+xml", "text/plain"))
# Relations of links that lead to something else than the entry.
_ELSEWHERE = frozenset(("self", "edit", "enclosure", "replies", "hub", "license", "related", "via", "next", "prev"))
MALFORMED = "The feed is not well-formed XML; it was read as far as it could be."


def parse_syndicated(text: str, *, url: str, kept: int) -> ParsedFeed:
    """A feed in RSS, RDF or Atom.

    Args:
        text: the document.
        url: where it came from.
        kept: how many entries are wanted; the others are not parsed, as far as they can be told beforehand.

    Raises:
        NotAFeedError: it is something else.
        Exception: feedparser broke on it.
    """
    found, notices = _read(without_torn_end(text), kept)
    if not found.version and not found.entries:
        raise NotAFeedError("not-a-feed", f"its first element is <{root_name(text)[:40]}>")
    feed, links = found.feed, _links(found.feed)
    return ParsedFeed(
        format=_format(found.version),
        title=_text(feed, "title"),
        site_url=absolute(url, _text(feed, "link")),
        language=_text(feed, "language"),
        hints=syndication_hints(feed),
        hub_urls=tuple(_followable(url, (link for link in links if _rel(link) == "hub"))),
        self_url=next(_followable(url, (link for link in links if _rel(link) == "self")), None),
        icon=images.of_feed(feed, url),
        entries=tuple(
            _entry(entry, url, dated_by_update=not found.version.startswith("atom")) for entry in found.entries
        ),
        notices=notices if found.well_formed else (MALFORMED, *notices),
    )


def _read(text: str, kept: int) -> tuple[Read, tuple[str, ...]]:
    """The first entries, and what is to be said of the others. A cut that fell wrong costs time, not the feed."""
    cut, total = shortened(text, kept=kept)
    if total > kept:
        found = read(cut)
        if found.entries:
            return found, (left_out(total, kept),)
    return read(text), ()


def _format(version: str) -> Format:
    if version.startswith("atom"):
        return "atom"
    return "rdf" if version in _RDF_VERSIONS else "rss"


def _entry(entry: Any, base: str, *, dated_by_update: bool) -> FeedEntry:
    body, summary = _bodies(entry)
    if body is None and summary is None:
        summary = _text(entry, "media_description")
    published, updated = _text(entry, "published") or _text(entry, "created"), _text(entry, "updated")
    if published is None and dated_by_update:  # RSS and RDF: `dc:date` is the only date, and means this
        published = updated
    return FeedEntry(
        guid=_text(entry, "id"),
        url=_url(entry, base),
        title=_text(entry, "title") or "",
        html=body,
        summary=summary,
        has_full_text=words.is_full_text(body or summary),
        published=published,
        updated=updated,
        language=_language(entry),
        image=images.of_entry(entry, base),
        authors=tuple(_authors(entry)),
        tags=tuple(dict.fromkeys(_tags(entry))),
        section=_text(entry, "prism_section"),
        source=_text(dict.get(entry, "source") or {}, "title"),
    )


def _bodies(entry: Any) -> tuple[str | None, str | None]:
    """Body and summary as markup. Much is content to feedparser: captions, iTunes' summary, a second description."""
    summary = _text(entry, "summary")
    detail = dict.get(entry, "summary_detail") or {}
    contents = [(value, dict.get(c, "type")) for c in dict.get(entry, "content") or () if (value := _text(c, "value"))]
    bodies = [_markup(value, type_) for value, type_ in contents if type_ in _READABLE]
    body = max(bodies, key=words.count, default=None)
    if any(summary == value for value, _ in contents):
        return body, None
    teaser = None if summary is None else _markup(summary, dict.get(detail, "type"))
    return (None, teaser) if teaser is not None and words.count(teaser) > words.count(body) else (body, teaser)


def _markup(value: str, type_: str | None) -> str:
    return words.as_markup(value) if type_ == "text/plain" else value


def _url(entry: Any, base: str) -> str | None:
    """Where the entry leads: past an address that counts clicks; to its identifier only if that is an address."""
    original, link = absolute(base, _text(entry, "feedburner_origlink")), _text(entry, "link")
    identifies_only = link is not None and link == _text(entry, "id") and not (is_absolute(link) or link[0] == "/")
    named = None if identifies_only else absolute(base, link)
    others = (link for link in _links(entry) if _rel(link) not in _ELSEWHERE)
    return original or named or next(_followable(base, others), None)


def _links(context: Any) -> list[Any]:
    return [link for link in dict.get(context, "links") or () if isinstance(link, dict)]


def _rel(link: Any) -> str:
    return str(dict.get(link, "rel") or "").strip().lower()


def _followable(base: str, links: Iterable[Any]) -> Iterator[str]:
    return (found for link in links if (found := absolute(base, dict.get(link, "href"))) is not None)


def _language(entry: Any) -> str | None:
    details = (dict.get(entry, "title_detail"), *(dict.get(entry, "content") or ()), dict.get(entry, "summary_detail"))
    inherited = (_text(detail, "language") for detail in details if detail)
    return _text(entry, "language") or next((language for language in inherited if language), None)


def _authors(entry: Any) -> Iterable[str]:
    authors = dict.get(entry, "authors") or ()
    names = dict.fromkeys(name for author in authors if (name := _text(author, "name")))
    return names or filter(None, (_text(dict.get(entry, "author_detail") or {}, "name"),))


def _tags(entry: Any) -> Iterable[str]:
    for tag in dict.get(entry, "tags") or ():
        name = _text(tag, "label") or _text(tag, "term")
        if name is not None:
            yield name


def _text(context: Any, key: str) -> str | None:
    value = dict.get(context, key)
    return value.strip() or None if isinstance(value, str) else None
