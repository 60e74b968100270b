"""The script that every container of ours starts with."""

import subprocess
from pathlib import Path

from repository import ROOT

SHOW = 'printf "%s" "${THEMELINE_DATABASE_URL:-unset}"'


def enter(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "deploy/entrypoint", "sh", "-c", command],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    secret = tmp_path / "database_url"
    secret.write_text("postgresql+psycopg://api:p%40ss'\"$word@postgres/themeline", encoding="utf-8")
    assert enter(SHOW, THEMELINE_DATABASE_URL_FILE=str(secret)).stdout == secret.read_text(encoding="utf-8")


def test_a_value_given_directly_is_kept() -> None:
    assert enter(SHOW, THEMELINE_DATABASE_URL="given").stdout == "given"
    assert enter(SHOW).stdout == "unset"


def test_a_secret_that_cannot_be_read_stops_the_start_and_is_named() -> None:
    result = enter(SHOW, THEMELINE_DATABASE_URL_FILE="/nowhere/url")
    assert result.returncode == 78
    assert result.stdout == ""
    assert result.stderr == ("themeline-run: THEMELINE_DATABASE_URL_FILE names /nowhere/url, which cannot be read\n")


def test_metrics_of_an_earlier_run_are_removed_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "counter_1.db").touch()
    (folder / "notes").touch()
    assert enter("true", PROMETHEUS_MULTIPROC_DIR=str(folder)).returncode == 0
    assert [path.name for path in folder.iterdir()] == ["notes"]


def test_the_metrics_folder_is_made_where_it_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "metrics"
    assert enter("true", PROMETHEUS_MULTIPROC_DIR=str(folder)).returncode == 0
    assert folder.is_dir()


def test_the_command_takes_the_place_of_the_script_and_its_exit_code_counts() -> None:
    assert enter("exit 3").returncode == 3
