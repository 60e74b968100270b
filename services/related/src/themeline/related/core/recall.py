"""Candidate recall: of the pairs that belong together, how many does candidate generation bring to the scorer?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themeline.related.core.encoders import Encoder
from themeline.related.core.evaluation import Interval, Resampling
from themeline.related.core.features import extract_batch
from themeline.related.core.frequencies import EMPTY, Frequencies, Hashes
from themeline.related.core.retrieval import DENSE_CANDIDATES, LEXICAL_CANDIDATES, Index
from themeline.related.core.trial import BATCH, LEVELS, Labelled

BUDGETS = (50, 100, 200, DENSE_CANDIDATES + LEXICAL_CANDIDATES)
"""Candidates allowed for an article; the last is what the service allows."""

DENSE_SHARE = DENSE_CANDIDATES / (DENSE_CANDIDATES + LEXICAL_CANDIDATES)

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Recall:
    """At one budget: the share of an article's earlier partners among its candidates, by level; every pair counts once.

    within: the same over pairs of articles with no more earlier partners than the budget has room for.
    """

    budget: int
    candidates: float
    levels: dict[str, Interval]
    within: dict[str, Interval]


def candidate_recall(
    articles: Sequence[Labelled], encoder: Encoder, advance: Callable[[int], object] = lambda _: None
) -> list[Recall]:
    """Recall at each of `BUDGETS` while the articles stream through candidate generation in the order given."""
    found = candidates(articles, encoder, advance)
    return [_recall(articles, budget, rows) for budget, rows in zip(BUDGETS, found, strict=True)]


def candidates(
    articles: Sequence[Labelled], encoder: Encoder, advance: Callable[[int], object] = lambda _: None
) -> list[list[Rows]]:
    """For each of `BUDGETS`, the earlier articles that each article is scored with."""
    indexes = [_index(encoder.dimensions, budget) for budget in BUDGETS]
    found: list[list[Rows]] = [[] for _ in BUDGETS]
    frequencies, uncounted = EMPTY, list[Hashes]()
    for at in range(0, len(articles), BATCH):
        batch = articles[at : at + BATCH]
        features = extract_batch([one.article.raw for one in batch], frequencies)
        vectors = encoder.encode([one.embed_text for one in features])
        for one, feature, vector in zip(batch, features, vectors, strict=True):
            uncounted.append(feature.vocabulary)
            for index in indexes:
                index.add(feature.record, vector, one.article.hours, frequencies)
        frequencies, uncounted = _counted(frequencies, uncounted, at + len(batch))
        for number, vector in enumerate(vectors, start=at):
            for rows, index in zip(found, indexes, strict=True):
                rows.append(index.candidates(number, vector, frequencies))
        advance(len(batch))
    return found


def _index(dimensions: int, budget: int) -> Index:
    dense = round(budget * DENSE_SHARE)
    return Index(dimensions, dense, budget - dense)


def _counted(frequencies: Frequencies, uncounted: list[Hashes], articles: int) -> tuple[Frequencies, list[Hashes]]:
    return (frequencies.updated(uncounted), []) if frequencies.is_due(articles) else (frequencies, uncounted)


def _recall(articles: Sequence[Labelled], budget: int, found: Sequence[Rows]) -> Recall:
    levels, within = {}, {}
    for level in LEVELS:
        labels = np.array([str(one.label(level)) for one in articles])
        known = [at for at, one in enumerate(articles) if one.label(level) is not None]
        partners = np.array([(labels[:at] == labels[at]).sum() for at in known], np.float64)
        hits = np.array([(labels[found[at]] == labels[at]).sum() for at in known], np.float64)
        if partners.any():
            levels[level] = _share(hits, partners, labels[known].tolist())
            fits = partners <= budget
            within[level] = _share(hits[fits], partners[fits], labels[known][fits].tolist())
    return Recall(budget, float(np.mean([len(rows) for rows in found])), levels, within)


def _share(hits: npt.NDArray[np.float64], partners: npt.NDArray[np.float64], labels: list[str]) -> Interval:
    return Resampling(labels).statistic(lambda sums: sums[0] / np.maximum(sums[1], 1), hits, partners)
