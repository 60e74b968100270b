"""Scores the engine on labelled files: `python -m themeline.related.evaluate FILE…`."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from themeline.related.core.encoders import Encoder
from themeline.related.core.evaluation import Doubles, correlation
from themeline.related.core.relations import relate
from themeline.related.core.training import prepared
from themeline.related.core.trial import LEVELS, Report, in_order, report, run
from themeline.related.encoders import static_encoder
from themeline.related.labelled import UnusableFileError, read_labelled


def evaluate(path: Path, encoder: Encoder) -> list[Report]:
    """Reports of a file for the levels that it has labels for."""
    articles = in_order(read_labelled(path))
    engine = run(articles, encoder)
    return [found for level in LEVELS if (found := report(articles, engine, level)) is not None]


def compare(articles: Path, similarities: Path, encoder: Encoder) -> tuple[float, float]:
    """Pearson and Spearman correlation of theme scores with human similarities of all pairs."""
    found = read_labelled(articles)
    corpus, vectors = prepared(found, encoder)
    rows = np.arange(len(found))
    scores = np.stack([relate(corpus, row, rows, vectors @ vectors[row]).theme for row in range(len(found))])
    upper = np.triu_indices(len(found), 1)
    return correlation(scores[upper].astype(np.float64), _matrix(similarities, len(found))[upper])


def _matrix(path: Path, size: int) -> Doubles:
    try:
        values = np.array(json.loads(path.read_text(encoding="utf-8")), np.float64)
    except (OSError, ValueError) as error:
        raise UnusableFileError(f"{path}: not a JSON array of numbers") from error
    if values.size != size * size:
        raise UnusableFileError(f"{path}: has {values.size} numbers, {size} articles need {size * size}")
    return values.reshape(size, size)


def table(path: Path, reports: Sequence[Report]) -> Iterator[str]:
    """The reports as lines of text."""
    for found in reports:
        yield f"{path.name}  {found.level}  ({found.articles} articles, {found.clusters} clusters)"
        for name, measure in found.measures.items():
            yield f"  {name:<18}{measure.value:.3f}  [{measure.low:.3f}, {measure.high:.3f}]"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="labelled .jsonl or .jsonl.gz files")
    parser.add_argument("--pairs", action="store_true", help="FILES are ARTICLES and their SIMILARITIES")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        for line in _pairs(given) if given.pairs else _files(given):
            sys.stdout.write(line + "\n")
    except UnusableFileError as error:
        sys.stderr.write(f"evaluate: {error}\n")
        return 1
    return 0


def _pairs(given: argparse.Namespace) -> Iterator[str]:
    if len(given.files) != 2:  # noqa: PLR2004 - articles and similarities
        raise UnusableFileError("--pairs needs two files: ARTICLES SIMILARITIES")
    pearson, spearman = compare(given.files[0], given.files[1], static_encoder())
    found = {"pearson": round(pearson, 4), "spearman": round(spearman, 4)}
    yield json.dumps(found) if given.json else f"pearson {pearson:.3f}  spearman {spearman:.3f}"


def _files(given: argparse.Namespace) -> Iterator[str]:
    reports = {path: evaluate(path, static_encoder()) for path in given.files}
    if given.json:
        yield json.dumps({str(path): [asdict(one) for one in found] for path, found in reports.items()}, indent=1)
        return
    for path, found in reports.items():
        yield from table(path, found) if found else [f"{path.name}: no labels, nothing to score"]


if __name__ == "__main__":
    sys.exit(main())
