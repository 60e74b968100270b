"""Single-pass clustering over given similarities, at many thresholds at once: what the baselines group with.

An article joins the nearest cluster when that is near enough, else it opens one of its own. Two linkages: "nearest"
takes the cluster of the most similar article, "mean" the cluster of the highest mean similarity.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themeline.related.core.evaluation import bcubed
from themeline.related.core.frequencies import Floats

THRESHOLDS = np.concatenate([np.geomspace(0.001, 0.02, 10)[:-1], np.linspace(0.02, 0.98, 49)]).astype(np.float32)
"""Similarities tried, of which a baseline gets the best for each file. The mean over a large cluster is small."""

LINKAGES = ("nearest", "mean")

Integers = npt.NDArray[np.int64]


class SinglePass:
    """Clusterings of a stream of up to `articles` articles: one for each linkage and threshold."""

    def __init__(self, articles: int) -> None:
        self._count = 0
        self._nearest: Integers = np.zeros((len(THRESHOLDS), articles), np.int64)
        self._mean: Integers = np.zeros((len(THRESHOLDS), articles), np.int64)
        self._sizes: Integers = np.zeros((len(THRESHOLDS), articles), np.int64)

    def add(self, similarities: Floats) -> None:
        """Add the next article by its similarities (m,) with the m before it."""
        at = self._count
        self._nearest[:, at] = self._mean[:, at] = at
        if at:
            best = int(similarities.argmax())
            joins = similarities[best] >= THRESHOLDS
            self._nearest[joins, at] = self._nearest[joins, best]
            self._join_mean(at, similarities)
        np.add.at(self._sizes, (np.arange(len(THRESHOLDS)), self._mean[:, at]), 1)
        self._count += 1

    def _join_mean(self, at: int, similarities: Floats) -> None:
        count = len(THRESHOLDS)
        # All thresholds in one pass: cluster c of threshold t is counted as t * at + c.
        places = self._mean[:, :at] + np.arange(count)[:, None] * at
        sums = np.bincount(places.ravel(), np.tile(similarities, count), count * at).reshape(count, at)
        means = sums / np.maximum(self._sizes[:, :at], 1)
        best = means.argmax(axis=1)
        joins = means[np.arange(count), best] >= THRESHOLDS
        self._mean[joins, at] = best[joins]

    def best(self, chosen: Sequence[int], labels: Sequence[str]) -> tuple[str, float, list[int]]:
        """Linkage, threshold and clusters of the chosen articles where BCubed F1 against their labels is highest."""
        found: list[tuple[float, str, float, list[int]]] = []
        for linkage, table in zip(LINKAGES, (self._nearest, self._mean), strict=True):
            for threshold, row in zip(THRESHOLDS.tolist(), table[:, chosen].tolist(), strict=True):
                precision, recall = (part.mean() for part in bcubed(row, labels))
                found.append((2 * precision * recall / (precision + recall), linkage, threshold, row))
        _, linkage, threshold, row = max(found, key=lambda one: one[0])
        return linkage, threshold, row
