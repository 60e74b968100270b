"""Fits the scorer anew: `python -m themeline.related.refit FILE… [--folds 3] [--write]`.

With --folds it first reports, for each file, what scorers fitted without a fold's stories and themes do on it.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

from themeline.related.core.scoring import scorer_text
from themeline.related.core.training import fit_scorer
from themeline.related.core.trial import LEVELS, Labelled, in_order, report, run
from themeline.related.encoders import static_encoder
from themeline.related.lab.labelled import UnusableFileError, read_labelled
from themeline.related.lab.tables import measure_lines


def fold_of(one: Labelled, folds: int) -> int:
    """The fold an article is tested in: articles of one theme, or one story, are never parted."""
    return crc32(str(one.theme or one.story).encode()) % folds


def cross_validate(sets: dict[Path, list[Labelled]], folds: int) -> Iterator[str]:
    """Lines of text: each fold of each file, scored by weights fitted on all other folds."""
    for fold in range(folds):
        scorer = fit_scorer(list(sets.values()), static_encoder(), lambda one: fold_of(one, folds) == fold)  # noqa: B023 - used at once
        for path, articles in sets.items():
            engine = run(articles, static_encoder(), scorer)
            found = [report(articles, engine, level, lambda one: fold_of(one, folds) == fold) for level in LEVELS]  # noqa: B023 - used at once
            for one in found:
                if one:
                    yield f"fold {fold}: {path.name} {one.level}"
                    yield from measure_lines({"engine": one})


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="refit", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="labelled .jsonl or .jsonl.gz files")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate with so many folds first")
    parser.add_argument("--write", action="store_true", help="replace the shipped weights instead of printing them")
    given = parser.parse_args(arguments)
    try:
        sets = {path: in_order(read_labelled(path)) for path in given.files}
    except UnusableFileError as error:
        sys.stderr.write(f"refit: {error}\n")
        return 1
    for line in cross_validate(sets, given.folds):
        sys.stdout.write(line + "\n")
    text = scorer_text(fit_scorer(list(sets.values()), static_encoder(), lambda _: False))
    if given.write:
        shipped = Path(__file__).parent / "core" / "weights" / f"{static_encoder().name}.json"
        shipped.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
