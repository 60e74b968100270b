"""The commands and what they have in common: late imports, and failures in one line."""

import importlib
import sys
from collections.abc import Sequence

import click

from themeline.cli import __version__

# The name of each command, and its module; in the order of --help.
COMMANDS = {
    "demo": "demo",
    "up": "up",
    "ingest": "ingest",
    "feeds": "feed_command",
    "sources": "source_command",
    "related": "related",
    "explain": "explain",
    "trace": "trace",
    "quarantine": "quarantine",
    "evaluate": "evaluate",
    "fit": "fit",
    "reindex": "reindex",
    "bench": "bench",
    "doctor": "doctor",
    "test": "test",
}
INTERRUPTED = 130


class Commands(click.Group):
    """A group whose commands are imported when they are asked for, so that --version is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (as above)
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"themeline.cli.{COMMANDS[cmd_name]}")
        command: click.Command = module.command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="themeline")
def cli() -> None:
    """The service behind the box "More on theme": related articles and their times."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a failure that a person can mend is one line, without a traceback."""
    try:
        code = cli.main(args=arguments, prog_name="themeline", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_text:
        help_text.show()
        sys.exit(help_text.exit_code)
    except click.ClickException as error:
        click.echo(f"themeline: {_one_line(error)}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone: nothing is left to tell it.
        sys.stderr.close()
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _one_line(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split())
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message} See `{error.ctx.command_path} --help`."
    return message
