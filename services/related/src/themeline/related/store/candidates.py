"""Which stored articles to score a new one against: nearest vectors, and matches on rare terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related.core.retrieval import DENSE_CANDIDATES, LEXICAL_CANDIDATES, MAX_POSTINGS
from themeline.related.store.binary import fetch
from themeline.related.store.dense import nearest


@dataclass(frozen=True, eq=False)
class Candidates:
    """The candidates of one article: distinct ids, the cosine of their vectors with its own, and whether both have
    one."""

    ids: npt.NDArray[np.int64]
    cosines: npt.NDArray[np.float32]
    have_vectors: npt.NDArray[np.bool_]


# Stands for the distance between two articles one of which has no vector; distances are 0 to 2.
_UNKNOWN = -1.0


_LEXICAL = """
    WITH wanted AS (
        SELECT * FROM unnest(%(owners)s::bigint[], %(terms)s::int[], %(times)s::timestamptz[], %(weights)s::float8[])
            AS wanted (owner, term, sort_at, weight)
    ),
    matched AS (
        SELECT owner, article_id, sum(weight) AS weight
        FROM (
            SELECT wanted.owner, posting.article_id, wanted.weight
            FROM wanted
            CROSS JOIN LATERAL (
                SELECT article_id FROM postings
                WHERE postings.term = wanted.term
                  AND postings.sort_at BETWEEN wanted.sort_at - %(horizon)s AND wanted.sort_at + %(horizon)s
                ORDER BY postings.sort_at DESC
                LIMIT %(per_term)s
            ) AS posting
            -- what is found already, as a sum that falls out: joining with it would be planned for ten rows of it
            UNION ALL
            SELECT owner, article_id, '-Infinity'
            FROM unnest(%(finders)s::bigint[], %(found)s::bigint[]) AS known (owner, article_id)
        ) AS every
        GROUP BY owner, article_id
        HAVING sum(weight) >= 0
    ),
    own AS MATERIALIZED (
        SELECT asked.article_id, embedding
        FROM unnest(%(ids)s::bigint[]) AS asked (article_id)
        LEFT JOIN vectors ON vectors.article_id = asked.article_id AND vectors.encoder = %(encoder)s
    ),
    ranked AS (
        SELECT owner, article_id, row_number() OVER (PARTITION BY owner ORDER BY weight DESC, article_id DESC)
            AS place
        FROM matched
    )
    -- LIMIT 1 and OFFSET 0 keep the planner from joining with, and sorting, whole tables of vectors
    SELECT owner, array_agg(article_id), array_agg(distance)
    FROM (
        SELECT ranked.owner, ranked.article_id,
               coalesce((other.embedding <=> own.embedding)::real, %(unknown)s) AS distance
        FROM ranked
        JOIN own ON own.article_id = ranked.owner
        LEFT JOIN LATERAL (
            SELECT embedding FROM vectors
            WHERE vectors.article_id = ranked.article_id AND vectors.encoder = %(encoder)s
            LIMIT 1
        ) AS other ON true
        WHERE ranked.place <= %(limit)s
        OFFSET 0
    ) AS scored
    GROUP BY owner
"""


@dataclass(frozen=True)
class Query:
    """An article that looks for candidates: its place in time, and its rare terms with what a match on each weighs."""

    id: int
    sort_at: datetime
    rare_terms: Sequence[int]
    weights: Sequence[float]


def find_candidates(
    session: Session, queries: Sequence[Query], *, encoder: str, dimensions: int, horizon: timedelta
) -> dict[int, Candidates]:
    """Return the candidates of each article within `horizon` of its time, itself left out."""
    ids = [query.id for query in queries]
    dense = nearest(
        session,
        [(query.id, query.sort_at) for query in queries],
        encoder=encoder,
        dimensions=dimensions,
        horizon=horizon,
        limit=DENSE_CANDIDATES + 1,
    )
    lexical = lexical_matches(session, queries, encoder=encoder, horizon=horizon, beside=dense)
    found: dict[int, list[tuple[list[int], list[float]]]] = {id_: [] for id_ in ids}
    for owner, others, distances in (*dense, *lexical):
        found[owner].append((others, distances))
    return {id_: _merge(id_, parts) for id_, parts in found.items()}


def lexical_matches(
    session: Session,
    queries: Sequence[Query],
    *,
    encoder: str,
    horizon: timedelta,
    beside: Sequence[tuple[Any, ...]] = (),
) -> list[tuple[int, list[int], list[float]]]:
    """Return (id, ids of the best matches on its rare terms, distances of their vectors) for each article.

    beside: what `nearest` found already, and is not looked for again.
    """
    known = {
        "finders": [owner for owner, others, _ in beside for _ in others],
        "found": [other for _, others, _ in beside for other in others],
    }
    return [(*row,) for row in fetch(session, _LEXICAL, _lexical_parameters(queries, encoder, horizon) | known)]


def _lexical_parameters(queries: Sequence[Query], encoder: str, horizon: timedelta) -> dict[str, object]:
    wanted = [
        (query.id, term, query.sort_at, weight)
        for query in queries
        for term, weight in zip(query.rare_terms, query.weights, strict=True)
    ]
    owners, terms, times, weights = ([row[at] for row in wanted] for at in range(4))
    return {
        "ids": [query.id for query in queries],
        "owners": owners,
        "terms": terms,
        "times": times,
        "weights": weights,
        "encoder": encoder,
        "horizon": horizon,
        "limit": LEXICAL_CANDIDATES + 1,
        "per_term": MAX_POSTINGS,
        "unknown": _UNKNOWN,
    }


def _merge(own: int, parts: Sequence[tuple[list[int], list[float]]]) -> Candidates:
    ids = np.concatenate([np.empty(0, np.int64), *(np.asarray(part[0], np.int64) for part in parts)])
    distances = np.concatenate([np.empty(0, np.float32), *(np.asarray(part[1], np.float32) for part in parts)])
    unique, places = np.unique(ids, return_index=True)
    others = unique != own
    # An all-zero vector has no direction; its distance is NaN and its cosine none.
    have_vectors = distances[places] != _UNKNOWN
    cosines = np.where(have_vectors, np.nan_to_num(1.0 - distances[places], nan=0.0), 0).astype(np.float32)
    return Candidates(unique[others], cosines[others], have_vectors[others])
