"""What an entry is recognised by, what it says, and the item it becomes."""

from typing import Any

from themeline.ingest.core.feeds.model import FeedEntry, ParsedFeed


def entry_key(entry: FeedEntry) -> bytes:
    """Sixteen bytes by which the entry is recognised in its feed: guid, else address, else title and time."""
    raise NotImplementedError


def entry_hash(entry: FeedEntry) -> bytes:
    """Sixteen bytes that differ when the entry says something new."""
    raise NotImplementedError


def to_item(entry: FeedEntry, feed: ParsedFeed, *, source: str) -> dict[str, Any]:
    """The fields of a pushed item (`themeline.ingest.core.drafts.Item`)."""
    raise NotImplementedError
