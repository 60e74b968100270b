"""Copies of one text. The original is the copy with the earliest time; copies point at it, never at each other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus
from themeline.related.core.relations import Scored


@dataclass(frozen=True, slots=True)
class Duplicate:
    """original: id of the article this one copies, or None. copies: originals that turn out to copy this one.

    Whoever applies it also re-points the copies of `copies` to this article.
    """

    original: int | None = None
    copies: tuple[int, ...] = ()


def find_duplicate(
    corpus: Corpus,
    row: int,
    scored: Scored,
    sort_hours: npt.NDArray[np.float64],
    duplicate_of: npt.NDArray[np.int64],
) -> Duplicate:
    """Decide whether the article at `row` is a copy.

    sort_hours: per corpus row, hours by which articles sort (publication, else ingest). duplicate_of: per
    corpus row, the id of its original, 0 where it is one itself; only originals are compared.
    """
    raise NotImplementedError
