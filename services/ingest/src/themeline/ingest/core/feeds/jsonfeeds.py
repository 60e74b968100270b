"""JSON Feed 1.0 and 1.1."""

import json
import re
from collections.abc import Iterable
from typing import Any

from themeline.ingest.core.feeds import words
from themeline.ingest.core.feeds.addresses import absolute
from themeline.ingest.core.feeds.model import FeedEntry, NotAFeedError, ParsedFeed

# What no database takes, in a text or in JSON.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def parse_json_feed(text: str, *, url: str) -> ParsedFeed:
    """A JSON Feed. Fields of a wrong type are as if they were absent.

    Raises:
        NotAFeedError: no JSON, or other JSON.
    """
    feed = _decoded(text)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version", "jsonfeed.org")):
        raise NotAFeedError("not-a-feed", "its JSON is not a JSON Feed")
    return ParsedFeed(
        format="json",
        title=_text(feed, "title"),
        site_url=absolute(url, _text(feed, "home_page_url")),
        language=_text(feed, "language"),
        hub_urls=tuple(hub for item in _dicts(feed, "hubs") if (hub := _hub(item, url)) is not None),
        self_url=absolute(url, _text(feed, "feed_url")),
        icon=absolute(url, _text(feed, "icon")) or absolute(url, _text(feed, "favicon")),
        entries=tuple(_entry(item, url, _authors(feed)) for item in items if isinstance(item, dict)),
    )


def _decoded(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise NotAFeedError("damaged", "its JSON cannot be read") from error


def _entry(item: dict[str, Any], base: str, feed_authors: tuple[str, ...]) -> FeedEntry:
    plain = _text(item, "content_text")
    body = _text(item, "content_html") or (words.as_markup(plain) if plain is not None else None)
    summary = _text(item, "summary")
    tags = item.get("tags")
    return FeedEntry(
        guid=_text(item, "id"),
        url=absolute(base, _text(item, "url"))
        or absolute(base, _text(item, "external_url"))
        or absolute("", _text(item, "id")),
        title=_text(item, "title") or "",
        html=body,
        summary=words.as_markup(summary) if summary is not None else None,
        has_full_text=words.is_full_text(body),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        language=_text(item, "language"),
        image=absolute(base, _text(item, "image")) or absolute(base, _text(item, "banner_image")),
        authors=_authors(item) or feed_authors,
        tags=tuple(dict.fromkeys(tag.strip() for tag in tags if isinstance(tag, str)))
        if isinstance(tags, list)
        else (),
    )


def _hub(hub: dict[str, Any], base: str) -> str | None:
    return absolute(base, _text(hub, "url")) if str(hub.get("type", "")).lower() == "websub" else None


def _authors(context: dict[str, Any]) -> tuple[str, ...]:
    """Names: `authors` of version 1.1, `author` of 1.0."""
    author = context.get("author")
    authors: Iterable[dict[str, Any]] = (*_dicts(context, "authors"), *([author] if isinstance(author, dict) else []))
    return tuple(dict.fromkeys(name for item in authors if (name := _text(item, "name")) is not None))


def _dicts(context: dict[str, Any], key: str) -> list[dict[str, Any]]:
    values = context.get(key)
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _text(context: dict[str, Any], key: str) -> str | None:
    """The value; numbers as they are written, since identifiers and times are sometimes numbers."""
    value = context.get(key)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return _UNSTORABLE.sub("\ufffd", str(value)).strip() or None
