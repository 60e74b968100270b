"""Whole systems for end-to-end tests: `up` as a process of its own, on free ports."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from support import free_port, wait_for

# Generous: the machines of CI share two processors among everything.
READY_SECONDS = 120.0
STOP_SECONDS = 15.0
COMMAND_SECONDS = 120.0


def command_line(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `themeline ARGUMENTS` and return what it said."""
    words = [sys.executable, "-m", "themeline.cli", *arguments]
    environment = plain_environment() | variables
    return subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=COMMAND_SECONDS,
    )


def plain_environment() -> dict[str, str]:
    """The environment without settings of the developer's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("THEMELINE_")}
    return kept | {"PYTHONSAFEPATH": "1"}


@dataclass
class RunningSystem:
    """A system that was started by `up`."""

    process: subprocess.Popen[str]
    data_dir: Path
    api_url: str
    ingest_url: str
    metrics_url: str
    said: list[str] = field(default_factory=list)

    @property
    def urls(self) -> dict[str, str]:
        """The variables that point the command line at this system."""
        return {"THEMELINE_API_URL": self.api_url, "THEMELINE_INGEST_URL": self.ingest_url}

    def wait_said(self, words: str, timeout: float = READY_SECONDS) -> str:
        """Wait for a line that holds `words`; fail at once when the process ends without it."""

        def find() -> str:
            line = next((line for line in self.said if words in line), "")
            if not line and self.process.poll() is not None:
                raise AssertionError(f"`up` ended with {self.process.returncode} and said: {self.said}")
            return line

        return wait_for(find, timeout, what=f"{words!r} in {self.said}")

    def processes(self) -> list[psutil.Process]:
        """Every process of this system, itself included."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def child(self, module: str) -> psutil.Process:
        """The process that runs a module, such as `themeline.related`; a worker's own processes are younger."""

        def running() -> list[psutil.Process]:
            return [child for child in self.processes()[1:] if _runs(module, words(child))]

        return min(wait_for(running, what=f"a process of {module}"), key=psutil.Process.create_time)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask for the end, and return the exit code; fail when that takes longer than promised."""
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)


def _runs(module: str, command_line: list[str]) -> bool:
    """Whether it is that module's; Celery gives its processes titles of its own once they work."""
    if module == "themeline.related" and command_line[:1] and command_line[0].startswith("[celeryd: related@"):
        return True
    return module in [word.split("/")[-1] for word in command_line]


def words(process: psutil.Process) -> list[str]:
    """Its command line, as far as it still has one."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def start_system(
    data_dir: Path, *options: str, ports: Sequence[int] = (), variables: Mapping[str, str] | None = None
) -> RunningSystem:
    """Start `up` without waiting for it."""
    chosen = list(ports) or [free_port() for _ in range(3)]
    names = ("--api-port", "--ingest-port", "--metrics-port")
    numbers = [word for name, port in zip(names, chosen, strict=True) for word in (name, str(port))]
    words = [sys.executable, "-m", "themeline.cli", "up", "--data-dir", str(data_dir), *numbers, *options]
    process = subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=plain_environment() | dict(variables or {}),
        start_new_session=True,
    )
    api, ingest, metrics = (f"http://127.0.0.1:{port}" for port in chosen)
    system = RunningSystem(process, data_dir, api, ingest, metrics)
    threading.Thread(target=_listen, args=(system,), daemon=True).start()
    return system


def _listen(system: RunningSystem) -> None:
    with system.process.stdout or open(os.devnull) as output:  # noqa: PTH123 (never: a pipe was asked for)
        system.said.extend(line.rstrip("\n") for line in output)


@contextmanager
def running_system(
    data_dir: Path, *options: str, variables: Mapping[str, str] | None = None
) -> Iterator[RunningSystem]:
    """A system that is ready, and gone afterwards."""
    system = start_system(data_dir, *options, variables=variables)
    try:
        system.wait_said("ready")
        yield system
    finally:
        system.process.terminate()
        try:
            system.process.wait(STOP_SECONDS)
        finally:
            system.process.kill()
            system.process.wait()
