"""Articles as columns: what scoring reads, prepared once a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from themeline.related.core.frequencies import Frequencies


@dataclass(frozen=True, eq=False)
class Corpus:
    """n articles (those to relate and all their candidates together) as parallel columns.

    ids int64. hours float64: publication in hours since 1970, NaN where undated. sources int64.
    The remaining columns are derived from the records and weighted by the current frequencies.
    """

    ids: npt.NDArray[np.int64]
    hours: npt.NDArray[np.float64]
    sources: npt.NDArray[np.int64]

    @classmethod
    def prepare(
        cls,
        ids: Sequence[int],
        records: Sequence[bytes],
        hours: Sequence[float],
        sources: Sequence[int],
        frequencies: Frequencies,
    ) -> Self:
        """Columns of the articles whose `Features.record` are given; all sequences are parallel."""
        raise NotImplementedError

    def rows(self, ids: Sequence[int]) -> npt.NDArray[np.intp]:
        """Row numbers of article ids; an unknown id raises KeyError."""
        raise NotImplementedError
