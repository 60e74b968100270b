"""What is stored of a pair of articles: where each stands, their relation, and which search finds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from themeline.related.core.retrieval import DENSE_CANDIDATES
from themeline.related.store.candidates import Query, lexical_matches
from themeline.related.store.dense import nearest
from themeline.related.store.encodings import EncoderState
from themeline.related.store.expansions import expanded_vectors
from themeline.shared.models import Article, Attempt, FeatureRow, Placement, Relation, Story, Theme


@dataclass(frozen=True)
class Subject:
    """An article that is asked about. `record` and times are None before its features are saved."""

    id: int
    public_id: UUID
    title: str
    version: int
    quarantined: bool
    record: bytes | None
    names: Sequence[str]
    terms: Sequence[str]
    published_at: datetime | None
    sort_at: datetime | None
    placed_version: int | None
    related_at: datetime | None
    epoch: int | None
    duplicate_of: int | None
    story: tuple[int, str] | None
    theme: tuple[int, str] | None


_SUBJECTS: Select[*tuple[Any, ...]] = (
    select(
        Article.id,
        Article.public_id,
        Article.title,
        Article.version,
        Attempt.quarantined_at.is_not(None).label("quarantined"),
        FeatureRow.packed,
        func.coalesce(FeatureRow.names, []).label("names"),
        func.coalesce(FeatureRow.terms, []).label("terms"),
        FeatureRow.published_at,
        FeatureRow.sort_at,
        Placement.version.label("placed_version"),
        Placement.related_at,
        Placement.epoch,
        Placement.duplicate_of,
        Story.id.label("story_id"),
        Story.label.label("story_label"),
        Theme.id.label("theme_id"),
        Theme.label.label("theme_label"),
    )
    .outerjoin(FeatureRow, FeatureRow.article_id == Article.id)
    .outerjoin(Attempt, and_(Attempt.article_id == Article.id, Attempt.version == Article.version))
    .outerjoin(Placement, Placement.article_id == Article.id)
    .outerjoin(Story, Story.id == Placement.story_id)
    .outerjoin(Theme, Theme.id == Story.theme_id)
)


def subjects(session: Session, public_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Return the articles that readers may know of, neither withdrawn nor under embargo, by their public ids."""
    known = or_(Article.embargo_until.is_(None), Article.embargo_until <= func.now())
    rows = session.execute(_SUBJECTS.where(Article.public_id.in_(public_ids), Article.withdrawn_at.is_(None), known))
    return {row.public_id: _subject(row) for row in rows}


def _subject(row: Row[*tuple[Any, ...]]) -> Subject:
    own: list[Any] = list(row)
    *own, story, story_label, theme, theme_label = own
    groups = ((story, story_label), (theme, theme_label))
    return Subject(*own, *(None if group[0] is None else group for group in groups))


def relation(session: Session, one: int, other: int) -> Relation | None:
    return session.get(Relation, (max(one, other), min(one, other)))


def cosine(session: Session, one: int, other: int, encoder: str) -> float | None:
    """Return the cosine of the vectors that pairs are scored by, None where an article has none."""
    first, second = expanded_vectors(session, np.array(sorted((one, other)), np.int64), encoder)
    # That of a vector of zeros is 0: there is none, or the encoder does not know the text.
    return float(first @ second) or None


def found_by(
    session: Session, queries: tuple[Query, Query], *, encoder: EncoderState, horizon: timedelta
) -> tuple[str, ...]:
    """Return the ways of the search that find one of the two articles when they look for the other."""
    pair = {query.id for query in queries}
    ways = {
        "vectors": nearest(
            session,
            [(query.id, query.sort_at) for query in queries],
            encoder=encoder.encoder,
            dimensions=encoder.dimensions,
            horizon=horizon,
            limit=DENSE_CANDIDATES + 1,
        ),
        "words": lexical_matches(session, queries, encoder=encoder.encoder, horizon=horizon),
    }
    return tuple(way for way, found in ways.items() if any((pair - {row[0]}).intersection(row[1]) for row in found))
