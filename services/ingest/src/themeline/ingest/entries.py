"""The use case: what a feed's entries say, stored; and the pages that they link to, asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from themeline.ingest.accept import accept
from themeline.ingest.core.canonical import UnusableUrlError, canonical_url, url_digest
from themeline.ingest.core.distinct import distinct
from themeline.ingest.core.feeds.entries import entry_hash, entry_key, to_item
from themeline.ingest.core.feeds.model import FeedEntry, ParsedFeed
from themeline.ingest.core.ways import Way
from themeline.ingest.publish import Published
from themeline.ingest.store import pages, polls
from themeline.ingest.store.polls import PolledFeed
from themeline.shared.core.timestamps import parse_timestamp
from themeline.shared.db import Sessions, read_only, unit_of_work

# Entries stored in one transaction: a feed of full articles then stays below a second a transaction.
AT_ONCE = 200
# A plain sitemap lists everything a site ever had; it is read for what is new.
NEWS_DAYS = 7


@dataclass
class TakenIn:
    """What became of the entries of one poll: how many were new to us, and the statuses of what they became."""

    new: int = 0
    statuses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Read:
    """An entry that says something that it did not say before."""

    key: bytes
    content_hash: bytes
    entry: FeedEntry
    item: dict[str, Any]


def take_in(sessions: Sessions, feed: PolledFeed, parsed: ParsedFeed, *, now: datetime, correlation_id: str) -> TakenIn:
    """Store what the entries of a feed say that is new; ask for the pages that have more to say.

    A process that dies in between repeats it: storing again changes nothing, and an entry counts as read only
    after it is stored.
    """
    entries = {entry_key(entry): entry for entry in reversed(distinct(parsed.entries))}
    with read_only(sessions) as session:
        known = polls.known_entries(session, feed.id, list(entries))
    hashed = {key: entry_hash(entry) for key, entry in reversed(entries.items())}
    fresh = [
        _Read(key, said, entries[key], to_item(entries[key], parsed, source=feed.source_name))
        for key, said in hashed.items()
        if key not in known or known[key].content_hash != said
    ]
    taken = TakenIn(new=sum(read.key not in known for read in fresh))
    for at in range(0, len(fresh), AT_ONCE):
        taken.statuses += _store(sessions, feed, fresh[at : at + AT_ONCE], now=now, correlation_id=correlation_id)
    with unit_of_work(sessions) as session:
        same = [key for key in known if known[key].content_hash == hashed[key]]
        polls.see_entries(session, feed.id, same, now=now)
    return taken


def _store(
    sessions: Sessions, feed: PolledFeed, fresh: Sequence[_Read], *, now: datetime, correlation_id: str
) -> list[str]:
    # A plain sitemap has addresses alone: its articles begin with their pages.
    named = [read for read in fresh if read.item.get("title")]
    bare = [read for read in fresh if not read.item.get("title") and _is_news(read.entry, now)]
    way = Way("feed", "feed", feed.id)
    results = accept(sessions, [read.item for read in named], way, correlation_id=correlation_id)
    with unit_of_work(sessions) as session:
        ids = polls.article_ids(session, [one.id for one in results if one.id])
        became = {read.key: ids.get(one.id or "") for read, one in zip(named, results, strict=True)}
        polls.keep_entries(session, feed.id, [(read.key, read.content_hash, became.get(read.key)) for read in fresh])
        more = (_known_as(read, one) for read, one in zip(named, results, strict=True) if _has_more(read, one))
        wanted = [*more, *bare]
        if feed.full_text:
            found = (_page(read, feed, became.get(read.key)) for read in wanted)
            pages.want(session, [page for page in found if page is not None], now=now)
    return [one.status for one in results]


def _has_more(read: _Read, result: Published) -> bool:
    return result.status != "rejected" and not result.foreign and not read.entry.has_full_text


def _known_as(read: _Read, result: Published) -> _Read:
    """The same under the identifier of its article: with a new one at each poll its page would be read each time."""
    if result.external_id is None or "external_id" not in read.item:
        return read
    return replace(read, item={**read.item, "external_id": result.external_id})


def _is_news(entry: FeedEntry, now: datetime) -> bool:
    """Whether an address without a title is young enough to be read; one without any time is."""
    written = parse_timestamp(entry.updated or entry.published or "")
    return written is None or written.at > now - timedelta(days=NEWS_DAYS)


def _page(read: _Read, feed: PolledFeed, article_id: int | None) -> pages.WantedPage | None:
    try:
        url = canonical_url(read.entry.url or "")
    except UnusableUrlError:
        return None
    return pages.WantedPage(url, url_digest(url), read.item, feed.source_id, feed.id, article_id)
