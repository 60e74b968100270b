"""The tables behind reading: feeds, the hosts they are on, linked pages, and items that were not accepted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from themeline.shared.models.base import Base, Key, Now, PublicId, Strings


class Feed(Base):
    """A feed, sitemap or site that is read again and again, and how it is. Written by ingest."""

    __tablename__ = "feeds"
    __table_args__ = (
        CheckConstraint("state in ('active', 'paused', 'retired')", name="state"),
        CheckConstraint("hub_state in ('none', 'requested', 'active', 'denied')", name="hub_state"),
        Index("ix_feeds_next_poll_at", "next_poll_at", postgresql_where=text("state = 'active'")),
        Index(None, "source_id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    # where it is read; `added_as` is what a person gave, which may have been a site
    url: Mapped[str] = mapped_column(unique=True)
    added_as: Mapped[str]
    title: Mapped[str | None]
    site_url: Mapped[str | None]
    format: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="active")
    # why it is retired
    reason: Mapped[str | None]
    created_at: Mapped[Now]

    # seconds between polls: the current one, and the one that a person fixed
    interval_seconds: Mapped[int] = mapped_column(server_default="900")
    fixed_interval_seconds: Mapped[int | None]
    next_poll_at: Mapped[Now]
    # a message is on its way until then; whoever polls holds the lease until then
    queued_until: Mapped[datetime | None]
    lease: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]

    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    # of the last body, for servers that answer 200 to everything
    body_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    # what the body said of when it may be read (themeline.ingest.core.feeds.model.Hints)
    hints: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    polled_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    # when it last brought an entry that was new
    changed_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]
    # polls that failed since the last that did not
    failures: Mapped[int] = mapped_column(server_default="0")
    polls: Mapped[int] = mapped_column(BigInteger, server_default="0")
    entries: Mapped[int] = mapped_column(server_default="0")
    # what was left out of the feed when it was last read, or mended in it
    notices: Mapped[Strings]
    created_articles: Mapped[int] = mapped_column(BigInteger, server_default="0")
    rejected_entries: Mapped[int] = mapped_column(BigInteger, server_default="0")

    # WebSub: the hub, the topic by its own name, and where the subscription stands
    hub_url: Mapped[str | None]
    topic_url: Mapped[str | None]
    hub_state: Mapped[str] = mapped_column(server_default="none")
    hub_token: Mapped[UUID | None] = mapped_column(unique=True)
    hub_secret: Mapped[str | None]
    hub_requested_at: Mapped[datetime | None]
    hub_lease_until: Mapped[datetime | None]
    hub_error: Mapped[str | None]


class FeedEntry(Base):
    """What an entry of a feed said when it was last read: saying the same is no work. Written by ingest."""

    __tablename__ = "feed_entries"
    __table_args__ = (Index(None, "article_id"), Index(None, "seen_at"))

    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    # of the guid, else of the address, else of title and time
    entry: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    content_hash: Mapped[bytes]
    # none: the entry was rejected
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    seen_at: Mapped[Now]


class Host(Base):
    """A host that is read from: its turn, its robots.txt, its wish to be left alone. Written by ingest."""

    __tablename__ = "hosts"

    # scheme, name and port, as robots.txt has them
    origin: Mapped[str] = mapped_column(primary_key=True)
    # the instant from which the next request may be made; taking a turn moves it on
    next_request_at: Mapped[Now]
    # told to wait (429, 503 with Retry-After)
    blocked_until: Mapped[datetime | None]
    robots: Mapped[str | None]
    robots_status: Mapped[int | None]
    robots_until: Mapped[datetime | None]
    crawl_delay_seconds: Mapped[float | None]


class Page(Base):
    """A page that a feed linked to, to be read for its text. Written by ingest."""

    __tablename__ = "pages"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'read', 'refused', 'failed')", name="state"),
        # Two articles may be about one page: two feeds with identifiers of their own.
        UniqueConstraint("url_digest", "article_id", name="uq_pages_url_digest", postgresql_nulls_not_distinct=True),
        Index(None, "article_id"),
        Index(None, "feed_id"),
        Index("ix_pages_ended_at", "ended_at", postgresql_where=text("ended_at is not null")),
        Index("ix_pages_next_try_at", "next_try_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[Key]
    url: Mapped[str]
    url_digest: Mapped[bytes] = mapped_column(LargeBinary)
    # none until the page was read: a plain sitemap has nothing but the address
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="SET NULL"))
    # what the entry said, in the fields of a pushed item
    entry: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[Now]
    queued_until: Mapped[datetime | None]
    lease: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    status: Mapped[int | None]
    # why it was refused or failed, as a clause
    reason: Mapped[str | None]
    created_at: Mapped[Now]
    ended_at: Mapped[datetime | None]


class RejectedItem(Base):
    """An item that was not accepted, with the reason: so that "where is it?" has an answer. Written by ingest."""

    __tablename__ = "rejected_items"
    __table_args__ = (Index(None, "url_digest"), Index(None, "last_at"))

    # of what the item says it is, and why it was rejected: the same mistake again is the same row
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    url_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    url: Mapped[str | None]
    external_id: Mapped[str | None]
    source: Mapped[str | None]
    title: Mapped[str | None]
    # push, feed, page or archive
    way: Mapped[str]
    type: Mapped[str]
    detail: Mapped[str]
    field: Mapped[str | None]
    times: Mapped[int] = mapped_column(server_default="1")
    first_at: Mapped[Now]
    last_at: Mapped[Now]
