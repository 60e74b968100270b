"""How good relations and groups are, against labels: retrieval and clustering measures with bootstrap intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DEPTH = 10
"""Places that count for nDCG@10 and recall@10."""

TOP = 5
"""Places that count for precision@5."""

RESAMPLES = 1_000
"""Bootstrap resamples: the ends of a 95 % interval are then steady in the third decimal."""

SEED = 7

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """One query: relevance (0/1) of the ranked items, best first, and how many relevant items there are in all."""

    relevant: Doubles
    total: int


def retrieval(rankings: Sequence[Ranking]) -> dict[str, Interval]:
    """nDCG@10, MAP, P@5 and R@10 over the queries that have anything relevant."""
    asked = [ranking for ranking in rankings if ranking.total]
    measures: dict[str, Callable[[Ranking], float]] = {
        "ndcg@10": ndcg,
        "map": average_precision,
        "p@5": lambda ranking: float(ranking.relevant[:TOP].sum() / TOP),
        "r@10": lambda ranking: float(ranking.relevant[:DEPTH].sum() / ranking.total),
    }
    return {name: interval(np.array([measure(one) for one in asked])) for name, measure in measures.items()}


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
    cluster_names, clusters = np.unique(np.array(found, dtype=str), return_inverse=True)
    class_names, classes = np.unique(np.array(labels, dtype=str), return_inverse=True)
    table = np.zeros((len(cluster_names), len(class_names)))
    np.add.at(table, (clusters, classes), 1)
    both = table[clusters, classes]
    return both / table.sum(axis=1)[clusters], both / table.sum(axis=0)[classes]


def clustering(found: Sequence[object], labels: Sequence[object]) -> dict[str, Interval]:
    """BCubed precision, recall and F1 of a clustering."""
    precision, recall = bcubed(found, labels)
    picks = _picks(len(precision))
    low_high = _f1(precision[picks].mean(axis=1), recall[picks].mean(axis=1))
    f1 = _f1(np.asarray(precision.mean()), np.asarray(recall.mean()))
    return {
        "bcubed_precision": interval(precision),
        "bcubed_recall": interval(recall),
        "bcubed_f1": Interval(float(f1), *_ends(low_high)),
    }


def interval(values: Doubles) -> Interval:
    """Mean with its bootstrap interval; NaN without values."""
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"))
    return Interval(float(values.mean()), *_ends(values[_picks(len(values))].mean(axis=1)))


def correlation(left: Doubles, right: Doubles) -> tuple[float, float]:
    """Pearson and Spearman correlation."""
    by_rank = _pearson(np.argsort(np.argsort(left)).astype(float), np.argsort(np.argsort(right)).astype(float))
    return _pearson(left, right), by_rank


def _pearson(left: Doubles, right: Doubles) -> float:
    return float(np.corrcoef(left, right)[0, 1])


def _picks(size: int) -> npt.NDArray[np.intp]:
    return np.random.default_rng(SEED).integers(0, size, (RESAMPLES, size))


def _ends(means: Doubles) -> tuple[float, float]:
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _f1(precision: Doubles, recall: Doubles) -> Doubles:
    return np.asarray(2 * precision * recall / (precision + recall))
