"""The engine alone, in one process: what an article costs in each stage with many articles stored.

The stages are those of `themeline.related.relate`, with arrays in place of the database: everything between a text and
its relations, story and theme. Candidates come from the evaluation's exhaustive search, which the service does in
PostgreSQL: it is a stage of its own, and is left out of the total. The articles stored first are only indexed and
placed where they were made for; those measured go through all of it.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np

from themeline.cli.bench_engine_cost import SEARCH, Cost, Plan, as_in_a_worker
from themeline.cli.bench_engine_groups import Around, Shelf, hours_of
from themeline.cli.bench_news import MadeUp
from themeline.related.core.boilerplate import Pages
from themeline.related.core.company import Groups, accompanied
from themeline.related.core.corpus import Corpus, Rows
from themeline.related.core.encoders import Encoder
from themeline.related.core.expansion import closest, expanded
from themeline.related.core.features import RawArticle, extract_batch
from themeline.related.core.frequencies import EMPTY, Floats, Frequencies, Hashes
from themeline.related.core.placements import Placing
from themeline.related.core.relations import Scored, kept, relate
from themeline.related.core.retrieval import DENSE_CANDIDATES, LEXICAL_CANDIDATES, Index
from themeline.related.core.scoring import scorer_of
from themeline.related.core.standing import Table
from themeline.shared.core.scores import FLOOR

FILL_BATCH = 512
WARM_BATCHES = 2


class Store:
    """Articles stored in memory, as columns that a batch is related to."""

    def __init__(self, encoder: Encoder, candidates: int | None) -> None:
        self._encoder = encoder
        self._scorer = scorer_of(encoder.name)
        # Fewer candidates come from vectors and words in the same proportion.
        share = 1.0 if candidates is None else candidates / (DENSE_CANDIDATES + LEXICAL_CANDIDATES)
        dense, lexical = round(share * DENSE_CANDIDATES), round(share * LEXICAL_CANDIDATES)
        self._index = Index(encoder.dimensions, dense, lexical)
        self._frequencies: Frequencies = EMPTY
        self._uncounted: list[Hashes] = []
        self._pages = Pages()
        self._records: list[bytes] = []
        self._vectors: Floats = np.zeros((FILL_BATCH, encoder.dimensions), np.float32)
        self._expanded: Floats = np.zeros_like(self._vectors)
        self._hours: list[float] = []
        self._sources: list[int] = []
        self._groups = Shelf()

    def __len__(self) -> int:
        return len(self._records)

    def fill(self, articles: Sequence[MadeUp]) -> None:
        """Store articles without relating them, in the stories they were made for."""
        self._take_in(articles, Cost())
        for number, article in enumerate(articles, start=len(self) - len(articles)):
            self._expanded[number] = self._vectors[number]
            self._groups.put(number, article)

    def relate(self, articles: Sequence[MadeUp], cost: Cost) -> None:
        """Relate one batch with all that is stored, counting what it costs."""
        numbers, vectors = self._take_in(articles, cost)
        with cost.stage(SEARCH):
            found = [
                self._index.candidates(number, vector, self._frequencies)
                for number, vector in zip(numbers, vectors, strict=True)
            ]
        with cost.stage("load"):
            wanted = np.unique(np.concatenate([np.array(numbers, np.intp), *found]))
            corpus = self._corpus(wanted)
            around = self._groups.around(wanted)
            groups = Groups(around.standing.stories, around.row_themes)
        with cost.stage("expand"):
            for number, others, vector in zip(numbers, found, vectors, strict=True):
                self._expand(number, others, vector)
        with cost.stage("score"):
            scored = [self._score(corpus, number, others) for number, others in zip(numbers, found, strict=True)]
        with cost.stage("company, keep"):
            for number, one in zip(numbers, scored, strict=True):
                row = int(corpus.rows([number + 1])[0])
                cost.relations += len(kept(accompanied(corpus, row, one, groups, self._scorer), FLOOR).rows)
        with cost.stage("assign"):
            self._assign(corpus, numbers, scored, around)
        cost.articles += len(articles)
        cost.candidates += sum(map(len, found))

    def _take_in(self, articles: Sequence[MadeUp], cost: Cost) -> tuple[list[int], Floats]:
        with cost.stage("features"):
            raw = [self._pages.bare(one.source, RawArticle(one.title, one.text, "en")) for one in articles]
            features = extract_batch(raw, self._frequencies)
        with cost.stage("encode"):
            vectors = self._encoder.encode([found.embed_text for found in features])
        first, last = len(self), len(self) + len(vectors)
        while last > len(self._vectors):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
            self._expanded = np.concatenate([self._expanded, np.zeros_like(self._expanded)])
        self._vectors[first:last] = vectors
        with cost.stage("index"):
            for article, found, vector in zip(articles, features, vectors, strict=True):
                self._index.add(found.record, vector, hours_of(article), self._frequencies)
                self._records.append(found.record)
                self._hours.append(hours_of(article))
                self._sources.append(article.source)
                self._uncounted.append(found.vocabulary)
        if self._frequencies.is_due(len(self)):
            self._frequencies = self._frequencies.updated(self._uncounted)
            self._uncounted = []
        return list(range(first, len(self))), vectors

    def _corpus(self, wanted: Rows) -> Corpus:
        numbers = wanted.tolist()
        return Corpus.prepare(
            [number + 1 for number in numbers],
            [self._records[number] for number in numbers],
            [self._hours[number] for number in numbers],
            [self._sources[number] for number in numbers],
            self._frequencies,
        )

    def _expand(self, number: int, others: Rows, vector: Floats) -> None:
        cosines = self._vectors[others] @ vector
        near = closest(cosines)
        self._expanded[number] = expanded(vector, self._vectors[others[near]], cosines[near])

    def _score(self, corpus: Corpus, number: int, others: Rows) -> Scored:
        row, *_ = corpus.rows([number + 1])
        rows = np.searchsorted(corpus.ids, others + 1)  # the corpus is in id order
        return relate(corpus, int(row), rows, self._expanded[others] @ self._expanded[number], self._scorer)

    def _assign(self, corpus: Corpus, numbers: Sequence[int], scored: Sequence[Scored], around: Around) -> None:
        """As the service does: with the groups around the batch alone, and new numbers for new groups afterwards."""
        stories, themes = Table(around.stories), Table(around.themes)
        placing = Placing(corpus, around.standing, corpus.hours, stories, themes, around.theme_of)
        for number, one in zip(numbers, scored, strict=True):
            placing.place(int(corpus.rows([number + 1])[0]), one)
        self._groups.settle(placing)


def measure(
    encoder: Encoder,
    news: Iterator[MadeUp],
    plan: Plan,
    advance: Callable[[int], None],
) -> list[Cost]:
    """What articles cost by this plan.

    The first batches at each size only warm caches. advance: told how many are stored.
    """
    store, found = Store(encoder, plan.candidates), []
    for size in plan.sizes:
        while len(store) < size:
            store.fill(list(islice(news, min(FILL_BATCH, size - len(store)))))
            advance(len(store))
        cost = Cost()
        as_in_a_worker()
        for _ in range(WARM_BATCHES):
            store.relate(list(islice(news, plan.batch)), Cost())
        while cost.articles < plan.articles:
            store.relate(list(islice(news, plan.batch)), cost)
        found.append(cost)
    return found
