"""The engine in memory: articles stream through the same functions that the service composes around its database.

For evaluation and tests. Articles are numbered from 1 in order of entry; story and theme numbers are the engine's own.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from themeline.related.core.boilerplate import Pages
from themeline.related.core.company import Groups, accompanied
from themeline.related.core.corpus import Corpus, Rows
from themeline.related.core.encoders import Encoder
from themeline.related.core.features import RawArticle, extract_batch
from themeline.related.core.frequencies import EMPTY, Floats, Frequencies, Hashes
from themeline.related.core.placements import Placing
from themeline.related.core.regrouping import NO_SUSPECTS
from themeline.related.core.relations import Scored, kept, relate
from themeline.related.core.retrieval import HORIZON, Index
from themeline.related.core.scoring import Scorer, scorer_of
from themeline.related.core.shelves import Shelves
from themeline.related.core.standing import Standing
from themeline.shared.core.scores import FLOOR

NONE = (None, None)
"""The probabilities of two articles without a relation."""


Watch = Callable[[Corpus, int, Scored, Groups], object]
"""Is told of each article: the corpus of it and its candidates, its row, what each pair says by itself, the groups."""


@dataclass(frozen=True, slots=True)
class EngineArticle:
    """An article as it enters: its text, hours of publication (NaN when undated) and source number."""

    raw: RawArticle
    hours: float = float("nan")
    source: int = 0


class Engine:
    """Relates articles as they are added.

    shelves: where each article stands, and what was merged and split.
    relations: by article number, {other article: (story, theme probability)}, kept by either side.
    """

    def __init__(self, encoder: Encoder, scorer: Scorer | None = None, watch: Watch = lambda *_: None) -> None:
        self.encoder, self.scorer = encoder, scorer or scorer_of(encoder.name)
        self.shelves = Shelves(HORIZON)
        self._watch = watch
        self.relations: dict[int, dict[int, tuple[float, float]]] = defaultdict(dict)
        self._frequencies: Frequencies = EMPTY
        self._uncounted: list[Hashes] = []
        self._records: list[bytes] = []
        self._hours: list[float] = []
        self._sources: list[int] = []
        self._index = Index(encoder.dimensions)
        self._suspects = NO_SUSPECTS
        self._pages = Pages()

    @property
    def stories(self) -> list[int]:
        """Story of each article, by article number - 1."""
        return self.shelves.stories

    @property
    def originals(self) -> list[int]:
        """Original of each article, by article number - 1; 0 when it is no copy."""
        return self.shelves.originals

    @property
    def themes(self) -> list[int]:
        """Theme of each article, by article number - 1."""
        return [self.shelves.theme_of[story] for story in self.stories]

    def add(self, batch: Sequence[EngineArticle]) -> None:
        """Relate the articles of a batch, in order, with all before them."""
        texts = [self._pages.bare(article.source, article.raw) for article in batch]
        features = extract_batch(texts, self._frequencies)
        vectors = self.encoder.encode([found.embed_text for found in features])
        first = len(self._records)
        for at, (article, found) in enumerate(zip(batch, features, strict=True)):
            self._records.append(found.record)
            self._hours.append(article.hours)
            self._sources.append(article.source)
            self._uncounted.append(found.vocabulary)
            self._index.add(found.record, vectors[at], article.hours, self._frequencies)
        self._count()
        for at in range(first, len(self._records)):
            self._relate(at, vectors[at - first])
        self._regroup()

    def _count(self) -> None:
        if self._frequencies.is_due(len(self._records)):
            self._frequencies = self._frequencies.updated(self._uncounted)
            self._uncounted = []

    def _relate(self, at: int, vector: Floats) -> None:
        candidates = self._index.candidates(at, vector, self._frequencies)
        corpus = self._corpus([*candidates.tolist(), at])
        row, rows = len(candidates), np.arange(len(candidates))
        scored = relate(corpus, row, rows, self._index.cosines(at, candidates), self.scorer)
        groups = Groups.of(
            corpus, {id_: self.stories[id_ - 1] for id_ in corpus.ids[:-1].tolist()}, self.shelves.theme_of
        )
        self._watch(corpus, row, scored, groups)
        self._keep(at, candidates, kept(accompanied(corpus, row, scored, groups, self.scorer), FLOOR))
        placing = self._placing(corpus)
        placed = placing.place(row, scored)
        self.shelves.add(placed.story, placed.duplicate_of, self._hours[at])
        self.shelves.move(placing.moved)
        self._suspects |= placing.suspects()

    def _regroup(self) -> None:
        """What the service does after each batch."""
        self.shelves.regroup(
            self._suspects,
            lambda pair: self.relations[pair[0]].get(pair[1], NONE)[0],
            lambda pair: self.relations[pair[0]].get(pair[1], NONE)[1],
        )
        self._suspects = NO_SUSPECTS

    def _keep(self, at: int, candidates: Rows, scored: Scored) -> None:
        others = (candidates[scored.rows] + 1).tolist()
        for other, story, theme in zip(others, scored.story.tolist(), scored.theme.tolist(), strict=True):
            self.relations[at + 1][other] = self.relations[other][at + 1] = (story, theme)

    def _corpus(self, numbers: list[int]) -> Corpus:
        return Corpus.prepare(
            [number + 1 for number in numbers],
            [self._records[number] for number in numbers],
            [self._hours[number] for number in numbers],
            [self._sources[number] for number in numbers],
            self._frequencies,
        )

    def _placing(self, corpus: Corpus) -> Placing:
        shelves, numbers = self.shelves, corpus.ids[:-1].tolist()
        standing = Standing.nowhere(len(corpus.ids))
        standing.stories[:-1] = [shelves.stories[number - 1] for number in numbers]
        standing.originals[:-1] = [shelves.originals[number - 1] for number in numbers]
        order = np.where(np.isnan(corpus.hours), corpus.ids, corpus.hours)
        return Placing(corpus, standing, order, shelves.story_groups, shelves.theme_groups, shelves.theme_of)
