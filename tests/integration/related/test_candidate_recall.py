"""The database's candidates beside those of the engine in memory: what evaluation measures is what readers get."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import insert, text

from themeline.related.core.features import RawArticle, extract_batch, rare_terms, term_weights
from themeline.related.core.frequencies import EMPTY
from themeline.related.core.retrieval import Index
from themeline.related.store import encodings
from themeline.related.store.candidates import Query, find_candidates
from themeline.related.store.features import NewVector, save_vectors
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.models import Posting

START = datetime(2026, 3, 1, tzinfo=UTC)
HORIZON = timedelta(days=30)
ENCODER, WIDTH = "recall", 64
ARTICLES, ASKED = 5_000, 20
# With 30 days on either side the middle of these sees seven tenths of all: the planner then walks the index.
DAYS = 86
TOPICS = 60
SAME = 0.98


class Collection:
    """Made-up articles on some topics, as the engine sees them; the last `ASKED` are of the middle days."""

    def __init__(self) -> None:
        rng = np.random.default_rng(8)
        topics = rng.integers(0, TOPICS, ARTICLES)
        raw = [RawArticle(" ".join(_words(rng, topic)), "", "en") for topic in topics.tolist()]
        self.frequencies = EMPTY.updated(found.vocabulary for found in extract_batch(raw, EMPTY))
        self.records = [found.record for found in extract_batch(raw, self.frequencies)]
        centres = rng.normal(size=(TOPICS, WIDTH))
        vectors = centres[topics] + rng.normal(size=(ARTICLES, WIDTH))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        # As the database holds them: halves.
        self.vectors: npt.NDArray[np.float32] = vectors.astype(np.float16).astype(np.float32)
        days = rng.uniform(0, DAYS, ARTICLES)
        days[-ASKED:] = rng.uniform(DAYS / 2 - 3, DAYS / 2 + 3, ASKED)
        self.times = [START + timedelta(days=day) for day in days.tolist()]
        self.asked = range(ARTICLES - ASKED, ARTICLES)

    def terms(self, number: int) -> list[int]:
        return rare_terms(self.records[number], self.frequencies)

    def in_memory(self) -> list[set[int]]:
        """The candidates of each asked article."""
        index = Index(WIDTH)
        for record, vector, at in zip(self.records, self.vectors, self.times, strict=True):
            index.add(record, vector, at.timestamp() / 3600, self.frequencies)
        return [set(index.candidates(number, self.vectors[number], self.frequencies).tolist()) for number in self.asked]

    def store(self, sessions: Sessions) -> None:
        with unit_of_work(sessions) as session:
            save_vectors(
                session,
                ENCODER,
                [NewVector(*row) for row in zip(range(ARTICLES), self.times, self.vectors, strict=True)],
            )
            rows = [
                {"term": term, "sort_at": self.times[number], "article_id": number}
                for number in range(ARTICLES)
                for term in self.terms(number)
            ]
            session.execute(insert(Posting), rows)
            encodings.adopt(session, ENCODER, "static", WIDTH)
        with sessions() as session:
            session.connection(execution_options={"isolation_level": "AUTOCOMMIT"}).execute(text("ANALYZE"))

    def queries(self) -> list[Query]:
        return [
            Query(number, self.times[number], terms, term_weights(terms, self.frequencies))
            for number in self.asked
            for terms in (self.terms(number),)
        ]


def _words(rng: np.random.Generator, topic: int) -> Sequence[str]:
    # Squares: some words are rarer than others, so that few matches tie for the last place.
    own = [f"t{topic}w{word}" for word in (rng.random(6) ** 2 * 60).astype(int)]
    return [*own, *(f"w{word}" for word in (rng.random(6) ** 2 * 3_000).astype(int))]


def searched(sessions: Sessions, collection: Collection, horizon: timedelta) -> tuple[list[set[int]], int]:
    """The candidates of each asked article, and how often the vector index was scanned for them."""
    with unit_of_work(sessions) as session:
        before = _scans(session)
        found = find_candidates(session, collection.queries(), encoder=ENCODER, dimensions=WIDTH, horizon=horizon)
        session.execute(text("select pg_stat_force_next_flush()"))
    with unit_of_work(sessions) as session:
        scans = _scans(session) - before
    # Those asked together do not know one another in memory: each is only compared with those before it.
    return [{int(other) for other in found[number].ids if other < number} for number in collection.asked], scans


def _scans(session: Any) -> int:
    found = session.scalar(
        text("select idx_scan from pg_stat_user_indexes where indexrelid = vector_index_name(:encoder)::regclass"),
        {"encoder": ENCODER},
    )
    return int(found)


def test_the_database_finds_the_candidates_that_the_engine_in_memory_finds(sessions: Sessions) -> None:
    collection = Collection()
    collection.store(sessions)
    wanted = collection.in_memory()
    found, scans = searched(sessions, collection, HORIZON)
    assert scans >= ASKED, "the vector index was to be walked"
    recall = sum(len(one & other) for one, other in zip(wanted, found, strict=True)) / sum(map(len, wanted))
    assert recall >= SAME
    for number, others in zip(collection.asked, found, strict=True):
        assert all(abs(collection.times[other] - collection.times[number]) <= HORIZON for other in others)
