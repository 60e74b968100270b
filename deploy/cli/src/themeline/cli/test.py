"""`themeline test`: the whole test suite."""

import os
import sys
from pathlib import Path

import click

from themeline.cli.errors import CommandError

# As many as the smallest machine has processors; tests wait for processes more than they compute.
PROCESSES = 2


@click.command(
    "test",
    short_help="Run the whole test suite with real servers.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST ARGUMENTS]")
@click.pass_context
def command(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Run the whole test suite with real servers; arguments are passed to pytest.

    What needs a program that Python cannot bring is skipped with its reason, and fails when CI is set.
    """
    if arguments[:1] in (("--help",), ("-h",)):
        click.echo(ctx.get_help())
        return
    project = os.environ.get("THEMELINE_PROJECT")
    if not project:
        raise CommandError("the tests are run from a checkout: use its script, ./themeline test")
    here = Path.cwd()
    words = [sys.executable, "-m", "pytest", *_parallel(arguments), *(_from(here, word) for word in arguments)]
    os.chdir(project)
    os.execv(sys.executable, words)  # noqa: S606 (pytest's exit code and signals are then this command's)


def _parallel(arguments: tuple[str, ...]) -> list[str]:
    """Two test processes, unless the caller says how many or wants to debug."""
    chosen = any(word.startswith(("-n", "--numprocesses", "--pdb")) for word in arguments)
    return [] if chosen else ["-n", str(PROCESSES)]


def _from(here: Path, word: str) -> str:
    """A path of the caller's working directory, for pytest, which runs in the project's."""
    path, separator, test = word.partition("::")
    return f"{here / path}{separator}{test}" if path and (here / path).exists() else word
