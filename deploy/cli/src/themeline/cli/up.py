"""`themeline up`: the whole system in the foreground."""

import time
from pathlib import Path

import click

from themeline.cli.errors import CommandError
from themeline.cli.options import system_options
from themeline.embedded.errors import EmbeddedError
from themeline.embedded.system import System, SystemOptions


@click.command("up", short_help="Run the whole system in the foreground.")
@system_options
def command(data_dir: Path, api_port: int, ingest_port: int, metrics_port: int, workers: int) -> None:
    """Run the whole system in the foreground, until Ctrl-C.

    It uses the servers named by THEMELINE_DATABASE_URL and THEMELINE_REDIS_URL where these are set, and
    servers of its own otherwise.
    """
    options = SystemOptions(
        data_dir=data_dir,
        api_port=api_port,
        ingest_port=ingest_port,
        metrics_port=metrics_port,
        workers=workers,
    )
    began = time.monotonic()

    def ready(system: System) -> None:
        seconds = time.monotonic() - began
        say(f"ready in {seconds:.1f} s: API {system.url('api')}/docs, ingest {system.url('ingest')}, Ctrl-C ends")

    try:
        System(options, say).run(ready)
    except EmbeddedError as error:
        raise CommandError(str(error)) from None


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)
