"""The fixtures of this tier: a whole system with the bundled sample, as `./themeline demo` leaves it."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from servers import server_folder
from support import wait_for
from systems import RunningSystem, command_line, running_system
from themeline.cli.demo import SAMPLE
from themeline.cli.services import get_json, make_client

__all__ = ["server_folder"]


@pytest.fixture(scope="session")
def system(server_folder: Path) -> Iterator[RunningSystem]:
    """One system for all documents; their examples do not disturb each other."""
    with running_system(server_folder / "documents") as system:
        sample = files("themeline.embedded") / "sample"
        sent = command_line("ingest", *(str(sample / name) for name in SAMPLE), **system.urls)
        assert sent.returncode == 0, sent.stderr
        wait_until_related(system)
        yield system


def wait_until_related(system: RunningSystem) -> None:
    with make_client(system.api_url) as api:
        wait_for(lambda: not get_json(api, "/v1/articles", state="pending", limit=1)["items"], timeout=90.0)
