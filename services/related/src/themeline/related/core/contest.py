"""Baselines under the engine's conditions: the same stream, the same candidates, the same measures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themeline.related.core.baselines import Baseline
from themeline.related.core.evaluation import Grouped, Ranking
from themeline.related.core.frequencies import Floats
from themeline.related.core.single_pass import SinglePass
from themeline.related.core.trial import LEVELS, Items, Labelled, Report, is_dated, relevant_in_all

Rows = npt.NDArray[np.intp]

BLOCK = 256
"""Articles scored at once: bounds memory to some 20 MB for 20,000 articles."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A baseline's report of one level, and the linkage and threshold that its groups were best with."""

    report: Report
    linkage: str
    threshold: float


def contest(
    articles: Sequence[Labelled], baseline: Baseline, advance: Callable[[int], object] = lambda _: None
) -> dict[str, Entry]:
    """Reports by level, for the levels with labels. `articles` in the order of the stream."""
    earlier = is_dated(articles)
    levels = [level for level in LEVELS if any(one.label(level) is not None for one in articles)]
    passes = SinglePass(len(articles))
    rankings: dict[str, list[Ranking]] = {level: [] for level in levels}
    labels = {level: [one.label(level) for one in articles] for level in levels}
    codes = {level: _codes(labels[level]) for level in levels}
    totals = {level: relevant_in_all(labels[level], earlier=earlier) for level in levels}
    for at, scores in _rows(baseline, len(articles), advance):
        passes.add(scores[:at])
        order = _ranked(scores, at, earlier=earlier)
        for level in levels:
            if labels[level][at] is not None:
                relevant = (codes[level][order] == codes[level][at]).astype(np.float64)
                rankings[level].append(Ranking(relevant, totals[level][at]))
    return {level: _entry(level, rankings[level], passes, labels[level]) for level in levels}


def _rows(baseline: Baseline, articles: int, advance: Callable[[int], object]) -> Iterator[tuple[int, Floats]]:
    for start in range(0, articles, BLOCK):
        scores = baseline.scores(slice(start, min(start + BLOCK, articles)))
        yield from enumerate(scores, start=start)
        advance(len(scores))


def _ranked(scores: Floats, at: int, *, earlier: bool) -> Rows:
    order: Rows = np.argsort(-scores[: at if earlier else None], kind="stable")
    others: Rows = order[order != at]
    return others


def _codes(labels: Sequence[str | None]) -> Rows:
    codes: Rows = np.unique(np.array([str(label) for label in labels]), return_inverse=True)[1]
    return codes


def _entry(level: str, rankings: list[Ranking], passes: SinglePass, labels: Sequence[str | None]) -> Entry:
    known = {at: label for at, label in enumerate(labels) if label is not None}
    names = list(known.values())
    linkage, threshold, groups = passes.best(list(known), names)
    return Entry(Items(names, rankings, Grouped.of(groups, names)).report(level), linkage, threshold)
