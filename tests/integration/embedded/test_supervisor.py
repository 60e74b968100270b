import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from support import wait_for
from themeline.embedded.errors import EmbeddedError
from themeline.embedded.inbox import SignalInbox
from themeline.embedded.process import Launch
from themeline.embedded.restarts import RestartPolicy
from themeline.embedded.supervisor import Child, StopAskedError, Supervisor
from themeline.embedded.watchdog import Watchdog

QUICK = RestartPolicy(first_wait=0.01, longest_wait=0.05, most_deaths=4, window=60)
SLEEPS = ("sleep", "1000")
# Ends only by SIGKILL, as a hanging service does.
STUBBORN = ("sh", "-c", "trap '' TERM; echo stubborn; while :; do sleep 1000; done")
# A worker with a child of its own, which is in the same session.
PARENT = ("sh", "-c", "sleep 1001 & echo $! ; wait")


@dataclass
class Ground:
    """A supervisor and what it said."""

    folder: Path
    inbox: SignalInbox
    supervisor: Supervisor
    said: list[str] = field(default_factory=list)

    def start(self, name: str, *argv: str, stage: int = 0, stop_seconds: float = 3.0) -> int:
        child = Child(name=name, prepare=lambda: Launch(argv=argv), stage=stage, stop_seconds=stop_seconds)
        return self.supervisor.start(child).pid

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def until_said(self, words: str) -> str:
        def find() -> str:
            self.supervisor.tend()
            return next((line for line in self.said if words in line), "")

        return wait_for(find, what=words)


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    with ExitStack() as stack:
        inbox = stack.enter_context(SignalInbox())
        watchdog = Watchdog()
        stack.callback(watchdog.close)
        said: list[str] = []
        supervisor = Supervisor(tmp_path, said.append, inbox, watchdog, QUICK)
        stack.callback(supervisor.stop)
        yield Ground(tmp_path, inbox, supervisor, said)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_killed_child_is_started_again_and_said_so(ground: Ground) -> None:
    first = ground.start("worker", *SLEEPS)
    os.kill(first, signal.SIGKILL)
    assert "worker was killed by signal 9; starting it again in 0.01 s" in ground.until_said("killed by signal 9")
    ground.supervisor.wait_until(
        lambda: ground.supervisor.processes()["worker"] != first, seconds=10, what="no new worker"
    )
    assert not is_gone(ground.supervisor.processes()["worker"])


def test_a_child_that_keeps_dying_is_given_up_with_its_last_words(ground: Ground) -> None:
    ground.start("worker", "sh", "-c", "echo no such table; exit 3")
    with pytest.raises(EmbeddedError, match=r"worker keeps dying: 4 times .* ended with code 3"):
        ground.supervisor.wait_until(lambda: False, seconds=10, what="nothing")
    assert "the last words of worker:" in ground.said
    assert "  no such table" in ground.said


def test_what_a_child_prints_is_kept_and_shown(ground: Ground) -> None:
    ground.start("worker", "sh", "-c", "echo something is odd; exec sleep 1000")
    assert ground.until_said("odd") == "[worker] something is odd"
    assert ground.log("worker") == "something is odd\n"


def test_children_end_in_the_order_of_their_stages(ground: Ground) -> None:
    for stage, name in enumerate(("first", "second", "third")):
        script = f"trap 'echo {name} >> {ground.folder}/order; exit 0' TERM; echo up; while :; do sleep 0.05; done"
        ground.start(name, "sh", "-c", script, stage=stage)
        ground.until_said(f"[{name}] up")
    ground.supervisor.stop()
    assert (ground.folder / "order").read_text().split() == ["first", "second", "third"]


def test_a_child_that_does_not_end_is_killed_in_its_time(ground: Ground) -> None:
    pid = ground.start("worker", *STUBBORN, stop_seconds=0.3)
    ground.until_said("stubborn")
    began = time.monotonic()
    ground.supervisor.stop()
    assert time.monotonic() - began < 3
    assert is_gone(pid)


def test_nothing_is_left_of_a_child_that_had_children(ground: Ground) -> None:
    ground.start("worker", *PARENT)
    grandchild = int(ground.until_said("[worker]").split()[-1])
    ground.supervisor.stop()
    wait_for(lambda: is_gone(grandchild))


def test_a_dead_childs_children_do_not_go_on(ground: Ground) -> None:
    pid = ground.start("worker", *PARENT)
    grandchild = int(ground.until_said("[worker]").split()[-1])
    os.kill(pid, signal.SIGKILL)
    ground.until_said("killed by signal 9")
    wait_for(lambda: is_gone(grandchild))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_asks_for_a_stop(ground: Ground, number: signal.Signals) -> None:
    ground.start("worker", *SLEEPS)
    os.kill(os.getpid(), number)
    ground.supervisor.run()
    assert ground.inbox.stop_asked


def test_a_stop_is_heard_while_the_system_is_starting(ground: Ground) -> None:
    ground.inbox.ask_stop()
    with pytest.raises(StopAskedError):
        ground.supervisor.wait_until(lambda: False, seconds=10, what="nothing")


def test_what_is_not_ready_in_time_is_an_error(ground: Ground) -> None:
    with pytest.raises(EmbeddedError, match="the API was not ready within 0 s"):
        ground.supervisor.wait_until(lambda: False, seconds=0.1, what="the API was not ready")


def test_a_program_that_runs_once_fails_with_its_last_words(ground: Ground) -> None:
    ground.supervisor.run_once("migrations", Launch(argv=("true",)))
    with pytest.raises(EmbeddedError, match="migrations failed: no such database"):
        ground.supervisor.run_once("migrations", Launch(argv=("sh", "-c", "echo no such database; exit 1")))


SUPERVISE = """
import pathlib, sys
from themeline.embedded.inbox import SignalInbox
from themeline.embedded.process import Launch, leash
from themeline.embedded.supervisor import Child, Supervisor
from themeline.embedded.watchdog import Watchdog
import signal
with SignalInbox() as inbox:
    watchdog = Watchdog()
    supervisor = Supervisor(pathlib.Path(sys.argv[1]), print, inbox, watchdog)
    for name, argv in {"leashed": [*leash(signal.SIGTERM), "sleep", "1002"],
                       "stubborn": ["sh", "-c", "trap '' TERM; sleep 1003; sleep 1003"]}.items():
        supervisor.start(Child(name=name, prepare=lambda argv=argv: Launch(argv=argv)))
    print(*supervisor.processes().values(), watchdog._process.pid, flush=True)
    supervisor.run()
    supervisor.stop()
    watchdog.close()
"""


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    words = [sys.executable, "-c", SUPERVISE, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        yield process, pids
        process.kill()


def test_a_killed_supervisor_leaves_nothing_behind(supervise: tuple[subprocess.Popen[str], list[int]]) -> None:
    process, pids = supervise
    process.kill()
    process.wait()
    wait_for(lambda: all(is_gone(pid) for pid in pids), what=f"end of {pids}")


def test_a_stopped_supervisor_leaves_nothing_behind(supervise: tuple[subprocess.Popen[str], list[int]]) -> None:
    process, pids = supervise
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert all(is_gone(pid) for pid in pids)
