"""`themeline ingest`: sends articles to a running system."""

import sys
from collections.abc import Iterable, Iterator

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from themeline.cli.pushing import Pusher, in_batches
from themeline.cli.services import ingest_url, make_client
from themeline.cli.sources import STANDARD_INPUT, Entry, Unreadable, read_source
from themeline.cli.tally import Tally

FAILED = 1


@click.command("ingest")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
def command(sources: tuple[str, ...]) -> int:
    """Send articles to a running system.

    SOURCE is a file (.jsonl, .json, also with .gz; a saved page as .txt or .html), a folder of such files,
    - for standard input, or the address of a page. The system is the one at THEMELINE_INGEST_URL.
    """
    tally = Tally()
    with make_client(ingest_url()) as client, progress() as shown:
        send(Pusher(client), sources, tally, shown)
    for line in tally.lines():
        click.echo(line)
    for line in tally.failures():
        click.echo(f"themeline: {line}", err=True)
    return 0 if tally.is_success else FAILED


def send(pusher: Pusher, sources: Iterable[str], tally: Tally, shown: Progress) -> None:
    """Send everything that the sources hold, counting into `tally`."""
    task = shown.add_task("sending", total=None)
    for batch in in_batches(_readable(sources, tally)):
        for line, result in pusher.push(batch):
            tally.add(line.entry.where, result)
        shown.update(task, completed=tally.sent)


def _readable(sources: Iterable[str], tally: Tally) -> Iterator[Entry]:
    for source in sources:
        if source == STANDARD_INPUT and sys.stdin is not None and sys.stdin.isatty():
            click.echo("themeline: reading articles from the terminal, Ctrl-D ends", err=True)
        for found in read_source(source):
            if isinstance(found, Unreadable):
                tally.add_unreadable(found)
            else:
                yield found


def progress() -> Progress:
    """A bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
