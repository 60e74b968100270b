"""The signals of a pair of articles, as numbers that a linear model can weigh."""

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus, Rows
from themeline.related.core.frequencies import Floats
from themeline.related.core.minhash import resemblance
from themeline.shared.core.reasons import Signal

COVERAGE_MASS = 30.0
"""Added to the shorter text's idf before dividing by it: sharing all three words of a headline is less
evidence than sharing all of a paragraph."""

DAY = 24.0
"""Hours at which the time signal begins to tell: within a day, who wrote first says nothing."""

MAX_HOURS = 720.0
"""The horizon, 30 days: beyond it more time apart tells nothing more."""


def measure(corpus: Corpus, row: int, others: Rows, cosines: Floats) -> Floats:
    """Signals of the article at `row` with those at rows `others`, (m, len(Signal)); symmetric in the pair.

    cosines: of their vectors, (m,). TIME is 0 for simultaneous or undated articles and falls with hours apart.
    """
    found = np.zeros((len(others), len(Signal)), np.float32)
    lexical, shared = corpus.terms.shared(row, others)
    shorter = np.minimum(corpus.terms.total[row], corpus.terms.total[others])
    found[:, Signal.LEXICAL] = np.sqrt(lexical)
    found[:, Signal.COVERAGE] = shared / (shorter + COVERAGE_MASS)
    found[:, Signal.NAMES] = np.sqrt(corpus.names.shared(row, others)[0])
    found[:, Signal.TITLE] = np.sqrt(corpus.titles.shared(row, others)[0])
    found[:, Signal.DENSE] = np.clip(cosines, 0, 1)
    found[:, Signal.TIME] = -_apart(corpus.hours[row], corpus.hours[others])
    found[:, Signal.SOURCE] = corpus.sources[others] == corpus.sources[row]
    found[:, Signal.COPY] = copied(corpus, row, others)
    return found


def _apart(hours: np.float64, others: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    apart = np.minimum(np.abs(others - hours), MAX_HOURS)
    return np.log1p(np.nan_to_num(apart) / DAY)


def copied(corpus: Corpus, row: int, others: Rows) -> Floats:
    """Estimated share of text in common, (m,); 1 for equal texts, 0 where there is none."""
    table = corpus.table
    if not table["words"][row]:
        return np.zeros(len(others), np.float32)
    estimate = resemblance(table["signature"][row], table["signature"][others])
    estimate[table["text_digest"][others] == table["text_digest"][row]] = 1
    return estimate
