"""Candidates in memory, as the database finds them: nearest vectors, and best matches on rare terms."""

from collections import defaultdict
from heapq import nlargest

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Rows
from themeline.related.core.expansion import closest, expanded
from themeline.related.core.features import rare_terms, term_weights
from themeline.related.core.frequencies import Floats, Frequencies

DENSE_CANDIDATES = 200
"""Nearest vectors scored for an article: the longest box."""

LEXICAL_CANDIDATES = 100
"""Best matches on rare terms scored for an article, of those that are not among the nearest vectors. Measured on
headlines, true pairs among two hundred candidates: .856 with the best matches of all, .881 with these."""

MAX_POSTINGS = 200
"""Articles looked at for one term, the latest: a term in more of them is not rare, and those stand for it."""

HORIZON = 30 * 24.0
"""Hours within which two dated articles are compared."""

FIRST_ROOM = 1_024

BLOCK = 64
"""Values whose largest stands for them while the nearest are looked for."""


class Index:
    """Articles by vector and by rare term. Numbers are in order of adding, from 0.

    dense, lexical: candidates brought by vectors, and by rare terms; the service's own unless a measurement asks.
    """

    def __init__(self, dimensions: int, dense: int = DENSE_CANDIDATES, lexical: int = LEXICAL_CANDIDATES) -> None:
        self._dense, self._lexical = dense, lexical
        self._vectors: npt.NDArray[np.float32] = np.zeros((FIRST_ROOM, dimensions), np.float32)
        self._expanded: npt.NDArray[np.float32] = np.zeros((FIRST_ROOM, dimensions), np.float32)
        self._hours: npt.NDArray[np.float64] = np.full(FIRST_ROOM, np.nan)
        self._terms: list[list[int]] = []
        self._postings: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, record: bytes, vector: Floats, hours: float, frequencies: Frequencies) -> None:
        """Index one article."""
        number = len(self._terms)
        if number == len(self._vectors):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
            self._expanded = np.concatenate([self._expanded, np.zeros_like(self._expanded)])
            self._hours = np.concatenate([self._hours, np.full(number, np.nan)])
        self._vectors[number], self._hours[number] = vector, hours
        self._terms.append(rare_terms(record, frequencies))
        for term in self._terms[number]:
            self._postings[term].append(number)

    def candidates(self, number: int, vector: Floats, frequencies: Frequencies) -> Rows:
        """Numbers below `number` to score it with, ascending, within the horizon where both are dated."""
        near = ~(np.abs(self._hours[:number] - self._hours[number]) > HORIZON)
        dense = self._nearest(vector, near)
        matches = self._matches(number, frequencies)
        left = near.copy()
        left[dense] = False
        best = nlargest(self._lexical, (one for one in matches if left[one]), key=lambda one: (matches[one], one))
        return np.union1d(dense, np.array(best, np.intp))

    def _nearest(self, vector: Floats, near: npt.NDArray[np.bool_]) -> Rows:
        if len(near) <= self._dense:
            return np.flatnonzero(near)
        cosines: Floats = self._vectors[: len(near)] @ vector
        cosines[~near] = -np.inf
        return _largest(cosines, self._dense)

    def cosines(self, number: int, candidates: Rows) -> Floats:
        """Cosines of the article's vector with those of its candidates, all of them expanded; its own by these."""
        vector, others = self._vectors[number], self._vectors[candidates]
        cosines = others @ vector
        near = closest(cosines)
        self._expanded[number] = expanded(vector, others[near], cosines[near])
        found: Floats = self._expanded[candidates] @ self._expanded[number]
        return found

    def _matches(self, number: int, frequencies: Frequencies) -> dict[int, float]:
        terms = self._terms[number]
        weights = term_weights(terms, frequencies)
        found: defaultdict[int, float] = defaultdict(float)
        for term, weight in zip(terms, weights, strict=True):
            for other in self._postings[term][-MAX_POSTINGS:]:
                if other < number:
                    found[other] += weight
        return found


def _largest(values: Floats, count: int) -> Rows:
    """Positions of the `count` largest of more than `count` values.

    The largest of each block first: as many blocks as are wanted hold as many values at least as large as the
    least of their largest, so only values from there on need be partitioned. At 100,000 a third of the time.
    """
    whole = len(values) // BLOCK * BLOCK
    heads = values[:whole].reshape(-1, BLOCK).max(axis=1)
    places: Rows = np.arange(len(values))
    if len(heads) > count:
        least = heads[np.argpartition(heads, -count)[-count]]
        places = np.flatnonzero(values >= least)
    return places[np.argpartition(values[places], -count)[-count:]]
