"""Measurements as plain text for a terminal."""

import math
from collections.abc import Iterator, Mapping, Sequence

from themeline.related.core.evaluation import Interval
from themeline.related.core.trial import Report
from themeline.related.lab.trials import FileTrial

COMPARED = ("ndcg@10", "map", "bcubed_f1")
"""Measures for which the engine's lead over the best baseline is shown."""

Cells = Sequence[Sequence[str]]


def trial_lines(trial: FileTrial) -> Iterator[str]:
    """Everything measured of a file."""
    for level, report in trial.reports.items():
        order = "by time, earlier articles only" if trial.dated else "in file order"
        yield f"{trial.path.name}  {level}  ({report.articles} articles, {report.labels} labels, {order})"
        reports = {"engine": report} | {name: found[level].report for name, found in trial.entries.items()}
        yield from measure_lines(reports)
        yield from _leads(trial, level)
        yield ""
    yield from _recall_lines(trial)
    yield from _order_lines(trial)


def measure_lines(reports: Mapping[str, Report]) -> Iterator[str]:
    """A table with a column for each report and a row for each measure."""
    names = next(iter(reports.values())).measures
    rows = [(name, *(cell(report.measures[name]) for report in reports.values())) for name in names]
    yield from lines_of([("", *reports), *rows])


def pair_lines(found: Mapping[str, Mapping[str, Interval]]) -> Iterator[str]:
    """A table of correlations, a row for each system."""
    measures = next(iter(found.values()))
    rows = [(name, *(cell(row[measure]) for measure in measures)) for name, row in found.items()]
    yield from lines_of([("", *measures), *rows])


def cell(one: Interval) -> str:
    """A value and its interval, as `.946 [.923 .964]`, or `65 [56 74]` for a count."""
    return f"{number(one.value)} [{number(one.low)} {number(one.high)}]"


def number(value: float) -> str:
    """A share with three decimals and no zero before them; a count without decimals."""
    if math.isnan(value):
        return "–"
    return f"{value:.0f}" if abs(value) > 1 else f"{value:.3f}".replace("0.", ".", 1)


def lines_of(rows: Cells) -> Iterator[str]:
    """Rows of cells in columns."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def leads(trial: FileTrial, level: str) -> dict[str, tuple[str, Interval]]:
    """By measure, the baseline that is best at it, and how far the engine is above that one."""
    own = trial.reports[level].measures
    found = {}
    for measure in COMPARED:
        others = {name: entries[level].report.measures[measure] for name, entries in trial.entries.items()}
        if others:
            best = max(others, key=lambda name: others[name].value)
            found[measure] = best, own[measure].above(others[best])
    return found


def _leads(trial: FileTrial, level: str) -> Iterator[str]:
    for measure, (best, lead) in leads(trial, level).items():
        low, high = (f"{end:+.3f}" for end in (lead.low, lead.high))
        yield f"  {measure}: engine − {best} (the best baseline) = {lead.value:+.3f} [{low} {high}]"


def _recall_lines(trial: FileTrial) -> Iterator[str]:
    if not trial.recalls:
        return
    yield f"{trial.path.name}  candidate recall: true earlier partners among an article's candidates"
    levels = list(trial.recalls[0].levels)
    head = [part for level in levels for part in (level, f"{level}, those that fit")]
    rows = [
        (
            f"{one.budget} allowed, {one.candidates:.0f} on average",
            *(cell(part[level]) for level in levels for part in (one.levels, one.within)),
        )
        for one in trial.recalls
    ]
    yield from lines_of([("", *head), *rows])
    yield ""


def _order_lines(trial: FileTrial) -> Iterator[str]:
    for found in trial.sensitivities:
        for level, spreads in found.levels.items():
            yield f"{trial.path.name}  {level}  {found.kind} arrivals, {found.runs} orders"
            agreement = found.agreement[level]
            rows = [
                (name, f"{number(spread.mean)} ({number(spread.low)} to {number(spread.high)})")
                for name, spread in spreads.items()
            ]
            yield from lines_of([*rows, *((f"agreement, {name}", number(value)) for name, value in agreement.items())])
            yield ""
