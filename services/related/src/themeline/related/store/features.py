"""What the engine computed from each article alone.

Saved first, so that articles computed side by side see each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pgvector import HalfVector
from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.related.core.features import Features
from themeline.related.store.binary import execute
from themeline.related.store.work import Loaded
from themeline.shared.models import FeatureRow, Placement, Posting, Relation, Uncounted, Vector


@dataclass(frozen=True, eq=False)
class Prepared:
    """An article with its features, its vector under the encoder, and its terms for the lexical index."""

    article: Loaded
    features: Features
    embedding: npt.NDArray[np.float32]
    rare_terms: Sequence[int]


def save_features(session: Session, prepared: Sequence[Prepared], encoder: str) -> None:
    """Replace what is stored of each article; rows are written in id order."""
    ordered = sorted(prepared, key=lambda item: item.article.id)
    if not ordered:
        return
    _upsert_features(session, ordered)
    _upsert_vectors(session, ordered, encoder)
    _replace_postings(session, ordered)
    _remember_vocabularies(session, [item for item in ordered if item.article.version == 1])


def _upsert_features(session: Session, prepared: Sequence[Prepared]) -> None:
    statement = insert(FeatureRow)
    changed = {
        column.name: statement.excluded[column.name]
        for column in FeatureRow.__table__.columns
        if not column.primary_key
    }
    upsert = statement.on_conflict_do_update(index_elements=[FeatureRow.article_id], set_=changed)
    session.execute(upsert, [_feature_row(item) for item in prepared])


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
    SELECT * FROM unnest(%(ids)s::bigint[], %(encoders)s::text[], %(times)s::timestamptz[], %(vectors)s::halfvec[])
    ON CONFLICT (article_id, encoder) DO UPDATE SET sort_at = excluded.sort_at, embedding = excluded.embedding
"""


def _upsert_vectors(session: Session, prepared: Sequence[Prepared], encoder: str) -> None:
    execute(
        session,
        _VECTORS,
        {
            "ids": [item.article.id for item in prepared],
            "encoders": [encoder] * len(prepared),
            "times": [item.article.time.sort_at for item in prepared],
            "vectors": [HalfVector(item.embedding).to_text() for item in prepared],
        },
    )


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


def forget(session: Session, ids: Sequence[int]) -> None:
    """Remove everything computed from withdrawn articles: they leave every box, story and search at once."""
    for table in (FeatureRow, Vector, Posting, Uncounted, Placement):
        session.execute(delete(table).where(table.article_id.in_(ids)))
    session.execute(
        delete(Relation).where((Relation.high == func.any(list(ids))) | (Relation.low == func.any(list(ids))))
    )
