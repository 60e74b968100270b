"""One article against its candidates: probabilities, reasons, and which relations are kept."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus

KEEP = 200
"""Relations an article keeps whatever their score: the longest box that the API offers."""


@dataclass(frozen=True, eq=False)
class Scored:
    """m candidates of one article as parallel arrays.

    rows: corpus rows. story, theme: calibrated probabilities, theme >= story. contributions: int8
    (m, len(Signal)), what each signal adds to the theme log-odds in units of 1/reasons.SCALE; a row's
    `.tobytes()` is the stored `relations.signals`. copy: estimated share (0..1) of text in common.
    """

    rows: npt.NDArray[np.intp]
    story: npt.NDArray[np.float32]
    theme: npt.NDArray[np.float32]
    contributions: npt.NDArray[np.int8]
    copy: npt.NDArray[np.float32]

    def take(self, places: npt.NDArray[np.intp]) -> "Scored":
        """The candidates at these places of the arrays, in the order given."""
        return Scored(
            self.rows[places],
            self.story[places],
            self.theme[places],
            self.contributions[places],
            self.copy[places],
        )


def relate(
    corpus: Corpus,
    row: int,
    candidates: npt.NDArray[np.intp],
    cosines: npt.NDArray[np.float32],
) -> Scored:
    """Score the article at `row` against the corpus rows `candidates`, whose vectors have these cosines with it.

    The order of the two articles of a pair does not matter to any number returned.
    """
    raise NotImplementedError


def kept(scored: Scored, floor: float, keep: int = KEEP) -> Scored:
    """The best `keep` by theme probability and all others at or above `floor`, best first, ties by row."""
    raise NotImplementedError
