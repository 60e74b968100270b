"""The failures of commands: one line, and an exit code."""

import click


class CommandError(click.ClickException):
    """A command could not do its work; the message says what, why and what to do."""

    exit_code = 1
