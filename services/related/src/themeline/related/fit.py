"""Fits the scorer on labelled files: `python -m themeline.related.fit FILE… [--output DIR]`."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from themeline.related.core.encoders import Encoder
from themeline.related.core.folds import clusters
from themeline.related.core.scoring import DEFAULT_ENCODER, scorer_of
from themeline.related.evaluate import UNUSABLE, encoder_named
from themeline.related.lab.card import Made, card
from themeline.related.lab.documents import proof_document, proof_of
from themeline.related.lab.fitting import Fit, Fitting, Sets
from themeline.related.lab.labelled import UnusableFileError
from themeline.related.lab.progress import progress
from themeline.related.lab.tables import cell
from themeline.related.lab.trials import stream_of
from themeline.related.scorers import scorer_document

SCORER, CARD = "scorer.json", "scorer.md"
DEFAULT_FOLDS = 5
MIN_FOLDS = 2


class UnusableOutputError(OSError):
    """A folder that cannot be written to."""


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    found = argparse.ArgumentParser(prog="fit", description=__doc__)
    found.add_argument("files", nargs="+", type=Path, help="labelled .jsonl or .jsonl.gz files")
    found.add_argument("--output", type=Path, default=Path(), help=f"folder for {SCORER} and {CARD}")
    found.add_argument("--folds", type=int, default=DEFAULT_FOLDS, help="parts of the cross-validation")
    found.add_argument("--encoder", help="name of the encoder; default: the service's")
    found.add_argument("--ship", action="store_true", help="replace the weights of this source tree and their card")
    return found


def main(arguments: Sequence[str] | None = None, version: str = "unreleased") -> int:
    """The command; returns its exit code."""
    given = parser().parse_args(arguments)
    try:
        sets = {path: stream_of(path) for path in dict.fromkeys(given.files)}
        check(sets, given.folds)
        encoder = encoder_named(given.encoder)
        scorer_file, card_file = _places(given, encoder)
        with progress() as step:
            # What is shipped depends on nothing but the labels; a publisher's fit begins with what is shipped.
            start = None if given.ship else scorer_of(encoder.name)
            found = Fitting(sets, encoder, start, step).proved(given.folds)
        made = Made(_command(given), version, encoder.name, given.folds)
        _write(card_file, card(found, sets, made))
        if given.ship:
            # The image holds the weights; what they were found to be worth stands among the documents.
            _write(scorer_file, scorer_document(found.scorer, encoder.name))
            _write(card_file.with_suffix(".json"), proof_document(found))
        else:
            _write(scorer_file, scorer_document(found.scorer, encoder.name, proof_of(found)))
    except (*UNUSABLE, UnusableOutputError) as error:
        sys.stderr.write(f"fit: {error}\n")
        return 1
    for line in _summary(found, scorer_file, card_file):
        sys.stdout.write(line + "\n")
    return 0


def check(sets: Sets, count: int) -> None:
    """Raise UnusableFileError for labels that nothing can be learnt from."""
    if count < MIN_FOLDS:
        raise UnusableFileError(f"--folds {count}: cross-validation needs {MIN_FOLDS} at least")
    sizes = [Counter(at for at in clusters(articles) if at >= 0) for articles in sets.values()]
    repeated = sum(size > 1 for found in sizes for size in found.values())
    if not repeated:
        raise UnusableFileError("no two articles share a label: nothing shows what belongs together; label some alike")
    if sum(len(found) for found in sizes) == 1:
        raise UnusableFileError("all labelled articles belong together: nothing shows what does not; label others")
    if repeated < count:
        raise UnusableFileError(
            f"too few labels: {repeated} with two articles or more that share no story or theme with one another,"
            f" and {count} folds need {count}; label more, or lower --folds"
        )


def _places(given: argparse.Namespace, encoder: Encoder) -> tuple[Path, Path]:
    if not given.ship:
        folder: Path = given.output
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnusableOutputError(f"{folder}: cannot be made ({error.strerror}); give another --output") from error
        return folder / SCORER, folder / CARD
    source = Path(str(files("themeline.related"))).resolve()
    docs = source.parents[4] / "docs"
    if not docs.is_dir():
        raise UnusableOutputError("--ship works in a source tree alone: leave it out, and use --output")
    default = encoder.name == DEFAULT_ENCODER
    return (
        source / "core" / "weights" / f"{encoder.name}.json",
        docs / ("model-card.md" if default else f"model-card-{encoder.name}.md"),
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnusableOutputError(f"{path}: cannot be written ({error.strerror}); give another --output") from error


def _command(given: argparse.Namespace) -> str:
    names = [path.name for path in dict.fromkeys(given.files)]
    encoder = ["--encoder", given.encoder] if given.encoder else []
    return " ".join(
        ["./themeline fit", *names, "--folds", str(given.folds), *encoder, *(["--ship"] if given.ship else [])]
    )


def _summary(found: Fit, scorer_file: Path, card_file: Path) -> Sequence[str]:
    lines = [
        f"{one.path.name}  {one.level}  on unseen labels: "
        + "  ".join(f"{name} {cell(one.unseen.measures[name])}" for name in ("ndcg@10", "map", "bcubed_f1"))
        for one in found.validated
    ]
    for level, kinds in found.calibrations.items():
        one = kinds["all"]
        lines.append(
            f"{level}: Brier score {one.brier:.4f} on unseen labels, {one.base:.4f} by always saying {one.rate:.2f}"
        )
    return [*lines, f"wrote {scorer_file} and {card_file}; use it: THEMELINE_SCORER={scorer_file}"]


if __name__ == "__main__":
    sys.exit(main())
