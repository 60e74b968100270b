"""The tables that related writes: attempts and outcomes, engine inputs, relations, stories, themes."""

from datetime import datetime
from typing import Annotated

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    desc,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from themeline.shared.models.base import Base, Key, Now, PublicId, Strings

# Article ids carry no foreign key here: these tables are written hundreds of rows an article, and
# articles are never deleted while related may still write about them.
ArticleId = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=False)]


class Attempt(Base):
    """How often a version was tried, counted before the work; reset by a new version. Written by related."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_quarantined", "quarantined_at", postgresql_where=text("quarantined_at is not null")),
    )

    article_id: Mapped[ArticleId]
    version: Mapped[int]
    attempts: Mapped[int] = mapped_column(server_default="0")
    solo_attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
    last_attempt_at: Mapped[datetime | None]
    resent_at: Mapped[datetime | None]
    quarantined_at: Mapped[datetime | None]


class Outcome(Base):
    """The one terminal outcome of an article version. Written by related."""

    __tablename__ = "outcomes"
    __table_args__ = (
        CheckConstraint("outcome in ('ready', 'superseded', 'quarantined', 'withdrawn')", name="outcome"),
    )

    article_id: Mapped[ArticleId]
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str]
    decided_at: Mapped[Now]


class Timed:
    """When an article was published, as related reads it."""

    published_at: Mapped[datetime | None]
    precision: Mapped[str | None]
    zone_assumed: Mapped[bool]
    evidence: Mapped[str | None]
    time_flags: Mapped[Strings]
    # published_at, or the time of ingest when undated
    sort_at: Mapped[datetime]
    language: Mapped[str | None]


class FeatureRow(Timed, Base):
    """What the engine needs of an article to score it. Written by related (first transaction)."""

    __tablename__ = "features"

    article_id: Mapped[ArticleId]
    version: Mapped[int]
    source_id: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[int] = mapped_column(Integer)
    names: Mapped[Strings]
    terms: Mapped[Strings]
    # packed arrays of themeline.related.core.features
    packed: Mapped[bytes]


class Vector(Base):
    """An article's embedding under one encoder. Written by related (first transaction).

    Each encoder has vectors of its own width, and an HNSW index of its own, made when the encoder is first used
    (`add_vector_index`).
    """

    __tablename__ = "vectors"
    __table_args__ = (Index(None, "encoder", "sort_at"),)

    article_id: Mapped[ArticleId]
    encoder: Mapped[str] = mapped_column(primary_key=True)
    sort_at: Mapped[datetime]
    embedding: Mapped[list[float]] = mapped_column(HALFVEC())


class Expansion(Base):
    """An article's vector, expanded by its neighbours; pairs are scored by it. Written by related (transaction 3)."""

    __tablename__ = "expansions"

    article_id: Mapped[ArticleId]
    # a vector under another encoder than the one that serves counts as none
    encoder: Mapped[str]
    # halves, little-endian
    vector: Mapped[bytes]


class Encoding(Base):
    """An encoder that articles have vectors of, and how far it is. Written by related.

    One serves searches. One may be filling: every article gets its vector, then it serves. A retired one's vectors
    are removed.
    """

    __tablename__ = "encodings"
    __table_args__ = (
        CheckConstraint("state in ('serving', 'filling', 'retired')", name="state"),
        Index("uq_encodings_serving", "state", unique=True, postgresql_where=text("state = 'serving'")),
        Index("uq_encodings_filling", "state", unique=True, postgresql_where=text("state = 'filling'")),
    )

    encoder: Mapped[str] = mapped_column(primary_key=True)
    # which of the encoders of themeline.related.encoders makes them
    kind: Mapped[str]
    dimensions: Mapped[int]
    state: Mapped[str]
    # articles up to this id are done; none when there is nothing to do
    cursor: Mapped[int | None] = mapped_column(BigInteger)
    # whether relations are scored again on the way
    rescore: Mapped[bool] = mapped_column(server_default=text("false"))
    started_at: Mapped[Now]
    updated_at: Mapped[Now]


class Posting(Base):
    """A rare term or name of an article, for lexical retrieval. Written by related (first transaction)."""

    __tablename__ = "postings"
    __table_args__ = (
        PrimaryKeyConstraint("term", "sort_at", "article_id"),
        Index(None, "article_id"),
    )

    # a signed 32-bit hash of the term
    term: Mapped[int] = mapped_column(Integer)
    sort_at: Mapped[datetime]
    article_id: Mapped[int] = mapped_column(BigInteger)


class Placement(Timed, Base):
    """What readers are shown of an article besides its text. Written by related (second transaction)."""

    __tablename__ = "placements"
    __table_args__ = (
        Index("ix_placements_story_id_sort_at", "story_id", desc("sort_at"), "article_id"),
        Index(None, "duplicate_of", postgresql_where=text("duplicate_of is not null")),
        Index("ix_placements_article_id_version", "article_id", postgresql_include=["version"]),
    )

    article_id: Mapped[ArticleId]
    version: Mapped[int]
    names: Mapped[Strings]
    terms: Mapped[Strings]
    # dates that the text speaks of (themeline.related.core.event_dates)
    event_dates: Mapped[list[dict[str, str]] | None] = mapped_column(JSONB)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"))
    duplicate_of: Mapped[int | None] = mapped_column(BigInteger)
    # the document frequencies that the scores were computed with
    epoch: Mapped[int]
    related_at: Mapped[Now]


class Relation(Base):
    """A scored, undirected pair of articles: one row, the larger id first. Written by related."""

    __tablename__ = "relations"
    __table_args__ = (
        PrimaryKeyConstraint("high", "low"),
        CheckConstraint("high > low", name="one_row_per_pair"),
        Index(None, "low", "high"),
    )

    high: Mapped[int] = mapped_column(BigInteger)
    low: Mapped[int] = mapped_column(BigInteger)
    # probabilities that both belong to the same story, to the same theme
    story: Mapped[float] = mapped_column(REAL)
    theme: Mapped[float] = mapped_column(REAL)
    # how much each signal contributed (themeline.shared.core.reasons)
    signals: Mapped[bytes]


class Group:
    """A set of articles with a lasting id; merging leaves `merged_into`, splitting `split_from`."""

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    label: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    # distinct articles in it
    size: Mapped[int]
    # no article in it has a date: the times are of its first arrival
    undated: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class Theme(Group, Base):
    """Stories on one subject over time. Written by related."""

    __tablename__ = "themes"
    __table_args__ = (
        Index("ix_themes_last_at", desc("last_at"), desc("id"), postgresql_where=text("merged_into is null")),
        Index(None, "merged_into", postgresql_where=text("merged_into is not null")),
    )

    merged_into: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    # the theme that its first stories were taken out of
    split_from: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))


class Story(Group, Base):
    """Articles on one event. Written by related."""

    __tablename__ = "stories"
    __table_args__ = (
        Index("ix_stories_theme_id_last_at", "theme_id", desc("last_at"), desc("id")),
        Index(None, "merged_into", postgresql_where=text("merged_into is not null")),
        Index(None, "vacated_by", postgresql_where=text("vacated_by is not null")),
    )

    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("stories.id"))
    # the story that its first articles were taken out of
    split_from: Mapped[int | None] = mapped_column(ForeignKey("stories.id"))
    # the article whose withdrawal left it empty, and for which it waits
    vacated_by: Mapped[int | None] = mapped_column(BigInteger)


class Epoch(Base):
    """A snapshot of the document frequencies, so that a score can be computed again. Written by related."""

    __tablename__ = "epochs"

    id: Mapped[Key]
    documents: Mapped[int]
    # packed sorted uint32 hashes and their uint32 counts
    terms: Mapped[bytes]
    frequencies: Mapped[bytes]
    created_at: Mapped[Now]


class Uncounted(Base):
    """The distinct terms of an article that no epoch has counted yet. Written by related."""

    __tablename__ = "uncounted"

    article_id: Mapped[ArticleId]
    vocabulary: Mapped[bytes]
