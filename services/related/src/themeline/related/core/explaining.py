"""Why two articles are related, or are not: the numbers of the pair, and sentences that an editor understands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus
from themeline.related.core.duplicates import CUT_SHARE
from themeline.related.core.relations import relate
from themeline.related.core.scoring import Scorer, gates_of
from themeline.related.core.signals import measure
from themeline.shared.core.reasons import SCALE, Signal, percentages, shared_by_signal
from themeline.shared.core.sharing import Shown

HOURS_A_DAY = 24.0

SPOKEN_PER_CENT = 5
"""A signal with less than this share of what speaks for a pair is not worth a word."""

AGAINST = 0.25
"""Log-odds from which a signal against a pair is named: it takes some 6 % from an even chance."""

DRIFT = 0.05
"""Difference between the stored and the present probability that is told: a reader sees two decimals."""

ROUNDS_AWAY = 0.005
"""What two decimals round to certainty."""

WORDS: Mapping[str, str] = {
    "lexical": "words",
    "names": "names and numbers",
    "dense": "meaning",
    "title": "headlines",
    "coverage": "how much of the shorter text the longer one has",
    "time": "time between them",
    "source": "their publishers",
    "copy": "passages word for word",
    "company": "the articles that each goes with",
}
"""What each signal compares, in an editor's words; one that is not here goes by its name."""

State = Literal["ready", "pending", "quarantined"]


@dataclass(frozen=True, slots=True)
class SignalShare:
    """One signal of a pair. contribution: what it adds to the log-odds of the theme beyond its usual value.

    value, weight: as the scorer reads and weighs it. shared: what both have, where the signal compares words.
    """

    signal: Signal
    value: float
    weight: float
    contribution: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The pair as the engine sees it now. signals: the strongest first. same_text: they count as one text."""

    story: float
    theme: float
    signals: tuple[SignalShare, ...]
    common_text: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article stands. text: the id of the text that it is a copy of, its own where it is none."""

    title: str
    state: State
    newer_waits: bool
    text: int
    story: tuple[int, str] | None = None
    theme: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that decides about a pair.

    comparison: None while one of the articles has no features. stored: probabilities (story, theme) of the relation
    that boxes show, None where none is kept. hours_apart: None where an article is undated; within: whether the
    search looks so far. found_by: the ways of the search that find one from the other.
    """

    left: Standing
    right: Standing
    comparison: Comparison | None
    stored: tuple[float, float] | None
    hours_apart: float | None
    within: bool
    horizon_hours: float
    found_by: tuple[str, ...]
    floor: float

    @property
    def is_one_text(self) -> bool:
        """Whether one is a copy of the other, or both are of a third."""
        return self.left.text == self.right.text

    @property
    def related(self) -> bool:
        """Whether each stands in the other's box, given a window that is wide enough."""
        return self.stored is not None and self.stored[1] >= self.floor and not self.is_one_text


def compare_pair(
    corpus: Corpus, cosine: float, scorer: Scorer, shown: tuple[Shown, Shown], stored: bytes = b""
) -> Comparison:
    """Compare the two articles of a corpus, at rows 0 and 1, with the functions that relate them.

    cosine: of their vectors. stored: the signals of their relation, for what the two alone do not tell.
    """
    others, cosines = np.array([1], np.intp), np.array([cosine], np.float32)
    scored = relate(corpus, 0, others, cosines, scorer)
    values = measure(corpus, 0, others, cosines)[0]
    words = corpus.table["words"]
    weights = (gates_of(words[0], words[others]) @ scorer.theme.weights)[0]
    contributions = _with_stored(scored.contributions[0], values, stored)
    shared = shared_by_signal(*shown)
    signals = [
        SignalShare(
            signal,
            float(values[signal]),
            float(weights[signal]),
            float(contributions[signal]) / SCALE,
            shared.get(signal, ()),
        )
        for signal in Signal
    ]
    signals.sort(key=lambda each: -each.contribution)
    return Comparison(float(scored.story[0]), float(scored.theme[0]), tuple(signals), float(scored.copy[0]))


def _with_stored(
    contributions: npt.NDArray[np.int8], values: npt.NDArray[np.float32], stored: bytes
) -> npt.NDArray[np.int8]:
    """What a signal of the pair's surroundings contributed when they were related; alone it is silent."""
    before = np.zeros_like(contributions)
    known = np.frombuffer(stored[: len(Signal)], np.int8)
    before[: len(known)] = known
    silent = (values == 0) & (contributions == 0)
    return np.where(silent, before, contributions).astype(np.int8)


def why(facts: Facts) -> list[str]:
    """Sentences from the verdict to the evidence; each stands for itself."""
    return [
        *_verdict(facts),
        *_groups(facts),
        *(_evidence(facts.comparison) if facts.comparison else ()),
        *_waiting((facts.left, facts.right)),
    ]


def _verdict(facts: Facts) -> Iterator[str]:
    if facts.is_one_text:
        yield "Both have the same text: boxes show one of them and count the other among its copies."
    elif facts.related and facts.stored:
        yield (
            f"Related: one theme with a probability of {_chance(facts.stored[1])},"
            f" and boxes show {facts.floor:.2f} or more."
        )
    elif facts.comparison is None:
        yield "Not related yet: the engine has not read both of them."
    else:
        yield from _why_not(facts, facts.comparison)
    yield from _drift(facts)


def _why_not(facts: Facts, comparison: Comparison) -> Iterator[str]:
    theme = facts.stored[1] if facts.stored else comparison.theme
    if theme < facts.floor:
        yield (
            f"Not related, below the floor: one theme with a probability of {_chance(theme)},"
            f" and boxes show {facts.floor:.2f} or more."
        )
    if not facts.within and facts.hours_apart is not None:
        yield (
            f"Not related, farther apart than the horizon: {_apart(facts.hours_apart)},"
            f" and articles are compared within {_apart(facts.horizon_hours)}."
        )
    elif not facts.found_by and not facts.stored:
        yield "Never compared: for each of them the search finds enough others that are nearer."
    elif theme >= facts.floor:
        yield "Not related yet, though the search finds them and they are alike: they will be when one of them changes."


def _drift(facts: Facts) -> Iterator[str]:
    if facts.stored and facts.comparison and abs(facts.stored[1] - facts.comparison.theme) >= DRIFT:
        yield (
            f"Boxes show {_chance(facts.stored[1])}, from when they were related; anew, and from these two alone,"
            f" it is {_chance(facts.comparison.theme)}."
        )


def _groups(facts: Facts) -> Iterator[str]:
    left, right = facts.left, facts.right
    if not (left.story and right.story and left.theme and right.theme):
        return
    if left.story[0] == right.story[0]:
        yield f"Both are in the story “{left.story[1]}”."
    elif left.theme[0] == right.theme[0]:
        yield f"Both are in the theme “{left.theme[1]}”, in stories of their own."
    else:
        yield f"They are in different themes: “{left.theme[1]}” and “{right.theme[1]}”."


def _evidence(comparison: Comparison) -> Iterator[str]:
    speaking = {each.signal: each.contribution for each in comparison.signals if each.contribution > 0}
    weights = percentages(speaking)
    told = [each for each in comparison.signals if weights.get(each.signal, 0) >= SPOKEN_PER_CENT]
    if told:
        yield f"For it: {'; '.join(_spoken(each, weights[each.signal]) for each in told)}."
    against = [each.signal for each in reversed(comparison.signals) if each.contribution <= -AGAINST]
    if against:
        yield f"Against it: {', '.join(_words(signal) for signal in against)}."
    if comparison.common_text >= CUT_SHARE:
        yield f"About {comparison.common_text:.0%} of their text is the same, word for word."


def _spoken(share: SignalShare, weight: int) -> str:
    words = f"{_words(share.signal)} {weight} %"
    return f"{words} ({', '.join(share.shared)})" if share.shared else words


def _words(signal: Signal) -> str:
    return WORDS.get(signal.name.lower(), signal.name.lower())


def _waiting(articles: Iterable[Standing]) -> Iterator[str]:
    for article in articles:
        if article.state == "quarantined":
            yield f"“{article.title}” could not be related and is set aside until someone looks."
        elif article.state == "pending" and not article.newer_waits:
            yield f"“{article.title}” is still being related: ask again in a moment."
        elif article.newer_waits:
            yield f"A newer version of “{article.title}” is still being related; this is about the one before."


def _chance(probability: float) -> str:
    """A probability in two decimals, which never claims to be certain."""
    if probability >= 1 - ROUNDS_AWAY:
        return "over 0.99"
    return "under 0.01" if probability < ROUNDS_AWAY else f"{probability:.2f}"


def _apart(hours: float) -> str:
    """A length of time as people say it."""
    if hours < 2 * HOURS_A_DAY:
        return f"{hours:.0f} hours" if round(hours) != 1 else "1 hour"
    return f"{hours / HOURS_A_DAY:.0f} days"
