"""The tables that ingest writes: sources, articles as told, and what is to be sent."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, Text, desc
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from themeline.shared.models.base import Base, Key, Now, PublicId, Strings

# Why a version came to be: it was new, a headline got its text, it said something else, it was withdrawn,
# came back, or is to be tried again.
CAUSES = ("published", "completed", "changed", "withdrawn", "restored", "retried")


class Source(Base):
    """A publisher. Written by ingest."""

    __tablename__ = "sources"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    # publishers of one owner: no competitors of each other
    owner: Mapped[str | None]
    default_zone: Mapped[str] = mapped_column(server_default="UTC")
    # the order of day and month in dates written in figures; unknown: those dates are not read
    day_first: Mapped[bool | None]
    language: Mapped[str | None]
    # seconds between two requests to a host of its, where robots.txt asks for no more
    crawl_delay_seconds: Mapped[float | None]
    # whether linked pages may be read for their text, where robots.txt allows it
    full_text: Mapped[bool] = mapped_column(server_default=sql("true"))
    # patterns of addresses and titles that are not accepted
    blocked: Mapped[Strings]
    created_at: Mapped[Now]


class Article(Base):
    """One stored text in its current version, with its times as the source wrote them. Written by ingest."""

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("priority in ('fresh', 'backfill')", name="priority"),
        CheckConstraint("origin in ('push', 'feed')", name="origin"),
        CheckConstraint(f"cause in {CAUSES}", name="cause"),
        Index("ix_articles_ingested_at_id", desc("ingested_at"), desc("id")),
        Index("ix_articles_source_id_ingested_at_id", "source_id", desc("ingested_at"), desc("id")),
        # The sweep compares versions of everything stored: an index-only scan keeps that cheap.
        Index("ix_articles_id_version", "id", postgresql_include=["version", "changed_at", "withdrawn_at"]),
        Index(
            "ix_articles_withdrawn",
            desc("ingested_at"),
            desc("id"),
            postgresql_where=sql("withdrawn_at is not null"),
        ),
        Index("ix_articles_url", "url", postgresql_using="hash"),
        # A feed that is removed leaves its articles.
        Index("ix_articles_feed_id", "feed_id", postgresql_where=sql("feed_id is not null")),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    external_id: Mapped[str | None]
    url: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text, server_default="")
    published_raw: Mapped[str | None]
    updated_raw: Mapped[str | None]
    language: Mapped[str | None]
    image: Mapped[str | None]
    section: Mapped[str | None]
    tags: Mapped[Strings]
    authors: Mapped[Strings]
    origin: Mapped[str] = mapped_column(server_default="push")
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="SET NULL"))
    # whether readers have to pay, where the page says so
    paywalled: Mapped[bool | None]
    priority: Mapped[str] = mapped_column(server_default="fresh")
    version: Mapped[int] = mapped_column(server_default="1")
    # why there is this version
    cause: Mapped[str] = mapped_column(server_default="published")
    correlation_id: Mapped[str | None]
    content_hash: Mapped[bytes]
    embargo_until: Mapped[datetime | None]
    ingested_at: Mapped[Now]
    changed_at: Mapped[Now]
    withdrawn_at: Mapped[datetime | None]


class ArticleKey(Base):
    """What an article is recognised by: publisher's id, canonical URL, or source, title and time.

    A key belongs to the article that claimed it first. Written by ingest.
    """

    __tablename__ = "article_keys"
    __table_args__ = (Index(None, "article_id"),)

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))


class ArticleVersion(Base):
    """A version before the current one. Written by ingest."""

    __tablename__ = "article_versions"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    published_raw: Mapped[str | None]
    updated_raw: Mapped[str | None]
    cause: Mapped[str] = mapped_column(server_default="published")
    changed_at: Mapped[datetime]
    superseded_at: Mapped[Now]


class OutboxEntry(Base):
    """An article version that has not been sent to the queue yet. Written by ingest."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "urgency", "id"), Index(None, "article_id"))

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    version: Mapped[int]
    # 0 fresh, 1 backfill: the order in which entries are sent
    urgency: Mapped[int] = mapped_column(SmallInteger)
    correlation_id: Mapped[str]
    created_at: Mapped[Now]


class Dispatch(Base):
    """When an article version was last put on the queue by the relay. Written by ingest."""

    __tablename__ = "dispatches"

    article_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    dispatched_at: Mapped[Now]
