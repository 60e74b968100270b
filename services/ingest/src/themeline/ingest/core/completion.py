"""An entry of a feed and the page that it links to, as one item."""

from collections.abc import Mapping
from typing import Any

from themeline.ingest.core.htmlpages import PageArticle

# What the page may add where the entry says nothing.
_FILLED = ("published", "updated", "language", "image", "section", "tags", "authors")
# The bodies of an entry, in whose place the page's text comes.
_BODIES = ("text", "html", "teaser")


def completed(entry: Mapping[str, Any], page: PageArticle) -> dict[str, Any]:
    """The item that an entry and its page make together.

    The entry speaks for what it says: its title is the headline without the page's furniture, its identifier
    and its time are what the article is recognised by. Text and whether readers must pay are the page's.
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
    item["title"] = item.get("title") or page.title
    item["text"] = page.text
    item["paywalled"] = page.paywalled
    if page.url and (item.get("external_id") or not item.get("url")):
        item["url"] = page.url
    return item
