"""Fits the scorer's weights on labelled pairs: regularised logistic regression.

A signal may only speak for a relation, never against one, so that reasons make sense to a reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from themeline.related.core.frequencies import Floats
from themeline.related.core.scoring import GATES, Model
from themeline.shared.core.reasons import Signal

RIDGE = 8.0
"""Strength of the pull of weights to zero, for `TOTAL` pairs. Cross-validated: a fifteenth of it gives .004 more theme
MAP on full texts, .004 less story nDCG, and scores that agree less with human judgement."""

TOTAL = 100_000.0
"""Pairs that a training set counts as, whatever its size."""

MAX_WEIGHT = 25.0
"""Bound on a weight: a signal that separates a small sample perfectly must not become certainty."""

STORY_TIME = 1.2
"""Story log-odds lost per unit of TIME: 0.8 after a day, 2.5 after a week, 4.1 after a month. A decision, not
a fit: labelled headlines carry the crawler's times, whole stories within seconds, and would teach certainty."""

STORY_FIXED = {Signal.TIME: STORY_TIME, Signal.SOURCE: 0.0}
THEME_FIXED = {Signal.TIME: 0.0, Signal.SOURCE: 0.0}
"""Weights given, not fitted. A theme lasts as long as its subject does, so time never counts against it; whether
two articles of one source are likelier to belong together is an artefact of how labelled sets were collected."""

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """m labelled pairs: signals (m, len(Signal)), gates (m, GATES), labels and sample weights (m,).

    articles: numbers of the two articles of each, (m, 2), where who made the pairs gave them.
    """

    signals: Floats
    gates: Floats
    labels: Floats
    weights: Floats
    articles: npt.NDArray[np.intp] | None = None

    def take(self, places: npt.NDArray[np.bool_]) -> "Pairs":
        """The pairs where `places` is true."""
        articles = None if self.articles is None else self.articles[places]
        return Pairs(self.signals[places], self.gates[places], self.labels[places], self.weights[places], articles)


def fit(pairs: Pairs, fixed: Mapping[Signal, float]) -> Model:
    """The model that explains the pairs' labels best; the weights of `fixed` signals are given. Deterministic."""
    design = _design(pairs.signals, pairs.gates)
    sample = (pairs.weights / pairs.weights.sum() * TOTAL).astype(np.float64)
    start = np.zeros(design.shape[1])
    found = minimize(
        _loss,
        start,
        args=(design, pairs.labels.astype(np.float64), sample),
        jac=True,
        method="L-BFGS-B",
        bounds=_bounds(fixed),
        options={"maxiter": 500},
    )
    table = found.x.reshape(GATES, len(Signal) + 1).astype(np.float32)
    return Model(table[:, :-1], table[:, -1], usual_signals(pairs))


def usual_signals(pairs: Pairs) -> Floats:
    """Mean of each signal over the negatives of each gate, (GATES, len(Signal)): the background of a reason."""
    weight = pairs.gates * (pairs.weights * (1 - pairs.labels))[:, None]
    total = np.maximum(weight.sum(axis=0), 1e-9)
    usual: Floats = (weight.T @ pairs.signals / total[:, None]).astype(np.float32)
    return usual


def _design(signals: Floats, gates: Floats) -> Doubles:
    extended = np.concatenate([signals, np.ones((len(signals), 1))], axis=1)
    design: Doubles = (gates[:, :, None] * extended[:, None, :]).reshape(len(signals), -1).astype(np.float64)
    return design


def _bounds(fixed: Mapping[Signal, float]) -> list[tuple[float | None, float | None]]:
    one: list[tuple[float | None, float | None]] = [
        (fixed[signal], fixed[signal]) if signal in fixed else (0, MAX_WEIGHT) for signal in Signal
    ]
    return [*one, (None, None)] * GATES


def _loss(weights: Doubles, design: Doubles, labels: Doubles, sample: Doubles) -> tuple[float, Doubles]:
    odds = design @ weights
    penalised = weights.reshape(GATES, -1).copy()
    penalised[:, -1] = 0
    loss = sample @ (np.logaddexp(0, odds) - labels * odds) + RIDGE / 2 * float((penalised**2).sum())
    error = sample * (1 / (1 + np.exp(-np.clip(odds, -30, 30))) - labels)
    return float(loss), design.T @ error + RIDGE * penalised.ravel()
