"""Whether probabilities mean what they say: Brier scores and reliability tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 10

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs whose probability lies between `low` and `high`: how many, their mean probability, and how many of
    them really belong together, as a share. Both are NaN for an empty bin."""

    low: float
    high: float
    pairs: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """brier: mean squared error of the probabilities. base: that of always saying `rate`, the share of true pairs.
    error: mean distance of predicted and observed over the bins, weighted by their pairs (ECE)."""

    pairs: int
    rate: float
    brier: float
    base: float
    error: float
    bins: tuple[Bin, ...]


def calibration(probabilities: Doubles, truths: Doubles) -> Calibration:
    """Of pairs' probabilities and whether each belongs together (0 or 1), (m,) each."""
    count = len(truths)
    rate = float(truths.mean()) if count else float("nan")
    bins = tuple(reliability(probabilities, truths))
    error = sum(one.pairs * abs(one.predicted - one.observed) for one in bins if one.pairs)
    return Calibration(
        count,
        rate,
        float(((probabilities - truths) ** 2).mean()) if count else float("nan"),
        rate * (1 - rate),
        error / count if count else float("nan"),
        bins,
    )


def reliability(probabilities: Doubles, truths: Doubles, bins: int = BINS) -> Sequence[Bin]:
    """Bins of equal width; a probability of 1 is in the last."""
    places = np.minimum((probabilities * bins).astype(int), bins - 1)
    counts, predicted, observed = (np.bincount(places, weights, bins) for weights in (None, probabilities, truths))
    return [
        Bin(
            at / bins,
            (at + 1) / bins,
            int(counts[at]),
            float(predicted[at] / counts[at]) if counts[at] else float("nan"),
            float(observed[at] / counts[at]) if counts[at] else float("nan"),
        )
        for at in range(bins)
    ]
