"""What an entry is recognised by, what it says, and the item it becomes."""

import json
import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url
from themeline.ingest.core.drafts import MAX_EXTERNAL_ID, MAX_LIST, MAX_TITLE
from themeline.ingest.core.feeds import words
from themeline.ingest.core.feeds.model import FeedEntry, ParsedFeed
from themeline.ingest.core.publishers import without_publisher
from themeline.ingest.core.titles import clean_title

MAX_NAME = 200  # of a section, tag or author; a longer one is a text that went astray, for which drafts are refused
_SITEMAPS = frozenset(("sitemap", "news-sitemap"))
KEY_BYTES = 16  # 128 bits: no accidental collision among the entries of any number of polls

# Counters that feeds write into their text (Hacker News, Reddit, WordPress plug-ins): renewed without news. They have
# lengths: looking for the end of an endless one from each of its digits takes time that grows with its square.
_COUNTED = r"(?:comments?|points?|replies|reply|views?|likes?|shares?|votes?)"
_NUMBER = r"\d[\d.,]{0,15}"
_COUNTERS = re.compile(rf"#?\s?\b{_COUNTED}\s?:\s?{_NUMBER}|\b{_NUMBER}\s{_COUNTED}\b", re.IGNORECASE)
# Between a publisher's name and a section in the title of a feed.
_TITLE_PARTS = re.compile(r"\s+[-\u2013\u2014\u00b7\u2022\u00bb|>:]+\s+")
# Words that make no publisher of a section: "Latest news", "The World".
_LITTLE = frozenset(("the", "news", "online", "digital", "newspaper", "rss", "feed"))
MIN_NAME_WORDS = 2  # "Mill Lane Mail"; one word alone may be what the headline is about
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def entry_key(entry: FeedEntry) -> bytes:
    """Sixteen bytes by which the entry is recognised in its feed: guid, else address, else title and time."""
    if entry.guid is not None:
        return _digest("guid", entry.guid)
    address = _canonical(entry.url)
    return _digest("url", address) if address is not None else _digest("title", entry.title, entry.published)


def entry_hash(entry: FeedEntry) -> bytes:
    """Sixteen bytes that differ when the entry says something new.

    The words count, not the markup around them: pixels and advertisements change with every poll. Nor do counters of
    comments, parameters that count clicks, and `updated`, which is often renewed without a change.
    """
    said = (entry.html, entry.summary)
    return _digest(
        "entry", entry.title, *(_COUNTERS.sub("", words.plain(part)) if part else None for part in said),
        entry.published, entry.language, _canonical(entry.image), entry.section, _canonical(entry.url),
        sorted(entry.tags), entry.authors,
    )  # fmt: skip


def to_item(entry: FeedEntry, feed: ParsedFeed, *, source: str) -> dict[str, Any]:
    """The fields of an item of our own (`themeline.ingest.core.drafts`): what is pushed, and whether it is a teaser.

    What would have the item rejected and is not the article itself (an endless identifier, the 51st tag) is left out.
    The source is the feed's, whomever the entry names: else a feed could speak in another publisher's name. An entry
    with `updated` only was published then, for all that is known; but not that of a sitemap, whose `lastmod` says when
    the page last changed, often years after. The publisher's name is cut from titles here, where the feed still tells
    what it is: of a feed that was added without its source, the item names the host alone.

    Args:
        source: name of the publisher that the feed belongs to.
    """
    fields = {
        "title": _title(entry, feed), "url": entry.url, "external_id": _external_id(entry.guid),
        "html": entry.html or entry.summary,
        "published": entry.published or (None if feed.format in _SITEMAPS else entry.updated),
        "updated": entry.updated,
        "source": source, "language": entry.language or feed.language, "image": entry.image,
        "section": entry.section if len(entry.section or "") <= MAX_NAME else None,
        "tags": _list(entry.tags), "authors": _list(entry.authors),
        "teaser": True if (entry.html or entry.summary) and not entry.has_full_text else None,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value not in (None, [])}


def _title(entry: FeedEntry, feed: ParsedFeed) -> str:
    names = list(_names(entry, feed))
    # A longer one is refused unless it is mostly markup; it is not worth the cleaning.
    if not names or len(entry.title) > MAX_TITLE:
        return entry.title
    return without_publisher(clean_title(entry.title), names)


def _names(entry: FeedEntry, feed: ParsedFeed) -> Iterator[str]:
    """What the publisher is called: in each entry of a news sitemap, and in a feed's title with sections or a slogan.

    One word of a feed's title may be a section, and so a headline's subject; such a publisher is known by its host.
    """
    if feed.format == "news-sitemap" and entry.source:
        yield entry.source
    title = clean_title((feed.title or "")[:MAX_NAME])
    for part in dict.fromkeys((title, *_TITLE_PARTS.split(title.partition(": ")[0]))):
        if len([word for word in part.casefold().split() if word not in _LITTLE]) >= MIN_NAME_WORDS:
            yield part


def _external_id(guid: str | None) -> str | None:
    usable = guid is not None and len(guid) <= MAX_EXTERNAL_ID and _CONTROL.search(guid) is None
    return guid if usable else None


def _list(values: tuple[str, ...]) -> list[str]:
    return [value for value in values if len(value) <= MAX_NAME][:MAX_LIST]


def _canonical(address: str | None) -> str | None:
    try:
        return canonical_url(address) if address is not None else None
    except UnusableUrlError:
        return address


def _digest(*parts: Any) -> bytes:
    written = json.dumps(parts, ensure_ascii=True)
    return blake2b(written.encode("ascii"), digest_size=KEY_BYTES, person=b"feed-entry").digest()
