"""A trial of the engine: labelled articles stream through it, and what it did is held against their labels."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from themeline.related.core.encoders import Encoder
from themeline.related.core.engine import Engine, EngineArticle
from themeline.related.core.evaluation import Interval, Ranking, clustering, retrieval
from themeline.related.core.scoring import Scorer

BATCH = 32
"""Articles added at once, as a message of the queue carries them."""

LEVELS = ("story", "theme")


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its labels; articles sharing a label belong together, None is no label."""

    article: EngineArticle
    story: str | None = None
    theme: str | None = None

    def label(self, level: str) -> str | None:
        """Its label of a level, "story" or "theme"."""
        return self.story if level == "story" else self.theme


@dataclass(frozen=True, slots=True)
class Report:
    """Measures of one level by name, the clusters formed and the labelled articles counted."""

    level: str
    measures: dict[str, Interval]
    clusters: int
    articles: int


def in_order(articles: Sequence[Labelled]) -> list[Labelled]:
    """By time of publication; undated files keep their order."""
    return sorted(articles, key=lambda one: one.article.hours) if is_dated(articles) else list(articles)


def is_dated(articles: Sequence[Labelled]) -> bool:
    """Whether every article has a time."""
    return not any(np.isnan(one.article.hours) for one in articles)


def run(articles: Sequence[Labelled], encoder: Encoder, scorer: Scorer | None = None) -> Engine:
    """The engine after the articles streamed through it, in the order given."""
    engine = Engine(encoder, scorer)
    for at in range(0, len(articles), BATCH):
        engine.add([one.article for one in articles[at : at + BATCH]])
    return engine


def report(
    articles: Sequence[Labelled],
    engine: Engine,
    level: str,
    asked: Callable[[Labelled], bool] = lambda _: True,
) -> Report | None:
    """Measures of a level over the articles `asked` about, None without a label; `articles` as given to `run`.

    In dated files only earlier articles are candidates.
    """
    chosen = [at for at, one in enumerate(articles) if one.label(level) is not None and asked(one)]
    if not chosen:
        return None
    labels = [one.label(level) for one in articles]
    groups = engine.stories if level == "story" else engine.themes
    rankings = rank(engine, labels, chosen, level, earlier=is_dated(articles))
    measures = retrieval(rankings) | clustering([groups[at] for at in chosen], [labels[at] for at in chosen])
    return Report(level, measures, len({groups[at] for at in chosen}), len(chosen))


def rank(
    engine: Engine, labels: Sequence[str | None], chosen: Sequence[int], level: str, *, earlier: bool
) -> list[Ranking]:
    """The ranked candidates of each chosen article, by probability of the level."""
    before: Counter[str | None] = Counter()
    totals = Counter(labels)
    counted = []
    for label in labels:
        counted.append(before[label] if earlier else totals[label] - 1)
        before[label] += 1
    kind = LEVELS.index(level)
    rankings = []
    for at in chosen:
        found = [
            (odds[kind], other - 1) for other, odds in engine.relations[at + 1].items() if not earlier or other <= at
        ]
        order = sorted(found, key=lambda pair: (-pair[0], pair[1]))
        relevant = np.array([labels[other] == labels[at] for _, other in order], np.float64)
        rankings.append(Ranking(relevant, counted[at]))
    return rankings
