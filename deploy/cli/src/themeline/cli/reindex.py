"""`themeline reindex`: changes the encoder of a running system."""

from pathlib import Path

import click

from themeline.cli.errors import CommandError
from themeline.cli.options import default_data_dir
from themeline.cli.where import find_system

ENCODERS = ("lexical", "static", "minilm", "multilingual", "http")


@click.command("reindex", short_help="Change the encoder, in the background.")
@click.option("--encoder", type=click.Choice(ENCODERS), help="What makes vectors; default: as THEMELINE_ENCODER says.")
@click.option("--rescore", is_flag=True, help="Score the stored relations again, too.")
@click.option("--status", is_flag=True, help="Say how far it is, and change nothing.")
@click.option("--cancel", is_flag=True, help="Give up the encoder that is being filled.")
@click.option("--wait", is_flag=True, help="Wait for the end, off a terminal too.")
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=default_data_dir,
    show_default=".themeline",
    help="The data folder of the running system.",
)
def command(encoder: str | None, data_dir: Path, **flags: bool) -> int:
    """Have the vectors of all articles made by another encoder, while the old vectors serve.

    The workers do it behind all articles that wait; Ctrl-C stops watching, not the work. Set THEMELINE_ENCODER to
    the same name before the next start.
    """
    from themeline.related.reindex import main

    here = find_system(data_dir)
    if not (here.database_url and here.redis_url):
        raise CommandError(f"no system runs from {data_dir}: start one with `./themeline up`, or name its --data-dir")
    arguments = [f"--{name}" for name, is_set in flags.items() if is_set]
    arguments += ["--encoder", encoder] if encoder else []
    return main(arguments, (here.database_url, here.redis_url))
