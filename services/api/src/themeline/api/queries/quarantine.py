"""The articles that were set aside, and why."""

from uuid import UUID

from pydantic import Field
from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from themeline.api import errors, pagination
from themeline.api.pagination import Place
from themeline.api.parameters import Paging
from themeline.api.queries.articles import attempt_of_this_version
from themeline.api.queries.visibility import visible
from themeline.api.schemas import Answer, Instant
from themeline.shared.models import Article, Attempt, Source

SCOPE = "quarantine"


class Quarantined(Answer):
    id: UUID
    url: str | None
    title: str
    source: str
    version: int
    attempts: int
    last_error: str | None
    since: Instant


class QuarantineList(Answer):
    items: list[Quarantined]
    next: str | None = Field(description="Cursor of the next page; `null` on the last.")


def quarantine(session: Session, wanted: Paging) -> QuarantineList:
    """Return one page of the quarantined articles, the latest first."""
    statement = (
        select(
            Article.id.label("key"),
            Article.public_id.label("id"),
            Article.url,
            Article.title,
            Source.name.label("source"),
            Article.version,
            Attempt.attempts,
            Attempt.last_error,
            Attempt.quarantined_at.label("since"),
        )
        .join(Article, attempt_of_this_version())
        .join(Source, Source.id == Article.source_id)
        .where(Attempt.quarantined_at.is_not(None), visible())
        .order_by(Attempt.quarantined_at.desc(), Article.id.desc())
        .limit(wanted.limit + 1)
    )
    if wanted.cursor is not None:
        after = errors.read_cursor(wanted.cursor, SCOPE)
        place = tuple_(Attempt.quarantined_at, Article.id)
        statement = statement.where(place < tuple_(literal(after.at), literal(after.id)))
    rows, following = pagination.page(
        session.execute(statement).all(), wanted.limit, lambda row: Place(row.since, row.key), SCOPE
    )
    names = Quarantined.model_fields
    items = [Quarantined(**{name: getattr(row, name) for name in names}) for row in rows]
    return QuarantineList(items=items, next=following)
