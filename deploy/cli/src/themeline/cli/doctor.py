"""`themeline doctor`: looks at everything a system needs, and says what to do about each fault."""

from collections.abc import Iterator
from pathlib import Path

import click

from themeline.cli.findings import Finding
from themeline.cli.options import default_data_dir
from themeline.cli.where import Whereabouts, find_system


@click.command("doctor", short_help="Check everything, and say what to mend.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=default_data_dir,
    show_default=".themeline",
    help="The data folder of the system to look at.",
)
def command(data_dir: Path) -> int:
    """Check configuration, servers, migrations, queues and clocks, and say what to do about each fault."""
    faults = 0
    for finding in examine(data_dir):
        faults += finding.is_fault
        for line in finding.lines():
            click.echo(line)
    click.echo(f"{faults} {'fault' if faults == 1 else 'faults'}" if faults else "no faults")
    return 1 if faults else 0


def examine(data_dir: Path) -> Iterator[Finding]:
    """Yield the findings as they are made."""
    from themeline.cli.check_machine import check_configuration, check_disk, check_encoder, check_services

    yield from check_configuration()
    yield check_encoder()
    yield check_disk(data_dir)
    here = find_system(data_dir)
    yield _running(here, data_dir)
    yield from check_services()
    yield from _servers(here)


def _running(here: Whereabouts, data_dir: Path) -> Finding:
    if here.pid is not None:
        return Finding("system", f"runs from {data_dir} (process {here.pid})")
    if here.database_url and here.redis_url:
        return Finding("system", "the environment names the servers")
    return Finding("system", f"none runs from {data_dir}", "start one with `./themeline up`, or name its --data-dir")


def _servers(here: Whereabouts) -> Iterator[Finding]:
    from themeline.cli.check_database import check_database
    from themeline.cli.check_redis import check_redis

    if here.database_url:
        yield from check_database(here.database_url)
    if here.redis_url:
        yield from check_redis(here.redis_url)
