"""Feeds as people manage them; their polling is in `polls`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, any_, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.ingest.core.health import Health, State
from themeline.shared.models import Feed, FeedEntry, Source

# Rows in one statement: a statement takes at most 65,535 values, and a row has a handful.
ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class ListedFeed:
    """A feed and its source."""

    feed: Feed
    source_key: str
    source_name: str


@dataclass(frozen=True)
class FoundFeed:
    """A stored feed, by one of its addresses."""

    id: int
    public_id: UUID
    url: str
    state: str


@dataclass(frozen=True)
class Wanted:
    """Which feeds to list: `source` is a key, `after` the id of the last one that was shown."""

    limit: int
    after: int | None = None
    source: str | None = None
    health: Health | None = None
    state: State | None = None
    url: str | None = None


def find(session: Session, addresses: Collection[str]) -> dict[str, FoundFeed]:
    """Return the feeds that are read at these addresses or were added by them; where both are, the former."""
    given = any_(literal(list(addresses), ARRAY(Text)))
    columns = Feed.id, Feed.public_id, Feed.url, Feed.state, Feed.added_as
    rows = session.execute(select(*columns).where(or_(Feed.url == given, Feed.added_as == given)).order_by(Feed.id))
    found: dict[str, FoundFeed] = {}
    for id_, public_id, url, state, added_as in rows:
        feed = FoundFeed(id_, public_id, url, state)
        found.setdefault(added_as, feed)
        found[url] = feed
    return {address: found[address] for address in addresses if address in found}


def insert_feeds(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[str, FoundFeed]:
    """Store new feeds and return them by address; one whose address somebody else stored just now is left out."""
    added: dict[str, FoundFeed] = {}
    # in one order, so that two lists at once do not wait for each other
    ordered = sorted(rows, key=lambda row: str(row["url"]))
    for at in range(0, len(ordered), ROWS_AT_ONCE):
        statement = insert(Feed).values(list(ordered[at : at + ROWS_AT_ONCE])).on_conflict_do_nothing()
        returned = session.execute(statement.returning(Feed.id, Feed.public_id, Feed.url, Feed.state))
        added |= {url: FoundFeed(id_, public_id, url, state) for id_, public_id, url, state in returned}
    return added


def get(session: Session, public_id: UUID) -> ListedFeed | None:
    row = session.execute(_listed().where(Feed.public_id == public_id)).one_or_none()
    return ListedFeed(*row) if row else None


def page(session: Session, wanted: Wanted) -> list[ListedFeed]:
    """Return feeds, the latest added first."""
    statement = _listed().where(*_conditions(wanted)).order_by(Feed.id.desc()).limit(wanted.limit)
    return [ListedFeed(*row) for row in session.execute(statement)]


def not_retired(session: Session) -> Iterator[ListedFeed]:
    """Return every feed that is read or paused, by source."""
    rows = session.execute(_listed().where(Feed.state != "retired").order_by(Source.key, Feed.id))
    return (ListedFeed(*row) for row in rows)


def lock(session: Session, public_id: UUID) -> Feed | None:
    """Return the feed, which nobody else can change until the transaction ends."""
    return session.scalars(select(Feed).where(Feed.public_id == public_id).with_for_update()).one_or_none()


def change(session: Session, ids: Collection[int], values: Mapping[str, Any]) -> None:
    """Write new values of feeds.

    Raises:
        sqlalchemy.exc.IntegrityError: another feed is read at the new address.
    """
    if ids and values:
        session.execute(
            update(Feed).where(Feed.id.in_(ids)).values(**values), execution_options={"synchronize_session": False}
        )


def remove(session: Session, public_id: UUID) -> bool:
    """Remove a feed, what is known of its entries, and its name in articles; say whether there was one."""
    return session.scalar(delete(Feed).where(Feed.public_id == public_id).returning(Feed.id)) is not None


def _listed() -> Select[Feed, str, str]:
    return (
        select(Feed, Source.key, Source.name)
        .join(Source, Source.id == Feed.source_id)
        .execution_options(populate_existing=True)
    )


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.after is not None:
        yield Feed.id < wanted.after
    if wanted.source is not None:
        yield Source.key == wanted.source
    if wanted.health is not None:
        yield has_health(wanted.health)
    if wanted.state is not None:
        yield Feed.state == wanted.state
    if wanted.url is not None:
        yield or_(Feed.url == wanted.url, Feed.added_as == wanted.url)


def has_health(health: Health) -> ColumnElement[bool]:
    """Say `core.health.feed_health` in SQL."""
    if health in ("paused", "retired"):
        return Feed.state == health
    failing = Feed.failures > 0
    told = {"failing": failing, "healthy": and_(~failing, Feed.polls > 0), "new": and_(~failing, Feed.polls == 0)}
    return and_(Feed.state == "active", told[health])


def read_anew(session: Session, source_key: str) -> None:
    """Have every entry of a source's feeds looked at again: what was decided of them rests on what has changed.

    Storing an entry again changes nothing, but for what was rejected or not asked for.
    """
    of_source = select(Source.id).where(Source.key == source_key).scalar_subquery()
    feeds = select(Feed.id).where(Feed.source_id == of_source)
    session.execute(delete(FeedEntry).where(FeedEntry.feed_id.in_(feeds)))
    session.execute(
        update(Feed)
        .where(Feed.source_id == of_source)
        .values(etag=None, last_modified=None, body_digest=None, next_poll_at=func.now())
        .execution_options(synchronize_session=False)
    )
