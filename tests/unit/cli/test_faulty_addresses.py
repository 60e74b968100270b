"""What a person may get wrong about an address is told in one line."""

import subprocess
import sys
from pathlib import Path

import pytest

from systems import plain_environment


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "themeline.cli", *arguments]
    environment = plain_environment() | variables
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60, env=environment)


@pytest.mark.parametrize("url", ["http://[::", "nonsense", "http://127.0.0.1:1"])
@pytest.mark.parametrize("article", ["an-article", "\udcff"])
def test_an_unusable_address_of_the_api_is_one_line(url: str, article: str) -> None:
    done = run("related", article, THEMELINE_API_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("themeline: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"THEMELINE_DATABASE_URL": "postgresql+psycopg://user:secret@host:port/name"},
        {"THEMELINE_DATABASE_URL": "postgresql+psycopg://user:secret@127.0.0.1:1/name"},
        {"THEMELINE_REDIS_URL": "nonsense"},
        {"THEMELINE_LOG_LEVEL": "loud"},
    ],
)
def test_the_doctor_names_the_faulty_setting_and_shows_no_password(settings: dict[str, str]) -> None:
    done = run("doctor", **settings)
    assert done.returncode == 1
    assert not done.stderr
    assert "FAULT  configuration" in done.stdout or "FAULT  database" in done.stdout
    assert "secret" not in done.stdout


def test_a_lock_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    done = run("up", "--data-dir", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(f"themeline: {tmp_path}/lock cannot be written")
    assert done.stderr.count("\n") == 1
