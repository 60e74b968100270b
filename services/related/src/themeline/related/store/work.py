"""What is to be done: articles as stored, attempts at them, and their terminal outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import ColumnElement, and_, case, func, null, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.related.core.features import RawArticle
from themeline.related.core.times import ArticleTime, article_time, zone_named
from themeline.related.core.triage import Claim
from themeline.related.store.binary import fetch
from themeline.shared.models import Article, Attempt, Outcome, Source

# An error is kept for an operator to read, not for a debugger.
MAX_ERROR = 500
# What is known of an attempt that neither ended nor failed.
NO_LAST_WORDS = "the worker process ended during the attempt: killed, out of memory or out of time"


@dataclass(frozen=True)
class Loaded:
    """An article in the version that is to be related; `zone` and `day_first` are its source's."""

    id: int
    public_id: str
    version: int
    raw: RawArticle
    time: ArticleTime
    zone: tzinfo
    day_first: bool | None
    source_id: int
    changed_at: datetime
    embargoed: bool


def _decided() -> ColumnElement[bool]:
    return and_(Outcome.article_id == Article.id, Outcome.version == Article.version)


def claims(session: Session, ids: Sequence[int]) -> list[Claim]:
    """Return what is known of each article before any work, in id order; unknown ids are left out."""
    rows = session.execute(
        select(
            Article.id,
            Article.version,
            Article.withdrawn_at.is_not(None),
            Outcome.outcome.is_not(None),
            func.coalesce(Attempt.attempts, 0),
            func.coalesce(Attempt.solo_attempts, 0),
        )
        .outerjoin(Outcome, _decided())
        .outerjoin(Attempt, and_(Attempt.article_id == Article.id, Attempt.version == Article.version))
        .where(Article.id.in_(ids))
        .order_by(Article.id)
    )
    return [Claim(*row) for row in rows]


def count_attempts(session: Session, claimed: Sequence[Claim], *, solo: bool) -> None:
    """Count the attempt that is about to begin at each article; a new version starts from nothing."""
    if not claimed:
        return
    by_one = 1 if solo else 0
    statement = insert(Attempt).values(
        [
            {
                "article_id": claim.article_id,
                "version": claim.version,
                "attempts": 1,
                "solo_attempts": by_one,
                "last_attempt_at": func.now(),
            }
            for claim in claimed
        ]
    )
    same = Attempt.version == statement.excluded.version
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Attempt.article_id],
            set_={
                "version": statement.excluded.version,
                "attempts": case((same, Attempt.attempts), else_=0) + 1,
                "solo_attempts": case((same, Attempt.solo_attempts), else_=0) + by_one,
                "quarantined_at": case((same, Attempt.quarantined_at), else_=null()),
                "last_error": case((same, Attempt.last_error), else_=null()),
                "last_attempt_at": func.now(),
            },
        )
    )


def note_error(session: Session, ids: Sequence[int], error: str) -> None:
    """Keep the last error of an attempt beside its count."""
    session.execute(update(Attempt).where(Attempt.article_id.in_(ids)).values(last_error=error[:MAX_ERROR]))


def load(session: Session, ids: Sequence[int]) -> list[Loaded]:
    """Return the live articles among `ids` in their current version, in id order."""
    rows = session.execute(
        select(Article, Source, Article.embargo_until > func.now())
        .join(Source, Source.id == Article.source_id)
        .where(Article.id.in_(ids), Article.withdrawn_at.is_(None))
        .order_by(Article.id)
    )
    return [_loaded(article, source, embargoed=bool(embargoed)) for article, source, embargoed in rows]


def _loaded(article: Article, source: Source, *, embargoed: bool) -> Loaded:
    zone = zone_named(source.default_zone)
    time = article_time(
        article.published_raw,
        zone=zone,
        origin=article.origin,
        ingested_at=article.ingested_at,
        day_first=source.day_first,
        language=article.language or source.language,
    )
    return Loaded(
        id=article.id,
        public_id=str(article.public_id),
        version=article.version,
        raw=RawArticle(article.title, article.text, article.language),
        time=time,
        zone=zone,
        day_first=source.day_first,
        source_id=article.source_id,
        changed_at=article.changed_at,
        embargoed=embargoed,
    )


def open_versions(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Return the current version of each article that is still to be related: neither decided nor withdrawn."""
    rows = session.execute(
        select(Article.id, Article.version)
        .outerjoin(Outcome, _decided())
        .where(Article.id.in_(ids), Article.withdrawn_at.is_(None), Outcome.article_id.is_(None))
    )
    return {row[0]: row[1] for row in rows}


def withdrawn(session: Session, ids: Sequence[int]) -> list[int]:
    """Return those of the articles that are withdrawn."""
    return list(session.scalars(select(Article.id).where(Article.id.in_(ids), Article.withdrawn_at.is_not(None))))


# One statement: this version's outcome, and `superseded` for every older version that never got one.
_DECIDE = """
    INSERT INTO outcomes (article_id, version, outcome)
    SELECT decided.id, every.version,
           CASE WHEN every.version = decided.version THEN %(outcome)s ELSE 'superseded' END
    FROM unnest(%(ids)s::bigint[], %(versions)s::int[]) AS decided (id, version)
    CROSS JOIN LATERAL generate_series(1, decided.version) AS every (version)
    ORDER BY decided.id, every.version
    ON CONFLICT (article_id, version) DO NOTHING
    RETURNING article_id, outcome
"""


def decide(session: Session, versions: dict[int, int], outcome: str) -> list[tuple[int, str]]:
    """Give each article version its one terminal outcome; return the new ones, for counting.

    Versions already decided are left alone, so a repeated message decides nothing.
    """
    parameters = {"ids": list(versions), "versions": list(versions.values()), "outcome": outcome}
    return [(article, decided) for article, decided in fetch(session, _DECIDE, parameters)]


def quarantine(session: Session, ids: Sequence[int]) -> None:
    """Mark the articles' current versions as set aside, each with an error to look into."""
    values = {"quarantined_at": func.now(), "last_error": func.coalesce(Attempt.last_error, NO_LAST_WORDS)}
    session.execute(update(Attempt).where(Attempt.article_id.in_(ids)).values(values))
