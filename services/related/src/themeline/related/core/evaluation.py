"""How good relations and groups are, against labels: retrieval and clustering measures with bootstrap intervals.

Articles of one label rise and fall together, so intervals come from resampling whole labels, not single articles:
they are then two to five times as wide.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

DEPTH = 10
"""Places that count for nDCG@10 and recall@10."""

TOP = 5
"""Places that count for precision@5."""

RESAMPLES = 1_000
"""Bootstrap resamples: the ends of a 95 % interval are then steady in the third decimal."""

MIN_LABELS = 5
"""Labels needed to resample labels: of fewer, the interval would shrink to a point; then articles are resampled."""

SEED = 7

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Interval:
    """A value, its 95 % bootstrap interval, and the value in each resample, (RESAMPLES,); NaN where there is none."""

    value: float
    low: float
    high: float
    draws: Doubles = field(default_factory=lambda: np.full(RESAMPLES, np.nan), repr=False)

    @classmethod
    def of(cls, value: float, draws: Doubles) -> Self:
        """The interval that holds the middle 95 % of the draws."""
        low, high = np.nanpercentile(draws, [2.5, 97.5]) if np.isfinite(draws).any() else (np.nan, np.nan)
        return cls(value, float(low), float(high), draws)

    def above(self, other: "Interval") -> "Interval":
        """How much higher this is than `other`, which was measured on the same items: both rise and fall together,
        so the difference is surer than either."""
        return Interval.of(self.value - other.value, self.draws - other.draws)


@dataclass(frozen=True, eq=False)
class Ranking:
    """One query: relevance (0/1) of the ranked items, best first, and how many relevant items there are in all."""

    relevant: Doubles
    total: int


class Resampling:
    """The bootstrap over the labels of n items: statistics of sums over items, with intervals."""

    def __init__(self, labels: Sequence[Hashable]) -> None:
        numbers = {label: at for at, label in enumerate(dict.fromkeys(labels))}
        if len(numbers) >= MIN_LABELS:
            self._unit = np.array([numbers[label] for label in labels], np.intp)
        else:
            self._unit = np.arange(len(labels))

    def mean(self, values: Doubles) -> Interval:
        """Mean of the items' values; NaN without values."""
        return self.statistic(lambda sums: sums[0] / sums[1], values, np.ones(len(values)))

    def total(self, values: Doubles) -> Interval:
        """Sum of the items' values."""
        return self.statistic(lambda sums: sums[0], values)

    def statistic(self, of: Callable[[Doubles], Doubles], *columns: Doubles) -> Interval:
        """A function of the sums of columns (n,), which it gets as (columns, resamples) and maps to (resamples,)."""
        if not len(self._unit):
            return Interval(float("nan"), float("nan"), float("nan"))
        sums = np.stack([np.bincount(self._unit, column) for column in columns])
        value = of(sums.sum(axis=1, keepdims=True))
        return Interval.of(float(value[0]), of(sums @ _draws(sums.shape[1])))


@lru_cache(maxsize=4)
def _draws(units: int) -> Doubles:
    """How often each unit is drawn in each resample, (units, RESAMPLES)."""
    rng = np.random.default_rng(SEED)
    drawn = [np.bincount(rng.integers(0, units, units), minlength=units) for _ in range(RESAMPLES)]
    return np.array(drawn, np.float64).T


def retrieval(rankings: Sequence[Ranking], labels: Sequence[Hashable]) -> dict[str, Interval]:
    """nDCG@10, MAP, P@5 and R@10 over the queries that have anything relevant; labels: of each query."""
    asked = [at for at, ranking in enumerate(rankings) if ranking.total]
    resampling = Resampling([labels[at] for at in asked])
    measures: dict[str, Callable[[Ranking], float]] = {
        "ndcg@10": ndcg,
        "map": average_precision,
        "p@5": lambda ranking: float(ranking.relevant[:TOP].sum() / TOP),
        "r@10": lambda ranking: float(ranking.relevant[:DEPTH].sum() / ranking.total),
    }
    return {
        name: resampling.mean(np.array([measure(rankings[at]) for at in asked], np.float64))
        for name, measure in measures.items()
    }


def ndcg(ranking: Ranking, depth: int = DEPTH) -> float:
    """Discounted gain of the first `depth` places, over the best possible."""
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    gained = ranking.relevant[:depth]
    return float(gained @ discounts[: len(gained)] / discounts[: min(depth, ranking.total)].sum())


def average_precision(ranking: Ranking) -> float:
    """Mean of the precisions at each relevant item; those never ranked count 0."""
    hits = np.flatnonzero(ranking.relevant)
    precisions = np.arange(1, len(hits) + 1) / (hits + 1)
    return float(precisions.sum() / ranking.total)


def bcubed(found: Sequence[object], labels: Sequence[object]) -> tuple[Doubles, Doubles]:
    """BCubed precision and recall of each item: how pure its cluster is, how much of its class it holds."""
    clusters, classes, table = contingency(found, labels)
    both = table[clusters, classes]
    return both / table.sum(axis=1)[clusters], both / table.sum(axis=0)[classes]


def contingency(
    found: Sequence[object], labels: Sequence[object]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Doubles]:
    """Numbers of each item's cluster and class, (n,) each, and the items in each of both, (clusters, classes)."""
    cluster_names, clusters = np.unique(np.array(found, dtype=str), return_inverse=True)
    class_names, classes = np.unique(np.array(labels, dtype=str), return_inverse=True)
    table = np.zeros((len(cluster_names), len(class_names)))
    np.add.at(table, (clusters, classes), 1)
    return clusters, classes, table


@dataclass(frozen=True, eq=False)
class Grouped:
    """How each of n items stands in its cluster: BCubed precision and recall, and 1 / the cluster's size."""

    precision: Doubles
    recall: Doubles
    share: Doubles

    @classmethod
    def of(cls, found: Sequence[object], labels: Sequence[Hashable]) -> Self:
        """Of each item's cluster and label."""
        clusters, _, table = contingency(found, labels)
        return cls(*bcubed(found, labels), 1 / table.sum(axis=1)[clusters])

    def take(self, places: Sequence[int]) -> "Grouped":
        """The items at these places, as they stand among all."""
        chosen = np.array(places, np.intp)
        return Grouped(self.precision[chosen], self.recall[chosen], self.share[chosen])


def clustering(grouped: Grouped, labels: Sequence[Hashable]) -> dict[str, Interval]:
    """BCubed precision, recall and F1, and the number of clusters: the sum of the items' shares of theirs."""
    resampling = Resampling(labels)
    return {
        "bcubed_precision": resampling.mean(grouped.precision),
        "bcubed_recall": resampling.mean(grouped.recall),
        "bcubed_f1": resampling.statistic(_f1, grouped.precision, grouped.recall, np.ones(len(labels))),
        "clusters": resampling.total(grouped.share),
    }


def _f1(sums: Doubles) -> Doubles:
    """Of the sums of precision and recall, and the number of items."""
    value: Doubles = 2 * sums[0] * sums[1] / ((sums[0] + sums[1]) * sums[2])
    return value


def correlation(left: Doubles, right: Doubles) -> tuple[float, float]:
    """Pearson and Spearman correlation; tied values share their mean rank."""
    return _pearson(left, right), _pearson(rankdata(left), rankdata(right))


def correlations(left: Doubles, right: Doubles) -> dict[str, Interval]:
    """Pearson and Spearman correlation of the pairs above the diagonals of two (n, n) matrices.

    Intervals from resampling the n articles: the pairs of one article are not independent.
    """
    rng = np.random.default_rng(SEED)
    upper = np.triu_indices(len(left), 1)
    values = correlation(left[upper], right[upper])
    drawn = [
        correlation(left[pairs], right[pairs])
        for pairs in (_distinct(rng.integers(0, len(left), len(left)), upper) for _ in range(RESAMPLES))
    ]
    return {
        name: Interval.of(values[at], np.array([one[at] for one in drawn]))
        for at, name in enumerate(("pearson", "spearman"))
    }


def _distinct(
    picked: npt.NDArray[np.int64], upper: tuple[npt.NDArray[np.intp], ...]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The pairs among picked articles, without those of an article and itself, each in the upper triangle."""
    left, right = picked[upper[0]], picked[upper[1]]
    apart = left != right
    return np.minimum(left, right)[apart], np.maximum(left, right)[apart]


def _pearson(left: Doubles, right: Doubles) -> float:
    if not len(left) or left.std() == 0 or right.std() == 0:
        return float("nan")
    return float(np.corrcoef(left, right)[0, 1])
