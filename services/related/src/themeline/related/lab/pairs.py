"""Scores of pairs against human judgements of their similarity."""

import json
from pathlib import Path

import numpy as np

from themeline.related.core.baselines import baselines, similarities
from themeline.related.core.encoders import Encoder
from themeline.related.core.evaluation import Doubles, Interval, correlations
from themeline.related.core.expansion import expanded_among
from themeline.related.core.relations import relate
from themeline.related.core.scoring import Scorer
from themeline.related.core.training import prepared
from themeline.related.core.trial import Labelled
from themeline.related.lab.labelled import UnusableFileError, read_labelled

ENGINE = "engine"


def compare(
    articles: Path, judgements: Path, encoder: Encoder, scorer: Scorer, *, against: bool = True
) -> dict[str, dict[str, Interval]]:
    """Pearson and Spearman correlation with the human similarities of all pairs: the engine's, then the baselines'."""
    found = read_labelled(articles)
    human = _matrix(judgements, len(found))
    compared = {ENGINE: correlations(_theme_scores(found, encoder, scorer), human)}
    if against:
        for baseline in baselines(found, encoder):
            compared[baseline.name] = correlations(similarities(baseline, len(found)), human)
    return compared


def _theme_scores(found: list[Labelled], encoder: Encoder, scorer: Scorer) -> Doubles:
    corpus, vectors = prepared(found, encoder)
    vectors = expanded_among(vectors)
    rows = np.arange(len(found))
    scores = [relate(corpus, row, rows, vectors @ vectors[row], scorer).theme for row in range(len(found))]
    return np.stack(scores).astype(np.float64)


def _matrix(path: Path, size: int) -> Doubles:
    try:
        values = np.array(json.loads(path.read_text(encoding="utf-8")), np.float64).ravel()
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise UnusableFileError(f"{path}: not a JSON array of numbers") from error
    if values.size != size * size:
        raise UnusableFileError(f"{path}: has {values.size} numbers, {size} articles need {size * size}")
    return values.reshape(size, size)
