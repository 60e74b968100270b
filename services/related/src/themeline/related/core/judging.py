"""The probabilities that the engine gave, beside the truth that the labels tell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from themeline.related.core.scoring import fullness
from themeline.related.core.text import normalise, tokens
from themeline.related.core.trial import LEVELS, Formed, Labelled

LENGTHS = ("headlines", "headline and text", "texts")
"""Kinds of pairs by length, in the order of the scorer's gates;
a pair between two kinds counts for the nearer."""

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Judged:
    """m pairs: probabilities, whether they belong together (0 or 1), and their kind, a place in `LENGTHS`; (m,)."""

    probabilities: Doubles
    truths: Doubles
    kinds: npt.NDArray[np.intp]

    @classmethod
    def joined(cls, parts: Sequence["Judged"]) -> Self:
        """All pairs as one."""
        return cls(
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.truths for part in parts]),
            np.concatenate([part.kinds for part in parts]),
        )

    def of_kind(self, kind: int) -> "Judged":
        """The pairs of a kind."""
        own = self.kinds == kind
        return Judged(self.probabilities[own], self.truths[own], self.kinds[own])


def judged(
    articles: Sequence[Labelled], words: Sequence[int], formed: Formed, level: str, asked: Callable[[int], bool]
) -> Judged:
    """Pairs of a labelled article at a place `asked` about with the labelled ones before it that it was related to.

    Only relations that were kept count, near ones and the best of the others: what a reader may ever see.
    words: of each article, by `words_of`.
    """
    labels = [one.label(level) for one in articles]
    which = LEVELS.index(level)
    found: list[tuple[float, bool, int, int]] = []
    for at, label in enumerate(labels):
        if label is not None and asked(at):
            found += [
                (odds[which], labels[other - 1] == label, at, other - 1)
                for other, odds in formed.relations.get(at + 1, {}).items()
                if other <= at and labels[other - 1] is not None
            ]
    table = np.array(found, np.float64).reshape(-1, 4)
    lengths = np.array(words, np.uint16)
    pairs = table[:, 2:].astype(np.intp)
    return Judged(table[:, 0], table[:, 1], _kinds(lengths[pairs[:, 0]], lengths[pairs[:, 1]]))


def _kinds(left: npt.NDArray[np.uint16], right: npt.NDArray[np.uint16]) -> npt.NDArray[np.intp]:
    one, other = fullness(left), fullness(right)
    both, none = one * other, (1 - one) * (1 - other)
    kinds: npt.NDArray[np.intp] = np.stack([none, 1 - both - none, both]).argmax(axis=0)
    return kinds


def words_of(one: Labelled) -> int:
    """Words of title and text, as far as the engine reads them."""
    return len(tokens(normalise(one.article.raw.title))) + len(tokens(normalise(one.article.raw.text)))
