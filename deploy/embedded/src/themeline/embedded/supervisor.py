"""Starts children, restarts what crashes, gives up on what keeps dying, and ends everything in order."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from themeline.embedded.errors import EmbeddedError
from themeline.embedded.forks import ForkServer, NoForkServerError
from themeline.embedded.inbox import SignalInbox
from themeline.embedded.logs import ChildLog
from themeline.embedded.process import Launch, Process, kill_group, spawn
from themeline.embedded.restarts import Deaths, RestartPolicy
from themeline.embedded.watchdog import Watchdog

# How often logs and waiting restarts are looked at; a child's death is noticed at once.
POLL_SECONDS = 0.1

Say = Callable[[str], None]


class StopAskedError(Exception):
    """Somebody wants the system to end while it is still starting."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """A program to keep running. `prepare` is asked before each start; lower stages end first."""

    name: str
    prepare: Callable[[], Launch]
    stage: int = 0
    stop_seconds: float = 3.0
    server: bool = False


@dataclass
class Running:
    """A child and what is happening to it."""

    child: Child
    log: ChildLog
    deaths: Deaths
    launch: Launch
    process: Process
    restart_at: float | None = field(default=None)


class Supervisor:
    """Looks after children from one thread; `say` tells the person at the terminal."""

    def __init__(
        self,
        logs: Path,
        say: Say,
        inbox: SignalInbox,
        watchdog: Watchdog,
        policy: RestartPolicy | None = None,
        forks: ForkServer | None = None,
    ) -> None:
        self._logs = logs
        self._say = say
        self._inbox = inbox
        self._watchdog = watchdog
        self._policy = policy or RestartPolicy()
        self._forks = forks
        self._running: dict[str, Running] = {}

    def start(self, child: Child) -> Process:
        """Start a child and keep it running from now on."""
        log = ChildLog(self._logs, child.name, server=child.server)
        launch = child.prepare()
        process = self._spawn(launch, log)
        self._running[child.name] = Running(child, log, Deaths(self._policy), launch, process)
        return process

    def run_once(self, name: str, launch: Launch) -> None:
        """Run a program to its end; raise EmbeddedError with its last words when it fails."""
        log = ChildLog(self._logs, name)
        process = self._spawn(launch, log)
        try:
            self.wait_until(lambda: process.poll() is not None, seconds=None, what=name)
        finally:
            kill_group(process.pid)
            process.wait()
            self._watchdog.remove(process.pid)
        if process.returncode != 0:
            words = log.last_lines()[-1:] or ["it said nothing"]
            raise EmbeddedError(f"{name} failed: {words[0]}")

    def wait_until(self, condition: Callable[[], bool], *, seconds: float | None, what: str) -> None:
        """Look after the children until the condition holds; raise when it does not in time."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not condition():
            if self._inbox.stop_asked:
                raise StopAskedError
            if deadline is not None and time.monotonic() > deadline:
                self._tell_last_words()
                raise EmbeddedError(f"{what} within {seconds:.0f} s: see the logs in {self._logs}")
            self.tend()

    def run(self) -> None:
        """Look after the children until a stop is asked for."""
        while not self._inbox.stop_asked:
            self.tend()

    def tend(self) -> None:
        """Wait a moment or for a signal; then show news, note deaths and start again what is due."""
        self._inbox.wait(POLL_SECONDS)
        for running in self._running.values():
            self._show(running)
            if running.restart_at is None and running.process.poll() is not None:
                self._bury(running)
            if running.restart_at is not None and time.monotonic() >= running.restart_at:
                self._restart(running)

    def stop(self) -> None:
        """End every child, stage by stage, each within its time; kill what does not end."""
        for stage in sorted({running.child.stage for running in self._running.values()}):
            members = [running for running in self._running.values() if running.child.stage == stage]
            _stop_together(members)
            for running in members:
                self._watchdog.remove(running.process.pid)
                del self._running[running.child.name]

    def is_alive(self, name: str) -> bool:
        """Whether a child runs now; a port may be answered by somebody else's program."""
        running = self._running[name]
        return running.restart_at is None and running.process.poll() is None

    def processes(self) -> dict[str, int]:
        """The process id of each child that is running now."""
        return {name: running.process.pid for name, running in self._running.items()}

    def _spawn(self, launch: Launch, log: ChildLog) -> Process:
        with log.open() as output:
            process = self._fork(launch, output) or spawn(launch, output)
        self._watchdog.add(process.pid)
        return process

    def _fork(self, launch: Launch, output: IO[bytes]) -> Process | None:
        if self._forks is None or launch.module is None or launch.env is None:
            return None
        try:
            return self._forks.spawn(launch.module, launch.env, output)
        except NoForkServerError as error:
            self._say(f"starting {launch.module} as a program of its own: {error}")
            return None

    def _show(self, running: Running) -> None:
        for line in running.log.news():
            self._say(f"[{running.child.name}] {line}")

    def _bury(self, running: Running) -> None:
        name, code = running.child.name, running.process.wait()
        kill_group(running.process.pid)  # nothing of a dead worker may go on working
        self._watchdog.remove(running.process.pid)
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        wait = running.deaths.record(time.monotonic())
        if wait is None:
            self._tell_last_words(running)
            raise EmbeddedError(
                f"{name} keeps dying: {len(running.deaths.times)} times within {self._policy.window:.0f} s; "
                f"at last it {how}; its log is {running.log.path}"
            )
        self._say(f"{name} {how}; starting it again in {wait:g} s (log: {running.log.path})")
        running.restart_at = time.monotonic() + wait

    def _restart(self, running: Running) -> None:
        running.restart_at = None
        running.launch = running.child.prepare()
        running.process = self._spawn(running.launch, running.log)

    def _tell_last_words(self, only: Running | None = None) -> None:
        for running in [only] if only else [one for one in self._running.values() if one.deaths.times]:
            self._say(f"the last words of {running.child.name}:")
            for line in running.log.last_lines():
                self._say(f"  {line}")


def _stop_together(members: Sequence[Running]) -> None:
    """Ask all of them to end, wait for each at most its time, and kill what is left of their sessions."""
    began = time.monotonic()
    for running in members:
        if running.process.poll() is None:
            running.process.send_signal(running.launch.stop_signal)
    for running in members:
        left = began + running.child.stop_seconds - time.monotonic()
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.process.wait(max(0.01, left))
        kill_group(running.process.pid)
        running.process.wait()
