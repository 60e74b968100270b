import json
import signal
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from support import free_port, wait_for
from systems import RunningSystem, command_line, running_system, start_system

ARTICLE = {"source": "Test Wire", "title": "Bridge closed after flood", "url": "https://wire.example/1", "text": "…"}


def is_ready(system: RunningSystem) -> bool:
    return all(httpx.get(f"{url}/readyz").is_success for url in (system.api_url, system.ingest_url))


@pytest.fixture(scope="module")
def system(server_folder: Path) -> Iterator[RunningSystem]:
    """A system that tests only look at."""
    with running_system(server_folder / "looked-at", "--workers", "1") as running:
        yield running


def test_up_survives_a_crash_of_each_child_and_keeps_data_over_a_restart(server_folder: Path) -> None:
    with running_system(server_folder / "kept") as system:
        assert is_ready(system)
        answer = httpx.post(f"{system.ingest_url}/v1/articles", json=ARTICLE).json()
        for module in ("themeline.api", "themeline.related", "postgres"):
            crash(system, module)
        system.child("themeline.embedded.forkserver").kill()
        system.wait_said("relay was killed by signal 15; starting it again")
        wait_for(lambda: answers(system), 60, what="readiness after crashes")
        assert no_one_else_may_enter(system.data_dir)
        assert_ends(system, signal.SIGTERM, 0)
    with running_system(server_folder / "kept") as system:
        again = httpx.post(f"{system.ingest_url}/v1/articles", json=ARTICLE).json()
        assert again["results"][0] == answer["results"][0] | {"status": "unchanged"}
        assert_ends(system, signal.SIGINT, 0)


def test_nothing_is_left_of_a_system_whose_supervisor_is_killed(server_folder: Path) -> None:
    with running_system(server_folder / "killed") as system:
        assert_ends(system, signal.SIGKILL, -signal.SIGKILL)


def assert_ends(system: RunningSystem, number: signal.Signals, code: int) -> None:
    """A signal ends every process within the time that is promised."""
    processes = system.processes()
    assert len(processes) > 8
    began = time.monotonic()
    assert system.stop(number) == code
    wait_for(lambda: not any(process.is_running() for process in processes), 10, what="every process gone")
    assert time.monotonic() - began < 15


def crash(system: RunningSystem, module: str) -> None:
    system.child(module).kill()
    name = {"postgres": "postgresql"}.get(module, module.rpartition(".")[2])
    system.wait_said(f"{name} was killed by signal 9; starting it again")


def answers(system: RunningSystem) -> bool:
    try:
        return is_ready(system)
    except httpx.HTTPError:
        return False


def no_one_else_may_enter(folder: Path) -> bool:
    return stat.S_IMODE(folder.stat().st_mode) & 0o007 == 0


def test_a_second_up_on_the_same_folder_is_refused(system: RunningSystem) -> None:
    refused = start_system(system.data_dir)
    assert refused.process.wait(30) != 0
    message = wait_for(lambda: refused.said)[-1]
    assert str(system.data_dir) in message
    assert str(system.process.pid) in message
    assert is_ready(system)


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        system = start_system(tmp_path / "data", ports=(free_port(), port, free_port()))
        assert system.process.wait(30) != 0
        assert len(wait_for(lambda: system.said)) == 1
        assert f"port {port}, for the ingest service, is taken" in system.said[0]
        assert "--ingest-port" in system.said[0]
        assert not (tmp_path / "data" / "postgres").exists()


def test_a_database_that_is_away_stops_up_with_one_clear_line(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://someone:secret@127.0.0.1:{free_port()}/none"
    system = start_system(tmp_path / "data", variables={"THEMELINE_DATABASE_URL": url})
    assert system.process.wait(60) != 0
    last = wait_for(lambda: system.said)[-1]
    assert "migrations failed" in last
    assert "secret" not in " ".join(system.said)
    assert "Traceback" not in " ".join(system.said)


def test_the_servers_of_the_environment_are_used(server_folder: Path, database_url: str, redis_url: str) -> None:
    variables = {"THEMELINE_DATABASE_URL": database_url, "THEMELINE_REDIS_URL": redis_url}
    with running_system(server_folder / "external", variables=variables) as system:
        assert is_ready(system)
        assert not (system.data_dir / "postgres").exists()
        state = json.loads((system.data_dir / "state.json").read_text())
        assert state["THEMELINE_DATABASE_URL"] == database_url


def test_the_doctor_finds_a_running_system_well_and_names_what_is_wrong(system: RunningSystem) -> None:
    well = command_line("doctor", "--data-dir", str(system.data_dir), **system.urls)
    assert (well.returncode, well.stdout.splitlines()[-1]) == (0, "no faults")
    typo = command_line("doctor", "--data-dir", str(system.data_dir), THEMELINE_WROKERS="3", **system.urls)
    assert typo.returncode == 1
    assert "did you mean THEMELINE_WORKERS?" in typo.stdout


def test_the_doctor_says_how_to_start_what_does_not_run(tmp_path: Path) -> None:
    done = command_line("doctor", "--data-dir", str(tmp_path), THEMELINE_API_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "./themeline up" in done.stdout
