"""Measurements as JSON: stable keys, NaN as null."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from themeline.related.core.evaluation import Interval
from themeline.related.core.scoring import Scorer, scorer_text
from themeline.related.core.trial import Report
from themeline.related.lab.fitting import Fit
from themeline.related.lab.tables import leads
from themeline.related.lab.trials import FileTrial

VERSION = 1
"""Raised when a key changes its meaning or goes; new keys may come at any time."""


def evaluation_document(trials: Sequence[FileTrial], encoder: str, scorer: str) -> str:
    """What `evaluate --json` prints of files."""
    return dumped(
        {
            "version": VERSION,
            "encoder": encoder,
            "scorer": scorer,
            "files": {str(one.path): _file(one) for one in trials},
        }
    )


def pairs_document(found: Mapping[str, Mapping[str, Interval]], encoder: str, scorer: str) -> str:
    """What `evaluate --pairs --json` prints; the engine's values also stand at the top."""
    engine, *_ = found.values()
    systems = {name: {measure: interval(one) for measure, one in row.items()} for name, row in found.items()}
    values = {measure: one.value for measure, one in engine.items()}
    return dumped({"version": VERSION, "encoder": encoder, "scorer": scorer, **values, "systems": systems})


def proof_of(fit: Fit) -> dict[str, Any]:
    """What a fit was found to be worth: measures by file and level, and calibration by level and kind of length."""
    files: dict[str, Any] = {}
    for one in fit.validated:
        columns = {"unseen": one.unseen, "seen": one.seen} | ({"other_files": one.alone} if one.alone else {})
        files.setdefault(one.path.name, {})[one.level] = {name: measures(report) for name, report in columns.items()}
    found: dict[str, Any] = _plain({"files": files, "calibration": _calibrations(fit)})
    return found


def proof_document(fit: Fit) -> str:
    """The proof of a fit, beside the digest of the weights that it is of."""
    return dumped({"weights": digest(fit.scorer), **proof_of(fit)}) + "\n"


def digest(scorer: Scorer) -> str:
    """SHA-256 of the weights as they are written."""
    return sha256(scorer_text(scorer).encode()).hexdigest()


def _calibrations(fit: Fit) -> dict[str, Any]:
    return {
        level: {
            kind: {"pairs": one.pairs, "true": one.rate, "brier": one.brier, "base_rate": one.base, "error": one.error}
            for kind, one in kinds.items()
        }
        for level, kinds in fit.calibrations.items()
    }


def dumped(data: object) -> str:
    """Valid JSON of plain data."""
    return json.dumps(_plain(data), indent=1, ensure_ascii=False, allow_nan=False)


def interval(one: Interval) -> dict[str, float]:
    """A measure."""
    return {"value": one.value, "low": one.low, "high": one.high}


def measures(report: Report) -> dict[str, dict[str, float]]:
    """All measures of a report."""
    return {name: interval(one) for name, one in report.measures.items()}


def _file(trial: FileTrial) -> dict[str, Any]:
    found: dict[str, Any] = {
        "articles": trial.articles,
        "dated": trial.dated,
        "seconds": trial.seconds,
        "articles_per_second": trial.articles / trial.seconds,
        "levels": {level: _level(trial, level) for level in trial.reports},
    }
    if trial.recalls:
        found["candidates"] = [
            {
                "budget": one.budget,
                "candidates": one.candidates,
                "recall": {level: interval(value) for level, value in one.levels.items()},
                "recall_of_those_that_fit": {level: interval(value) for level, value in one.within.items()},
            }
            for one in trial.recalls
        ]
    if trial.sensitivities:
        found["orders"] = {one.kind: asdict(one) for one in trial.sensitivities}
    return found


def _level(trial: FileTrial, level: str) -> dict[str, Any]:
    own = trial.reports[level]
    found: dict[str, Any] = {"articles": own.articles, "labels": own.labels, "engine": measures(own)}
    if trial.entries:
        entries = {name: entry[level] for name, entry in trial.entries.items()}
        found["baselines"] = {
            name: {**measures(entry.report), "grouping": {"linkage": entry.linkage, "threshold": entry.threshold}}
            for name, entry in entries.items()
        }
        found["above_best_baseline"] = {
            measure: {"baseline": best, **interval(lead)} for measure, (best, lead) in leads(trial, level).items()
        }
    return found


def _plain(data: object) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    if isinstance(data, float):
        return round(data, 4) if math.isfinite(data) else None
    return data
