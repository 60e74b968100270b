"""The engine in memory: articles stream through the same functions that the service composes around its database.

For evaluation and tests. Groups and articles have numbers of this engine's own, counted from 1.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus, Rows
from themeline.related.core.duplicates import Duplicate, find_duplicate
from themeline.related.core.encoders import Encoder
from themeline.related.core.features import RawArticle, extract_batch
from themeline.related.core.frequencies import EMPTY, Floats, Frequencies
from themeline.related.core.placing import Assignment, Neighbourhood, place
from themeline.related.core.relations import KEEP, Scored, kept, relate
from themeline.related.core.retrieval import Index
from themeline.related.core.scoring import FLOOR, Scorer
from themeline.related.core.stories import Group


@dataclass(frozen=True, slots=True)
class EngineArticle:
    """An article as it enters: its text, hours of publication (NaN when undated) and source number."""

    raw: RawArticle
    hours: float = float("nan")
    source: int = 0


class Engine:
    """Relates articles as they are added.

    stories, themes, originals: by article number - 1, its story, theme, and original (0 when it is no copy).
    relations: by article number, {other article: (story, theme probability)}, kept by either side.
    """

    def __init__(self, encoder: Encoder, scorer: Scorer | None = None) -> None:
        self.encoder, self.scorer = encoder, scorer
        self.stories: list[int] = []
        self.originals: list[int] = []
        self.theme_of: dict[int, int] = {}
        self.relations: dict[int, dict[int, tuple[float, float]]] = defaultdict(dict)
        self._frequencies: Frequencies = EMPTY
        self._uncounted: list[npt.NDArray[np.uint32]] = []
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
        cosines = self._index.cosines(candidates, vector)
        scored = kept(relate(corpus, row, rows, cosines, self.scorer), FLOOR, KEEP)
        duplicate = self._duplicate(corpus, row, scored, candidates)
        others = candidates[scored.rows]
        for other, story, theme in zip(others.tolist(), scored.story.tolist(), scored.theme.tolist(), strict=True):
            self.relations[at + 1][other + 1] = self.relations[other + 1][at + 1] = (story, theme)
        around = self._neighbourhood(others)
        original_story = self.stories[duplicate.original - 1] if duplicate.original else None
        self._apply(at, place(scored, around, self._hours[at], original_story))

    def _corpus(self, numbers: list[int]) -> Corpus:
        return Corpus.prepare(
            [number + 1 for number in numbers],
            [self._records[number] for number in numbers],
            [self._hours[number] for number in numbers],
            [self._sources[number] for number in numbers],
            self._frequencies,
        )

    def _duplicate(self, corpus: Corpus, row: int, scored: Scored, candidates: Rows) -> Duplicate:
        originals = np.array([*(self.originals[other] for other in candidates.tolist()), 0], np.int64)
        order = np.where(np.isnan(corpus.hours), corpus.ids / 1e6, corpus.hours)
        found = find_duplicate(corpus, row, scored, order, originals)
        number = int(corpus.ids[row])
        self.originals = [number if (at + 1 in found.copies or root in found.copies) else root
                          for at, root in enumerate(self.originals)] if found.copies else self.originals  # fmt: skip
        self.originals.append(found.original or 0)
        return found

    def _neighbourhood(self, others: Rows) -> Neighbourhood:
        stories = np.array([self.stories[other] for other in others.tolist()], np.int64)
        themes = np.array([self.theme_of[story] for story in stories.tolist()], np.int64)
        return Neighbourhood(stories, themes, self._story_groups, self._theme_groups, self.theme_of)

    def _apply(self, at: int, assigned: Assignment) -> None:
        story = assigned.story or len(self._story_groups) + 1
        theme = assigned.theme or len(self._theme_groups) + 1
        if assigned.absorbed:
            self._merge(assigned.absorbed, theme)
        self.theme_of[story] = theme
        self.stories.append(story)
        hours = self._hours[at]
        self._story_groups[story] = grown(self._story_groups.get(story), story, hours)
        self._theme_groups[theme] = grown(self._theme_groups.get(theme), theme, hours)

    def _merge(self, theme: int, into: int) -> None:
        old, new = self._theme_groups[theme], self._theme_groups[into]
        first, last = np.fmin(old.first, new.first), np.fmax(old.last, new.last)
        self._theme_groups[into] = Group(into, old.size + new.size, float(first), float(last))
        self._theme_groups[theme] = Group(theme, 0, old.first, old.last)
        for story, now in self.theme_of.items():
            self.theme_of[story] = into if now == theme else now


def grown(group: Group | None, id_: int, hours: float) -> Group:
    """The group with one more article; an undated one moves no times."""
    if group is None:
        return Group(id_, 1, hours, hours)
    first, last = np.fmin(group.first, hours), np.fmax(group.last, hours)
    return Group(id_, group.size + 1, float(first), float(last))
