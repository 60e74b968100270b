"""The nearest vectors of a batch, within each article's time window."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from themeline.related.core.search_plan import reading_is_cheaper, window_sizes
from themeline.related.store.binary import fetch

# Measured at 100,000 × 256 in a 7-day window: the defaults of HNSW find 45 % of the true
# neighbours, these two settings 99.8 %.
EF_SEARCH = 100
ITERATIVE_SCAN = "relaxed_order"

# The planner takes the time window for far narrower than it is, and would never use the vector index.
_OTHER_WAYS = ("enable_seqscan", "enable_bitmapscan", "enable_sort")

_PER_DAY = """
    SELECT (sort_at AT TIME ZONE 'UTC')::date, count(*) FROM vectors
    WHERE encoder = %(encoder)s AND sort_at BETWEEN %(earliest)s AND %(latest)s
    GROUP BY 1
"""

# What the planner knows of the table's size costs nothing to ask; before the first analyze it is -1.
_STORED = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'vectors'::regclass"

_NEAREST = """
    SELECT own.article_id, array_agg(near.article_id), array_agg(near.distance::real)
    FROM vectors AS own
    CROSS JOIN LATERAL (
        {window}
    ) AS near
    WHERE own.article_id = ANY(%(ids)s::bigint[]) AND own.encoder = %(encoder)s
    GROUP BY own.article_id
"""

_IN_WINDOW = """
        SELECT other.article_id, other.embedding <=> own.embedding AS distance
        FROM vectors AS other
        WHERE other.encoder = %(encoder)s
          AND other.sort_at BETWEEN own.sort_at - %(horizon)s AND own.sort_at + %(horizon)s
"""

_BY_INDEX = _NEAREST.format(window=_IN_WINDOW + "ORDER BY other.embedding <=> own.embedding LIMIT %(limit)s")
# OFFSET 0 keeps the vector index out of it
_READ = "SELECT * FROM ({inside} OFFSET 0) AS inside ORDER BY distance LIMIT %(limit)s"
_BY_READING = _NEAREST.format(window=_READ.format(inside=_IN_WINDOW))

Found = list[tuple[Any, ...]]


def nearest(
    session: Session, articles: Sequence[tuple[int, datetime]], *, encoder: str, horizon: timedelta, limit: int
) -> Found:
    """Return (id, ids of its nearest, their distances) for each (id, time); the article itself is among them."""
    common = {"encoder": encoder, "horizon": horizon, "limit": limit}
    reading, walking = _split(session, articles, encoder, horizon, limit)
    found = fetch(session, _BY_READING, {"ids": reading, **common}) if reading else []
    if walking:
        with _vector_index_alone(session):
            found += fetch(session, _BY_INDEX, {"ids": walking, **common})
    return found


def _split(
    session: Session, articles: Sequence[tuple[int, datetime]], encoder: str, horizon: timedelta, limit: int
) -> tuple[list[int], list[int]]:
    times = [at for _, at in articles]
    bounds = {"encoder": encoder, "earliest": min(times) - horizon, "latest": max(times) + horizon}
    per_day: dict[date, int] = dict(fetch(session, _PER_DAY, bounds))
    stored = max(fetch(session, _STORED, {})[0][0], sum(per_day.values()))
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
