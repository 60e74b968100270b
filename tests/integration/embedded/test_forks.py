"""The fork server: modules run as programs of their own, and never outlive it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from support import wait_for
from themeline.embedded.forks import Forked, ForkServer, NoForkServerError
from themeline.embedded.forkserver import LARGEST_ORDER

TELLER = """
import os, sys
print(os.environ["WORD"], os.getsid(0) == os.getpid(), len(sys.argv), __name__, sorted(os.environ)[-1], flush=True)
sys.exit(int(os.environ["CODE"]))
"""
SLEEPER = "import time\nprint('asleep', flush=True)\ntime.sleep(600)\n"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output.log"


@pytest.fixture
def forks(tmp_path: Path, output: Path) -> Iterator[ForkServer]:
    (tmp_path / "teller.py").write_text(TELLER)
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    variables = os.environ | {"PYTHONPATH": str(tmp_path), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    with output.open("wb") as log:
        server = ForkServer(variables, log)
    yield server
    server.close()


def start(forks: ForkServer, output: Path, module: str, **variables: str) -> Forked:
    with output.open("ab") as log:
        return forks.spawn(module, variables, log)


def start_sleeper(forks: ForkServer, output: Path) -> Forked:
    sleeper = start(forks, output, "sleeper")
    wait_for(lambda: "asleep" in output.read_text())
    return sleeper


def test_a_module_runs_as_main_in_its_own_session_with_the_environment_it_was_given(
    forks: ForkServer, output: Path
) -> None:
    teller = start(forks, output, "teller", WORD="hello", CODE="0")
    assert teller.wait(10) == 0
    assert output.read_text() == "hello True 1 __main__ WORD\n"


def test_exit_codes_are_told_whatever_the_order_of_asking(forks: ForkServer, output: Path) -> None:
    tellers = [start(forks, output, "teller", WORD="x", CODE=str(code)) for code in (3, 4, 5)]
    assert [teller.wait(10) for teller in reversed(tellers)] == [5, 4, 3]
    assert tellers[0].poll() == 3


def test_a_module_that_is_missing_ends_with_an_error_and_its_reason(forks: ForkServer, output: Path) -> None:
    assert start(forks, output, "no_such_module").wait(10) == 1
    assert "no_such_module" in output.read_text()


def test_a_service_is_seen_under_its_own_name_and_a_signal_that_killed_it_is_told(
    forks: ForkServer, output: Path
) -> None:
    sleeper = start_sleeper(forks, output)
    assert sleeper.poll() is None
    assert psutil.Process(sleeper.pid).cmdline()[0] == "sleeper"
    sleeper.send_signal(signal.SIGKILL)
    assert sleeper.wait(10) == -signal.SIGKILL


def test_waiting_for_a_service_that_goes_on_has_an_end(forks: ForkServer, output: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        start_sleeper(forks, output).wait(0.05)


def test_services_do_not_outlive_a_killed_fork_server(forks: ForkServer, output: Path) -> None:
    sleeper = start_sleeper(forks, output)
    os.kill(forks.pid, signal.SIGKILL)
    assert sleeper.wait(10) == -signal.SIGTERM
    with pytest.raises(NoForkServerError):
        start(forks, output, "sleeper")


def test_an_environment_that_is_too_large_is_refused(forks: ForkServer, output: Path) -> None:
    with pytest.raises(NoForkServerError, match="too large"):
        start(forks, output, "sleeper", LARGE="x" * LARGEST_ORDER)
