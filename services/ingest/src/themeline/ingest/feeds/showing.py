"""Feeds one by one and in lists."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from themeline.ingest.core import cursors
from themeline.ingest.core.canonical import UnusableUrlError
from themeline.ingest.core.drafts import source_key
from themeline.ingest.core.feedforms import FeedFilter, feed_url
from themeline.ingest.core.feedviews import FeedPage, FeedView, HubView, SourceName
from themeline.ingest.core.health import feed_health
from themeline.ingest.core.subscriptions import is_active
from themeline.ingest.store import feeds as store
from themeline.shared.models import Feed

# Of the view, under the column's own name.
SAME_NAME = FeedView.model_fields.keys() & {column.key for column in inspect(Feed).column_attrs} - {"id"}


def show(session: Session, public_id: UUID, *, now: datetime) -> FeedView | None:
    """Return a feed, or None when there is none."""
    listed = store.get(session, public_id)
    return _view(listed, now) if listed else None


def page(session: Session, wanted: FeedFilter, *, now: datetime) -> FeedPage:
    """Return one page of the feeds that pass the filter, the latest added first.

    Raises:
        ValueError: the cursor is none of this list.
    """
    scope = f"feeds {wanted.model_dump_json(exclude={'limit', 'cursor'})}"
    after = cursors.decode(wanted.cursor, scope) if wanted.cursor is not None else None
    rows = store.page(
        session,
        store.Wanted(
            limit=wanted.limit + 1,
            after=after,
            source=source_key(wanted.source) if wanted.source is not None else None,
            health=wanted.health,
            state=wanted.state,
            url=_comparable(wanted.url) if wanted.url is not None else None,
        ),
    )
    shown = rows[: wanted.limit]
    following = cursors.encode(shown[-1].feed.id, scope) if len(rows) > wanted.limit else None
    return FeedPage(items=[_view(row, now) for row in shown], next=following)


def _comparable(address: str) -> str:
    """An address as it is stored; one that is none is found nowhere."""
    try:
        return feed_url(address)
    except UnusableUrlError:
        return ""


def _view(listed: store.ListedFeed, now: datetime) -> FeedView:
    feed = listed.feed
    return FeedView.model_validate(
        {name: getattr(feed, name) for name in SAME_NAME}
        | {
            "id": feed.public_id,
            "source": SourceName(key=listed.source_key, name=listed.source_name),
            "health": feed_health(feed.state, feed.polls, feed.failures),
            "next_poll_at": feed.next_poll_at if feed.state == "active" else None,
            "articles": feed.created_articles,
            "rejected": feed.rejected_entries,
            "websub": _hub(feed, now),
        }
    )


def _hub(feed: Feed, now: datetime) -> HubView | None:
    if feed.hub_url is None or feed.hub_state == "none":
        return None
    lapsed = feed.hub_state == "active" and not is_active(feed.hub_state, feed.hub_lease_until, now)
    return HubView.model_validate(
        {
            "hub": feed.hub_url,
            "state": "lapsed" if lapsed else feed.hub_state,
            "lease_until": feed.hub_lease_until,
            "error": feed.hub_error,
        }
    )
