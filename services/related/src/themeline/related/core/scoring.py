"""From signals to calibrated probabilities: two logistic models that know how long the texts are."""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from themeline.related.core.frequencies import Floats
from themeline.shared.core.reasons import SCALE, Signal

SHORT = 15.0
"""Words up to which a text counts as a mere headline."""

LONG = 120.0
"""Words from which a text counts as full; in between it is partly both."""

GATES = 3
"""Kinds of pairs with weights of their own: both headlines, one of each, both full texts."""

DEFAULT_ENCODER = "wordllama-256"
"""The name of the default encoder."""

NO_VECTORS = "none"
"""Names the scorer for pairs without vectors."""


@dataclass(frozen=True, eq=False)
class Model:
    """Weights (GATES, len(Signal)), biases (GATES,) and each signal's usual value between unrelated articles."""

    weights: Floats
    biases: Floats
    usual: Floats

    def log_odds(self, signals: Floats, gates: Floats) -> Floats:
        """(m, len(Signal)) and (m, GATES) -> (m,)."""
        odds: Floats = ((gates @ self.weights) * signals).sum(axis=1) + gates @ self.biases
        return odds

    def contributions(self, signals: Floats, gates: Floats) -> npt.NDArray[np.int8]:
        """What each signal adds beyond its usual value, in log-odds × SCALE, (m, len(Signal))."""
        weights = gates @ self.weights
        above = weights * signals - gates @ (self.weights * self.usual)
        stored: npt.NDArray[np.int8] = np.clip(np.rint(above * SCALE), -127, 127).astype(np.int8)
        return stored


@dataclass(frozen=True, eq=False)
class Company:
    """For each level, what a pair's own log-odds weigh, their mean in the story, their mean in the theme, and a bias.

    story, theme: (GATES, 4).
    """

    story: Floats
    theme: Floats


@dataclass(frozen=True, eq=False)
class Scorer:
    """The two models of a fit, and their regard to company; without it each pair speaks for itself alone."""

    story: Model
    theme: Model
    company: Company | None = None

    def score(self, signals: Floats, gates: Floats) -> tuple[Floats, Floats, npt.NDArray[np.int8]]:
        """Log-odds of the story, of the theme (never lower), and contributions to the theme's; without company."""
        story = self.story.log_odds(signals, gates)
        theme = np.maximum(story, self.theme.log_odds(signals, gates))
        return story, theme, self.theme.contributions(signals, gates)


def gates_of(words: np.uint16, others: npt.NDArray[np.uint16]) -> Floats:
    """How far each pair is of two headlines, of one and a full text, of two full texts; rows sum to 1."""
    return gates_between(fullness(np.asarray(words)), fullness(others))


def gates_between(left: np.float64 | npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> Floats:
    """`gates_of` texts by their fullness."""
    both, none = left * right, (1 - left) * (1 - right)
    return np.stack([none, 1 - both - none, both], axis=1).astype(np.float32)


def fullness(words: npt.NDArray[np.uint16]) -> npt.NDArray[np.float64]:
    """0 for a headline, 1 for a full text, between them by the logarithm of the length."""
    length = np.log(np.maximum(words, 1))
    share: npt.NDArray[np.float64] = (length - np.log(SHORT)) / (np.log(LONG) - np.log(SHORT))
    return np.clip(share, 0, 1)


def probability(log_odds: Floats) -> Floats:
    """Probabilities of log-odds."""
    return (1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))).astype(np.float32)


def scorer_from(text: str) -> Scorer:
    """The scorer written by `scorer_text`. Weights of unknown signals, or none for a known one, are an error."""
    data = json.loads(text)
    names = [signal.name.lower() for signal in Signal]
    if data["signals"] != names:
        raise ValueError("the weights were fitted for other signals: refit them")
    story, theme = (
        Model(*(np.array(data[level][part], np.float32) for part in ("weights", "biases", "usual")))
        for level in ("story", "theme")
    )
    company = data.get("company")
    if company is None:
        return Scorer(story, theme)
    return Scorer(story, theme, Company(*(np.array(company[level], np.float32) for level in ("story", "theme"))))


def scorer_text(scorer: Scorer) -> str:
    """The scorer as JSON, rounded to what matters."""
    data: dict[str, object] = {"signals": [signal.name.lower() for signal in Signal]}
    for level, model in (("story", scorer.story), ("theme", scorer.theme)):
        parts = {"weights": model.weights, "biases": model.biases, "usual": model.usual}
        data[level] = {name: np.round(part.astype(float), 4).tolist() for name, part in parts.items()}
    if scorer.company is not None:
        levels = {"story": scorer.company.story, "theme": scorer.company.theme}
        data["company"] = {level: np.round(part.astype(float), 4).tolist() for level, part in levels.items()}
    return json.dumps(data, indent=1) + "\n"


@lru_cache(maxsize=8)
def scorer_of(encoder: str) -> Scorer:
    """The scorer shipped for an encoder, by the encoder's name.

    What a cosine says differs from encoder to encoder, so each has weights of its own, `weights/<name>.json`. Of an
    encoder that is not known it says nothing that can be relied on, so the scorer is then the one for pairs without
    vectors: such vectors find candidates, and do not judge them.
    """
    folder = files(__package__).joinpath("weights")
    own = folder.joinpath(f"{encoder}.json")
    found = own if "/" not in encoder and own.is_file() else folder.joinpath(f"{NO_VECTORS}.json")
    return scorer_from(found.read_text(encoding="utf-8"))


def default_scorer() -> Scorer:
    """The scorer shipped for the default encoder."""
    return scorer_of(DEFAULT_ENCODER)
