"""The tables of docs/relations.md, made from what the commands measured.

    ./themeline evaluate FILE… --candidates --shuffles 3 --json > evaluation.json
    ./themeline evaluate --pairs ARTICLES SIMILARITIES --json > pairs.json
    python tests/proof.py evaluation.json pairs.json

What was measured on unseen labels comes from docs/model-card.json, where `./themeline fit FILE… --ship` left it.
"""

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from repository import ROOT

RELATIONS = ROOT / "docs/relations.md"
PROOF = ROOT / "docs/model-card.json"

MEASURES = ("ndcg@10", "map", "p@5", "r@10", "bcubed_precision", "bcubed_recall", "bcubed_f1", "clusters")
SHOWN = ("ndcg@10", "map", "bcubed_f1", "clusters")

Json = Mapping[str, Any]


def tables(evaluation: Json, pairs: Json, proof: Json) -> dict[str, str]:
    """Every table by the name of its markers."""
    files = {Path(path).name: file for path, file in evaluation["files"].items()}
    return {
        "systems": "\n\n".join(_systems(files, proof["files"])),
        "pairs": table(("", "Pearson", "Spearman"), _pairs(pairs)),
        "candidates": table(("file", "level", *(f"{one} allowed" for one in _budgets(files))), _candidates(files)),
        "orders": table(
            ("file", "arrivals", "level", "nDCG@10", "BCubed F1", "adjusted Rand", "BCubed F1 of two orders"),
            _orders(files),
        ),
        "unseen": unseen_table(proof),
        "calibration": calibration_table(proof),
    }


def unseen_table(proof: Json) -> str:
    """All measures on labels that the scorer never saw: cross-validated, and fitted on the other files alone."""
    rows = [
        (f"`{file}`", level, kind, *(cell(report[measure]) for measure in MEASURES))
        for file, levels in proof["files"].items()
        for level, reports in levels.items()
        for kind, report in (
            ("cross-validated", reports["unseen"]),
            ("fitted on the other files", reports.get("other_files")),
            ("in sample", reports["seen"]),
        )
        if report
    ]
    return table(("file", "level", "scorer", *(f"`{name}`" for name in MEASURES)), rows)


def calibration_table(proof: Json) -> str:
    """Brier scores on labels that the scorer never saw."""
    rows = [
        (
            level,
            kind,
            f"{one['pairs']:,}",
            f"{one['true']:.1%}",
            f"{one['brier']:.4f}",
            f"{one['base_rate']:.4f}",
            f"{one['error']:.3f}",
        )
        for level, kinds in proof["calibration"].items()
        for kind, one in kinds.items()
    ]
    return table(("level", "pairs of", "pairs", "true", "Brier", "base rate's Brier", "error"), rows)


def _systems(files: Json, proof: Json) -> Iterator[str]:
    head = ("", "nDCG@10", "MAP", "BCubed F1", "clusters")
    for name, file in files.items():
        for level, found in file["levels"].items():
            unseen = proof.get(name, {}).get(level, {}).get("unseen")
            systems = {"**engine**, cross-validated": unseen} if unseen else {}
            systems |= {"engine, in sample" if unseen else "**engine**": found["engine"]} | found["baselines"]
            rows = [(label, *(cell(row[measure]) for measure in SHOWN)) for label, row in systems.items()]
            title = f"`{name}`, {level}: {found['articles']:,} articles, {found['labels']} labels"
            yield f"{title}\n\n{table(head, rows)}"


def _pairs(pairs: Json) -> list[tuple[str, ...]]:
    return [
        (f"**{name}**" if name == "engine" else name, cell(row["pearson"]), cell(row["spearman"]))
        for name, row in pairs["systems"].items()
    ]


def _budgets(files: Json) -> list[int]:
    return [one["budget"] for one in next(iter(files.values()))["candidates"]]


def _candidates(files: Json) -> list[tuple[str, ...]]:
    return [
        (f"`{name}`", level, *(cell(one["recall"][level]) for one in file["candidates"]))
        for name, file in files.items()
        for level in file["levels"]
    ]


def _orders(files: Json) -> list[tuple[str, ...]]:
    return [
        (
            f"`{name}`",
            f"{kind}, {found['runs']} orders",
            level,
            _spread(found["levels"][level]["ndcg@10"]),
            _spread(found["levels"][level]["bcubed_f1"]),
            number(found["agreement"][level]["adjusted_rand"]),
            number(found["agreement"][level]["bcubed_f1"]),
        )
        for name, file in files.items()
        for kind, found in file["orders"].items()
        for level in found["levels"]
    ]


def _spread(one: Json) -> str:
    return f"{number(one['mean'])} ({number(one['low'])} to {number(one['high'])})"


def cell(one: Json) -> str:
    """A measure and its interval."""
    return f"{number(one['value'])} [{number(one['low'])}, {number(one['high'])}]"


def number(value: float | None) -> str:
    """A share with three decimals, a count with none."""
    if value is None or math.isnan(value):
        return "–"
    return f"{value:.0f}" if abs(value) > 1 else f"{value:.3f}".replace("0.", ".", 1)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows))


def with_tables(text: str, found: Mapping[str, str]) -> str:
    """The document with these tables between their markers; a table without markers is an error."""
    for name, content in found.items():
        begin, end = markers(name)
        before, opened, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not opened or not closed:
            raise ValueError(f"docs/relations.md has no place for the table {name}: it needs {begin} and {end}")
        text = f"{before}{begin}\n\n{content}\n\n{end}{after}"
    return text


def table_in(text: str, name: str) -> str:
    """The table between the markers of a name."""
    begin, end = markers(name)
    return text.partition(begin)[2].partition(end)[0].strip()


def markers(name: str) -> tuple[str, str]:
    """What stands before and after a table."""
    return f"<!-- {name}: made by tests/proof.py -->", f"<!-- {name}: end -->"


def main(evaluation: Path, pairs: Path) -> None:
    """Write the tables anew."""
    found = tables(*(json.loads(path.read_text(encoding="utf-8")) for path in (evaluation, pairs, PROOF)))
    RELATIONS.write_text(with_tables(RELATIONS.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
