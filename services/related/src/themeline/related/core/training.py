"""Labelled pairs to fit the scorer on, from labelled articles.

Labelled full texts are also shown shortened to a headline and to a lead, so that one fit covers every length.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus
from themeline.related.core.encoders import Encoder
from themeline.related.core.expansion import closest, expanded
from themeline.related.core.features import extract_batch
from themeline.related.core.fitting import STORY_FIXED, THEME_FIXED, Pairs, fit
from themeline.related.core.frequencies import EMPTY, Floats
from themeline.related.core.scoring import Model, Scorer, gates_of
from themeline.related.core.signals import measure
from themeline.related.core.trial import Labelled, is_dated

NEAREST = 30
"""Candidates shown of each article by lexical and by dense cosine: the hard pairs, as retrieval would bring them."""

OTHERS = 20
"""Candidates shown of each article at random: the easy pairs, which anchor the probability of nothing in common."""

THEME_TEMPERATURE = 2.0
"""What theme log-odds are divided by: on a collection of another kind a fit is too sure. Fitted on full texts and
headlines, tested on newswire of 1987 by its subject codes, log loss is least at 1.6 to 2; agreement with human
judgements of similarity rises from r .63 to .71. What company adds to a pair makes up for it in a stream."""

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
    return fit_models(*sampled(sets, encoder), np.array([left_out(one) for articles in sets for one in articles], bool))


def fit_models(story: Pairs, theme: Pairs, left_out: npt.NDArray[np.bool_], start: Scorer | None = None) -> Scorer:
    """Both models fitted on sampled pairs, without those of the articles marked in `left_out` (n,).

    What they do not show stays as in `start`; a level whose labels tell nothing keeps its model altogether.
    """
    left, right = without(story, left_out), without(theme, left_out)
    if start is None:
        return Scorer(fit(left, STORY_FIXED), tempered(fit(right, THEME_FIXED), THEME_TEMPERATURE))
    sure = tempered(start.theme, 1 / THEME_TEMPERATURE)
    return Scorer(
        fit(left, STORY_FIXED, start.story) if tells(left) else start.story,
        tempered(fit(right, THEME_FIXED, sure), THEME_TEMPERATURE) if tells(right) else start.theme,
    )


def tempered(model: Model, temperature: float) -> Model:
    """The model with its log-odds divided by the temperature: less sure, with the same order (Guo et al. 2017)."""
    return Model(model.weights / np.float32(temperature), model.biases / np.float32(temperature), model.usual)


def tells(pairs: Pairs) -> bool:
    """Whether the pairs show both what belongs together and what does not."""
    return len(np.unique(pairs.labels)) > 1


def without(pairs: Pairs, left_out: npt.NDArray[np.bool_]) -> Pairs:
    """The sampled pairs of which neither article is marked."""
    assert pairs.articles is not None  # noqa: S101 - `sampled` gives them
    return pairs.take(~(left_out[pairs.articles[:, 0]] | left_out[pairs.articles[:, 1]]))


def sampled(sets: Sequence[Sequence[Labelled]], encoder: Encoder) -> tuple[Pairs, Pairs]:
    """Pairs labelled by story, and by theme, of articles numbered through all sets.

    In a set without themes, a shared story means a shared theme, and only articles paired at random count as of
    different themes.
    """
    rng = np.random.default_rng(SEED)
    parts: list[tuple[Pairs, Pairs]] = []
    first = 0
    for articles in sets:
        views = VIEWS if any(one.article.raw.text for one in articles) else VIEWS[:1]
        parts += [_sample(articles, first, view, encoder, rng) for view in views]
        first += len(articles)
    return joined([story for story, _ in parts]), joined([theme for _, theme in parts])


def joined(parts: Sequence[Pairs]) -> Pairs:
    """All pairs as one."""
    return Pairs(
        np.concatenate([part.signals for part in parts]),
        np.concatenate([part.gates for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.articles for part in parts if part.articles is not None]),
    )


def _sample(
    articles: Sequence[Labelled], first: int, view: View, encoder: Encoder, rng: np.random.Generator
) -> tuple[Pairs, Pairs]:
    count = len(articles)
    cut = [shortened(one, view.words) for one in articles]
    everything = [*articles, *cut] if view.mixed else cut
    queries = range(count, len(everything)) if view.mixed else range(count)
    corpus, vectors = prepared(everything, encoder)
    vectors = among_earlier(vectors, count)
    story, theme = codes([one.story for one in everything]), codes([one.theme for one in everything])
    found: list[tuple[npt.NDArray[Any], ...]] = []
    for row, candidates, random in _draws(corpus, vectors, queries, count, rng, earlier=is_dated(articles)):
        signals = measure(corpus, row, candidates, vectors[candidates] @ vectors[row])
        gates = gates_of(corpus.table["words"][row], corpus.table["words"][candidates])
        same = _same(story, row, candidates)
        numbers = np.stack([np.full(len(candidates), row % count), candidates], axis=1) + first
        found.append((signals, gates, numbers, same, _theme_labels(theme, same, row, candidates, random)))
    signals, gates, numbers, same, wider = (np.concatenate(part) for part in zip(*found, strict=True))
    return (
        _pairs(Pairs(signals, gates, same, same, numbers), view.weight),
        _pairs(Pairs(signals, gates, wider, wider, numbers), view.weight),
    )


def _pairs(pairs: Pairs, weight: float) -> Pairs:
    """Those whose label is known, which share the weight."""
    known = pairs.take(~np.isnan(pairs.labels))
    return replace(known, weights=np.full(len(known.labels), weight / max(len(known.labels), 1), np.float32))


def among_earlier(vectors: Floats, count: int) -> Floats:
    """Vectors, each expanded by those of earlier articles, as in a stream.

    From `count` on the same articles come again, cut, and are expanded by the whole ones that were before them.
    """
    found = np.empty_like(vectors)
    for row, vector in enumerate(vectors):
        earlier = vectors[: row % count]
        cosines = earlier @ vector
        near = closest(cosines)
        found[row] = expanded(vector, earlier[near], cosines[near])
    return found


def codes(labels: Sequence[str | None]) -> Integers:
    """A number for each label; -1 for none."""
    numbers = {label: at for at, label in enumerate(dict.fromkeys(labels)) if label is not None}
    return np.array([-1 if label is None else numbers[label] for label in labels], np.intp)


def _same(labels: Integers, row: int, candidates: Integers) -> Floats:
    """1 where both articles have one label, 0 where they have two, NaN where one has none."""
    known = (labels[candidates] >= 0) & (labels[row] >= 0)
    found: Floats = np.where(known, labels[candidates] == labels[row], np.nan).astype(np.float32)
    return found


def _theme_labels(
    theme: Integers, same: Floats, row: int, candidates: Integers, random: npt.NDArray[np.bool_]
) -> Floats:
    if (theme < 0).all():
        labels: Floats = np.where((same == 1) | random, same, np.float32(np.nan))
    else:
        labels = _same(theme, row, candidates)
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
        there = np.arange(row % count if earlier else count)
        there = there[there != row % count]
        if not len(there):
            continue
        dense = np.argsort(-(vectors[there] @ vectors[row]), kind="stable")[:NEAREST]
        lexical = np.argsort(-corpus.terms.cosines(row, there), kind="stable")[:NEAREST]
        near = np.union1d(dense, lexical)
        rest = np.setdiff1d(np.arange(len(there)), near)
        drawn = rng.choice(rest, min(OTHERS, len(rest)), replace=False)
        yield row, there[np.concatenate([near, drawn])], np.arange(len(near) + len(drawn)) >= len(near)
