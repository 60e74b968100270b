"""A trial of the engine: labelled articles stream through it, and what it did is held against their labels."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from themeline.related.core.encoders import Encoder
from themeline.related.core.engine import Engine, EngineArticle
from themeline.related.core.evaluation import Grouped, Interval, Ranking, clustering, retrieval
from themeline.related.core.scoring import Scorer

BATCH = 32
"""Articles added at once, as a message of the queue carries them."""

LEVELS = ("story", "theme")
GROUPED = ("precision", "recall", "share")


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its labels; articles sharing a label belong together, None is no label."""

    article: EngineArticle
    story: str | None = None
    theme: str | None = None

    def label(self, level: str) -> str | None:
        """Its label of a level, "story" or "theme"."""
        return self.story if level == "story" else self.theme


class Formed(Protocol):
    """What came of a stream: groups by position, relations by position + 1. An `Engine` is one."""

    @property
    def stories(self) -> Sequence[int]:
        """Story of each article."""

    @property
    def themes(self) -> Sequence[int]:
        """Theme of each article."""

    @property
    def relations(self) -> Mapping[int, Mapping[int, tuple[float, float]]]:
        """By article number, {other article: (story, theme probability)}."""


@dataclass(frozen=True, slots=True)
class Report:
    """Measures of one level by name, and the labelled articles and labels counted."""

    level: str
    measures: dict[str, Interval]
    articles: int
    labels: int


def in_order(articles: Sequence[Labelled]) -> list[Labelled]:
    """By time of publication; undated files keep their order."""
    return sorted(articles, key=lambda one: one.article.hours) if is_dated(articles) else list(articles)


def is_dated(articles: Sequence[Labelled]) -> bool:
    """Whether every article has a time."""
    return not any(np.isnan(one.article.hours) for one in articles)


def run(
    articles: Sequence[Labelled],
    encoder: Encoder,
    scorer: Scorer | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> Engine:
    """The engine after the articles streamed through it, in the order given.

    advance: is told how many articles each batch had, once they are through.
    """
    engine = Engine(encoder, scorer)
    for at in range(0, len(articles), BATCH):
        batch = articles[at : at + BATCH]
        engine.add([one.article for one in batch])
        advance(len(batch))
    return engine


@dataclass(frozen=True, eq=False)
class Items:
    """What each of n labelled articles got: its label, its ranking, and how it stands in its group."""

    labels: Sequence[str]
    rankings: Sequence[Ranking]
    grouped: Grouped

    def report(self, level: str) -> Report:
        """Their measures."""
        measures = retrieval(self.rankings, self.labels) | clustering(self.grouped, self.labels)
        return Report(level, measures, len(self.labels), len(set(self.labels)))


def pooled(parts: Sequence[Items]) -> Items:
    """All items as one."""
    grouped = [part.grouped for part in parts]
    return Items(
        [label for part in parts for label in part.labels],
        [ranking for part in parts for ranking in part.rankings],
        Grouped(*(np.concatenate([getattr(one, name) for one in grouped]) for name in GROUPED)),
    )


def report(articles: Sequence[Labelled], formed: Formed, level: str) -> Report | None:
    """Measures of a level, None without a label; `articles` as given to `run`.

    In dated files only earlier articles are candidates.
    """
    found = items(articles, formed, level)
    return found.report(level) if found.labels else None


def items(
    articles: Sequence[Labelled], formed: Formed, level: str, asked: Callable[[int], bool] = lambda _: True
) -> Items:
    """What the labelled articles at the places `asked` about got, in a stream of all of them."""
    labels = [one.label(level) for one in articles]
    groups = formed.stories if level == "story" else formed.themes
    known = [(at, label) for at, label in enumerate(labels) if label is not None]
    grouped = Grouped.of([groups[at] for at, _ in known], [label for _, label in known])
    chosen = [place for place, (at, _) in enumerate(known) if asked(at)]
    places = [known[place][0] for place in chosen]
    rankings = rank(formed, labels, places, level, earlier=is_dated(articles))
    return Items([known[place][1] for place in chosen], rankings, grouped.take(chosen))


def relevant_in_all(labels: Sequence[str | None], *, earlier: bool) -> list[int]:
    """How many others share each article's label; with `earlier`, of those before it."""
    before: Counter[str | None] = Counter()
    totals = Counter(labels)
    counted = []
    for label in labels:
        counted.append(before[label] if earlier else totals[label] - 1)
        before[label] += 1
    return counted


def rank(
    formed: Formed, labels: Sequence[str | None], chosen: Sequence[int], level: str, *, earlier: bool
) -> list[Ranking]:
    """The ranked candidates of each chosen article, by probability of the level."""
    counted = relevant_in_all(labels, earlier=earlier)
    kind = LEVELS.index(level)
    rankings = []
    for at in chosen:
        found = [
            (odds[kind], other - 1)
            for other, odds in formed.relations.get(at + 1, {}).items()
            if not earlier or other <= at
        ]
        order = sorted(found, key=lambda pair: (-pair[0], pair[1]))
        relevant = np.array([labels[other] == labels[at] for _, other in order], np.float64)
        rankings.append(Ranking(relevant, counted[at]))
    return rankings
