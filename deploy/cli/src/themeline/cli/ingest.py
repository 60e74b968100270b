"""`themeline ingest`: sends articles to a running system."""

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from themeline.cli.errors import CommandError
from themeline.cli.ingest_bookmark import Bookmark, BookmarkFile
from themeline.cli.ingest_plan import ARCHIVE_BYTES, Plan, make_plan
from themeline.cli.ingest_progress import Pace, Shown, duration
from themeline.cli.ingest_rejected import MOST_UNASKED_BYTES, RejectedFile
from themeline.cli.ingest_run import ForgottenError, Push, Run, unsent
from themeline.cli.options import default_data_dir
from themeline.cli.pushing import Pusher
from themeline.cli.services import ingest_url, make_client
from themeline.cli.sources import STANDARD_INPUT, Reading
from themeline.cli.tally import Tally
from themeline.ingest.core.csvfiles import NAMES as FIELDS

FAILED = 1
INTERRUPTED = 130
# Fewer are sent in a moment, of which a rate says nothing.
WORTH_TIMING = 1_000

EXAMPLES = """
\b
Examples:
  themeline ingest articles.jsonl.gz              an archive; run it again if it was interrupted
  themeline ingest --dry-run export.csv           read and check only
  themeline ingest --columns title=Titel,url=Link --source "Daily Courier" export.csv
  themeline ingest --priority backfill wordpress.xml pages/
  themeline ingest --rejected bad.jsonl big.jsonl && themeline ingest bad.jsonl
  zcat old.jsonl.gz | themeline ingest -
"""


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    sources: tuple[str, ...]
    how: Reading
    rejected: Path | None
    dry_run: bool
    from_start: bool


def _columns(ctx: click.Context, parameter: click.Parameter, text: str | None) -> Mapping[str, str] | None:
    """`field=Column,field=Column` as a mapping."""
    if text is None:
        return None
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    for field, sign, _ in pairs:
        if not sign or field.strip() not in FIELDS:
            known = ", ".join(FIELDS)
            raise click.BadParameter(f"{field.strip()!r} is not FIELD=COLUMN; fields are {known}.", ctx, parameter)
    return {field.strip(): column.strip() for field, _, column in pairs}


@click.command("ingest", epilog=EXAMPLES)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option("--source", "publisher", metavar="NAME", help="The publisher of articles that name none.")
@click.option(
    "--priority",
    type=click.Choice(["fresh", "backfill"]),
    help=f"Of articles that name none. Default: backfill (they wait for fresh ones) when the files have more than "
    f"{ARCHIVE_BYTES // 1024**2} MB, else fresh.",
)
@click.option(
    "--columns",
    callback=_columns,
    metavar="FIELD=COLUMN,…",
    help="The columns of a CSV file whose names do not tell what they are.",
)
@click.option(
    "--rejected",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where rejected articles are kept, with the reasons. Default: a file in .themeline/ingest.",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, send nothing.")
@click.option("--from-start", is_flag=True, help="Do not continue where an interrupted run stopped.")
def command(
    sources: tuple[str, ...],
    publisher: str | None,
    priority: str | None,
    columns: Mapping[str, str] | None,
    rejected: Path | None,
    *,
    dry_run: bool,
    from_start: bool,
) -> int:
    """Send articles to a running system.

    SOURCE is a file (.jsonl, .json, .csv, .tsv, a WordPress export as .xml, all also with .gz; a saved page as .txt or
    .html), a folder of such files, - for standard input, or the address of a page. The system is the one at
    THEMELINE_INGEST_URL.

    What was sent before and is sent again changes nothing. The same command continues where an interrupted one
    stopped.
    """
    _refuse_to_overwrite(rejected, sources)
    options = Options(sources, Reading(publisher, priority, columns), rejected, dry_run, from_start)
    plan = make_plan(sources, options.how, ingest_url())
    if priority is None and plan.is_archive:
        options = replace(options, how=replace(options.how, priority="backfill"))
        if not dry_run:
            say("this is an archive: its articles wait for fresh ones (--priority fresh changes that)")
    if STANDARD_INPUT in sources and sys.stdin is not None and sys.stdin.isatty():
        say("reading articles from the terminal, Ctrl-D ends")
    with _push(options) as (push, shown):
        shown.pace = Pace(plan.size)
        return _run(push, shown, plan, options)


def send(pusher: Pusher, sources: Sequence[str], tally: Tally, shown: Shown) -> None:
    """Send everything that the sources hold, counting into `tally`; remember nothing of it."""
    Run(pusher.push, tally, shown).send(sources)


def progress() -> Shown:
    """A bar on a terminal, a line now and then elsewhere."""
    return Shown()


def say(text: str) -> None:
    click.echo(f"themeline: {text}", err=True)


@contextlib.contextmanager
def _push(options: Options) -> Iterator[tuple[Push, Shown]]:
    with progress() as shown:
        if options.dry_run:
            yield unsent, shown
            return
        with make_client(ingest_url()) as client:
            yield Pusher(client, shown.waiting).push, shown


def _run(push: Push, shown: Shown, plan: Plan, options: Options) -> int:
    bookmarks = BookmarkFile(None if options.dry_run else _kept(plan, "json"), plan.fingerprint)
    earlier = None if options.from_start else bookmarks.load()
    try:
        run = _make_run(push, shown, plan, options, bookmarks, earlier)
        return _finish(run, options)
    except ForgottenError:
        say("the system does not hold what was sent to it before: reading again from the start")
        return _finish(_make_run(push, shown, plan, options, bookmarks, None), options)


def _make_run(
    push: Push, shown: Shown, plan: Plan, options: Options, bookmarks: BookmarkFile, earlier: Bookmark | None
) -> Run:
    path = options.rejected
    if path is None and not options.dry_run:
        path = _kept(plan, "rejected.jsonl") or _folder() / f"input-{os.getpid()}.rejected.jsonl"
    most = None if options.rejected else MOST_UNASKED_BYTES
    if earlier is not None:
        say(f"continuing after {earlier.where}; --from-start reads everything again")
    kept = RejectedFile(path, most_bytes=most, appends=earlier is not None)
    return Run(push, Tally(), shown, kept, bookmarks, earlier)


def _finish(run: Run, options: Options) -> int:
    """Send everything, and tell what became of it, however it ends."""
    try:
        run.send(options.sources, options.how)
    except (CommandError, KeyboardInterrupt) as error:
        run.shown.stop()
        if run.reached is not None:
            _tell(run)
            say(f"stopped after {run.reached.where}; the same command continues there")
        if isinstance(error, CommandError):
            raise
        return INTERRUPTED
    finally:
        run.rejected.close()
    run.shown.stop()
    _tell(run)
    for line in run.tally.failures():
        say(line)
    return 0 if run.tally.is_success else FAILED


def _tell(run: Run) -> None:
    for line in run.tally.lines():
        click.echo(line)
    pace = run.shown.pace
    if pace.articles >= WORTH_TIMING:
        click.echo(f"  in {duration(pace.seconds)}, {pace.rate:,.0f} articles/s")
    if run.rejected.path is not None:
        click.echo(f"  rejected articles: {run.rejected.path} (mend them there, and send that file)")
    if run.rejected.left_out:
        click.echo(f"  {run.rejected.left_out:,} more were rejected than are kept there: name a file with --rejected")
    if run.bookmarks.failure is not None:
        say(f"an interrupted run could not be continued: {run.bookmarks.failure}")


def _folder() -> Path:
    return default_data_dir() / "ingest"


def _kept(plan: Plan, ending: str) -> Path | None:
    return _folder() / f"{plan.name}.{ending}" if plan.name is not None else None


def _refuse_to_overwrite(rejected: Path | None, sources: Sequence[str]) -> None:
    if rejected is None:
        return
    path = rejected.resolve()
    for source in sources:
        if source and Path(source).resolve() in (path, *path.parents):
            raise click.UsageError(f"--rejected {rejected} would be written into what is read: name another place.")
