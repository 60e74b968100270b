"""What is still to do: article versions without an outcome, and which of them fell behind."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, case, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.shared.models import Article, Attempt, Dispatch, OutboxEntry, Outcome

_UNDECIDED = and_(Outcome.article_id == Article.id, Outcome.version == Article.version)

# One sweep sends no more than this again; the next one goes on.
MAX_STALE = 10_000


@dataclass(frozen=True)
class Backlog:
    """Articles not related yet, the age in seconds of the oldest of them, and those set aside."""

    pending: int
    oldest_age: float
    quarantined: int


def backlog(session: Session) -> Backlog:
    """Count what is still to do."""
    oldest = func.extract("epoch", func.now() - func.min(Article.changed_at))
    pending, age = session.execute(
        select(func.count(Article.id), func.coalesce(oldest, 0))
        .outerjoin(Outcome, _UNDECIDED)
        .where(Outcome.article_id.is_(None), Article.withdrawn_at.is_(None))
    ).one()
    quarantined = session.scalar(
        select(func.count())
        .select_from(Attempt)
        .join(Article, and_(Article.id == Attempt.article_id, Article.version == Attempt.version))
        .where(Attempt.quarantined_at.is_not(None), Article.withdrawn_at.is_(None))
    )
    return Backlog(pending, float(age), quarantined or 0)


@dataclass(frozen=True)
class Stale:
    """An article that was sent longer ago than its queue is old, and has no outcome."""

    article_id: int
    version: int
    priority: str


def stale(session: Session, patience: dict[str, timedelta]) -> list[Stale]:
    """Return what fell behind, oldest first; `patience` says by priority how long ago it must have been sent.

    What still waits in the outbox is the relay's. Withdrawals are swept like articles.
    """
    sent_at = func.greatest(
        Article.changed_at,
        Dispatch.dispatched_at,
        Attempt.resent_at,
        # After a failed batch the worker sends its articles again itself, alone.
        Attempt.last_attempt_at,
    )
    patient = case(*[(Article.priority == priority, func.now() - wait) for priority, wait in patience.items()])
    rows = session.execute(
        select(Article.id, Article.version, Article.priority)
        .outerjoin(Outcome, _UNDECIDED)
        .outerjoin(Dispatch, Dispatch.article_id == Article.id)
        .outerjoin(Attempt, Attempt.article_id == Article.id)
        .where(
            Outcome.article_id.is_(None),
            ~select(OutboxEntry.id).where(OutboxEntry.article_id == Article.id).exists(),
            sent_at < patient,
        )
        .order_by(Article.changed_at, Article.id)
        .limit(MAX_STALE)
    )
    return [Stale(*row) for row in rows]


def mark_resent(session: Session, sent: list[Stale]) -> None:
    """Remember when the sweep sent these again, so that the next sweep gives them time."""
    if not sent:
        return
    ordered = sorted(sent, key=lambda item: item.article_id)
    statement = insert(Attempt).values(
        [{"article_id": item.article_id, "version": item.version, "resent_at": func.now()} for item in ordered]
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Attempt.article_id], set_={"resent_at": statement.excluded.resent_at}
        )
    )
