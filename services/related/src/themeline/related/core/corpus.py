"""Articles as columns: what scoring reads, prepared once a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from themeline.related.core import records
from themeline.related.core.frequencies import Floats, Frequencies, Hashes

Rows = npt.NDArray[np.intp]

_SLOT = np.uint16
SLOTS = np.iinfo(_SLOT).max + 1
"""Places of the table through which one article's terms are found in its candidates' terms: it fits a CPU cache."""


@dataclass(frozen=True, eq=False)
class Terms:
    """Hashed terms of n articles, all of shape (n, width); places past an article's last term hold 0.

    weights: term weight × inverse document frequency, rows scaled to length 1. mass: idf alone.
    """

    hashes: Hashes
    slots: npt.NDArray[np.uint16]
    weights: Floats
    mass: Floats

    @classmethod
    def weigh(cls, hashes: Hashes, occurrences: Floats, frequencies: Frequencies) -> Self:
        """Weigh stored terms by the current frequencies."""
        mass = frequencies.idf(hashes)
        weights = occurrences * mass
        norms = np.sqrt(np.einsum("ij,ij->i", weights, weights))
        weights /= np.maximum(norms, np.float32(1e-9))[:, None]
        return cls(hashes, hashes.astype(_SLOT), weights, mass)  # the cast keeps the remainder of dividing by SLOTS

    @cached_property
    def total(self) -> Floats:
        """Sum of each article's idf, (n,)."""
        total: Floats = self.mass.sum(axis=1)
        return total

    def shared(self, row: int, others: Rows) -> tuple[Floats, Floats]:
        """Cosine of one article with others, and the idf of the terms they share; each (m,)."""
        own = np.flatnonzero(self.hashes[row])
        places = np.zeros(SLOTS, np.uint8)
        places[self.slots[row, own]] = own + 1
        found = places.take(self.slots.take(others, axis=0)).ravel()
        # flat positions throughout: indexing by pairs takes twice as long
        hits = np.flatnonzero(found != 0)
        width = self.hashes.shape[1]
        at = hits // width
        stored = others.take(at) * width + (hits - at * width)
        place = found.take(hits).astype(np.intp) - 1
        true = self.hashes.ravel().take(stored) == self.hashes[row].take(place)
        at, stored, place = at[true], stored[true], place[true]
        products = self.weights[row].take(place) * self.weights.ravel().take(stored)
        count = len(others)
        return (
            np.bincount(at, products, count).astype(np.float32),
            np.bincount(at, self.mass[row].take(place), count).astype(np.float32),
        )


@dataclass(frozen=True, eq=False)
class Corpus:
    """n articles (those to relate and all their candidates together) as parallel columns.

    ids, sources: int64. hours: publication in hours since 1970, NaN where undated. The other columns come
    from the articles' records, weighted by the current frequencies.
    """

    ids: npt.NDArray[np.int64]
    hours: npt.NDArray[np.float64]
    sources: npt.NDArray[np.int64]
    table: npt.NDArray[np.void]
    terms: Terms
    names: Terms
    titles: Terms

    @classmethod
    def prepare(
        cls,
        ids: Sequence[int],
        records_: Sequence[bytes],
        hours: Sequence[float],
        sources: Sequence[int],
        frequencies: Frequencies,
    ) -> Self:
        """Columns of the articles whose `Features.record` are given; all sequences are parallel."""
        table = records.unpack(records_)
        return cls.of(
            np.asarray(ids, np.int64), table, np.asarray(hours, np.float64), np.asarray(sources, np.int64), frequencies
        )

    @classmethod
    def of(
        cls,
        ids: npt.NDArray[np.int64],
        table: npt.NDArray[np.void],
        hours: npt.NDArray[np.float64],
        sources: npt.NDArray[np.int64],
        frequencies: Frequencies,
    ) -> Self:
        """Columns of the articles whose records are the rows of `table`; the arrays are parallel."""
        ones = np.ones((len(table), records.TITLE_TERMS), np.float32)
        return cls(
            ids.astype(np.int64, copy=False),
            hours.astype(np.float64, copy=False),
            sources.astype(np.int64, copy=False),
            table,
            Terms.weigh(np.ascontiguousarray(table["terms"]), _weights(table["weights"]), frequencies),
            Terms.weigh(np.ascontiguousarray(table["names"]), _weights(table["name_weights"]), frequencies),
            Terms.weigh(np.ascontiguousarray(table["title"]), ones, frequencies),
        )

    @cached_property
    def _row_of(self) -> dict[int, int]:
        return {id_: row for row, id_ in enumerate(self.ids.tolist())}

    def rows(self, ids: Sequence[int]) -> Rows:
        """Row numbers of article ids; an unknown id raises KeyError."""
        return np.array([self._row_of[id_] for id_ in ids], np.intp)


def _weights(stored: npt.NDArray[np.uint8]) -> Floats:
    return stored.astype(np.float32) / np.float32(records.WEIGHT_UNIT)
