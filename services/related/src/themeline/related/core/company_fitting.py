"""Fits how much the company of a pair counts, on what the engine itself forms of labelled articles.

Stacking (Wolpert 1992): the pairs' own log-odds come from models that have not seen their labels, as they will in
production; so do the stories and themes, which the engine forms in one pass while it streams the articles.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from themeline.related.core.company import OWN_CAP, Groups, evidence
from themeline.related.core.corpus import Corpus
from themeline.related.core.encoders import Encoder
from themeline.related.core.engine import Engine
from themeline.related.core.frequencies import Floats
from themeline.related.core.relations import Scored
from themeline.related.core.scoring import GATES, Company, Scorer, gates_of
from themeline.related.core.training import codes, shortened
from themeline.related.core.trial import BATCH, Labelled

MIXED_WORDS = (None, 90, 40, 0)
"""Words that the bodies of full texts are cut to, in turn, so that headlines and full texts meet."""

VIEW_WEIGHTS = (1.0, 0.5, 0.25)
"""Weights of a set as it is, with bodies cut to all lengths, and as headlines alone."""

RANDOM_NEGATIVES = 0.2
"""Share of candidates of other stories that count as of other themes, where a set has no themes: some are not."""

OWN_LEAST = 0.1
"""Least weight of the pair's own log-odds: articles of one story are told apart by what they say themselves."""

RIDGE = 1.0
"""Strength of the pull to no company at all, for `TOTAL` pairs."""

TOTAL = 20_000.0
"""Pairs that the evidence counts as, whatever its size."""

NO_COMPANY = np.tile(np.array([1.0, 0, 0, 0]), GATES)

SEED = 2

Doubles = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Seen:
    """Evidence on m pairs: own log-odds with those around for story and theme (m, 3), gates, labels (NaN: unknown)."""

    story: Floats
    theme: Floats
    gates: Floats
    same_story: Floats
    same_theme: Floats
    weights: Floats

    @classmethod
    def joined(cls, parts: Sequence["Seen"]) -> "Seen":
        """All evidence as one."""
        names = ("story", "theme", "gates", "same_story", "same_theme", "weights")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def fit_company(
    sets: Sequence[Sequence[Labelled]],
    encoder: Encoder,
    halves: Sequence[tuple[Scorer, Marks]],
    start: Company | None = None,
) -> Company:
    """Weights of company from the sets; those of `start` where the labels of a level tell nothing. Deterministic.

    halves: scorers without company, each with the articles, numbered through all sets, that it has not seen and
    that may be learnt from.
    """
    parts: list[Seen] = []
    first = 0
    for articles in sets:
        for weight, view in zip(VIEW_WEIGHTS, _views(articles), strict=False):
            for scorer, unseen in halves:
                asked = unseen[first : first + len(articles)]
                if asked.any():
                    parts += list(_streamed(view, asked, encoder, scorer, weight))
        first += len(articles)
    none = NO_COMPANY.reshape(GATES, 4).astype(np.float32)
    start = start or Company(none, none)
    if not parts:
        return start
    seen = Seen.joined(parts)
    return Company(
        _fitted(seen.story, seen.gates, seen.same_story, seen.weights, start.story),
        _fitted(seen.theme, seen.gates, seen.same_theme, seen.weights, start.theme),
    )


def _views(articles: Sequence[Labelled]) -> Iterator[Sequence[Labelled]]:
    yield articles
    if any(one.article.raw.text for one in articles):
        words = np.random.default_rng(SEED).integers(0, len(MIXED_WORDS), len(articles))
        yield [shortened(one, MIXED_WORDS[at]) for one, at in zip(articles, words, strict=True)]
        yield [shortened(one, 0) for one in articles]


def _streamed(
    articles: Sequence[Labelled], asked: Marks, encoder: Encoder, scorer: Scorer, weight: float
) -> Iterator[Seen]:
    """Evidence on the pairs of asked articles while all of them stream through the engine."""
    labels = codes([one.story for one in articles]), codes([one.theme for one in articles])
    parts: list[Seen] = []
    rng = np.random.default_rng(SEED)

    def watch(corpus: Corpus, row: int, scored: Scored, groups: Groups) -> None:
        at = int(corpus.ids[row]) - 1
        if not asked[at]:
            return
        others = corpus.ids[scored.rows] - 1
        chosen = np.flatnonzero(asked[others])
        found = _seen(corpus, row, scored, groups)
        same = [np.where((code[others] >= 0) & (code[at] >= 0), code[others] == code[at], np.nan) for code in labels]
        if labels[1][at] < 0:
            drawn = rng.random(len(others)) < RANDOM_NEGATIVES
            same[1] = np.where((same[0] == 1) | drawn, same[0], np.nan)
        columns = (*found, *(each.astype(np.float32) for each in same), np.ones(len(others), np.float32))
        parts.append(Seen(*(column[chosen] for column in columns)))

    engine = Engine(encoder, scorer, watch)
    for at in range(0, len(articles), BATCH):
        engine.add([one.article for one in articles[at : at + BATCH]])
    if parts:
        seen = Seen.joined(parts)
        count = max(len(seen.weights), 1)
        yield Seen(
            seen.story,
            seen.theme,
            seen.gates,
            seen.same_story,
            seen.same_theme,
            seen.weights * np.float32(weight / count),
        )


def _seen(corpus: Corpus, row: int, scored: Scored, groups: Groups) -> tuple[Floats, Floats, Floats]:
    stories, themes = (numbers[scored.rows] for numbers in groups.numbered)
    words = corpus.table["words"]
    story, theme = (
        np.column_stack([np.clip(own, -OWN_CAP, OWN_CAP), evidence(own, stories, themes)])
        for own in (scored.own_story, scored.own_theme)
    )
    return story, theme, gates_of(words[row], words[scored.rows])


def _fitted(known: Floats, gates: Floats, labels: Floats, weights: Floats, start: Floats) -> Floats:
    """Weights (GATES, 4) by penalised logistic regression; company may only speak for a pair that it is close to."""
    told = ~np.isnan(labels)
    if len(np.unique(labels[told])) < 2:  # noqa: PLR2004 - what belongs together, and what does not
        return start
    extended = np.column_stack([known[told], np.ones(int(told.sum()))]).astype(np.float64)
    design = (gates[told][:, :, None] * extended[:, None, :]).reshape(len(extended), -1)
    truth = labels[told].astype(np.float64)
    sample = weights[told].astype(np.float64)
    sample *= TOTAL / sample.sum()
    found = minimize(
        _loss,
        NO_COMPANY,
        args=(design, truth, sample),
        jac=True,
        method="L-BFGS-B",
        bounds=[(OWN_LEAST, None), (0, None), (0, None), (None, None)] * GATES,
    )
    table: npt.NDArray[np.float32] = found.x.reshape(GATES, 4).astype(np.float32)
    return table


def _loss(weights: Doubles, design: Doubles, labels: Doubles, sample: Doubles) -> tuple[float, Doubles]:
    odds, away = design @ weights, weights - NO_COMPANY
    loss = sample @ (np.logaddexp(0, odds) - labels * odds) + RIDGE / 2 * float(away @ away)
    error = sample * (1 / (1 + np.exp(-np.clip(odds, -30, 30))) - labels)
    return float(loss), design.T @ error + RIDGE * away
