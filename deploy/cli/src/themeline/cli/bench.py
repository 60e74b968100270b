"""`themeline bench`: throughput, CPU, memory and lag of the whole system."""

import json
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from themeline.cli.bench_run import StreamFigures
    from themeline.cli.tally import Tally

from themeline.cli.bench_engine import quick_figure
from themeline.cli.errors import CommandError

LAG_ARTICLES = 30
BOXES = 200


class Parts(click.Group):
    """Parts of the suite; without the name of one, the whole system is measured, the engine's cost included."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.list_commands(ctx) and args[0] not in ctx.help_option_names):
            args = ["system", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return ["system", "engine", "feeds"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (as above)
        from themeline.cli.bench_engine import command as engine
        from themeline.cli.bench_feeds import command as feeds

        return {"system": system, "engine": engine, "feeds": feeds}.get(cmd_name)


@click.group("bench", cls=Parts, short_help="Measure throughput, CPU, memory and lag.")
def command() -> None:
    """Measure the whole system (`bench` alone, or `bench system`), or the engine's cost, or the polling of feeds."""


@click.command("system", short_help="Throughput, CPU, memory and lag of the whole system.")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--articles", type=click.IntRange(100), default=3_000, show_default=True, help="How many to send.")
@click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="Processes that relate.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def system(file: Path | None, articles: int, workers: int, *, as_json: bool) -> None:
    """Measure the whole system with articles made up for it, or with those of FILE (JSON Lines).

    It starts a system of its own on free ports and in a temporary folder. With FILE all of its articles
    are sent, unless --articles says fewer.
    """
    limit = articles if file is None or _is_given("articles") else None
    figures = run(file, limit, workers) | {"engine_ms": quick_figure()}
    if as_json:
        click.echo(json.dumps(figures, indent=2))
    else:
        _print_table(figures)


def run(file: Path | None, limit: int | None, workers: int) -> dict[str, Any]:
    """Measure, and return the figures by name."""
    try:
        from themeline.cli import bench_run as measure
        from themeline.cli.bench_system import running_system
        from themeline.embedded.identity import server_identity
    except ModuleNotFoundError as error:
        raise CommandError(f"{error.name} is missing: run the bench as `./themeline bench`") from None
    with tempfile.TemporaryDirectory(prefix="themeline-bench-") as folder:
        server_identity().admit(Path(folder))
        with running_system(Path(folder) / "data", workers) as system:
            stream, tally = measure.measure_stream(system, islice(_articles(file), limit))
            lags = measure.measure_lag(system, islice(_articles(None), LAG_ARTICLES))
            boxes = measure.measure_boxes(system, BOXES)
        return _figures(workers, system.ready_seconds, stream, tally, lags, boxes)


def _figures(
    workers: int,
    ready_seconds: float,
    stream: "StreamFigures",
    tally: "Tally",
    lags: list[float],
    boxes: list[float],
) -> dict[str, Any]:
    from themeline.cli.bench_run import EARLY, quantile

    early, late = stream.cpu_between(*EARLY), stream.cpu_between(*stream.late())
    return {
        "workers": workers,
        "ready_seconds": ready_seconds,
        "articles": stream.articles,
        "rejected": tally.counts["rejected"],
        "seconds": round(stream.seconds, 2),
        "articles_per_second": round(stream.rate, 1),
        "cpu_seconds": round(stream.cpu_seconds, 2),
        "cpu_seconds_early_thousand": _rounded(early),
        "cpu_seconds_late_thousand": _rounded(late),
        "late_thousand": list(stream.late()),
        "late_to_early": _rounded(late / early if early and late else None),
        "peak_memory_mb": round(stream.peak_memory / 1024**2),
        "lag_p50_ms": round(quantile(lags, 0.5) * 1000, 1),
        "lag_p95_ms": round(quantile(lags, 0.95) * 1000, 1),
        "box_p50_ms": round(quantile(boxes, 0.5) * 1000, 1),
        "box_p95_ms": round(quantile(boxes, 0.95) * 1000, 1),
    }


NAMES = {
    "workers": "worker processes",
    "ready_seconds": "start to ready, s",
    "articles": "articles related",
    "rejected": "articles rejected",
    "seconds": "time, s",
    "articles_per_second": "articles/s, end to end",
    "cpu_seconds": "CPU of all processes, s",
    "cpu_seconds_early_thousand": "CPU for articles 1,000-2,000, s",
    "cpu_seconds_late_thousand": "CPU for the last full thousand, s",
    "late_to_early": "last thousand / early thousand",
    "peak_memory_mb": "peak memory (PSS), MB",
    "lag_p50_ms": "lag of a single article, p50, ms",
    "lag_p95_ms": "lag of a single article, p95, ms",
    "box_p50_ms": "box over HTTP, p50, ms",
    "box_p95_ms": "box over HTTP, p95, ms",
    "engine_ms": "engine alone, 10,000 stored, CPU ms/article",
}


def _print_table(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, title in NAMES.items():
        value = figures[name]
        table.add_row(title, "–" if value is None else f"{value:,}")
    Console().print(table)


def _articles(file: Path | None) -> Iterator[dict[str, Any]]:
    if file is None:
        from themeline.cli.bench_stream import made_up_articles

        yield from made_up_articles(10**9)
        return
    from themeline.cli.sources import Entry, read_source

    for found in read_source(str(file)):
        if isinstance(found, Entry):
            yield found.fields


def _is_given(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source is not click.core.ParameterSource.DEFAULT


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
