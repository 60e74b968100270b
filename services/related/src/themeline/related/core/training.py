"""Labelled pairs to fit the scorer on, from labelled articles.

Labelled full texts are also shown shortened to a headline and to a lead, so that one fit covers every length.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus
from themeline.related.core.encoders import Encoder
from themeline.related.core.features import extract_batch
from themeline.related.core.fitting import STORY_FIXED, THEME_FIXED, Pairs, fit
from themeline.related.core.frequencies import EMPTY, Floats
from themeline.related.core.scoring import Scorer, gates_of
from themeline.related.core.signals import measure
from themeline.related.core.trial import Labelled, is_dated

NEAREST = 30
"""Candidates shown of each article by lexical and by dense cosine: the hard pairs, as retrieval would bring them."""

OTHERS = 20
"""Candidates shown of each article at random: the easy pairs, which anchor the probability of nothing in common."""

SEED = 1

Integers = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class View:
    """A way of looking at a labelled set: bodies cut to so many words, set against whole articles or one another."""

    words: int | None
    mixed: bool
    weight: float


VIEWS = (
    View(None, mixed=False, weight=1.0),
    View(90, mixed=False, weight=0.5),
    View(40, mixed=False, weight=0.4),
    View(0, mixed=False, weight=0.3),
    View(40, mixed=True, weight=0.5),
    View(0, mixed=True, weight=0.5),
)
"""A set of full texts counts three times a set of headlines; real headlines count more than cut texts."""


def fit_scorer(sets: Sequence[Sequence[Labelled]], encoder: Encoder, left_out: Callable[[Labelled], bool]) -> Scorer:
    """Both models fitted on the sets, without the pairs of articles `left_out`. Deterministic."""
    story, theme = sampled(sets, encoder, left_out)
    return Scorer(fit(story, STORY_FIXED), fit(theme, THEME_FIXED))


def sampled(
    sets: Sequence[Sequence[Labelled]], encoder: Encoder, left_out: Callable[[Labelled], bool]
) -> tuple[Pairs, Pairs]:
    """Pairs labelled by story, and by theme. In a set without themes, a shared story means a shared theme, and
    only articles paired at random count as of different themes."""
    rng = np.random.default_rng(SEED)
    parts = [
        _sample(articles, view, encoder, left_out, rng)
        for articles in sets
        for view in (VIEWS if any(one.article.raw.text for one in articles) else VIEWS[:1])
    ]
    return joined([story for story, _ in parts]), joined([theme for _, theme in parts])


def joined(parts: Sequence[Pairs]) -> Pairs:
    """All pairs as one."""
    return Pairs(
        np.concatenate([part.signals for part in parts]),
        np.concatenate([part.gates for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.weights for part in parts]),
    )


def _sample(
    articles: Sequence[Labelled],
    view: View,
    encoder: Encoder,
    left_out: Callable[[Labelled], bool],
    rng: np.random.Generator,
) -> tuple[Pairs, Pairs]:
    shown = [one for one in articles if not left_out(one)]
    cut = [shortened(one, view.words) for one in shown]
    everything = [*shown, *cut] if view.mixed else cut
    queries = range(len(shown), len(everything)) if view.mixed else range(len(cut))
    corpus, vectors = prepared(everything, encoder)
    story = np.unique([str(one.story) for one in everything], return_inverse=True)[1]
    themes = [one.theme for one in everything]
    theme = None if None in themes else np.unique(np.array(themes, str), return_inverse=True)[1]
    found: list[tuple[Floats, ...]] = []
    for row, candidates, random in _draws(corpus, vectors, queries, len(shown), rng, earlier=is_dated(shown)):
        signals = measure(corpus, row, candidates, vectors[candidates] @ vectors[row])
        gates = gates_of(corpus.table["words"][row], corpus.table["words"][candidates])
        same = (story[candidates] == story[row]).astype(np.float32)
        wider = _theme_labels(theme, same, row, candidates, random)
        found.append((signals, gates, same, wider))
    signals, gates, same, wider = (np.concatenate(part) for part in zip(*found, strict=True))
    known = ~np.isnan(wider)
    return (
        _pairs(signals, gates, same, view.weight),
        _pairs(signals[known], gates[known], wider[known], view.weight),
    )


def _pairs(signals: Floats, gates: Floats, labels: Floats, weight: float) -> Pairs:
    return Pairs(signals, gates, labels, np.full(len(labels), weight / len(labels), np.float32))


def _theme_labels(
    theme: Integers | None, same: Floats, row: int, candidates: Integers, random: npt.NDArray[np.bool_]
) -> Floats:
    if theme is None:
        labels: Floats = np.where((same == 1) | random, same, np.float32(np.nan))
    else:
        labels = (theme[candidates] == theme[row]).astype(np.float32)
    return labels


def shortened(one: Labelled, words: int | None) -> Labelled:
    """The article with its body cut to so many words."""
    if words is None:
        return one
    raw = replace(one.article.raw, text=" ".join(one.article.raw.text.split()[:words]))
    return replace(one, article=replace(one.article, raw=raw))


def prepared(articles: Sequence[Labelled], encoder: Encoder) -> tuple[Corpus, Floats]:
    """Corpus and vectors of the articles, frequencies counted over all of them."""
    raw = [one.article.raw for one in articles]
    frequencies = EMPTY.updated(found.vocabulary for found in extract_batch(raw, EMPTY))
    features = extract_batch(raw, frequencies)
    corpus = Corpus.prepare(
        range(len(articles)),
        [found.record for found in features],
        [one.article.hours for one in articles],
        [one.article.source for one in articles],
        frequencies,
    )
    return corpus, encoder.encode([found.embed_text for found in features])


def _draws(
    corpus: Corpus, vectors: Floats, queries: range, count: int, rng: np.random.Generator, *, earlier: bool
) -> Iterator[tuple[int, Integers, npt.NDArray[np.bool_]]]:
    """Each query with its candidates among the first `count` articles, and which were drawn at random."""
    for row in queries:
        there = np.arange(row if earlier else count)
        there = there[there != row % count]
        if not len(there):
            continue
        dense = np.argsort(-(vectors[there] @ vectors[row]), kind="stable")[:NEAREST]
        lexical = np.argsort(-corpus.terms.shared(row, there)[0], kind="stable")[:NEAREST]
        near = np.union1d(dense, lexical)
        rest = np.setdiff1d(np.arange(len(there)), near)
        drawn = rng.choice(rest, min(OTHERS, len(rest)), replace=False)
        yield row, there[np.concatenate([near, drawn])], np.arange(len(near) + len(drawn)) >= len(near)
