"""An entry of a feed and the page that it links to, as one item."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from themeline.ingest.core.htmlpages import PageArticle
from themeline.shared.core.timestamps import Precision, parse_timestamp

# What the page may add where the entry says nothing.
_FILLED = ("published", "updated", "language", "image", "section", "tags", "authors")
# The bodies of an entry, in whose place the page's text comes.
_BODIES = ("text", "html", "teaser")
# What feeds write that have no date.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def completed(entry: Mapping[str, Any], page: PageArticle) -> dict[str, Any]:
    """The item that an entry and its page make together.

    The entry speaks for what it says: its title is the headline without the page's furniture, its identifier
    and its time are what the article is recognised by, but of a day alone the page may tell the hour. Text and whether
    readers must pay are the page's.
    An address of the page's own is taken only beside an identifier: by title alone the article would not be found.

    Args:
        entry: the fields of a pushed item; of a plain sitemap, hardly more than the address.
        page: the page that was read.
    """
    item = {field: value for field, value in entry.items() if field not in _BODIES}
    for field in _FILLED:
        value = getattr(page, field)
        if not item.get(field) and value:
            item[field] = list(value) if isinstance(value, tuple) else value
    if page.published and _is_refined(item.get("published"), page.published):
        item["published"] = page.published
    item["title"] = item.get("title") or page.title
    item["text"] = page.text
    item["paywalled"] = page.paywalled
    if page.url and (item.get("external_id") or not item.get("url")):
        item["url"] = page.url
    return item


def _is_refined(said: object, time: str) -> bool:
    """Whether the page's time says more than the entry's: on its day, or of an entry that has none but the epoch."""
    named = parse_timestamp(said) if isinstance(said, str) else None
    found = parse_timestamp(time)
    if named is None or found is None:
        return False
    if named.at == EPOCH:
        return True
    if named.precision is not Precision.DAY or found.precision is Precision.DAY:
        return False
    return any(named.at <= at < named.at + timedelta(days=1) for at in (found.at, _as_written(time)) if at is not None)


def _as_written(time: str) -> datetime | None:
    """The time without its offset, as if in UTC: feeds name the day of their own place. None unless it is ISO 8601."""
    try:
        return datetime.fromisoformat(time).replace(tzinfo=UTC)
    except ValueError:
        return None
