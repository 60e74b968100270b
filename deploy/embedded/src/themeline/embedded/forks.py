"""The supervisor's side of the fork server: services that look like any other process."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import IO

from themeline.embedded.forkserver import LARGEST_ORDER
from themeline.embedded.process import POLL_SECONDS, leash

# Its libraries are loaded by then, also from a cold disk; after that a fork takes a millisecond.
START_SECONDS = 60.0


class NoForkServerError(Exception):
    """It is not there, or does not take this order: start the program in the ordinary way."""


class Forked:
    """A service, as far as a supervisor is concerned: like `subprocess.Popen`."""

    def __init__(self, server: "ForkServer", pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._server = server

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._server.exit_code(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
            time.sleep(POLL_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


class ForkServer:
    """Starts the fork server, which loads its libraries while the caller goes on."""

    def __init__(self, env: Mapping[str, str], output: int | IO[bytes]) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [*leash(signal.SIGTERM), sys.executable, "-m", "themeline.embedded.forkserver", str(theirs.fileno())],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._ended: dict[int, int] = {}

    @property
    def pid(self) -> int:
        return self._process.pid

    def spawn(self, module: str, env: Mapping[str, str], output: IO[bytes]) -> Forked:
        """Run a module in a session of its own; raise NoForkServerError when that cannot be done."""
        order = json.dumps({"module": module, "env": dict(env)}).encode()
        if len(order) > LARGEST_ORDER:
            raise NoForkServerError("the environment is too large for an order")
        try:
            self._channel.settimeout(START_SECONDS)
            socket.send_fds(self._channel, [order], [output.fileno()])
            return Forked(self, self._started())
        except OSError as error:
            raise NoForkServerError(str(error)) from error

    def exit_code(self, pid: int) -> int | None:
        """The exit code of a service, once; None while it runs."""
        self._read_all()
        if pid not in self._ended and self._process.poll() is not None and not _exists(pid):
            # Nobody is left to tell the code: the leash ended it together with the fork server.
            return -signal.SIGTERM
        return self._ended.pop(pid, None)

    def close(self) -> None:
        """End it, once its services have ended."""
        self._channel.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        self._process.kill()
        self._process.wait()

    def _started(self) -> int:
        while True:
            message = self._channel.recv(LARGEST_ORDER)
            if not message:
                raise NoForkServerError("the fork server has ended; its log says why")
            news = json.loads(message)
            if "started" in news:
                return int(news["started"])
            self._ended[news["ended"]] = news["code"]

    def _read_all(self) -> None:
        self._channel.settimeout(0.0)
        with contextlib.suppress(OSError):
            while message := self._channel.recv(LARGEST_ORDER):
                news = json.loads(message)
                self._ended[news["ended"]] = news["code"]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
