"""The engine alone, in one process: what an article costs in each stage with many articles stored.

The stages are those of `themeline.related.relate`, with arrays in place of the database. Candidates come from the
evaluation's exhaustive search, which the service does in PostgreSQL: it is a stage of its own, and is left out of
the total. The articles stored first are only indexed and placed where they were made for; those measured go through
all of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from themeline.cli.bench_engine_cost import SEARCH, Cost, Plan, as_in_a_worker
from themeline.cli.bench_news import MadeUp
from themeline.related.core.boilerplate import Pages
from themeline.related.core.corpus import Corpus, Rows
from themeline.related.core.encoders import Encoder
from themeline.related.core.features import RawArticle, extract_batch
from themeline.related.core.frequencies import EMPTY, Floats, Frequencies, Hashes
from themeline.related.core.placements import Known, Placing
from themeline.related.core.relations import Scored, kept, relate
from themeline.related.core.retrieval import Index
from themeline.related.core.scoring import scorer_of
from themeline.related.core.stories import Group
from themeline.shared.core.scores import FLOOR

FILL_BATCH = 512
WARM_BATCHES = 2
FIRST_NEW = 1 << 40


class Store:
    """Articles stored in memory, as columns that a batch is related to."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._scorer = scorer_of(encoder.name)
        self._index = Index(encoder.dimensions)
        self._frequencies: Frequencies = EMPTY
        self._uncounted: list[Hashes] = []
        self._pages = Pages()
        self._records: list[bytes] = []
        self._vectors: Floats = np.zeros((FILL_BATCH, encoder.dimensions), np.float32)
        self._hours: list[float] = []
        self._sources: list[int] = []
        self._known: dict[int, Known] = {}
        self._stories: dict[int, Group] = {}
        self._themes: dict[int, Group] = {}
        self._theme_of: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._records)

    def fill(self, articles: Sequence[MadeUp]) -> None:
        """Store articles without relating them, in the stories they were made for."""
        self._take_in(articles, Cost())
        for number, article in enumerate(articles, start=len(self) - len(articles) + 1):
            story, theme = article.story + 1, article.theme + 1
            hours = _hours(article)
            self._known[number] = Known(story)
            self._theme_of[story] = theme
            self._stories[story] = _grown(self._stories.get(story), story, hours)
            self._themes[theme] = _grown(self._themes.get(theme), theme, hours)

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
        with cost.stage("score"):
            scored = [
                self._score(corpus, number, others, vector)
                for number, others, vector in zip(numbers, found, vectors, strict=True)
            ]
        with cost.stage("keep"):
            cost.relations += sum(len(kept(one, FLOOR).rows) for one in scored)
        with cost.stage("assign"):
            self._assign(corpus, numbers, scored)
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
        self._vectors[first:last] = vectors
        with cost.stage("index"):
            for article, found, vector in zip(articles, features, vectors, strict=True):
                self._index.add(found.record, vector, _hours(article), self._frequencies)
                self._records.append(found.record)
                self._hours.append(_hours(article))
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

    def _score(self, corpus: Corpus, number: int, others: Rows, vector: Floats) -> Scored:
        row, *_ = corpus.rows([number + 1])
        rows = corpus.rows((others + 1).tolist())
        return relate(corpus, int(row), rows, self._vectors[others] @ vector, self._scorer)

    def _assign(self, corpus: Corpus, numbers: Sequence[int], scored: Sequence[Scored]) -> None:
        """As the service does: with the groups around the batch alone, and new numbers for new groups afterwards."""
        known = {id_: self._known[id_] for id_ in corpus.ids.tolist() if id_ in self._known}
        stories = {place.story: self._stories[place.story] for place in known.values()}
        theme_of = {story: self._theme_of[story] for story in stories}
        themes = {theme: self._themes[theme] for theme in set(theme_of.values())}
        placing = Placing(corpus, known, corpus.hours, stories, themes, theme_of)
        for number, one in zip(numbers, scored, strict=True):
            placing.place(int(corpus.rows([number + 1])[0]), one)
        self._settle(placing)

    def _settle(self, placing: Placing) -> None:
        for id_ in placing.touched_themes:
            own = self._lasting(id_)
            self._themes[own] = replace(placing.themes[id_], id=own)
        for id_ in placing.touched_stories:
            own = self._lasting(id_)
            self._stories[own] = replace(placing.stories[id_], id=own)
            self._theme_of[own] = self._lasting(placing.theme_of[id_])
        self._known |= {one.id: Known(self._lasting(one.story), one.duplicate_of) for one in placing.placed}

    def _lasting(self, id_: int) -> int:
        """Stories and themes are numbered by the articles they were made for; new ones beyond all of those."""
        return id_ if id_ > 0 else FIRST_NEW + len(self) - id_


def _hours(article: MadeUp) -> float:
    return article.published.timestamp() / 3600


def _grown(group: Group | None, id_: int, hours: float) -> Group:
    if group is None:
        return Group(id_, 1, hours, hours)
    return Group(id_, group.size + 1, group.first, max(group.last, hours))


def measure(
    encoder: Encoder,
    news: Iterator[MadeUp],
    plan: Plan,
    advance: Callable[[int], None],
) -> list[Cost]:
    """What articles cost by this plan.

    The first batches at each size only warm caches. advance: told how many are stored.
    """
    store, found = Store(encoder), []
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
