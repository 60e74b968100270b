"""Articles as columns: what scoring reads, prepared once a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from themeline.related.core import records
from themeline.related.core.frequencies import Floats, Frequencies, Hashes
from themeline.related.core.scoring import fullness

Rows = npt.NDArray[np.intp]

_SLOT = np.uint16
SLOTS = np.iinfo(_SLOT).max + 1
"""Places of the table through which one article's terms are found in its candidates' terms: it fits a CPU cache."""

BLOCK = 512
"""Articles weighed at once, so that what lies between two steps stays in a CPU cache."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of hashed terms in the stored records: where they are, and where their weights are if they have any."""

    terms: str
    weights: str | None = None


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms of one kind of n articles, weighed by their idf; of the weights only what is asked for is ever made.

    slots: of each place's term, (n, width); places past an article's last term hold term 0. norms: lengths of the
    articles' weights. total: sums of their idf. Both (n,).
    """

    kind: Kind
    table: npt.NDArray[np.void]
    frequencies: Frequencies
    slots: npt.NDArray[np.uint16]
    norms: Floats
    total: Floats

    @classmethod
    def weigh(cls, kind: Kind, table: npt.NDArray[np.void], frequencies: Frequencies) -> Self:
        """Weigh the terms of stored records by the current frequencies."""
        count, width = table[kind.terms].shape
        slots = np.empty((count, width), _SLOT)
        norms, total = np.empty(count, np.float32), np.empty(count, np.float32)
        for start in range(0, count, BLOCK):
            rows = slice(start, start + BLOCK)
            hashes = np.ascontiguousarray(table[kind.terms][rows])
            slots[rows] = hashes  # the cast keeps the remainder of dividing by SLOTS
            mass = frequencies.idf(hashes)
            weights = mass if kind.weights is None else _weights(table[kind.weights][rows]) * mass
            norms[rows] = np.maximum(np.sqrt(np.einsum("ij,ij->i", weights, weights)), _LEAST)
            total[rows] = mass.sum(axis=1)
        return cls(kind, table, frequencies, slots, norms, total)

    def cosines(self, row: int, others: Rows) -> Floats:
        """Cosines of one article with others, (m,)."""
        return self._cosines(row, others, self._matches(row, others))

    def shared(self, row: int, others: Rows) -> tuple[Floats, Floats]:
        """Cosine of one article with others, and the idf of the terms they share; each (m,)."""
        found = self._matches(row, others)
        mass = np.bincount(found.at, found.mass.take(found.places), len(others)).astype(np.float32)
        return self._cosines(row, others, found), mass

    def _matches(self, row: int, others: Rows) -> "_Matches":
        width = self.slots.shape[1]
        hashes = self._own(self.kind.terms, row)
        own = np.flatnonzero(hashes)
        table = np.zeros(SLOTS, np.uint8)
        table[self.slots[row].take(own - 1)] = own
        found = table.take(self.slots.take(others, axis=0)).ravel()
        # flat positions throughout: indexing by pairs takes twice as long
        hits = np.flatnonzero(found != 0)  # of truth values: of numbers it takes three times as long
        at, places = hits // width, found.take(hits)
        columns = hits - at * width
        true = self._hashes.take((others * _HASHES).take(at) + columns) == hashes.take(places)
        return _Matches(at[true], columns[true], places[true], self.frequencies.idf(hashes))

    def _cosines(self, row: int, others: Rows, found: "_Matches") -> Floats:
        own = found.mass * found.mass
        if self.kind.weights is None:
            products = own.take(found.places)
        else:
            own *= self._own(self.kind.weights, row) * _UNIT
            stored = self._stored.take((others * records.RECORD.itemsize).take(found.at) + found.columns)
            products = own.take(found.places) * (stored * _UNIT)
        sums = np.bincount(found.at, products, len(others))
        cosines: Floats = (sums / (self.norms[row] * self.norms.take(others))).astype(np.float32)
        return cosines

    def _own(self, field: str, row: int) -> npt.NDArray[Any]:
        """One article's part of a field, after a 0: place n is that of its n-th term, and place 0 of none."""
        stored = self.table[field][row]
        return np.concatenate([np.zeros(1, stored.dtype), stored])

    @cached_property
    def _hashes(self) -> Hashes:
        """All records as one row of numbers, from the first article's first term on."""
        return self.table.view(np.uint32)[_offset(self.kind.terms) // _HASH_BYTES :]

    @cached_property
    def _stored(self) -> npt.NDArray[np.uint8]:
        """All records as one row of bytes, from the first article's first weight on."""
        return self.table.view(np.uint8)[_offset(self.kind.weights or self.kind.terms) :]


@dataclass(frozen=True, slots=True)
class _Matches:
    """Terms that an article shares with others: whose, where in theirs, and at which place in its own.

    mass: the idf of its own terms by place.
    """

    at: Rows
    columns: Rows
    places: npt.NDArray[np.uint8]
    mass: Floats


_HASH_BYTES = 4
_HASHES = records.RECORD.itemsize // _HASH_BYTES
_LEAST = np.float32(1e-9)
_UNIT = np.float32(1 / records.WEIGHT_UNIT)

TERMS, NAMES, TITLES = Kind("terms", "weights"), Kind("names", "name_weights"), Kind("title")


def _offset(field: str) -> int:
    """Bytes of a record before a field."""
    return records.RECORD.fields[field][1] if records.RECORD.fields else 0


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
        return cls(
            ids.astype(np.int64, copy=False),
            hours.astype(np.float64, copy=False),
            sources.astype(np.int64, copy=False),
            table,
            *(Terms.weigh(kind, table, frequencies) for kind in (TERMS, NAMES, TITLES)),
        )

    @cached_property
    def fullness(self) -> npt.NDArray[np.float64]:
        """How far each article is a full text, (n,)."""
        return fullness(self.table["words"])

    @cached_property
    def _row_of(self) -> dict[int, int]:
        return {id_: row for row, id_ in enumerate(self.ids.tolist())}

    def rows(self, ids: Sequence[int]) -> Rows:
        """Row numbers of article ids; an unknown id raises KeyError."""
        return np.array([self._row_of[id_] for id_ in ids], np.intp)


def _weights(stored: npt.NDArray[np.uint8]) -> Floats:
    return stored * _UNIT
