"""How much groups and rankings depend on the order of arrival: shuffled streams, compared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from themeline.related.core.encoders import Encoder
from themeline.related.core.evaluation import bcubed, contingency
from themeline.related.core.scoring import Scorer
from themeline.related.core.trial import LEVELS, Formed, Labelled, is_dated, report, run

JITTER = 1.0
"""Hours by which arrivals are moved about: what feeds polled now and then make of the order of publication."""

SHUFFLED, JITTERED = "shuffled", "jittered"

MEASURES = ("ndcg@10", "map", "bcubed_f1", "clusters")


@dataclass(frozen=True, slots=True)
class Spread:
    """Values of a measure over the orders: their mean, lowest and highest."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """One kind of shuffling: by level each measure's spread, and how far the groups of two orders agree on average.

    agreement: "adjusted_rand" (1 the same, 0 as by chance), and "bcubed_f1" of one order's groups by the other's.
    """

    kind: str
    runs: int
    levels: dict[str, dict[str, Spread]]
    agreement: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Restored:
    """A stream's outcome, numbered as the file has the articles."""

    stories: Sequence[int]
    themes: Sequence[int]
    relations: Mapping[int, Mapping[int, tuple[float, float]]]


Order = npt.NDArray[np.intp]


def restored(formed: Formed, order: Order) -> Restored:
    """What came of a stream whose place p held the article `order[p]`."""
    back = np.argsort(order)
    relations = {
        int(order[at - 1]) + 1: {int(order[other - 1]) + 1: odds for other, odds in found.items()}
        for at, found in formed.relations.items()
    }
    stories, themes = np.array(formed.stories), np.array(formed.themes)
    return Restored(stories[back].tolist(), themes[back].tolist(), relations)


def sensitivity(
    articles: Sequence[Labelled],
    encoder: Encoder,
    scorer: Scorer | None,
    runs: int,
    advance: Callable[[int], object] = lambda _: None,
) -> list[Sensitivity]:
    """Shuffles the stream `runs` times; dated files also by moving each arrival within `JITTER` hours.

    Times of publication stay as they are: only the order of arrival changes. Deterministic.
    """
    kinds = [JITTERED, SHUFFLED] if is_dated(articles) else [SHUFFLED]
    found = []
    for kind in kinds:
        rng = np.random.default_rng(1)
        outcomes = []
        for _ in range(runs):
            order = _order(articles, kind, rng)
            outcomes.append(restored(run([articles[at] for at in order], encoder, scorer, advance), order))
        found.append(_compared(kind, articles, outcomes))
    return found


def _order(articles: Sequence[Labelled], kind: str, rng: np.random.Generator) -> Order:
    if kind == SHUFFLED:
        return rng.permutation(len(articles))
    hours = np.array([one.article.hours for one in articles])
    return np.argsort(hours + rng.uniform(0, JITTER, len(hours)), kind="stable")


def _compared(kind: str, articles: Sequence[Labelled], outcomes: Sequence[Restored]) -> Sensitivity:
    levels: dict[str, dict[str, Spread]] = {}
    agreement: dict[str, dict[str, float]] = {}
    for level in LEVELS:
        reports = [found for one in outcomes if (found := report(articles, one, level)) is not None]
        groups = [one.stories if level == "story" else one.themes for one in outcomes]
        if reports:
            levels[level] = {name: _spread([one.measures[name].value for one in reports]) for name in MEASURES}
            agreement[level] = agreed(groups)
    return Sensitivity(kind, len(outcomes), levels, agreement)


def _spread(values: Sequence[float]) -> Spread:
    return Spread(float(np.mean(values)), min(values), max(values))


def agreed(groupings: Sequence[Sequence[int]]) -> dict[str, float]:
    """Mean agreement of all pairs of groupings; 1 for a single one."""
    pairs = list(combinations(groupings, 2))
    if not pairs:
        return {"adjusted_rand": 1.0, "bcubed_f1": 1.0}
    return {
        "adjusted_rand": float(np.mean([adjusted_rand(one, other) for one, other in pairs])),
        "bcubed_f1": float(np.mean([_bcubed_f1(one, other) for one, other in pairs])),
    }


def adjusted_rand(one: Sequence[int], other: Sequence[int]) -> float:
    """Adjusted Rand index of two groupings: 1 for the same, about 0 for unrelated ones (Hubert & Arabie 1985)."""
    table = contingency(one, other)[2]
    together, left, right = (_pairs(part) for part in (table, table.sum(axis=1), table.sum(axis=0)))
    chance = left * right / _pairs(np.array([len(one)])) if len(one) > 1 else 0.0
    most = (left + right) / 2
    return 1.0 if most == chance else (together - chance) / (most - chance)


def _pairs(sizes: npt.NDArray[np.float64] | npt.NDArray[np.intp]) -> float:
    return float((sizes * (sizes - 1) / 2).sum())


def _bcubed_f1(one: Sequence[int], other: Sequence[int]) -> float:
    precision, recall = (part.mean() for part in bcubed(one, other))
    return float(2 * precision * recall / (precision + recall))
