"""The model card of a fit: what it was fitted on, how well it does on labels that it never saw, and its limits."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from themeline.related.core.calibration import Calibration
from themeline.related.core.evaluation import Interval
from themeline.related.core.judging import words_of
from themeline.related.core.scoring import Model
from themeline.related.core.trial import LEVELS, Labelled, Report
from themeline.related.core.words import detect_language
from themeline.related.lab.fitting import Fit, Sets, Validated
from themeline.related.lab.tables import number
from themeline.shared.core.reasons import Signal

GATE_NAMES = ("two headlines", "headline and text", "two texts")

MAX_LANGUAGES = 6

LIMITS = """\
- It was fitted on the files above and proved on parts of them. News of another kind, language or length may get other
  probabilities: evaluate on labels of your own, and fit on them if the table of reliability is off.
- Labels of one collection share its accidents: how its events were chosen, who labelled them, over how long a time.
  Cross-validation by label does not remove these; the column for the other files' scorer shows them.
- Some weights are given, not fitted: time, because labelled sets span too few days to teach it, and the source of an
  article, because who is in a set is chance.
- A publisher's fit begins with the shipped weights and keeps them where the labels show nothing, the shipped one begins
  with nothing: fitted on headlines alone, it would know nothing about full texts.
- The probabilities belong to candidates that the engine brings to the scorer. Of two articles picked at random, far
  fewer belong together."""

QUALITY = """\
In brackets 95 % intervals, from resampling labels. *Unseen*: each label by a scorer fitted without it. *Seen*: by the
final scorer, which was fitted on these labels, so too good to be believed. *Other files' scorer*: fitted on the other
files alone, so on another kind of news.
"""

CALIBRATION = """\
Of the relations that the engine keeps, each judged by a scorer that never saw the later article's labels. *Brier*: mean
squared error of the probability. *Base rate*: that of always saying the share of true pairs. *Error*: mean distance of
probability and share in the tables of reliability.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """How a scorer was made: the command without folders, the version, the encoder's name, the number of folds."""

    command: str
    version: str
    encoder: str
    folds: int


def card(fit: Fit, sets: Sets, made: Made) -> str:
    """The card as Markdown."""
    return "\n".join(_lines(fit, sets, made)) + "\n"


def _lines(fit: Fit, sets: Sets, made: Made) -> Iterator[str]:
    yield "# Model card: the scorer"
    yield ""
    yield "Written by the command that fitted the scorer; not edited by hand."
    yield ""
    yield from table(
        ("", ""),
        [
            ("command", f"`{made.command}`"),
            ("version", made.version),
            ("encoder", f"`{made.encoder}`"),
            ("signals", ", ".join(f"`{signal.name.lower()}`" for signal in Signal)),
            ("folds", f"{made.folds}, by story and theme: articles that share either are never parted"),
        ],
    )
    for level in fit.kept:
        yield f"No label told anything about the level `{level}`: its model is the one shipped for the encoder.\n"
    yield from _data(sets)
    yield from _quality(fit.validated)
    yield from _calibrations(fit.calibrations)
    yield from _weights(fit)
    yield "## Limits\n"
    yield LIMITS


def _data(sets: Sets) -> Iterator[str]:
    yield "## Data\n"
    head = ("file", "SHA-256", "articles", "stories", "themes", "dated", "languages", "words: median (90 % between)")
    yield from table(head, [_file(path, articles) for path, articles in sets.items()])


def _file(path: Path, articles: Sequence[Labelled]) -> tuple[str, ...]:
    words = [words_of(one) for one in articles]
    low, middle, high = np.percentile(words, [5, 50, 95])
    dated = sum(not math.isnan(one.article.hours) for one in articles)
    return (
        f"`{path.name}`",
        f"`{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}…`",
        f"{len(articles):,}",
        *(f"{len({one.label(level) for one in articles} - {None})}" for level in LEVELS),
        f"{dated / len(articles):.0%}",
        _languages(articles),
        f"{middle:.0f} ({low:.0f} to {high:.0f})",
    )


def _languages(articles: Sequence[Labelled]) -> str:
    raws = [one.article.raw for one in articles]
    found = Counter(detect_language(f"{raw.title}\n{raw.text}", raw.language) for raw in raws)
    return ", ".join(f"{name} {count / len(raws):.0%}" for name, count in found.most_common(MAX_LANGUAGES))


def _quality(validated: Sequence[Validated]) -> Iterator[str]:
    yield "## Quality\n"
    yield QUALITY
    for one in validated:
        yield f"### `{one.path.name}`, {one.level} ({one.unseen.articles:,} articles, {one.unseen.labels} labels)\n"
        columns = {"unseen": one.unseen, "seen": one.seen}
        columns |= {"other files' scorer": one.alone} if one.alone else {}
        columns |= {f"fold {at}": fold for at, fold in enumerate(one.folds, start=1)}
        yield from table(("", *columns), _measures(columns))


def _measures(columns: Mapping[str, Report]) -> list[tuple[str, ...]]:
    names = next(iter(columns.values())).measures
    return [(f"`{name}`", *(interval(one.measures[name]) for one in columns.values())) for name in names]


def interval(one: Interval) -> str:
    """A value and its interval."""
    return f"{number(one.value)} [{number(one.low)}, {number(one.high)}]"


def _calibrations(found: Mapping[str, Mapping[str, Calibration]]) -> Iterator[str]:
    yield "## Calibration\n"
    yield CALIBRATION
    head = ("level", "pairs of", "pairs", "true", "Brier", "base rate", "error")
    rows = [
        (level, kind, f"{one.pairs:,}", f"{one.rate:.1%}", f"{one.brier:.4f}", f"{one.base:.4f}", f"{one.error:.3f}")
        for level, kinds in found.items()
        for kind, one in kinds.items()
    ]
    yield from table(head, rows)
    for level, kinds in found.items():
        yield f"### Reliability, {level}: pairs, mean probability → share that is true\n"
        first = next(iter(kinds.values()))
        bins = [
            (f"{one.low:.1f}–{one.high:.1f}", *(_bin(kind, at) for kind in kinds.values()))
            for at, one in enumerate(first.bins)
        ]
        yield from table(("probability", *kinds), bins)


def _bin(found: Calibration, at: int) -> str:
    one = found.bins[at]
    return f"{one.pairs:,}: {one.predicted:.2f} → {one.observed:.2f}" if one.pairs else "–"


def _weights(fit: Fit) -> Iterator[str]:
    yield "## Weights\n"
    yield "Log-odds for each unit of a signal; a pair's own weights lie between those of its kinds.\n"
    for level, model in ((level, getattr(fit.scorer, level)) for level in LEVELS):
        yield f"### {level}\n"
        yield from table(("", *GATE_NAMES), _rows(model))


def _rows(model: Model) -> list[tuple[str, ...]]:
    signals = [
        (f"`{signal.name.lower()}`", *(f"{weight:.2f}" for weight in model.weights[:, signal])) for signal in Signal
    ]
    return [*signals, ("bias", *(f"{bias:.2f}" for bias in model.biases))]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A Markdown table and an empty line."""
    for line in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(line)} |"
    yield ""
