"""`themeline bench engine`: CPU an article costs in each stage of the engine, with many articles stored."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from themeline.cli.bench_engine_cost import Cost, Plan
from themeline.cli.errors import CommandError

if TYPE_CHECKING:
    from themeline.cli.bench_news import MadeUp

QUICK = 10_000
"""Articles stored when the engine is measured beside the whole system."""


class Sizes(click.ParamType[tuple[int, ...]]):
    """Whole numbers with commas between them, ascending."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            sizes = tuple(sorted({int(part) for part in str(value).split(",")}))
        except ValueError:
            sizes = ()
        if not sizes or sizes[0] < 1:
            self.fail(f"{value!r} is no list of numbers: write 10000,100000", param, ctx)
        return sizes


@click.command("engine", short_help="CPU an article costs, stage by stage.")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--stored", type=Sizes(), default="10000,100000", show_default=True, help="Articles stored before.")
@click.option("--articles", type=click.IntRange(1), default=1_024, show_default=True, help="How many are measured.")
@click.option("--batch", type=click.IntRange(1, 64), default=64, show_default=True, help="Articles in one message.")
@click.option(
    "--candidates",
    type=click.IntRange(3),
    help="Most candidates of an article in the engine alone; default: the service's.",
)
@click.option("--service/--no-service", default=True, help="Also measure the service with its database.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(
    file: Path | None,
    stored: tuple[int, ...],
    articles: int,
    batch: int,
    candidates: int | None,
    *,
    service: bool,
    as_json: bool,
) -> None:
    """Measure what an article costs: text in, relations and assignments out.

    First the engine alone in this process, then what a worker does, with an embedded PostgreSQL. Articles are made
    up, or those of FILE (JSON Lines). CPU time, not time by the clock.
    """
    # Idle threads of the numerical library spin, and would be counted; read when it is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    plan = Plan(stored, articles, batch, candidates)
    alone = measure_alone(file, plan)
    figures: dict[str, Any] = {"batch": batch, "engine": _figures(stored, alone)}
    if service:
        figures["service"] = _figures(stored, _measure_service(file, plan))
    if as_json:
        click.echo(json.dumps(figures, indent=2))
    else:
        _print(figures)


def measure_alone(file: Path | None, plan: Plan) -> list[Cost]:
    """The engine in this process."""
    with _needs_services():
        from themeline.cli.bench_engine_core import measure
        from themeline.related.encoders import static_encoder
    with _progress("engine", plan.sizes[-1]) as advance:
        return measure(static_encoder(), _news(file), plan, advance)


def _measure_service(file: Path | None, plan: Plan) -> list[Cost]:
    """The worker's use case on a PostgreSQL of its own."""
    with _needs_services():
        from themeline.cli.bench_engine_service import measure
        from themeline.embedded.identity import server_identity
    with (
        tempfile.TemporaryDirectory(prefix="themeline-bench-") as folder,
        _progress("service", plan.sizes[-1]) as advance,
    ):
        server_identity().admit(Path(folder))
        return measure(Path(folder), _news(file), plan, advance)


def quick_figure() -> float:
    """CPU milliseconds an article costs the engine alone, without its search."""
    (cost,) = measure_alone(None, Plan((QUICK,), 512, 64))
    return round(cost.total, 3)


class _needs_services:  # noqa: N801 (reads as the statement it is)
    """Says how to run the bench where a service is not installed."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ModuleNotFoundError):
            raise CommandError(f"{error.name} is missing: run the bench as `./themeline bench`") from None


def _news(file: Path | None) -> "Iterator[MadeUp]":
    from themeline.cli.bench_news import MadeUp, Newswire

    if file is None:
        yield from Newswire().articles(10**9)
        return
    from themeline.cli.sources import Entry, read_source
    from themeline.shared.core.timestamps import parse_timestamp

    for number, found in enumerate(read_source(str(file))):
        if isinstance(found, Entry):
            read = parse_timestamp(str(found.fields.get("published") or ""))
            at = read.at if read else datetime(2000, 1, 1, tzinfo=UTC)
            yield MadeUp(found.fields["title"], found.fields.get("text") or "", at, 0, number, number)
    raise CommandError(f"{file} holds too few articles: give smaller numbers to --stored and --articles")


class _progress:  # noqa: N801 (reads as the statement it is)
    """A bar on a terminal while articles are stored; nothing elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        from rich.progress import Progress

        self._bar = Progress(transient=True, disable=not sys.stderr.isatty(), console=_stderr())
        self._task = self._bar.add_task(f"storing articles ({what})", total=total)

    def __enter__(self) -> Callable[[int], None]:
        self._bar.start()
        return lambda number: self._bar.update(self._task, completed=number)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _stderr() -> Any:
    from rich.console import Console

    return Console(stderr=True)


def _figures(stored: Sequence[int], costs: "Sequence[Cost]") -> list[dict[str, Any]]:
    return [{"stored": size, **cost.figures()} for size, cost in zip(stored, costs, strict=True)]


def _print(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    for part, title in (("engine", "the engine alone"), ("service", "a worker and PostgreSQL")):
        found = figures.get(part)
        if not found:
            continue
        Console().print(f"{title}: CPU ms an article, batches of {figures['batch']}")
        table = Table(box=None)
        table.add_column("articles stored")
        for one in found:
            table.add_column(f"{one['stored']:,}", justify="right")
        for stage in found[0]["stages"]:
            table.add_row(stage, *(_cell(one["stages"][stage]) for one in found))
        for name in ("total", "search", "postgresql", "postgresql_background", "candidates", "relations"):
            if name in found[0]:
                table.add_row(name.replace("_", ", "), *(_cell(one[name]) for one in found))
        Console().print(table)


def _cell(value: float | list[float]) -> str:
    return " + ".join(f"{part:.2f}" for part in value) if isinstance(value, list) else f"{value:,.2f}"
