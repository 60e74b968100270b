"""Options that several commands share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

PORT = click.IntRange(1, 65535)

encoder_option = click.option(
    "--encoder",
    envvar="THEMELINE_ENCODER",
    metavar="NAME",
    help="lexical, static, minilm, multilingual or http; default: static.",
)


def default_data_dir() -> Path:
    """`.themeline` beside the script, whatever the working directory is."""
    return Path(os.environ.get("THEMELINE_PROJECT", ".")) / ".themeline"


def system_options(command: F) -> F:
    """Add the options that say where the system keeps its data and on which ports it answers."""
    for option in reversed(
        (
            click.option(
                "--data-dir",
                type=click.Path(path_type=Path, file_okay=False),
                default=default_data_dir,
                show_default=".themeline",
                help="Where the embedded servers keep their data.",
            ),
            click.option("--api-port", type=PORT, default=8000, show_default=True, help="Port of the API."),
            click.option(
                "--ingest-port", type=PORT, default=8001, show_default=True, help="Port of the ingest service."
            ),
            click.option(
                "--metrics-port",
                type=PORT,
                default=8002,
                show_default=True,
                help="Port of the workers' metrics.",
            ),
            click.option(
                "--workers",
                type=click.IntRange(1, 256),
                default=2,
                show_default=True,
                metavar="N",
                help="Processes that relate articles.",
            ),
        )
    ):
        command = option(command)
    return command
