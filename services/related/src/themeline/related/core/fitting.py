"""Fits the scorer's weights on labelled pairs: regularised logistic regression.

A signal may only speak for a relation, never against one, so that reasons make sense to a reader.
"""

from collections.abc import Mapping, Sequence
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


def fit(pairs: Pairs, fixed: Mapping[Signal, float], prior: Model | None = None) -> Model:
    """The model that explains the pairs' labels best; the weights of `fixed` signals are given. Deterministic.

    prior: what weights and biases are pulled to, so that what the pairs do not show, such as texts of another length,
    stays as it was; without one weights are pulled to zero.
    """
    design = _design(pairs.signals, pairs.gates)
    sample = (pairs.weights / pairs.weights.sum() * TOTAL).astype(np.float64)
    bounds = _bounds(fixed)
    pull = _pull(prior)
    found = minimize(
        _loss,
        np.clip(pull.towards, *_limits(bounds)),
        args=(design, pairs.labels.astype(np.float64), sample, pull),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 500},
    )
    table = found.x.reshape(GATES, len(Signal) + 1).astype(np.float32)
    return Model(table[:, :-1], table[:, -1], usual_signals(pairs, prior))


def usual_signals(pairs: Pairs, prior: Model | None = None) -> Floats:
    """Mean of each signal over the negatives of each gate, (GATES, len(Signal)): the background of a reason.

    That of `prior` where a gate has no negatives.
    """
    weight = pairs.gates * (pairs.weights * (1 - pairs.labels))[:, None]
    total = weight.sum(axis=0)
    usual: Floats = (weight.T @ pairs.signals / np.maximum(total, 1e-9)[:, None]).astype(np.float32)
    if prior is not None:
        usual[total == 0] = prior.usual[total == 0]
    return usual


@dataclass(frozen=True, eq=False)
class _Pull:
    """What weights and biases are pulled to, and which of them: flat, in the order of the fitted table."""

    towards: Doubles
    pulled: Doubles


def _pull(prior: Model | None) -> _Pull:
    pulled = np.ones((GATES, len(Signal) + 1))
    if prior is None:
        pulled[:, -1] = 0
        return _Pull(np.zeros(pulled.size), pulled.ravel())
    towards = np.column_stack([prior.weights, prior.biases]).astype(np.float64)
    return _Pull(towards.ravel(), pulled.ravel())


def _limits(bounds: Sequence[tuple[float | None, float | None]]) -> tuple[Doubles, Doubles]:
    lows = [-np.inf if low is None else low for low, _ in bounds]
    highs = [np.inf if high is None else high for _, high in bounds]
    return np.array(lows), np.array(highs)


def _design(signals: Floats, gates: Floats) -> Doubles:
    extended = np.concatenate([signals, np.ones((len(signals), 1))], axis=1)
    design: Doubles = (gates[:, :, None] * extended[:, None, :]).reshape(len(signals), -1).astype(np.float64)
    return design


def _bounds(fixed: Mapping[Signal, float]) -> list[tuple[float | None, float | None]]:
    one: list[tuple[float | None, float | None]] = [
        (fixed[signal], fixed[signal]) if signal in fixed else (0, MAX_WEIGHT) for signal in Signal
    ]
    return [*one, (None, None)] * GATES


def _loss(weights: Doubles, design: Doubles, labels: Doubles, sample: Doubles, pull: _Pull) -> tuple[float, Doubles]:
    odds = design @ weights
    apart = (weights - pull.towards) * pull.pulled
    loss = sample @ (np.logaddexp(0, odds) - labels * odds) + RIDGE / 2 * float((apart**2).sum())
    error = sample * (1 / (1 + np.exp(-np.clip(odds, -30, 30))) - labels)
    return float(loss), design.T @ error + RIDGE * apart
