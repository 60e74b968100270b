"""Document frequencies of terms: how rare a word is in this collection.

An epoch is one immutable `Frequencies`; the next one is `previous.updated(vocabularies of new articles)`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Frequencies:
    """In how many of `documents` articles each term occurred; `terms` sorted, `counts` parallel to it."""

    documents: int
    terms: Hashes
    counts: npt.NDArray[np.uint32]

    def idf(self, hashes: Hashes) -> Floats:
        """Inverse document frequency of each hash, of any shape; 0 where the hash is 0 (an empty place)."""
        raise NotImplementedError

    def updated(self, vocabularies: Iterable[Hashes]) -> "Frequencies":
        """These frequencies with more articles counted, each by its distinct terms (`Features.vocabulary`)."""
        raise NotImplementedError

    def pack(self) -> tuple[int, bytes, bytes]:
        """documents, terms, counts as stored (little-endian)."""
        raise NotImplementedError

    @classmethod
    def unpack(cls, documents: int, terms: bytes, counts: bytes) -> Self:
        """The inverse of `pack`."""
        raise NotImplementedError


EMPTY = Frequencies(0, np.empty(0, np.uint32), np.empty(0, np.uint32))
"""The epoch before the first article: every term is equally rare."""
