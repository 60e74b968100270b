"""Starting a program on a leash, and ending it.

Every program runs in a session of its own, so that Ctrl-C on the terminal reaches the supervisor alone
and the supervisor decides the order; and it is told to end when the process that started it dies.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

# How often a condition is looked at: short against the 40 ms in which Valkey starts.
POLL_SECONDS = 0.005


class Process(Protocol):
    """A process that runs, as `subprocess.Popen` shows it."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, number: int, /) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What to run, as whom, and the signal that makes it end in order.

    `module` names what `argv` runs where that is a Python module: a fork server can start it faster.
    """

    argv: Sequence[str]
    module: str | None = None
    env: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    uid: int | None = None
    gid: int | None = None


def spawn(launch: Launch, output: int | IO[bytes] | None) -> subprocess.Popen[bytes]:
    """Start a program in its own session, its output and errors going to `output`."""
    return subprocess.Popen(
        launch.argv,
        env=launch.env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=launch.uid,
        group=launch.gid,
        extra_groups=None if launch.gid is None else [],
    )


def leash(stop_signal: signal.Signals) -> list[str]:
    """The words put before a command so that it gets `stop_signal` when its parent dies.

    A program rather than preexec_fn, which is unsafe beside threads. Where util-linux is missing
    the supervisor's watchdog still ends what is left.
    """
    program = shutil.which("setpriv") if sys.platform == "linux" else None
    return [program, "--pdeathsig", stop_signal.name.removeprefix("SIG"), "--"] if program else []


def stop(process: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> int:
    """End a program: send each signal and wait its seconds, in the end kill it; return its exit code."""
    for number, seconds in steps:
        if process.poll() is not None:
            break
        process.send_signal(number)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    kill_group(process.pid)
    return process.wait()


def kill_group(pid: int) -> None:
    """Kill what is left of the session that `pid` leads."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def belongs_to(pid: int, folder: Path) -> bool:
    """Whether process `pid` lives and was started for this folder (its command line names it)."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return any(os.fsencode(folder) in word for word in words)


def end_leftover(pid: int, folder: Path, seconds: float = 10.0) -> None:
    """End a server that an earlier, killed supervisor left behind on this folder."""
    deadline = time.monotonic() + seconds
    number = signal.SIGTERM
    while belongs_to(pid, folder):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        time.sleep(POLL_SECONDS * 10)
        if time.monotonic() > deadline:
            number = signal.SIGKILL


def last_words(log: Path) -> str:
    """The last line of a log, for a message about a program that ended."""
    try:
        lines = log.read_text(errors="replace").strip().splitlines()
    except FileNotFoundError:
        lines = []
    return lines[-1] if lines else "it said nothing"
