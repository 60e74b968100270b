"""What both embedded servers have in common: one program, one folder, started and ended in order."""

import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from signal import Signals
from typing import ClassVar, Self

from themeline.embedded.errors import EmbeddedError
from themeline.embedded.folders import remove_socket_folder
from themeline.embedded.process import POLL_SECONDS, Launch, last_words, spawn, stop


class EmbeddedServer(ABC):
    """A server whose data and sockets live in one private folder.

    `start` and `stop` are for whoever runs it alone; a supervisor uses `prepare` (the command),
    `wait_ready` and `clean`, and runs the process itself. `durable=False` makes a server whose data
    nobody needs after a crash.
    """

    title: ClassVar[str]
    start_seconds: ClassVar[float]
    stop_steps: ClassVar[Sequence[tuple[Signals, float]]]

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.log = self.folder / "server.log"
        self._durable = durable
        self._sockets: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The server's address; known once `prepare` or `start` has run."""

    @abstractmethod
    def prepare(self) -> Launch:
        """Make what the server needs, and say how it is run."""

    @abstractmethod
    def is_ready(self, pid: int) -> bool:
        """Whether the server with this process id answers."""

    def start(self) -> None:
        """Start the server and wait until it answers."""
        launch = self.prepare()
        with self.log.open("wb") as log:
            self._process = spawn(launch, log)
        try:
            self.wait_ready(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server; what was acknowledged is on disk."""
        if self._process is not None:
            stop(self._process, self.stop_steps)
            self._process = None
        self.clean()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until the server that `process` runs answers."""
        deadline = time.monotonic() + self.start_seconds
        while not self.is_ready(process.pid):
            if process.poll() is not None:
                raise EmbeddedError(f"{self.title} ended while starting: {last_words(self.log)}")
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{self.title} was not ready within {self.start_seconds:.0f} s: see {self.log}")
            time.sleep(POLL_SECONDS)

    def clean(self) -> None:
        """Remove the sockets' folder after the server has ended."""
        remove_socket_folder(self.folder)
        self._sockets = None

    @property
    def sockets(self) -> Path:
        """The folder of the server's sockets."""
        if self._sockets is None:
            raise EmbeddedError(f"{self.title} is not started")
        return self._sockets
