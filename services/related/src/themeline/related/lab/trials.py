"""What is measured of a labelled file: the engine, the baselines, candidate recall, and the order of arrival."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from themeline.related.core.baselines import NAMES, baselines
from themeline.related.core.contest import Entry, contest
from themeline.related.core.encoders import Encoder
from themeline.related.core.orders import Sensitivity, sensitivity
from themeline.related.core.recall import Recall, candidate_recall
from themeline.related.core.scoring import Scorer
from themeline.related.core.trial import LEVELS, Labelled, Report, in_order, is_dated, report, run
from themeline.related.lab.labelled import UnusableFileError, read_labelled
from themeline.related.lab.progress import Steps


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure beside the engine. shuffles: orders of arrival compared, 0 for none."""

    baselines: bool = True
    candidates: bool = False
    shuffles: int = 0


@dataclass(frozen=True, slots=True)
class FileTrial:
    """What was measured of a file. seconds: the engine's own. reports: by level; entries: by baseline and level."""

    path: Path
    articles: int
    dated: bool
    seconds: float
    reports: dict[str, Report]
    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    recalls: Sequence[Recall] = ()
    sensitivities: Sequence[Sensitivity] = ()


def stream_of(path: Path) -> list[Labelled]:
    """The articles of a labelled file in the order they stream in; raises UnusableFileError without a label."""
    articles = in_order(read_labelled(path))
    if all(one.label(level) is None for one in articles for level in LEVELS):
        raise UnusableFileError(
            f"{path}: no article has a `story` or a `theme`: label some, or there is nothing to score"
        )
    return articles


def try_file(path: Path, encoder: Encoder, scorer: Scorer | None, wanted: Wanted, step: Steps) -> FileTrial:
    """Everything wanted of one file."""
    articles = stream_of(path)
    began = time.perf_counter()
    engine = run(articles, encoder, scorer, step(f"{path.name}: engine", len(articles)))
    seconds = time.perf_counter() - began
    found = {level: found for level in LEVELS if (found := report(articles, engine, level)) is not None}
    entries = {}
    if wanted.baselines:
        advance = step(f"{path.name}: baselines", len(articles) * len(NAMES))
        entries = {one.name: contest(articles, one, advance) for one in baselines(articles, encoder)}
    recalls: list[Recall] = []
    if wanted.candidates:
        recalls = candidate_recall(articles, encoder, step(f"{path.name}: candidates", len(articles)))
    sensitivities: list[Sensitivity] = []
    if wanted.shuffles:
        streams = wanted.shuffles * (2 if is_dated(articles) else 1)
        advance = step(f"{path.name}: orders", len(articles) * streams)
        sensitivities = sensitivity(articles, encoder, scorer, wanted.shuffles, advance)
    return FileTrial(path, len(articles), is_dated(articles), seconds, found, entries, recalls, sensitivities)
