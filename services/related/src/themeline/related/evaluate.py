"""Scores the engine on labelled files: `python -m themeline.related.evaluate FILE…`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from themeline.related.core.encoders import Encoder, EncoderDownError
from themeline.related.core.scoring import Scorer, scorer_of
from themeline.related.encoders import LOADERS, UnusableEncoderError, load_encoder
from themeline.related.lab.documents import evaluation_document, pairs_document
from themeline.related.lab.labelled import UnusableFileError
from themeline.related.lab.pairs import compare
from themeline.related.lab.progress import Steps, progress
from themeline.related.lab.remembering import RememberingEncoder
from themeline.related.lab.tables import pair_lines, trial_lines
from themeline.related.lab.trials import FileTrial, Wanted, stream_of, try_file
from themeline.related.scorers import UnusableScorerError, read_scorer
from themeline.related.settings import EncoderSettings
from themeline.shared.settings import read

SHIPPED = "shipped"
UNUSABLE = (UnusableFileError, UnusableScorerError, UnusableEncoderError, EncoderDownError)
LEGEND = "In [ ]: 95 % intervals, labels resampled. Each baseline groups with the threshold that is best on the file."


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    found = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    found.add_argument("files", nargs="+", type=Path, help="labelled .jsonl or .jsonl.gz files")
    found.add_argument("--pairs", action="store_true", help="FILES are ARTICLES and their SIMILARITIES")
    found.add_argument("--json", action="store_true", help="print JSON instead of a table")
    found.add_argument("--encoder", help="name of the encoder; default: the service's")
    found.add_argument("--scorer", type=Path, help="a scorer written by fit; default: the one shipped for the encoder")
    found.add_argument("--no-baselines", action="store_true", help="the engine alone")
    found.add_argument("--candidates", action="store_true", help="also measure candidate recall")
    found.add_argument("--shuffles", type=int, default=0, help="also compare so many orders of arrival")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    given = parser().parse_args(arguments)
    try:
        with progress() as step:
            lines = list((_pairs if given.pairs else _files)(given, step))
    except UNUSABLE as error:
        sys.stderr.write(f"evaluate: {error}\n")
        return 1
    for line in lines:
        sys.stdout.write(line + "\n")
    return 0


def encoder_named(kind: str | None) -> Encoder:
    """The encoder of a kind, by default the one that the environment names, its vectors remembered."""
    settings = read(EncoderSettings)
    if kind is not None and kind not in LOADERS:
        raise UnusableEncoderError(f"there is no encoder {kind}: use one of {', '.join(LOADERS)}")
    return RememberingEncoder(load_encoder(kind or settings.encoder, settings))


def _scorer(given: argparse.Namespace, encoder: Encoder) -> Scorer:
    return read_scorer(given.scorer, encoder.name) if given.scorer else scorer_of(encoder.name)


def _pairs(given: argparse.Namespace, step: Steps) -> Iterator[str]:
    if len(given.files) != 2:  # noqa: PLR2004 - articles and similarities
        raise UnusableFileError("--pairs needs two files: ARTICLES SIMILARITIES")
    encoder = encoder_named(given.encoder)
    step("pairs", 1)
    articles, similarities = given.files
    found = compare(articles, similarities, encoder, _scorer(given, encoder), against=not given.no_baselines)
    if given.json:
        yield pairs_document(found, encoder.name, str(given.scorer or SHIPPED))
    else:
        yield from pair_lines(found)


def _files(given: argparse.Namespace, step: Steps) -> Iterator[str]:
    files = list(dict.fromkeys(given.files))
    for path in files:
        stream_of(path)  # what is wrong with the last file is said before the first is measured
    encoder = encoder_named(given.encoder)
    scorer = _scorer(given, encoder)
    wanted = Wanted(not given.no_baselines, given.candidates, given.shuffles)
    trials = [try_file(path, encoder, scorer, wanted, step) for path in files]
    if given.json:
        yield evaluation_document(trials, encoder.name, str(given.scorer or SHIPPED))
        return
    for trial in trials:
        yield from trial_lines(trial)
    yield _summary(trials, encoder)


def _summary(trials: Sequence[FileTrial], encoder: Encoder) -> str:
    articles, seconds = sum(one.articles for one in trials), sum(one.seconds for one in trials)
    rate = f"{seconds:.1f} s, {articles / seconds:,.0f} a second"
    return f"{articles:,} articles through the engine ({encoder.name}) in {rate}. {LEGEND}"


if __name__ == "__main__":
    sys.exit(main())
