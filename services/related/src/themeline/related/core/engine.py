"""The engine in memory: articles stream through the same functions that the service composes around its database.

For evaluation and tests. Articles are numbered from 1 in order of entry; story and theme numbers are the engine's own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from themeline.related.core.corpus import Corpus, Rows
from themeline.related.core.encoders import Encoder
from themeline.related.core.features import RawArticle, extract_batch
from themeline.related.core.frequencies import EMPTY, Floats, Frequencies, Hashes
from themeline.related.core.placements import Known, Placing
from themeline.related.core.relations import Scored, kept, relate
from themeline.related.core.retrieval import Index
from themeline.related.core.scoring import Scorer, scorer_of
from themeline.related.core.stories import Group
from themeline.shared.core.scores import FLOOR


@dataclass(frozen=True, slots=True)
class EngineArticle:
    """An article as it enters: its text, hours of publication (NaN when undated) and source number."""

    raw: RawArticle
    hours: float = float("nan")
    source: int = 0


class Engine:
    """Relates articles as they are added.

    stories, originals: by article number - 1, its story, and its original (0 when it is no copy).
    relations: by article number, {other article: (story, theme probability)}, kept by either side.
    """

    def __init__(self, encoder: Encoder, scorer: Scorer | None = None) -> None:
        self.encoder, self.scorer = encoder, scorer or scorer_of(encoder.name)
        self.stories: list[int] = []
        self.originals: list[int] = []
        self.theme_of: dict[int, int] = {}
        self.relations: dict[int, dict[int, tuple[float, float]]] = defaultdict(dict)
        self._frequencies: Frequencies = EMPTY
        self._uncounted: list[Hashes] = []
        self._records: list[bytes] = []
        self._hours: list[float] = []
        self._sources: list[int] = []
        self._index = Index(encoder.dimensions)
        self._story_groups: dict[int, Group] = {}
        self._theme_groups: dict[int, Group] = {}

    @property
    def themes(self) -> list[int]:
        """Theme of each article, by article number - 1."""
        return [self.theme_of[story] for story in self.stories]

    def add(self, batch: Sequence[EngineArticle]) -> None:
        """Relate the articles of a batch, in order, with all before them."""
        features = extract_batch([article.raw for article in batch], self._frequencies)
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

    def _count(self) -> None:
        if self._frequencies.is_due(len(self._records)):
            self._frequencies = self._frequencies.updated(self._uncounted)
            self._uncounted = []

    def _relate(self, at: int, vector: Floats) -> None:
        candidates = self._index.candidates(at, vector, self._frequencies)
        corpus = self._corpus([*candidates.tolist(), at])
        row, rows = len(candidates), np.arange(len(candidates))
        scored = relate(corpus, row, rows, self._index.cosines(candidates, vector), self.scorer)
        self._keep(at, candidates, kept(scored, FLOOR))
        placing = self._placing(corpus)
        placed = placing.place(row, scored)
        self.stories.append(placed.story)
        self.originals.append(placed.duplicate_of)
        for copy, original in placing.moved:
            self.originals = [
                original if copy in (number, found) else found for number, found in enumerate(self.originals, start=1)
            ]

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
        numbers = corpus.ids[:-1].tolist()
        known = {number: Known(self.stories[number - 1], self.originals[number - 1]) for number in numbers}
        order = np.where(np.isnan(corpus.hours), corpus.ids, corpus.hours)
        return Placing(corpus, known, order, self._story_groups, self._theme_groups, self.theme_of)
