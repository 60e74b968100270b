"""A system started for measuring: `up` as a process of its own, and what its processes use."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from themeline.cli.errors import CommandError
from themeline.cli.where import find_system

STOP_SECONDS = 20.0
OPTIONS = ("--api-port", "--ingest-port", "--metrics-port")


@dataclass(frozen=True)
class Measured:
    """A running system under measurement."""

    process: psutil.Process
    api_url: str
    ingest_url: str
    database_url: str
    ready_seconds: float

    def cpu_seconds(self) -> float:
        """What all processes used so far, those that have ended included."""
        return sum(_cpu(process) for process in self._tree())

    def memory_bytes(self) -> int:
        """What all processes occupy; shared pages are counted once (PSS)."""
        return sum(_pss(process) for process in self._tree())

    def _tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def running_system(folder: Path, workers: int) -> Iterator[Measured]:
    """Run `up` on embedded servers and free ports until the block ends."""
    ports = [_free_port() for _ in OPTIONS]
    chosen = [word for option, port in zip(OPTIONS, ports, strict=True) for word in (option, str(port))]
    words = ["-m", "themeline.cli", "up", "--data-dir", str(folder), "--workers", str(workers), *chosen]
    servers = ("THEMELINE_DATABASE_URL", "THEMELINE_REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in servers}
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        seconds = _wait_ready(process)
        here = find_system(folder)
        api, ingest, _ = (f"http://127.0.0.1:{port}" for port in ports)
        yield Measured(psutil.Process(process.pid), api, ingest, str(here.database_url), seconds)
    finally:
        process.terminate()
        process.communicate(timeout=STOP_SECONDS)


def _wait_ready(process: subprocess.Popen[str]) -> float:
    said = []
    for line in process.stdout or ():
        if line.startswith("ready in "):
            return float(line.split()[2])
        said.append(line.strip())
    raise CommandError(f"the system did not start: {' / '.join(said[-3:]) or 'see the message above'}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0  # its parent has it from now on
    return float(times.user + times.system + times.children_user + times.children_system)


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
