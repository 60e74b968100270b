"""The nearest vectors of a batch, within each article's time window."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from themeline.related.core.search_plan import reading_is_cheaper, window_sizes
from themeline.related.store.binary import fetch

# Measured at 100,000 × 256 in a 7-day window: the defaults of HNSW find 45 % of the true 20 nearest, 100 finds
# 99.8 %. Of the 200 nearest, among 5,000 in clusters, 100 finds 97.1 %, 200 finds 98.7 % in a third more time.
EF_SEARCH = 200
ITERATIVE_SCAN = "relaxed_order"

# The planner takes the time window for far narrower than it is, and would never use the vector index.
_OTHER_WAYS = ("enable_seqscan", "enable_bitmapscan", "enable_sort")

_PER_DAY = """
    SELECT (sort_at AT TIME ZONE 'UTC')::date, count(*) FROM vectors
    WHERE encoder = %(encoder)s AND sort_at BETWEEN %(earliest)s AND %(latest)s
    GROUP BY 1
"""

# What the planner knows of an index's size costs nothing to ask; before the first analyze it is -1.
_STORED = """
    SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass(vector_index_name(%(encoder)s))
"""

_NEAREST = """
    SELECT own.article_id, array_agg(near.article_id), array_agg(near.distance::real)
    FROM vectors AS own
    CROSS JOIN LATERAL (
        {window}
    ) AS near
    WHERE own.article_id = ANY(%(ids)s::bigint[]) AND own.encoder = {encoder}
    GROUP BY own.article_id
"""

# An index covers one encoder and one width: the planner must read both in the query itself to know it for usable.
_DISTANCE = "other.embedding::halfvec({dimensions}) <=> own.embedding::halfvec({dimensions})"

_IN_WINDOW = """
        SELECT other.article_id, {distance} AS distance
        FROM vectors AS other
        WHERE other.encoder = {encoder}
          AND other.sort_at BETWEEN own.sort_at - %(horizon)s AND own.sort_at + %(horizon)s
"""

# OFFSET 0 keeps the vector index out of it
_READ = "SELECT * FROM ({inside} OFFSET 0) AS inside ORDER BY distance LIMIT %(limit)s"

Found = list[tuple[Any, ...]]


@dataclass(frozen=True)
class _Queries:
    by_index: str
    by_reading: str


@lru_cache(maxsize=16)
def _queries(encoder: str, dimensions: int) -> _Queries:
    name = sql.Literal(encoder).as_string(None).replace("%", "%%")
    distance = _DISTANCE.format(dimensions=int(dimensions))
    inside = _IN_WINDOW.format(distance=distance, encoder=name)
    return _Queries(
        _NEAREST.format(window=f"{inside} ORDER BY {distance} LIMIT %(limit)s", encoder=name),
        _NEAREST.format(window=_READ.format(inside=inside), encoder=name),
    )


def nearest(
    session: Session,
    articles: Sequence[tuple[int, datetime]],
    *,
    encoder: str,
    dimensions: int,
    horizon: timedelta,
    limit: int,
) -> Found:
    """Return (id, ids of its nearest, their distances) for each (id, time); the article itself is among them."""
    common = {"horizon": horizon, "limit": limit}
    queries = _queries(encoder, dimensions)
    reading, walking = _split(session, articles, encoder, horizon, limit)
    found = fetch(session, queries.by_reading, {"ids": reading, **common}) if reading else []
    if walking:
        with _vector_index_alone(session):
            found += fetch(session, queries.by_index, {"ids": walking, **common})
    return found


def _split(
    session: Session, articles: Sequence[tuple[int, datetime]], encoder: str, horizon: timedelta, limit: int
) -> tuple[list[int], list[int]]:
    times = [at for _, at in articles]
    bounds = {"encoder": encoder, "earliest": min(times) - horizon, "latest": max(times) + horizon}
    per_day: dict[date, int] = dict(fetch(session, _PER_DAY, bounds))
    known = fetch(session, _STORED, {"encoder": encoder})
    stored = max(known[0][0] if known else 0, sum(per_day.values()))
    reading: list[int] = []
    walking: list[int] = []
    for (id_, _), window in zip(articles, window_sizes(per_day, times, horizon), strict=True):
        (reading if reading_is_cheaper(window, stored, limit) else walking).append(id_)
    return reading, walking


@contextmanager
def _vector_index_alone(session: Session) -> Iterator[None]:
    session.execute(text(f"SET LOCAL hnsw.ef_search = {EF_SEARCH}"))
    session.execute(text(f"SET LOCAL hnsw.iterative_scan = {ITERATIVE_SCAN}"))
    for name in _OTHER_WAYS:
        session.execute(text(f"SET LOCAL {name} = off"))
    yield
    for name in _OTHER_WAYS:
        session.execute(text(f"SET LOCAL {name} TO DEFAULT"))
