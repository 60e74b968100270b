"""Folds for cross-validation that never part what belongs together.

Articles that share a story or a theme, directly or through others, are one cluster, and a cluster is tested in one
fold. Parting pairs instead would let a scorer be tested on stories that it was fitted on.
"""

from collections import Counter
from collections.abc import Sequence

from themeline.related.core.trial import LEVELS, Labelled

Label = tuple[str, str]
"""Level and label."""


def folds(sets: Sequence[Sequence[Labelled]], count: int) -> list[list[int]]:
    """The fold of each article of each set, 0 ≤ fold < count; -1 for one without a label. Deterministic.

    The largest clusters are dealt first, each to the fold that has least of its set, so that every fold tests
    about as many articles of every set.
    """
    return [_dealt(clusters(articles), count) for articles in sets]


def _dealt(numbers: Sequence[int], count: int) -> list[int]:
    sizes = [0] * count
    fold_of = {-1: -1}
    for cluster, size in Counter(number for number in numbers if number >= 0).most_common():
        fold_of[cluster] = sizes.index(min(sizes))
        sizes[fold_of[cluster]] += size
    return [fold_of[number] for number in numbers]


def clusters(articles: Sequence[Labelled]) -> list[int]:
    """Number of the cluster of each article; -1 for one without a label."""
    parent: dict[Label, Label] = {}

    def root(label: Label) -> Label:
        while parent.setdefault(label, label) != label:
            label = parent[label]
        return label

    first = []
    for one in articles:
        own = [(level, name) for level in LEVELS if (name := one.label(level)) is not None]
        for label in own:
            parent[root(label)] = root(own[0])
        first.append(own[0] if own else None)
    numbers: dict[Label, int] = {}
    return [-1 if label is None else numbers.setdefault(root(label), len(numbers)) for label in first]
