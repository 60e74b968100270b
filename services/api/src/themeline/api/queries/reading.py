"""What the reader's pages show beyond the answers of the interface."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select, true
from sqlalchemy.orm import Session, aliased

from themeline.api.queries.visibility import visible
from themeline.shared.models import Article, Placement, Source, Story, Theme

_Original = aliased(Article, name="original_of_copy")


@dataclass(frozen=True, slots=True)
class Body:
    """The words of one article, and who wrote them."""

    text: str
    authors: list[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """How an article's time and language were read."""

    precision: str | None = None
    zone_assumed: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline of a theme."""

    id: UUID
    title: str
    source: str
    published_at: datetime | None
    reading: Reading


def body(session: Session, article_id: int) -> Body:
    """Return the words of a stored article."""
    row = session.execute(select(Article.text, Article.authors).where(Article.id == article_id)).one()
    return Body(row.text, row.authors)


def readings(session: Session, ids: Sequence[UUID]) -> dict[UUID, Reading]:
    """Return how the times and languages of placed articles were read."""
    rows = session.execute(
        select(Article.public_id, Placement.precision, Placement.zone_assumed, Placement.language)
        .join(Placement, Placement.article_id == Article.id)
        .where(Article.public_id.in_(ids))
    )
    return {row.public_id: Reading(row.precision, row.zone_assumed, row.language) for row in rows}


def newest_of_themes(session: Session, ids: Sequence[UUID], limit: int) -> dict[UUID, list[Headline]]:
    """Return the newest headlines of each theme; a copy gives way to its original."""
    newest = (
        select(
            Article.public_id,
            Article.title,
            Source.name.label("source"),
            Placement.published_at,
            Placement.precision,
            Placement.zone_assumed,
            Placement.language,
            Article.id,
        )
        .select_from(Story)
        .join(Placement, Placement.story_id == Story.id)
        .join(Article, Article.id == Placement.article_id)
        .join(Source, Source.id == Article.source_id)
        .outerjoin(_Original, and_(_Original.id == Placement.duplicate_of, visible(_Original)))
        .where(Story.theme_id == Theme.id, visible(), _Original.id.is_(None))
        # Undated articles sort by their ingest time, and are never called the newest.
        .order_by(Placement.published_at.desc().nulls_last(), Article.id.desc())
        .limit(limit)
        .lateral("newest")
    )
    rows = session.execute(
        select(Theme.public_id.label("theme"), newest)
        .join(newest, true())
        .where(Theme.public_id.in_(ids))
        .order_by(newest.c.published_at.desc().nulls_last(), newest.c.id.desc())
    )
    found: dict[UUID, list[Headline]] = {}
    for row in rows:
        reading = Reading(row.precision, row.zone_assumed, row.language)
        headline = Headline(row.public_id, row.title, row.source, row.published_at, reading)
        found.setdefault(row.theme, []).append(headline)
    return found
