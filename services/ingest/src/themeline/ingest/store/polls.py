"""The polling of feeds: what is due, who polls it, what came of it, and what its entries said before."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, any_, case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.ingest.core.drafts import source_key
from themeline.ingest.core.health import feed_health
from themeline.ingest.store.leases import FEEDS
from themeline.shared.models import Article, Feed, FeedEntry, Source

# That an entry is still listed is noted this often, not at every poll: a feed has a hundred entries. Where nothing was
# read it is noted later, so that what was read in between tells what is listed from what was.
SEEN_AFTER = timedelta(hours=12)
TOUCHED_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class PolledFeed:
    """A feed as whoever polls it needs it, with what is known of its source.

    Attributes:
        source_name: by which its items find their source: a source that was renamed keeps the key of its first name.
    """

    id: int
    source_id: int
    source_name: str
    crawl_delay: timedelta
    full_text: bool
    row: Feed
    lease: UUID


@dataclass(frozen=True)
class KnownEntry:
    """An entry as it was when it was last read."""

    content_hash: bytes
    article_id: int | None


def claim(session: Session, feed_id: int, lease: UUID, *, now: datetime, until: datetime) -> PolledFeed | None:
    """Take a feed that is due and that nobody polls; None where there is nothing to do."""
    if not FEEDS.claim(session, feed_id, lease, now=now, until=until):
        return None
    row, source = session.execute(
        select(Feed, Source).join(Source, Source.id == Feed.source_id).where(Feed.id == feed_id)
    ).one()
    delay = timedelta(seconds=source.crawl_delay_seconds or 0)
    name = source.name if source_key(source.name) == source.key else source.key.replace("-", " ")
    return PolledFeed(feed_id, source.id, name, delay, source.full_text, row, lease)


def release(session: Session, feed_id: int, lease: UUID, values: Mapping[str, Any], *, claimed_at: datetime) -> bool:
    """Write what came of a poll and give the feed back; False where the lease was lost meanwhile.

    What a person did while the poll ran stands: a title that was given, and the time of the next poll where another
    one was asked for.
    """
    written = dict(values)
    if "title" in written:
        written["title"] = func.coalesce(Feed.title, written["title"])
    if "next_poll_at" in written:
        asked = Feed.next_poll_at > claimed_at
        written["next_poll_at"] = case((asked, Feed.next_poll_at), else_=written["next_poll_at"])
    return FEEDS.release(session, feed_id, lease, written)


def note(session: Session, feed: PolledFeed, values: Mapping[str, Any]) -> bool:
    """Write something about a feed that is being polled; False where the lease was lost meanwhile."""
    statement = update(Feed).where(Feed.id == feed.id, Feed.lease == feed.lease).values(**values).returning(Feed.id)
    return session.scalar(statement) is not None


def state_at(session: Session, url: str, other_than: int) -> str | None:
    """Return the state of another feed that has this address, or None where there is none."""
    return session.scalar(select(Feed.state).where(Feed.url == url, Feed.id != other_than))


def known_entries(session: Session, feed_id: int, entries: Collection[bytes]) -> dict[bytes, KnownEntry]:
    """Return those of the entries that were read before."""
    rows = session.execute(
        select(FeedEntry.entry, FeedEntry.content_hash, FeedEntry.article_id).where(
            FeedEntry.feed_id == feed_id, FeedEntry.entry == any_(literal(list(entries), ARRAY(LargeBinary)))
        )
    )
    return {entry: KnownEntry(content_hash, article_id) for entry, content_hash, article_id in rows}


def keep_entries(session: Session, feed_id: int, read: Sequence[tuple[bytes, bytes, int | None]]) -> None:
    """Remember what entries said: their key, the hash of what they said, their article."""
    if not read:
        return
    rows = [
        {"feed_id": feed_id, "entry": entry, "content_hash": content_hash, "article_id": article_id}
        for entry, content_hash, article_id in sorted(read, key=lambda item: item[0])
    ]
    statement = insert(FeedEntry).values(rows)
    changed = {name: getattr(statement.excluded, name) for name in ("content_hash", "article_id")}
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[FeedEntry.feed_id, FeedEntry.entry], set_={**changed, "seen_at": func.now()}
        )
    )


def touch_entries(session: Session, feed_id: int, *, now: datetime) -> None:
    """Note that the feed is the same as when it was last read, so that what it lists is not forgotten.

    Listed are the entries that were seen last, together; what it listed before them is left to be forgotten.
    """
    last = select(func.max(FeedEntry.seen_at)).where(FeedEntry.feed_id == feed_id).scalar_subquery()
    session.execute(
        update(FeedEntry)
        .where(FeedEntry.feed_id == feed_id, last < now - TOUCHED_AFTER, FeedEntry.seen_at >= last - SEEN_AFTER)
        .values(seen_at=now),
        execution_options={"synchronize_session": False},
    )


def see_entries(session: Session, feed_id: int, entries: Collection[bytes], *, now: datetime) -> None:
    """Note that the feed still lists these entries."""
    if entries:
        session.execute(
            update(FeedEntry)
            .where(
                FeedEntry.feed_id == feed_id,
                FeedEntry.entry == any_(literal(list(entries), ARRAY(LargeBinary))),
                FeedEntry.seen_at < now - SEEN_AFTER,
            )
            .values(seen_at=now),
            execution_options={"synchronize_session": False},
        )


def forget_entries(session: Session, before: datetime, limit: int) -> int:
    """Remove entries that no feed has listed since; return how many."""
    old = (
        select(FeedEntry.feed_id, FeedEntry.entry)
        .where(FeedEntry.seen_at < before)
        .order_by(FeedEntry.seen_at)
        .limit(limit)
        .subquery()
    )
    gone = session.execute(
        delete(FeedEntry)
        .where(FeedEntry.feed_id == old.c.feed_id, FeedEntry.entry == old.c.entry)
        .returning(FeedEntry.feed_id)
    )
    return len(gone.all())


def article_ids(session: Session, public_ids: Collection[str]) -> dict[str, int]:
    """Return the ids of articles by their public ids."""
    rows = session.execute(
        select(Article.public_id, Article.id).where(
            Article.public_id.in_([UUID(public_id) for public_id in public_ids])
        )
    )
    return {str(public_id): id_ for public_id, id_ in rows}


def healths(session: Session) -> Counter[str]:
    """Return how many feeds there are, by how they are."""
    untried, failing = Feed.polls == 0, Feed.failures > 0
    rows = session.execute(select(Feed.state, untried, failing, func.count()).group_by(Feed.state, untried, failing))
    counts: Counter[str] = Counter()
    for state, is_untried, is_failing, number in rows:
        counts[feed_health(state, 0 if is_untried else 1, 1 if is_failing else 0)] += number
    return counts


def longest_overdue(session: Session) -> float:
    """Return for how many seconds the feed that waits longest has been due."""
    age = func.extract("epoch", func.now() - func.min(Feed.next_poll_at))
    return max(0.0, float(session.scalar(select(age).where(Feed.state == "active")) or 0))
