"""One article against its candidates: probabilities, reasons, and which relations are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus, Rows
from themeline.related.core.frequencies import Floats
from themeline.related.core.scoring import NO_VECTORS, Scorer, default_scorer, gates_between, probability, scorer_of
from themeline.related.core.signals import measure
from themeline.shared.core.reasons import Signal

KEEP = 200
"""Relations an article keeps whatever their score: the longest box that the API offers."""


@dataclass(frozen=True, eq=False)
class Scored:
    """m candidates of one article as parallel arrays.

    rows: corpus rows. story, theme: calibrated probabilities, theme >= story. contributions: int8
    (m, len(Signal)), what each signal adds to the theme log-odds in units of 1/reasons.SCALE; a row's
    `.tobytes()` is the stored `relations.signals`. copy: estimated share (0..1) of text in common. own_story,
    own_theme: log-odds of the pair by itself, without regard to company.
    """

    rows: Rows
    story: Floats
    theme: Floats
    contributions: npt.NDArray[np.int8]
    copy: Floats
    own_story: Floats
    own_theme: Floats

    def take(self, places: Rows) -> "Scored":
        """The candidates at these places of the arrays, in the order given."""
        return Scored(
            self.rows[places],
            self.story[places],
            self.theme[places],
            self.contributions[places],
            self.copy[places],
            self.own_story[places],
            self.own_theme[places],
        )


def relate(corpus: Corpus, row: int, candidates: Rows, cosines: Floats, scorer: Scorer | None = None) -> Scored:
    """Score the article at `row` against the corpus rows `candidates`, whose vectors have these cosines with it.

    A cosine of exactly 0 is that of a vector of zeros, of a text that the encoder does not know: it says nothing, and
    such pairs are judged by everything else. The order of the two articles of a pair does not matter to any number
    returned. `scorer` defaults to the one shipped with the code.
    """
    known = cosines != 0
    if known.all():
        return _scored(corpus, row, candidates, cosines, scorer or default_scorer())
    parts = [
        _scored(corpus, row, candidates[known], cosines[known], scorer or default_scorer()),
        _scored(corpus, row, candidates[~known], cosines[~known], scorer_of(NO_VECTORS)),
    ]
    order = np.argsort(np.concatenate([np.flatnonzero(known), np.flatnonzero(~known)]))
    return _joined(parts).take(order)


def _joined(parts: Sequence[Scored]) -> Scored:
    return Scored(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Scored)))


def _scored(corpus: Corpus, row: int, candidates: Rows, cosines: Floats, scorer: Scorer) -> Scored:
    signals = measure(corpus, row, candidates, cosines)
    gates = gates_between(corpus.fullness[row], corpus.fullness[candidates])
    story, theme, contributions = scorer.score(signals, gates)
    copy = signals[:, Signal.COPY]
    return Scored(candidates, probability(story), probability(theme), contributions, copy, story, theme)


def kept(scored: Scored, floor: float, keep: int = KEEP) -> Scored:
    """The best `keep` by theme probability and all others at or above `floor`, best first, ties by row."""
    order = np.lexsort((scored.rows, -scored.theme))
    count = max(keep, int((scored.theme >= floor).sum()))
    return scored.take(order[:count])
