"""A fit with its proof: cross-validation, calibration on unseen labels, and each file unseen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from themeline.related.core.calibration import Calibration, calibration
from themeline.related.core.company_fitting import fit_company
from themeline.related.core.encoders import Encoder
from themeline.related.core.engine import Engine
from themeline.related.core.folds import folds
from themeline.related.core.judging import LENGTHS, Judged, judged, words_of
from themeline.related.core.scoring import Scorer
from themeline.related.core.training import fit_models, sampled, tells
from themeline.related.core.trial import LEVELS, Items, Labelled, Report, items, pooled, report, run
from themeline.related.lab.progress import Steps

Sets = Mapping[Path, Sequence[Labelled]]
Marks = npt.NDArray[np.bool_]
Measured = tuple[Path, str]
"""A file and a level."""

ALL = "all"

HALVES = 2
"""Parts of the sets, by label, of which each shows a fit on the other what the company of a pair counts."""


@dataclass(frozen=True, slots=True)
class Validated:
    """Measures of one file at one level.

    folds: of each fold, by a scorer that never saw its labels. unseen: of all folds together. seen: by the final
    scorer, which was fitted on the file. alone: by a scorer fitted on the other files, None where there are none.
    """

    path: Path
    level: str
    folds: Sequence[Report]
    unseen: Report
    seen: Report
    alone: Report | None


@dataclass(frozen=True, slots=True)
class Fit:
    """A scorer and its proof. calibrations: by level and kind of length, `ALL` first, on unseen labels.

    kept: levels whose model is that of the scorer it started from, for want of labels.
    """

    scorer: Scorer
    validated: Sequence[Validated]
    calibrations: Mapping[str, Mapping[str, Calibration]]
    kept: Sequence[str]


class Fitting:
    """The fits on some files. Pairs are sampled once; each fit leaves out the articles it will be tested on.

    start: the scorer that keeps its say where the labels have none; None for a fit from nothing.
    """

    def __init__(self, sets: Sets, encoder: Encoder, start: Scorer | None, step: Steps) -> None:
        self._sets, self._encoder, self._start, self._step = sets, encoder, start, step
        self._halves = np.concatenate([np.array(part) for part in folds(list(sets.values()), HALVES)])
        self._words = {path: [words_of(one) for one in articles] for path, articles in sets.items()}
        advance = step("sampling pairs", 1)
        self._pairs = sampled(list(sets.values()), encoder)
        advance(1)

    def proved(self, count: int) -> Fit:
        """The scorer fitted on everything, cross-validated with `count` folds."""
        parts, pairs = self._cross_validated(count)
        final = self._scorer([np.zeros(len(articles), bool) for articles in self._sets.values()])
        seen = self._reports(dict.fromkeys(self._sets, final), "final scorer")
        alone = self._reports(self._alone(), "other files' scorer")
        validated = [
            Validated(
                path,
                level,
                [part.report(level) for part in found if part.labels],
                pooled(found).report(level),
                seen[path, level],
                alone.get((path, level)),
            )
            for (path, level), found in parts.items()
        ]
        kept = [level for level, sample in zip(LEVELS, self._pairs, strict=True) if not tells(sample)]
        return Fit(final, validated, {level: calibrations(found) for level, found in pairs.items()}, kept)

    def _cross_validated(self, count: int) -> tuple[dict[Measured, list[Items]], dict[str, list[Judged]]]:
        """What the articles of each fold got from a scorer fitted without them, and the pairs it judged."""
        fold_of = dict(zip(self._sets, map(np.array, folds(list(self._sets.values()), count)), strict=True))
        parts: dict[Measured, list[Items]] = defaultdict(list)
        pairs: dict[str, list[Judged]] = defaultdict(list)
        for fold in range(count):
            scorer = self._scorer([fold_of[path] == fold for path in self._sets])
            for path, articles in self._sets.items():
                engine = self._streamed(path, scorer, f"fold {fold + 1} of {count}")
                asked: Marks = fold_of[path] == fold
                for level in levels_of(articles):
                    parts[path, level].append(items(articles, engine, level, asked.__getitem__))
                    pairs[level].append(judged(articles, self._words[path], engine, level, asked.__getitem__))
        return parts, pairs

    def _alone(self) -> dict[Path, Scorer]:
        """For each file, the scorer fitted on all the others, where those have enough to tell."""
        found = {}
        for path in self._sets if len(self._sets) > 1 else ():
            left_out = [np.full(len(articles), other == path) for other, articles in self._sets.items()]
            found[path] = self._scorer(left_out)
        return found

    def _reports(self, scorers: Mapping[Path, Scorer], what: str) -> dict[Measured, Report]:
        found = {}
        for path, scorer in scorers.items():
            engine = self._streamed(path, scorer, what)
            for level in levels_of(self._sets[path]):
                if (one := report(self._sets[path], engine, level)) is not None:
                    found[path, level] = one
        return found

    def _scorer(self, left_out: Sequence[Marks]) -> Scorer:
        marks = np.concatenate(left_out)
        halves = []
        for half in range(HALVES):
            unseen = self._halves == half
            halves.append((fit_models(*self._pairs, marks | unseen, self._start), unseen & ~marks))
        known = self._start.company if self._start else None
        company = fit_company(list(self._sets.values()), self._encoder, halves, known)
        return replace(fit_models(*self._pairs, marks, self._start), company=company)

    def _streamed(self, path: Path, scorer: Scorer, what: str) -> Engine:
        articles = self._sets[path]
        return run(articles, self._encoder, scorer, self._step(f"{what}: {path.name}", len(articles)))


def levels_of(articles: Sequence[Labelled]) -> list[str]:
    """The levels that a file has labels for."""
    return [level for level in LEVELS if any(one.label(level) is not None for one in articles)]


def calibrations(parts: Sequence[Judged]) -> dict[str, Calibration]:
    """Of all pairs, and of those of each kind of length that has any."""
    pairs = Judged.joined(parts)
    found = {ALL: calibration(pairs.probabilities, pairs.truths)}
    for kind, name in enumerate(LENGTHS):
        own = pairs.of_kind(kind)
        if len(own.truths):
            found[name] = calibration(own.probabilities, own.truths)
    return found
