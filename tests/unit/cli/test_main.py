import subprocess
import sys

import pytest

COMMANDS = (
    "demo",
    "up",
    "ingest",
    "feeds",
    "sources",
    "related",
    "explain",
    "trace",
    "quarantine",
    "evaluate",
    "fit",
    "reindex",
    "bench",
    "doctor",
    "test",
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "themeline.cli", *arguments]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("arguments", [(), *((name,) for name in COMMANDS)])
def test_every_command_has_help(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: themeline")
    assert not done.stderr


def test_the_version_is_told_without_loading_a_library_of_weight() -> None:
    words = [sys.executable, "-X", "importtime", "-m", "themeline.cli", "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("themeline, version ")
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"sqlalchemy", "numpy", "celery", "fastapi", "pydantic", "wordllama", "aiohttp"}


def test_help_lists_every_command() -> None:
    listed = run("--help").stdout
    assert all(f"  {name} " in listed for name in COMMANDS)


def test_an_unknown_command_is_one_line() -> None:
    done = run("frobnicate")
    assert done.returncode == 2
    assert done.stderr == "themeline: No such command 'frobnicate'. See `themeline --help`.\n"
