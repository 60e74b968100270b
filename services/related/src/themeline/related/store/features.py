"""What the engine computed from each article alone.

Saved first, so that articles computed side by side see each other. The row in `features` is also the
lock of its article: whoever places or forgets the article holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from pgvector import HalfVector
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.related.core.event_dates import EventDate
from themeline.related.core.features import Features
from themeline.related.store.binary import execute
from themeline.related.store.work import Loaded
from themeline.shared.models import Expansion, FeatureRow, Posting, Uncounted, Vector


@dataclass(frozen=True, eq=False)
class Prepared:
    """An article with its features, its vectors by encoder (none where it could not be had), its terms for the
    lexical index, and the days that its text speaks of."""

    article: Loaded
    features: Features
    vectors: Mapping[str, npt.NDArray[np.float32] | None]
    rare_terms: Sequence[int]
    event_dates: Sequence[EventDate]


def save_features(session: Session, prepared: Sequence[Prepared], encoders: Sequence[str]) -> list[int]:
    """Replace what is stored of each article, unless that is of a newer version; rows are written in id order.

    Return the articles that were replaced.
    """
    ordered = sorted(prepared, key=lambda item: item.article.id)
    written = _upsert_features(session, ordered) if ordered else set()
    ordered = [item for item in ordered if item.article.id in written]
    if ordered:
        for encoder in encoders:
            _replace_vectors(session, ordered, encoder)
        _drop_expansions(session, [item.article.id for item in ordered if item.article.version > 1])
        _replace_postings(session, ordered)
        _remember_vocabularies(session, [item for item in ordered if item.article.version == 1])
    return [item.article.id for item in ordered]


def _upsert_features(session: Session, prepared: Sequence[Prepared]) -> set[int]:
    statement = insert(FeatureRow)
    changed = {
        column.name: statement.excluded[column.name]
        for column in FeatureRow.__table__.columns
        if not column.primary_key
    }
    upsert = statement.on_conflict_do_update(
        index_elements=[FeatureRow.article_id],
        set_=changed,
        # A slow worker must not bring back an old text.
        where=FeatureRow.version <= statement.excluded.version,
    )
    rows = [_feature_row(item) for item in prepared]
    return set(session.scalars(upsert.returning(FeatureRow.article_id), rows))


def _feature_row(item: Prepared) -> dict[str, object]:
    time = item.article.time
    return {
        "article_id": item.article.id,
        "version": item.article.version,
        "source_id": item.article.source_id,
        "published_at": time.published_at,
        "precision": time.precision,
        "zone_assumed": time.zone_assumed,
        "evidence": time.evidence,
        "time_flags": list(time.flags),
        "sort_at": time.sort_at,
        "language": item.features.language,
        "words": item.features.words,
        "names": list(item.features.names),
        "terms": list(item.features.key_terms),
        "packed": item.features.record,
    }


_VECTORS = """
    INSERT INTO vectors (article_id, encoder, sort_at, embedding)
    SELECT id, %(encoder)s, sort_at, embedding
    FROM unnest(%(ids)s::bigint[], %(times)s::timestamptz[], %(vectors)s::halfvec[]) AS new (id, sort_at, embedding)
    ON CONFLICT (article_id, encoder) DO UPDATE SET sort_at = excluded.sort_at, embedding = excluded.embedding
"""


@dataclass(frozen=True, eq=False)
class NewVector:
    """An article's place in time and its vector."""

    article_id: int
    sort_at: datetime
    vector: npt.NDArray[np.float32]


def _replace_vectors(session: Session, prepared: Sequence[Prepared], encoder: str) -> None:
    new = []
    for item in prepared:
        vector = item.vectors.get(encoder)
        if vector is not None:
            new.append(NewVector(item.article.id, item.article.time.sort_at, vector))
    save_vectors(session, encoder, new)
    there = {one.article_id for one in new}
    if old := [item.article.id for item in prepared if item.article.id not in there]:
        # The vector of an earlier text would be searched in place of this one's.
        session.execute(delete(Vector).where(Vector.article_id.in_(old), Vector.encoder == encoder))


def save_vectors(session: Session, encoder: str, vectors: Sequence[NewVector]) -> None:
    """Save vectors of one encoder; the articles' features are held."""
    parameters = {
        "ids": [one.article_id for one in vectors],
        "encoder": encoder,
        "times": [one.sort_at for one in vectors],
        "vectors": [HalfVector(one.vector).to_text() for one in vectors],
    }
    if vectors:
        execute(session, _VECTORS, parameters)


def _drop_expansions(session: Session, changed: Sequence[int]) -> None:
    """Until an article is compared anew its plain vector stands in: the expanded one is of an earlier text."""
    if changed:
        session.execute(delete(Expansion).where(Expansion.article_id.in_(changed)))


_POSTINGS = """
    INSERT INTO postings (term, sort_at, article_id)
    SELECT * FROM unnest(%(terms)s::int[], %(times)s::timestamptz[], %(ids)s::bigint[])
    ON CONFLICT DO NOTHING
"""


def _replace_postings(session: Session, prepared: Sequence[Prepared]) -> None:
    changed = [item.article.id for item in prepared if item.article.version > 1]
    if changed:
        session.execute(delete(Posting).where(Posting.article_id.in_(changed)))
    rows = [(term, item.article.time.sort_at, item.article.id) for item in prepared for term in item.rare_terms]
    rows.sort()
    terms, times, ids = ([row[at] for row in rows] for at in range(3))
    execute(session, _POSTINGS, {"terms": terms, "times": times, "ids": ids})


def _remember_vocabularies(session: Session, prepared: Sequence[Prepared]) -> None:
    if prepared:
        rows = [{"article_id": item.article.id, "vocabulary": item.features.vocabulary.tobytes()} for item in prepared]
        session.execute(insert(Uncounted).on_conflict_do_nothing(), rows)


def hold(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Keep others from replacing the features of these articles until the transaction ends; return their versions.

    Taken before the assignment lock, never after it: two transactions never wait for each other.
    """
    rows = session.execute(
        select(FeatureRow.article_id, FeatureRow.version)
        .where(FeatureRow.article_id.in_(ids))
        .order_by(FeatureRow.article_id)
        .with_for_update()
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, eq=False)
class Inputs:
    """What candidates of a stored article are searched with."""

    article_id: int
    sort_at: datetime
    packed: bytes


def hold_inputs(session: Session, ids: Sequence[int]) -> list[Inputs]:
    """As `hold`; return what to search the articles' candidates with, in id order."""
    rows = session.execute(
        select(FeatureRow.article_id, FeatureRow.sort_at, FeatureRow.packed)
        .where(FeatureRow.article_id.in_(ids))
        .order_by(FeatureRow.article_id)
        .with_for_update()
    )
    return [Inputs(*row) for row in rows]


def forget(session: Session, ids: Sequence[int]) -> None:
    """Remove what was computed from withdrawn articles: nothing finds them any more."""
    hold(session, ids)
    for table in (FeatureRow, Vector, Expansion, Posting, Uncounted):
        session.execute(delete(table).where(table.article_id.in_(ids)))
